//! Markdown as blocks with their lines, made from comrak's tree. Content that pages do not need (tables, HTML) becomes
//! a block with its name, which is reported.

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, parse_document};

/// The deepest nesting of lists. Deeper lists are not read, but reported.
const MAX_DEPTH: usize = 40;

#[derive(Debug)]
pub(super) struct Block {
    pub(super) line: usize,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// The text between the two rules at the beginning of a page.
    Metadata(String),
    Heading(usize, Text),
    Paragraph(Text),
    List(Vec<Item>),
    Code(Code),
    /// A block without facts, by name.
    Other(&'static str),
}

impl Content {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Metadata(_) => "metadata",
            Self::Heading(..) => "a heading",
            Self::Paragraph(_) => "a paragraph",
            Self::List(_) => "a list",
            Self::Code(_) => "a code block",
            Self::Other(name) => name,
        }
    }
}

#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    /// The line of the first line of text in the block.
    pub(super) first_line: usize,
    /// Whether the fence is closed. An open fence includes the rest of the page.
    pub(super) closed: bool,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) line: usize,
    pub(super) blocks: Vec<Block>,
}

impl Item {
    /// The text at the beginning of the item, and the rest.
    pub(super) fn text(&self) -> Option<(&Text, &[Block])> {
        match self.blocks.split_first()? {
            (Block { content: Content::Paragraph(text), .. }, rest) => Some((text, rest)),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Text(pub(super) Vec<Span>);

#[derive(Clone, Debug)]
pub(super) enum Span {
    Plain(String),
    Strong(String),
    Code(String),
    Link { text: String, url: String },
    Break,
}

impl Span {
    pub(super) fn plain(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Code(text) | Self::Link { text, .. } => text,
            Self::Break => "\n",
        }
    }
}

impl Text {
    /// The text without marks. Line ends stay.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(Span::plain).collect::<String>().trim().to_owned()
    }

    /// The text after a label and its colon. The label may be in bold.
    pub(super) fn after_label(&self) -> Self {
        let mut spans = self.0.iter().skip_while(|span| !span.plain().contains(':'));
        let first = spans.next().and_then(|span| span.plain().split_once(':'));
        let first = first.map(|(_, rest)| Span::Plain(rest.to_owned()));
        Self(first.into_iter().chain(spans.cloned()).collect())
    }
}

pub(super) fn blocks(source: &str) -> Vec<Block> {
    let mut options = Options::default();
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.extension.table = true;
    let arena = Arena::new();
    Reader { lines: source.lines().collect() }.blocks(parse_document(&arena, source, &options), 0)
}

struct Reader<'a> {
    lines: Vec<&'a str>,
}

impl Reader<'_> {
    fn blocks(&self, parent: Node<'_>, depth: usize) -> Vec<Block> {
        let block = |node| Block { line: self.line(node), content: self.content(node, depth) };
        parent.children().map(block).collect()
    }

    fn line(&self, node: Node<'_>) -> usize {
        node.data().sourcepos.start.line.clamp(1, self.lines.len().max(1))
    }

    fn content(&self, node: Node<'_>, depth: usize) -> Content {
        match &node.data().value {
            NodeValue::FrontMatter(text) => {
                Content::Metadata(text.trim().trim_start_matches("---").trim_end_matches("---").trim().to_owned())
            }
            NodeValue::Heading(heading) => Content::Heading(heading.level.into(), self.text(node)),
            NodeValue::Paragraph => Content::Paragraph(self.text(node)),
            NodeValue::List(_) if depth < MAX_DEPTH => {
                let item = |item| Item { line: self.line(item), blocks: self.blocks(item, depth + 1) };
                Content::List(node.children().map(item).collect())
            }
            NodeValue::List(_) => Content::Other("a list within too many others"),
            NodeValue::CodeBlock(code) => Content::Code(Code {
                text: code.literal.clone(),
                // The fence may be on the last line of the page.
                first_line: (self.line(node) + usize::from(code.fenced)).min(self.lines.len().max(1)),
                closed: code.closed,
            }),
            NodeValue::BlockQuote => Content::Other("a quotation"),
            NodeValue::ThematicBreak => Content::Other("a rule"),
            NodeValue::Table(_) => Content::Other("a table"),
            NodeValue::HtmlBlock(_) => Content::Other("HTML"),
            _ => Content::Other("something unknown"),
        }
    }

    fn text(&self, node: Node<'_>) -> Text {
        let mut spans = Vec::new();
        for child in node.children() {
            match &child.data().value {
                NodeValue::Code(code) => spans.push(Span::Code(code.literal.clone())),
                NodeValue::SoftBreak | NodeValue::LineBreak => spans.push(Span::Break),
                NodeValue::Strong => spans.push(Span::Strong(self.flat(child))),
                NodeValue::Link(link) | NodeValue::Image(link) => {
                    spans.push(Span::Link { text: self.flat(child), url: link.url.clone() });
                }
                _ => match spans.last_mut() {
                    Some(Span::Plain(last)) => last.push_str(&self.flat(child)),
                    _ => spans.push(Span::Plain(self.flat(child))),
                },
            }
        }
        Text(spans)
    }

    /// All text within a node. Marks of emphasis are kept, because asterisks and underscores are usually part of a
    /// masked value.
    fn flat(&self, node: Node<'_>) -> String {
        let mut text = String::new();
        for edge in node.traverse() {
            let (node, starts) = match edge {
                NodeEdge::Start(node) => (node, true),
                NodeEdge::End(node) => (node, false),
            };
            match &node.data().value {
                NodeValue::Emph => text.push(self.mark(node)),
                NodeValue::Text(part) if starts => text.push_str(part),
                NodeValue::HtmlInline(part) if starts => text.push_str(part),
                NodeValue::Code(code) if starts => text.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak if starts => text.push('\n'),
                _ => {}
            }
        }
        text
    }

    fn mark(&self, node: Node<'_>) -> char {
        let start = node.data().sourcepos.start;
        let line = self.lines.get(start.line.saturating_sub(1)).copied().unwrap_or_default();
        if line.as_bytes().get(start.column.saturating_sub(1)) == Some(&b'_') { '_' } else { '*' }
    }
}

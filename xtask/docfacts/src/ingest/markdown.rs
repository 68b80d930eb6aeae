//! Parses a page with comrak, and reads the tree: the line of each block, its text as spans, and its name for messages.
//! A block that no page needs, such as a table, has a name too, so that it can be reported.

use comrak::nodes::{AstNode, Node, NodeValue};
use comrak::{Arena, Options, parse_document};

/// The deepest nesting of lists. Deeper lists are not read, but reported.
const MAX_DEPTH: usize = 40;

pub(super) const PARAGRAPH: &str = "a paragraph";
pub(super) const LIST: &str = "a list";
pub(super) const CODE: &str = "a code block";
pub(super) const QUOTATION: &str = "a quotation";
pub(super) const RULE: &str = "a rule";

/// Parses a page. The asterisks and underscores of emphasis become text, because they are usually part of a masked
/// value.
pub(super) fn parse<'a>(arena: &'a Arena<'a>, source: &str) -> Node<'a> {
    let mut options = Options::default();
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.extension.table = true;
    let root = parse_document(arena, source, &options);
    let lines: Vec<_> = source.lines().collect();
    let emphasized = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Emph));
    for node in emphasized.collect::<Vec<_>>() {
        let start = node.data().sourcepos.start;
        let line = lines.get(start.line.saturating_sub(1)).copied().unwrap_or_default();
        let mark = if line.as_bytes().get(start.column.saturating_sub(1)) == Some(&b'_') { "_" } else { "*" };
        let text = || arena.alloc(AstNode::from(NodeValue::Text(mark.into())));
        node.prepend(text());
        node.append(text());
    }
    root
}

pub(super) fn line(node: Node<'_>) -> usize {
    node.data().sourcepos.start.line
}

pub(super) fn name(block: Node<'_>) -> &'static str {
    let is_list = |node: &Node<'_>| matches!(node.data().value, NodeValue::List(_));
    match &block.data().value {
        NodeValue::FrontMatter(_) => "metadata",
        NodeValue::Heading(_) => "a heading",
        NodeValue::Paragraph => PARAGRAPH,
        NodeValue::List(_) if block.ancestors().filter(is_list).count() > MAX_DEPTH => "a list nested too deeply",
        NodeValue::List(_) => LIST,
        NodeValue::CodeBlock(_) => CODE,
        NodeValue::BlockQuote => QUOTATION,
        NodeValue::ThematicBreak => RULE,
        NodeValue::Table(_) => "a table",
        NodeValue::HtmlBlock(_) => "HTML",
        _ => "something unknown",
    }
}

/// The metadata of a page: the text between the two rules at its beginning.
pub(super) fn metadata(block: Node<'_>) -> Option<String> {
    let NodeValue::FrontMatter(text) = &block.data().value else { return None };
    Some(text.trim().trim_start_matches("---").trim_end_matches("---").trim().to_owned())
}

pub(super) struct Code {
    pub(super) text: String,
    /// The number of the first line of text in the block.
    pub(super) first_line: usize,
    /// Whether the fence is closed. An open fence includes the rest of the page.
    pub(super) closed: bool,
}

pub(super) fn code(block: Node<'_>) -> Option<Code> {
    let NodeValue::CodeBlock(code) = &block.data().value else { return None };
    let first_line = line(block) + usize::from(code.fenced);
    Some(Code { text: code.literal.clone(), first_line, closed: code.closed })
}

/// The items of all lists among the blocks.
pub(super) fn items<'a>(blocks: &[Node<'a>]) -> impl Iterator<Item = Node<'a>> {
    blocks.iter().filter(|block| name(block) == LIST).flat_map(|list| list.children())
}

/// The text at the beginning of an item, and the blocks after it.
pub(super) fn lead(item: Node<'_>) -> Option<(Text, Vec<Node<'_>>)> {
    let mut blocks = item.children();
    let first = blocks.next().filter(|first| name(first) == PARAGRAPH)?;
    Some((Text::of(first), blocks.collect()))
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
    pub(super) fn of(paragraph: Node<'_>) -> Self {
        let mut spans = Vec::new();
        for child in paragraph.children() {
            match &child.data().value {
                NodeValue::Code(code) => spans.push(Span::Code(code.literal.clone())),
                NodeValue::SoftBreak | NodeValue::LineBreak => spans.push(Span::Break),
                NodeValue::Strong => spans.push(Span::Strong(flat(child))),
                NodeValue::Link(link) | NodeValue::Image(link) => {
                    spans.push(Span::Link { text: flat(child), url: link.url.clone() });
                }
                _ => match spans.last_mut() {
                    Some(Span::Plain(last)) => last.push_str(&flat(child)),
                    _ => spans.push(Span::Plain(flat(child))),
                },
            }
        }
        Self(spans)
    }

    /// The text without the Markdown syntax of bold text, code and links. Line breaks are kept.
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

/// All text within a node.
fn flat(node: Node<'_>) -> String {
    let part = |node: Node<'_>| match &node.data().value {
        NodeValue::Text(part) => part.to_string(),
        NodeValue::HtmlInline(part) => part.clone(),
        NodeValue::Code(code) => code.literal.clone(),
        NodeValue::SoftBreak | NodeValue::LineBreak => "\n".to_owned(),
        _ => String::new(),
    };
    node.descendants().map(part).collect()
}

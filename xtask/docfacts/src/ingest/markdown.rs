//! Markdown as blocks with their lines. Content that pages do not need (tables, HTML) becomes a block with its name,
//! which is reported.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

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
    let (metadata, page) = metadata(source);
    let first = metadata.map(|text| Block { line: 1, content: Content::Metadata(text.trim().to_owned()) });
    let events = Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter().peekable();
    let lines_before = source[..source.len() - page.len()].matches('\n').count();
    let mut reader = Reader { page, lines_before, lines: source.lines().count().max(1), events };
    first.into_iter().chain(reader.blocks(0)).collect()
}

/// The text between two rules at the very beginning, and the rest of the page.
fn metadata(source: &str) -> (Option<&str>, &str) {
    let source = source.trim_start_matches('\u{feff}');
    let mut lines = source.split_inclusive('\n');
    let is_rule = |line: &str| line.trim_end_matches(['\r', '\n']) == "---";
    let Some(opening) = lines.next().filter(|line| is_rule(line)) else { return (None, source) };
    let mut end = opening.len();
    for line in lines {
        let start = end;
        end += line.len();
        if is_rule(line) {
            return (Some(&source[opening.len()..start]), &source[end..]);
        }
    }
    (None, source)
}

struct Reader<'a> {
    page: &'a str,
    /// The lines before `page`, which the metadata takes.
    lines_before: usize,
    lines: usize,
    events: Peekable<OffsetIter<'a>>,
}

impl Reader<'_> {
    /// The blocks up to the end of the block around them, or of the page.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.peek().cloned() {
            let line = self.line(range.start);
            let content = match event {
                Event::End(_) => {
                    self.events.next();
                    break;
                }
                Event::Start(tag) if is_block(&tag) => {
                    self.events.next();
                    self.content(&tag, &range, depth)
                }
                Event::Rule => {
                    self.events.next();
                    Content::Other("a rule")
                }
                // The text of an item has no paragraph around it, unless blank lines separate the items.
                _ => Content::Paragraph(self.text()),
            };
            blocks.push(Block { line, content });
        }
        blocks
    }

    fn line(&self, offset: usize) -> usize {
        (self.lines_before + self.page[..offset].matches('\n').count() + 1).min(self.lines)
    }

    fn content(&mut self, tag: &Tag<'_>, range: &Range<usize>, depth: usize) -> Content {
        match tag {
            Tag::Heading { level, .. } => Content::Heading(*level as usize, self.whole_text()),
            Tag::Paragraph => Content::Paragraph(self.whole_text()),
            Tag::List(_) if depth < MAX_DEPTH => {
                let mut items = Vec::new();
                while let Some((Event::Start(_), range)) = self.events.next() {
                    items.push(Item { line: self.line(range.start), blocks: self.blocks(depth + 1) });
                }
                Content::List(items)
            }
            Tag::List(_) => self.other("a list within too many others"),
            Tag::CodeBlock(kind) => {
                let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
                Content::Code(Code {
                    text: self.flat(),
                    // The fence may be on the last line of the page.
                    first_line: (self.line(range.start) + usize::from(is_fenced)).min(self.lines),
                    closed: !is_fenced || is_closed(&self.page[range.clone()]),
                })
            }
            Tag::BlockQuote(_) => self.other("a quotation"),
            Tag::Table(_) => self.other("a table"),
            Tag::HtmlBlock => self.other("HTML"),
            _ => self.other("something unknown"),
        }
    }

    fn other(&mut self, name: &'static str) -> Content {
        self.flat();
        Content::Other(name)
    }

    /// The text of a block, and its end.
    fn whole_text(&mut self) -> Text {
        let text = self.text();
        self.events.next();
        text
    }

    /// The text up to the next block, or to the end of the block around it.
    fn text(&mut self) -> Text {
        let mut spans = Vec::new();
        let is_inline = |event: &Event<'_>| match event {
            Event::Start(tag) => !is_block(tag),
            Event::End(_) | Event::Rule => false,
            _ => true,
        };
        while let Some((event, range)) = self.events.next_if(|(event, _)| is_inline(event)) {
            let plain = match event {
                Event::Code(code) => {
                    spans.push(Span::Code(code.into_string()));
                    continue;
                }
                Event::SoftBreak | Event::HardBreak => {
                    spans.push(Span::Break);
                    continue;
                }
                Event::Start(Tag::Strong) => {
                    spans.push(Span::Strong(self.flat()));
                    continue;
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    spans.push(Span::Link { text: self.flat(), url: dest_url.into_string() });
                    continue;
                }
                Event::Start(Tag::Emphasis) => {
                    let mark = self.mark(&range);
                    format!("{mark}{}{mark}", self.flat())
                }
                Event::Text(text) | Event::InlineHtml(text) => text.into_string(),
                _ => continue,
            };
            match spans.last_mut() {
                Some(Span::Plain(last)) => last.push_str(&plain),
                _ => spans.push(Span::Plain(plain)),
            }
        }
        Text(spans)
    }

    /// All text up to the end of what has begun. Marks of emphasis are kept, because asterisks and underscores are
    /// usually part of a masked value.
    fn flat(&mut self) -> String {
        let (mut text, mut open) = (String::new(), 1);
        while open > 0
            && let Some((event, range)) = self.events.next()
        {
            match &event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Text(part) | Event::InlineHtml(part) | Event::Code(part) => text.push_str(part),
                Event::SoftBreak | Event::HardBreak => text.push('\n'),
                _ => {}
            }
            if matches!(event, Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis)) {
                text.push(self.mark(&range));
            }
        }
        text
    }

    fn mark(&self, emphasis: &Range<usize>) -> char {
        if self.page[emphasis.clone()].starts_with('_') { '_' } else { '*' }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// Whether the last line of a fenced block is a fence. Its first line opens it.
fn is_closed(block: &str) -> bool {
    let fence = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let rest = line.trim_start_matches(mark);
        Some((mark, line.len() - rest.len(), rest.trim().is_empty()))
    };
    let mut lines = block.trim_end().lines();
    let (Some((mark, length, _)), Some(last)) = (lines.next().and_then(fence), lines.next_back()) else { return false };
    fence(last).is_some_and(|(other, long, alone)| other == mark && long >= length && alone)
}

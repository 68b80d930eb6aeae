//! Markdown as blocks with their lines. The parser is pulldown-cmark; what it has no use for here (tables, HTML) stays
//! as a block that says so, to be reported where it stands.

use std::iter::Peekable;

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

/// Nesting that no page needs; what is deeper is kept as unread, instead of exhausting the stack.
const MAX_DEPTH: usize = 40;

/// A block, and the line on which it begins.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) line: usize,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// The text between the two rules at the head of a page.
    Metadata(String),
    Heading {
        level: usize,
        text: Text,
    },
    Paragraph(Text),
    List(Vec<Item>),
    Code(Code),
    Quote,
    Rule,
    /// Something that is not read, by its name.
    Unread(&'static str),
}

impl Content {
    /// What it is called in a message.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Metadata(_) => "metadata",
            Self::Heading { .. } => "a heading",
            Self::Paragraph(_) => "a paragraph",
            Self::List(_) => "a list",
            Self::Code(_) => "a code block",
            Self::Quote => "a quotation",
            Self::Rule => "a rule",
            Self::Unread(name) => name,
        }
    }
}

#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    /// The line of its first line of text.
    pub(super) first_line: usize,
    /// Whether its fence is closed. An open one takes in the rest of the page.
    pub(super) closed: bool,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) line: usize,
    pub(super) blocks: Vec<Block>,
}

/// The text of a paragraph or heading.
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
    /// Its text without its marks.
    pub(super) fn plain(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Code(text) | Self::Link { text, .. } => text,
            Self::Break => "\n",
        }
    }
}

impl Text {
    /// The text without its marks; the end of a line stays one.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(Span::plain).collect::<String>().trim().to_owned()
    }

    /// The text behind the first `count` bytes of its [plain text](Self::plain).
    pub(super) fn behind(&self, count: usize) -> Self {
        let whole: String = self.0.iter().map(Span::plain).collect();
        let mut left = count + whole.len() - whole.trim_start().len();
        let mut rest = Vec::new();
        for span in &self.0 {
            let cut = left.min(span.plain().len());
            left -= cut;
            let mut span = span.clone();
            if let Span::Plain(text) | Span::Strong(text) | Span::Code(text) | Span::Link { text, .. } = &mut span {
                *text = text.get(cut..).unwrap_or_default().to_owned();
            }
            if cut == 0 || !span.plain().is_empty() && !matches!(span, Span::Break) {
                rest.push(span);
            }
        }
        Self(rest)
    }
}

/// The blocks of a page.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_TABLES;
    let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let events = Parser::new_ext(source, options).into_offset_iter().peekable();
    Reader { source, starts, events }.blocks(0)
}

struct Reader<'a> {
    source: &'a str,
    /// Where each line begins.
    starts: Vec<usize>,
    events: Peekable<OffsetIter<'a>>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Blocks up to the end of what holds them.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.peek() {
            if matches!(event, Event::End(_)) {
                break;
            }
            let (inline, start) = (is_inline(event), range.start);
            let line = self.line(start);
            // An item of a list without empty lines holds its text with no paragraph around it.
            if inline {
                blocks.push(Block { line, content: Content::Paragraph(self.text()) });
                continue;
            }
            let Some((event, range)) = self.events.next() else { break };
            let content = match event {
                Event::Start(tag) => self.container(tag, range, depth),
                Event::Rule => Content::Rule,
                Event::Html(_) => Content::Unread("HTML"),
                _ => Content::Unread("something unknown"),
            };
            blocks.push(Block { line, content });
        }
        blocks
    }

    fn container(&mut self, tag: Tag<'_>, range: std::ops::Range<usize>, depth: usize) -> Content {
        match tag {
            Tag::Paragraph => {
                let text = self.text();
                self.close();
                Content::Paragraph(text)
            }
            Tag::Heading { level, .. } => {
                let text = self.text();
                self.close();
                Content::Heading { level: level as usize, text }
            }
            Tag::CodeBlock(kind) => {
                let text = self.raw();
                let source = self.source.get(range.clone()).unwrap_or_default();
                let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                // A fence in the last line of a page has no line behind it.
                let first_line = (self.line(range.start) + usize::from(fenced)).min(self.starts.len());
                let closed = !fenced || is_closed(source);
                Content::Code(Code { text, first_line, closed })
            }
            Tag::MetadataBlock(_) => Content::Metadata(self.raw()),
            Tag::List(_) if depth < MAX_DEPTH => {
                let mut items = Vec::new();
                while let Some((_, range)) = self.events.next_if(|(event, _)| *event == Event::Start(Tag::Item)) {
                    let line = self.line(range.start);
                    items.push(Item { line, blocks: self.blocks(depth + 1) });
                    self.close();
                }
                self.close();
                Content::List(items)
            }
            Tag::List(_) => {
                self.skip();
                Content::Unread("a list within too many others")
            }
            Tag::BlockQuote(_) => {
                self.skip();
                Content::Quote
            }
            Tag::Table(_) => {
                self.skip();
                Content::Unread("a table")
            }
            Tag::HtmlBlock => {
                self.skip();
                Content::Unread("HTML")
            }
            _ => {
                self.skip();
                Content::Unread("something unknown")
            }
        }
    }

    /// The end of what was opened.
    fn close(&mut self) {
        if matches!(self.events.peek(), Some((Event::End(_), _))) {
            self.events.next();
        }
    }

    /// Everything up to the end of what was opened, that included.
    fn skip(&mut self) {
        let mut open = 1_usize;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
    }

    /// The verbatim text up to the end of what was opened.
    fn raw(&mut self) -> String {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::End(_) => break,
                _ => {}
            }
        }
        text
    }

    fn text(&mut self) -> Text {
        let mut spans = Vec::new();
        while let Some((event, range)) = self.events.next_if(|(event, _)| is_inline(event)) {
            match event {
                Event::Text(text) | Event::InlineHtml(text) => push(&mut spans, &text),
                Event::Code(text) => spans.push(Span::Code(text.into_string())),
                Event::SoftBreak | Event::HardBreak => spans.push(Span::Break),
                Event::Start(Tag::Strong) => spans.push(Span::Strong(self.flat())),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    spans.push(Span::Link { text: self.flat(), url: dest_url.into_string() });
                }
                // Asterisks and underscores belong to a masked value more often than they mean emphasis.
                Event::Start(_) => {
                    let mark = self.source.get(range.start..=range.start).unwrap_or_default();
                    let text = format!("{mark}{}", self.flat());
                    push(&mut spans, &text);
                }
                _ => {}
            }
        }
        Text(spans)
    }

    /// All text up to the end of what was opened.
    fn flat(&mut self) -> String {
        let (mut text, mut open) = (String::new(), 1_usize);
        for (event, range) in self.events.by_ref() {
            match event {
                Event::Text(part) | Event::Code(part) | Event::InlineHtml(part) => text.push_str(&part),
                Event::SoftBreak | Event::HardBreak => text.push('\n'),
                Event::Start(Tag::Emphasis) => {
                    text.push_str(self.source.get(range.start..=range.start).unwrap_or_default());
                    open += 1;
                }
                Event::Start(_) => open += 1,
                Event::End(end) => {
                    open -= 1;
                    if end == TagEnd::Emphasis {
                        text.push_str(self.source.get(range.start..=range.start).unwrap_or_default());
                    }
                }
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        text
    }
}

fn push(spans: &mut Vec<Span>, text: &str) {
    match spans.last_mut() {
        Some(Span::Plain(last)) => last.push_str(text),
        _ => spans.push(Span::Plain(text.to_owned())),
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) | Event::SoftBreak | Event::HardBreak => true,
        Event::Start(tag) => {
            matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        _ => false,
    }
}

/// Whether the source of a fenced block ends in its fence.
fn is_closed(source: &str) -> bool {
    let fence: String = source.chars().take_while(|letter| matches!(letter, '`' | '~')).collect();
    let last = source.trim_end().lines().skip(1).last().unwrap_or_default();
    // In a list or a quotation there are marks before it.
    let last = last.trim_start_matches(['>', ' ', '\t']);
    !fence.is_empty() && last.starts_with(&fence) && last.chars().all(|letter| fence.contains(letter))
}

//! Headers, parameters and fields: a name as a heading or in bold, and below it `- Description`, `- Value` and `- Tags`,
//! with the fields within it under `- Value`.

use super::markdown::{Block, Content, Item, Span, Text};
use super::outline::Section;
use super::prose;
use super::remarks::Ingested;
use crate::page::Field;

/// Tags that are types, in lower case.
const TYPES: [&str; 13] = [
    "string", "text", "json", "object", "array", "integer", "int", "number", "float", "double", "decimal", "boolean",
    "bool",
];

/// Tags that say whether something must be sent, in lower case.
pub(super) const REQUIRED: [&str; 3] = ["mandatory", "required", "optional"];

/// Adds a field, unless its name is taken.
pub(super) fn add(fields: &mut Vec<Field>, line: usize, field: Field, read: &mut Ingested) {
    if fields.iter().any(|other| other.name == field.name) {
        read.problem(line, format!("`{}` is described twice here; the first description was kept", field.name));
    } else {
        fields.push(field);
    }
}

/// Reads a field whose name is a heading. `of_a_header`: its one word of text is its value.
pub(super) fn of_section(section: &Section, of_a_header: bool, read: &mut Ingested) -> Field {
    let mut builder = Builder::new(&section.title, section.line);
    builder.blocks(&section.blocks, read);
    for inner in &section.sections {
        read.problem(inner.line, format!("the heading `{}` is not known within `{}`", inner.title, section.title));
    }
    let text = builder.description.as_slice();
    if of_a_header
        && builder.field.value.is_none()
        && let [only] = text
        && !only.plain().contains(char::is_whitespace)
    {
        builder.field.value = Some(only.plain());
        builder.description.clear();
    }
    builder.finish(read)
}

/// Reads the fields of a list: each is a name in bold with a list of its own.
fn of_items(items: &[Item], read: &mut Ingested) -> Vec<Field> {
    let mut fields = Vec::new();
    for item in items {
        let mut blocks = item.blocks.iter();
        let name = match blocks.next() {
            Some(Block { content: Content::Paragraph(text), .. }) => name_of(text),
            _ => None,
        };
        let Some(name) = name else {
            read.problem(item.line, "this item is not known; known is a name in bold, such as `- **Name**:`");
            continue;
        };
        let mut builder = Builder::new(&name, item.line);
        builder.blocks(blocks, read);
        let field = builder.finish(read);
        add(&mut fields, item.line, field, read);
    }
    fields
}

/// A name in bold and a colon, with nothing behind them.
fn name_of(text: &Text) -> Option<String> {
    let (name, rest) = match text.0.as_slice() {
        [Span::Strong(name)] => (name.strip_suffix(':')?, ""),
        [Span::Strong(name), Span::Plain(rest)] => (name.as_str(), rest.trim()),
        _ => return None,
    };
    (matches!(rest, "" | ":") && !name.trim().is_empty()).then(|| name.trim().to_owned())
}

struct Builder {
    field: Field,
    line: usize,
    description: Vec<Text>,
    tagged: bool,
    valued: bool,
    described: bool,
}

impl Builder {
    fn new(name: &str, line: usize) -> Self {
        let field = Field { name: name.to_owned(), ..Field::default() };
        Self { field, line, description: Vec::new(), tagged: false, valued: false, described: false }
    }

    fn blocks<'a>(&mut self, blocks: impl IntoIterator<Item = &'a Block>, read: &mut Ingested) {
        for block in blocks {
            match &block.content {
                Content::Paragraph(text) => self.description.push(text.clone()),
                Content::Quote | Content::Rule => {}
                Content::List(items) => items.iter().for_each(|item| self.item(item, read)),
                other => {
                    let message = format!("{} is not known in the description of `{}`", other.name(), self.field.name);
                    read.problem(block.line, message);
                }
            }
        }
    }

    fn item(&mut self, item: &Item, read: &mut Ingested) {
        let unknown = |read: &mut Ingested, what: &str, name: &str| {
            let message = format!(
                "{what} is not known in the description of `{name}`; known are `- Description:`, `- Value:` and `- Tags:`"
            );
            read.problem(item.line, message);
        };
        let name = self.field.name.clone();
        let Some((Block { content: Content::Paragraph(text), .. }, rest)) = item.blocks.split_first() else {
            return unknown(read, "this item", &name);
        };
        let plain = text.plain();
        let Some((label, value)) = plain.split_once(':') else {
            return unknown(read, "this item", &name);
        };
        let seen = match label {
            "Description" => &mut self.described,
            "Value" => &mut self.valued,
            "Tags" => &mut self.tagged,
            other => return unknown(read, &format!("the item `{other}`"), &name),
        };
        if std::mem::replace(seen, true) {
            read.problem(item.line, format!("`{name}` has a second `{label}`; the first was kept"));
            return;
        }
        match label {
            "Description" => {
                self.description.push(text.after("Description:"));
                self.blocks(rest, read);
            }
            "Value" => self.value(item.line, value.trim(), rest, read),
            _ => {
                self.tags(item.line, value, read);
                self.nothing_else(rest, read);
            }
        }
    }

    fn value(&mut self, line: usize, value: &str, rest: &[Block], read: &mut Ingested) {
        if !value.is_empty() {
            self.field.value = Some(value.to_owned());
        }
        match rest {
            [Block { content: Content::List(items), .. }, rest @ ..] => {
                self.field.fields = of_items(items, read);
                self.nothing_else(rest, read);
            }
            [] if value.is_empty() => {
                read.problem(line, format!("the value of `{}` is empty", self.field.name));
            }
            rest => self.nothing_else(rest, read),
        }
    }

    fn nothing_else(&self, blocks: &[Block], read: &mut Ingested) {
        for block in blocks {
            let message = format!("{} is not known in an item of `{}`", block.content.name(), self.field.name);
            read.problem(block.line, message);
        }
    }

    fn tags(&mut self, line: usize, tags: &str, read: &mut Ingested) {
        for tag in tags.split(',').map(str::trim) {
            let lower = tag.to_ascii_lowercase();
            let place = if TYPES.contains(&lower.as_str()) {
                &mut self.field.type_tag
            } else if REQUIRED.contains(&lower.as_str()) {
                &mut self.field.required
            } else {
                let message = format!("the tag `{tag}` of `{}` is not known; known are types, {}", self.field.name, {
                    "`Mandatory`, `Required` and `Optional`"
                });
                read.problem(line, message);
                continue;
            };
            if place.is_some() {
                read.problem(line, format!("the tag `{tag}` of `{}` is a second one of its sort", self.field.name));
            } else {
                *place = Some(tag.to_owned());
            }
        }
    }

    fn finish(mut self, read: &mut Ingested) -> Field {
        let said = prose::read(&self.description);
        let name = &self.field.name;
        for what in said.unread {
            // Values that are announced were read nowhere; the other words are common in prose.
            let message = format!("the description of `{name}` speaks of {what} in a way that is not read");
            if what == "possible values" { read.problem(self.line, message) } else { read.note(self.line, message) }
        }
        self.field.possible_values = said.possible_values;
        self.field.fixed = said.fixed;
        self.field.default = said.default;
        if !self.tagged {
            read.note(self.line, format!("`{name}` has no tags"));
        }
        self.field
    }
}

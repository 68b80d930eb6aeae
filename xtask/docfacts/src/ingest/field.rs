//! Reads headers, parameters and fields: a name as a heading or in bold, and below it `- Description`, `- Value` and
//! `- Tags`, with inner fields under `- Value`.

use comrak::nodes::Node;

use super::markdown::{LIST, PARAGRAPH, QUOTATION, RULE, Span, Text, items, lead, line, name};
use super::outline::Section;
use super::prose;
use super::remarks::Ingested;
use crate::page::{Field, type_of_tag};

pub(super) const REQUIRED: [&str; 3] = ["mandatory", "required", "optional"];

/// Reads a field that has its name as a heading. If `of_a_header`, a single word of text is its value.
pub(super) fn of_section(section: &Section<'_>, of_a_header: bool, read: &mut Ingested) -> Field {
    let mut builder = Builder::new(&section.title, section.line);
    builder.blocks(&section.blocks, read);
    section.no_headings(read);
    if of_a_header
        && builder.field.value.is_none()
        && let [only] = builder.description.as_slice()
        && !only.plain().contains(char::is_whitespace)
    {
        builder.field.value = Some(only.plain());
        builder.description.clear();
    }
    builder.finish(read)
}

fn of_list(list: Node<'_>, read: &mut Ingested) -> Vec<Field> {
    let mut fields = Vec::new();
    for item in items(&[list]) {
        let Some((name, blocks)) = lead(item).and_then(|(text, blocks)| Some((name_of(&text)?, blocks))) else {
            read.problem(line(item), "unknown item; expected a name in bold, such as `- **Name**:`");
            continue;
        };
        let mut builder = Builder::new(&name, line(item));
        builder.blocks(&blocks, read);
        let field = builder.finish(read);
        read.add(line(item), "field", &mut fields, field, |field| &field.name);
    }
    fields
}

/// The name, if the text consists of a name in bold and a colon.
fn name_of(text: &Text) -> Option<String> {
    let (name, rest) = match text.0.as_slice() {
        [Span::Strong(name)] => (name.strip_suffix(':')?, ""),
        [Span::Strong(name), Span::Plain(rest)] => (name.as_str(), rest.trim()),
        _ => return None,
    };
    Some(name.trim().to_owned()).filter(|name| matches!(rest, "" | ":") && !name.is_empty())
}

struct Builder {
    field: Field,
    line: usize,
    description: Vec<Text>,
    seen: Vec<String>,
}

impl Builder {
    fn new(name: &str, line: usize) -> Self {
        let field = Field { name: name.to_owned(), ..Field::default() };
        Self { field, line, description: Vec::new(), seen: Vec::new() }
    }

    fn blocks(&mut self, blocks: &[Node<'_>], read: &mut Ingested) {
        for block in blocks {
            match name(block) {
                PARAGRAPH => self.description.push(Text::of(block)),
                QUOTATION | RULE => {}
                LIST => items(&[block]).for_each(|item| self.item(item, read)),
                _ => read.unexpected(block, format_args!("in the description of `{}`", self.field.name)),
            }
        }
    }

    fn item(&mut self, item: Node<'_>, read: &mut Ingested) {
        let (name, line) = (&self.field.name, line(item));
        let (text, rest) = lead(item).unwrap_or_default();
        let plain = text.plain();
        let (label, value) = plain.split_once(':').unwrap_or_default();
        if self.seen.iter().any(|seen| seen == label) {
            return read.problem(line, format!("`{name}` has a second `{label}`; the first was kept"));
        }
        match label {
            "Description" => {
                self.description.push(text.after_label());
                self.blocks(&rest, read);
            }
            "Value" => self.value(line, value.trim(), &rest, read),
            "Tags" => {
                self.tags(line, value, read);
                self.nothing_else(&rest, read);
            }
            label => {
                let item = if label.is_empty() { String::new() } else { format!(" `{label}`") };
                let expected = "expected `- Description:`, `- Value:` or `- Tags:`";
                return read.problem(line, format!("unknown item{item} in the description of `{name}`; {expected}"));
            }
        }
        self.seen.push(label.to_owned());
    }

    fn value(&mut self, line: usize, value: &str, rest: &[Node<'_>], read: &mut Ingested) {
        self.field.value = Some(value.to_owned()).filter(|value| !value.is_empty());
        match rest {
            [list, rest @ ..] if name(list) == LIST => {
                self.field.fields = of_list(list, read);
                self.nothing_else(rest, read);
            }
            [] if value.is_empty() => read.problem(line, format!("the value of `{}` is empty", self.field.name)),
            rest => self.nothing_else(rest, read),
        }
    }

    fn nothing_else(&self, blocks: &[Node<'_>], read: &mut Ingested) {
        for block in blocks {
            read.unexpected(block, format_args!("in an item of `{}`", self.field.name));
        }
    }

    fn tags(&mut self, line: usize, tags: &str, read: &mut Ingested) {
        let Field { name, type_tag, required, .. } = &mut self.field;
        for tag in tags.split(',').map(str::trim) {
            let lower = tag.to_ascii_lowercase();
            let place = match lower.as_str() {
                tag if type_of_tag(tag).is_some() => &mut *type_tag,
                tag if REQUIRED.contains(&tag) => &mut *required,
                _ => {
                    let expected = "expected a type, `Mandatory`, `Required` or `Optional`";
                    read.problem(line, format!("unknown tag `{tag}` of `{name}`; {expected}"));
                    continue;
                }
            };
            read.expect(place.is_none(), line, format!("`{name}` has a second tag of the same kind, `{tag}`"));
            place.get_or_insert_with(|| tag.to_owned());
        }
    }

    fn finish(self, read: &mut Ingested) -> Field {
        let said = prose::read(&self.description);
        let name = &self.field.name;
        for what in said.unread {
            // After "possible values", a value was certainly missed. The other phrases are common in prose.
            let message = format!("the description of `{name}` mentions {what}, which could not be read");
            if what == "possible values" { read.problem(self.line, message) } else { read.note(self.line, message) }
        }
        if !self.seen.iter().any(|label| label == "Tags") {
            read.note(self.line, format!("`{name}` has no tags"));
        }
        Field { possible_values: said.possible_values, fixed: said.fixed, default: said.default, ..self.field }
    }
}

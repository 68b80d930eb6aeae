//! Reads the sections of a page by their titles. An unknown section is a problem, because it may contain facts.

use std::collections::BTreeSet;

use comrak::Arena;
use comrak::nodes::Node;
use openapi_doc::sha256;

use super::markdown::{self, CODE, LIST, PARAGRAPH, QUOTATION, RULE, Span, Text, items, lead, line};
use super::outline::{Section, outline};
use super::remarks::Ingested;
use super::{field, sample};
use crate::page::{Authorization, Endpoint, Field, Link, Response, Samples};

/// Keys of the metadata that do not describe the API: the product, and links to other forms of the page.
const OTHER_FORMS: [&str; 4] = ["product", "openapi", "llms_txt", "product_llms_txt"];

const NEEDED: [&str; 6] =
    ["API Version", "Endpoints", "Request Type", "Authorization", "Sample Code Snippets", "API Responses"];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Blocks of prose, which is not stored.
const PROSE: [&str; 2] = [PARAGRAPH, QUOTATION];

/// Reads a page. If it has several versions of the API, reads the given one or, if none is given, `default`, or else
/// the first.
pub fn ingest(bytes: &[u8], version: Option<&str>) -> Ingested {
    let mut read = Ingested::default();
    match std::str::from_utf8(bytes) {
        Err(error) => {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            read.problem(line, "the page is not UTF-8 from here on, so none of it was read");
        }
        Ok(text) => {
            // A byte order mark and carriage returns at line ends are not part of a value.
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            self::read(markdown::parse(&Arena::new(), &text), version, &mut read);
            // If a fence is on the last line of the page, the first line of its block would be after the end.
            let last = text.lines().count().max(1);
            read.problems.iter_mut().chain(&mut read.notes).for_each(|remark| remark.line = remark.line.clamp(1, last));
        }
    }
    read.page.content_sha256 = sha256(bytes);
    read.problems.sort();
    read.notes.sort();
    read
}

const VERSION: &str = "API Version";

/// The sections of one version of the API. Each version begins with a heading that names it.
fn of_version<'s, 'a>(sections: &'s [Section<'a>], wanted: Option<&str>, read: &mut Ingested) -> Vec<&'s Section<'a>> {
    let begins: Vec<_> = (0..sections.len()).filter(|at| sections[*at].title.starts_with(VERSION)).collect();
    let name = |at: &usize| sections[*at].title.trim_start_matches(VERSION).trim_matches([':', ' ']);
    let chosen = wanted.unwrap_or("default");
    let found = begins.iter().position(|at| name(at) == chosen);
    if let Some(wanted) = wanted.filter(|_| found.is_none()) {
        let expected = match begins.iter().map(name).collect::<Vec<_>>().join(", ") {
            names if names.is_empty() => "it names no version".to_owned(),
            names => format!("expected one of {names}"),
        };
        read.problem(1, format!("the page has no version `{wanted}` of the API; {expected}"));
    }
    let [_, _, ..] = begins.as_slice() else { return sections.iter().collect() };
    let index = found.unwrap_or_default();
    for at in begins.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, at)| at) {
        let message = format!(
            "the version `{0}` of the API was not read; `--api-version {0}` reads it in place of `{1}`",
            name(at),
            name(&begins[index])
        );
        read.note(sections[*at].line, message);
    }
    let own = &sections[begins[index]..begins.get(index + 1).copied().unwrap_or(sections.len())];
    // Sections above the first version belong to all versions. A version without a title has the title of the first
    // version.
    let first = sections[begins[0]..begins[1]].iter().filter(|section| section.level == 1);
    let has_title = own.iter().any(|section| section.level == 1);
    sections[..begins[0]].iter().chain(first.filter(|_| !has_title)).chain(own).collect()
}

fn read(page: Node<'_>, version: Option<&str>, read: &mut Ingested) {
    let (head, sections) = outline(page);
    for block in head {
        match markdown::metadata(block) {
            Some(text) => metadata(line(block), &text, read),
            None => read.unexpected(block, "before the first heading"),
        }
    }
    let mut seen = BTreeSet::new();
    for section in of_version(&sections, version, read) {
        let title = section.title.as_str();
        // This heading ends with the version, which is not part of the name of the section.
        let name = if title.starts_with(VERSION) { VERSION } else { title };
        if section.level == 1 {
            if read.page.title.is_empty() {
                title.clone_into(&mut read.page.title);
            } else {
                read.problem(section.line, format!("`{title}` is a second title; the first was read"));
            }
            section.nothing_but(&[PARAGRAPH, QUOTATION, RULE], read);
        } else if seen.insert(name) {
            self::section(name, section, read);
        } else {
            read.problem(section.line, format!("the section `{name}` occurs twice; the first was read"));
        }
    }
    for name in NEEDED.iter().filter(|name| !seen.contains(**name)) {
        read.problem(1, format!("the page has no section `{name}`"));
    }
    read.expect(!read.page.title.is_empty(), 1, "the page has no title; expected a heading of level 1");
    read.expect(!read.page.page.is_empty(), 1, "the metadata has no usable `page_source`; the page is named after it");
}

fn section(name: &str, section: &Section<'_>, read: &mut Ingested) {
    match name {
        "API Version" => {
            let version = section.title.trim_start_matches("API Version").trim_matches([':', ' ']);
            let message = "the heading has no version; expected one, as in `API Version: default`";
            read.expect(!version.is_empty(), section.line, message);
            version.clone_into(&mut read.page.api_version);
            section.nothing_but(&PROSE, read);
        }
        "Endpoints" => endpoints(section, read),
        "Request Type" => method(section, read),
        "Authorization" => authorization(section, read),
        "Headers" => read.page.headers = fields(section, true, read),
        "Path Parameters" => read.page.path_parameters = fields(section, false, read),
        "Query Parameters" => read.page.query_parameters = fields(section, false, read),
        "Body Parameters" => read.page.body_parameters = fields(section, false, read),
        "API Responses" => responses(section, read),
        "Sample Code Snippets" => samples(section, read),
        "See Also" => see_also(section, read),
        other => {
            let message = format!("unknown section `{other}`; extend xtask/docfacts/src/ingest to read it");
            read.problem(section.line, message);
        }
    }
}

fn metadata(line: usize, text: &str, read: &mut Ingested) {
    let map = match serde_yaml::from_str::<serde_yaml::Mapping>(text) {
        Ok(map) => map,
        Err(error) => return read.problem(line, format!("the metadata is not valid YAML: {error}")),
    };
    for (key, value) in &map {
        match (key.as_str(), value.as_str()) {
            (Some("page_title"), Some(value)) => value.clone_into(&mut read.page.metadata_title),
            (Some("page_source"), Some(value)) => source(line, value, read),
            (Some(key), Some(_)) if OTHER_FORMS.contains(&key) => {}
            (Some(key), Some(_)) => read.problem(line, format!("unknown key `{key}` in the metadata")),
            _ => read.problem(line, "the metadata has a value that is not text"),
        }
    }
}

/// Names the page after the last segment of its address. The file with its facts has the same name.
fn source(line: usize, url: &str, read: &mut Ingested) {
    let name = url.rsplit('/').next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if name.is_empty() || !name.chars().all(plain) {
        read.problem(line, format!("`{url}` does not end in a page name: letters, digits, hyphens and underscores"));
        return;
    }
    name.clone_into(&mut read.page.page);
    url.clone_into(&mut read.page.source);
}

fn text_of(item: Node<'_>, read: &mut Ingested) -> Option<String> {
    let text = lead(item).filter(|(_, rest)| rest.is_empty()).map(|(text, _)| text.plain());
    read.expect(text.is_some(), line(item), "unknown item; expected one line of text");
    text
}

fn endpoints(section: &Section<'_>, read: &mut Ingested) {
    section.nothing_but(&[LIST], read);
    for item in items(&section.blocks) {
        let Some(text) = text_of(item, read) else { continue };
        match text.split_once(": ") {
            Some((name, url)) if url.starts_with("https://") && !url.contains(char::is_whitespace) => {
                read.page.endpoints.push(Endpoint { name: name.trim().to_owned(), url: url.to_owned() });
            }
            _ => read.problem(line(item), "not an endpoint; expected one such as `Sandbox: https://host/path`"),
        }
    }
    read.expect(!read.page.endpoints.is_empty(), section.line, "the section `Endpoints` has no endpoint");
}

fn method(section: &Section<'_>, read: &mut Ingested) {
    section.nothing_but(&[PARAGRAPH], read);
    if let [only] = section.blocks.as_slice() {
        let text = Text::of(only).plain();
        read.page.method = Some(text).filter(|text| METHODS.contains(&text.as_str())).unwrap_or_default();
    }
    let line = section.blocks.first().map_or(section.line, |block| line(block));
    let message = format!("the section `Request Type` has no method; expected one of {}", METHODS.join(", "));
    read.expect(!read.page.method.is_empty(), line, message);
}

fn authorization(section: &Section<'_>, read: &mut Ingested) {
    section.only(&[], read);
    let Some((first, others)) = section.sections.split_first() else {
        return read.problem(section.line, "the section `Authorization` has no scheme");
    };
    for other in others {
        read.problem(other.line, format!("`{}` is a second scheme; the first was read", other.title));
    }
    first.nothing_but(&[PARAGRAPH, QUOTATION, LIST], read);
    let mut found = Authorization { scheme: first.title.clone(), ..Authorization::default() };
    for block in &first.blocks {
        if markdown::name(block) == PARAGRAPH
            && let Some(value) = Text::of(block).plain().strip_prefix("Example:-")
        {
            found.value = Some(value.trim().to_owned());
        }
    }
    for item in items(&first.blocks) {
        let Some(text) = text_of(item, read) else { continue };
        // "Username: API Key obtained from the dashboard": where to obtain a value is not part of the value.
        let value = |value: &str| Some(value.split(" obtained ").next().unwrap_or_default().trim().to_owned());
        match text.split_once(':') {
            Some(("Username", text)) => found.username = value(text),
            Some(("Password", text)) => found.password = value(text),
            // The tags include parts of the value, so any word can be a tag.
            Some(("Tags", tags)) => {
                for tag in tags.split(',').map(|tag| tag.trim().to_owned()) {
                    let sends = field::REQUIRED.iter().any(|word| tag.eq_ignore_ascii_case(word));
                    if sends && found.required.is_none() { found.required = Some(tag) } else { found.tags.push(tag) }
                }
            }
            _ => read.problem(line(item), "unknown item; expected `Username:`, `Password:` or `Tags:`"),
        }
    }
    read.page.authorization = found;
}

fn fields(section: &Section<'_>, of_headers: bool, read: &mut Ingested) -> Vec<Field> {
    section.only(&PROSE, read);
    let mut found = Vec::new();
    for inner in &section.sections {
        // Parameters of the body have one more heading around them.
        let each = if inner.title == "Parameters" && inner.level == 3 {
            fields(inner, of_headers, read)
        } else {
            vec![field::of_section(inner, of_headers, read)]
        };
        for field in each {
            read.add(inner.line, "field", &mut found, field, |field| &field.name);
        }
    }
    read.expect(!found.is_empty(), section.line, format!("the section `{}` has no field", section.title));
    found
}

fn responses(section: &Section<'_>, read: &mut Ingested) {
    section.only(&PROSE, read);
    let mut found = Vec::new();
    for inner in &section.sections {
        let status = inner.title.clone();
        if status.len() != 3 || !status.chars().all(|letter| letter.is_ascii_digit()) {
            read.problem(inner.line, format!("`{status}` is not a status code, such as `200`"));
            continue;
        }
        let response = Response { status, fields: fields(inner, false, read) };
        read.add(inner.line, "response", &mut found, response, |response| &response.status);
    }
    read.expect(!found.is_empty(), section.line, "the section `API Responses` has no response");
    read.page.responses = found;
}

fn samples(section: &Section<'_>, read: &mut Ingested) {
    section.only(&PROSE, read);
    let (mut requests, mut responses) = (Vec::new(), Vec::new());
    for inner in &section.sections {
        // A single sample can be directly in this section, without a heading of its own.
        let own = inner.blocks.iter().any(|block| markdown::name(block) == CODE);
        let each: Vec<&Section<'_>> = if own { vec![inner] } else { inner.sections.iter().collect() };
        if !own {
            inner.only(&PROSE, read);
        }
        read.expect(!each.is_empty(), inner.line, format!("the section `{}` has no sample", inner.title));
        for one in each {
            match inner.title.as_str() {
                "Sample Request" => {
                    let Some(sample) = sample::request(one, read) else { continue };
                    read.add(one.line, "sample", &mut requests, sample, |sample| &sample.name);
                }
                "Sample Response" => {
                    let Some(sample) = sample::response(one, read) else { continue };
                    read.add(one.line, "sample", &mut responses, sample, |sample| &sample.name);
                }
                _ => {
                    let message = format!("unknown heading `{}` within `{}`", inner.title, section.title);
                    read.problem(inner.line, message);
                    break;
                }
            }
        }
    }
    read.page.samples = Samples { requests, responses };
}

fn see_also(section: &Section<'_>, read: &mut Ingested) {
    section.nothing_but(&[LIST, RULE], read);
    for item in items(&section.blocks) {
        match lead(item).as_ref().map(|(text, rest)| (text.0.as_slice(), rest.as_slice())) {
            Some(([Span::Link { text, url }], [])) => {
                read.page.see_also.push(Link { title: text.clone(), url: url.clone() });
            }
            _ => read.problem(line(item), "unknown item; expected one link"),
        }
    }
}

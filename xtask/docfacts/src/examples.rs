//! Writes the samples of the pages into the spec, as examples of the operations that they document.
//!
//! The facts are the only source of samples; the copies in the spec are not edited. In the spec, a comment names the
//! source of a block of examples, such as `examples: # from create-with-validate-customer-account: requests` or
//! `…: responses 401`. JSON is valid YAML, so a JSON body is copied from the page unchanged.

use anyhow::{Result, bail};

use crate::Page;
use crate::page::{RequestSample, ResponseSample};
use crate::tree::structured;

const MARK: &str = "examples: # from ";

/// Returns the text of a spec with the examples of these pages.
///
/// # Errors
/// A comment names a page that does not exist, or neither `requests` nor `responses` with a status.
pub fn written(spec: &str, pages: &[Page]) -> Result<String> {
    replace_below(spec, |number, line| {
        let Some(from) = line.strip_prefix(MARK) else { return Ok(None) };
        let examples = examples(from, pages);
        if examples.is_none() {
            let pages: Vec<_> = pages.iter().map(|page| page.page.as_str()).collect();
            bail!(
                "line {number}: `{from}` is not known; expected `PAGE: requests` or `PAGE: responses STATUS`, where PAGE is {}",
                pages.join(" or ")
            );
        }
        Ok(examples)
    })
}

/// Below each line for which `content` returns a string, replaces the indented lines with that string. `content` gets
/// the number of the line, and the line without its indent.
pub(crate) fn replace_below(
    text: &str,
    mut content: impl FnMut(usize, &str) -> Result<Option<String>>,
) -> Result<String> {
    let mut replaced = String::new();
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        replaced.extend([line, "\n"]);
        let indent = indent(line);
        let Some(content) = content(number, &line[indent..])? else { continue };
        while lines.next_if(|(line, _)| line.trim().is_empty() || self::indent(line) > indent).is_some() {}
        for line in content.lines() {
            replaced.extend([&" ".repeat(indent + 2), line, "\n"]);
        }
    }
    Ok(replaced)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn examples(from: &str, pages: &[Page]) -> Option<String> {
    let (page, part) = from.trim().split_once(": ")?;
    let samples = &pages.iter().find(|one| one.page == page)?.samples;
    match part.split_once(' ') {
        None if part == "requests" => Some(samples.requests.iter().map(request).collect()),
        Some(("responses", status)) => {
            Some(samples.responses.iter().filter(|sample| sample.status == status).map(response).collect())
        }
        _ => None,
    }
}

/// The example of a request; empty if the request has no data.
fn request(sample: &RequestSample) -> String {
    let field = |(name, value): &(String, String)| format!("    {}: {}\n", quoted(name), json(value));
    match (&sample.body, sample.form.as_slice()) {
        (Some(body), _) => example(&sample.name, &format!(" {}\n", json(body).replace('\n', "\n    "))),
        (None, []) => String::new(),
        (None, form) => example(&sample.name, &format!("\n{}", form.iter().map(field).collect::<String>())),
    }
}

fn response(sample: &ResponseSample) -> String {
    let body = if serde_json::from_str::<serde_json::Value>(&sample.body).is_ok() {
        sample.body.clone()
    } else {
        quoted(&sample.body)
    };
    example(&sample.name, &format!("\n    {}\n", body.replace('\n', "\n    ")))
}

fn example(name: &str, value: &str) -> String {
    // The name of a sample response is its status, often followed by the name of its request in brackets. Documentation
    // tools show the examples of both together if they have the same key.
    let words = name.split_once('(').map_or(name, |(_, request)| request);
    let words = words.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '-'));
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let key = words.collect::<Vec<_>>().join("_").to_lowercase();
    format!("{key}:\n  summary: {}\n  value:{value}", quoted(name))
}

/// A field of a form, or a body: a JSON object or array unchanged, anything else as a JSON string.
fn json(text: &str) -> String {
    if structured(text).is_some() { text.to_owned() } else { quoted(text) }
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

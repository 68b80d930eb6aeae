//! Writes the samples of the pages into the spec, as the examples of the operations that they document.
//!
//! The facts are the only place where a sample is kept by hand. In the spec, a comment says what a block of examples is
//! made from, such as `examples: # from create-with-validate-customer-account: requests` or `… : responses 401`. JSON is
//! YAML, so a body is copied as it is on the page.

use anyhow::{Result, bail};

use crate::Page;
use crate::page::{RequestSample, ResponseSample};
use crate::tree::structured;

const MARK: &str = "examples: # from ";

/// The text of a spec with the examples that these pages have.
///
/// # Errors
/// A comment names a page or a part of one that does not exist.
pub fn written(spec: &str, pages: &[Page]) -> Result<String> {
    let mut text = String::new();
    let mut lines = spec.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        text.extend([line, "\n"]);
        let indent = indent(line);
        let Some(from) = line[indent..].strip_prefix(MARK) else { continue };
        let Some(examples) = examples(from, pages) else {
            let pages: Vec<_> = pages.iter().map(|page| page.page.as_str()).collect();
            bail!(
                "line {}: `{from}` is not known; expected `PAGE: requests` or `PAGE: responses STATUS`, where PAGE is {}",
                number + 1,
                pages.join(" or ")
            );
        };
        while lines.next_if(|(_, line)| line.trim().is_empty() || self::indent(line) > indent).is_some() {}
        for line in examples.lines() {
            text.extend([&" ".repeat(indent + 2), line, "\n"]);
        }
    }
    Ok(text)
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

/// Nothing if the request has no data.
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
    // A response is named after its status, and is below it anyway.
    let words = name.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '-'));
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let key = words.collect::<Vec<_>>().join("_").to_lowercase();
    format!("{key}:\n  summary: {}\n  value:{value}", quoted(name))
}

/// A field of a form, or a body: JSON as it is, and any other text as a string of JSON.
fn json(text: &str) -> String {
    if structured(text).is_some() { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

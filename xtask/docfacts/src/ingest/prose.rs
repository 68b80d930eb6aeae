//! Reads the few facts that the vendor writes into a description: the values that a field can have, the one value that
//! it must have, and the default. The description itself is not stored.

use super::markdown::{Span, Text};

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) possible_values: Vec<String>,
    pub(super) fixed: Option<String>,
    pub(super) default: Option<String>,
    /// Facts that the description mentions in a form that cannot be read.
    pub(super) unread: Vec<&'static str>,
}

pub(super) fn read(description: &[Text]) -> Said {
    let paragraphs: Vec<_> = description.iter().map(written).collect();
    let (possible_values, missed) = possible_values(&paragraphs);
    let mut said = Said { possible_values, ..Said::default() };
    for text in &paragraphs {
        said.fixed = said.fixed.or_else(|| fixed(text));
        said.default = said.default.or_else(|| default(text));
        if said.fixed.is_none() && find(text, "value should be").or(find(text, "value must be")).is_some() {
            said.unread.push("the value that it must have");
        }
        if said.default.is_none() && find(text, "default").is_some() {
            said.unread.push("a default");
        }
    }
    if missed {
        said.unread.push("possible values");
    }
    said
}

/// The text with backticks around code, because they enclose a value as quotation marks do.
fn written(text: &Text) -> String {
    let part = |span: &Span| match span {
        Span::Code(code) => format!("`{code}`"),
        other => other.plain().to_owned(),
    };
    text.0.iter().map(part).collect()
}

/// The position of a phrase in a text, ignoring the case of the text. The phrase must be in lower case.
fn find(text: &str, phrase: &str) -> Option<usize> {
    // Only ASCII letters change, so positions stay the same.
    text.to_ascii_lowercase().find(phrase)
}

/// The words marked as code after "Possible values" or "Possible values are": directly after it, at the beginning of a
/// later line, or after another value and a separator. A word in the middle of an explanation belongs to the
/// explanation. Also returns whether a value was missed: the phrase has no value, or something else follows it or
/// begins a later paragraph.
fn possible_values(paragraphs: &[String]) -> (Vec<String>, bool) {
    const WORDS: &str = "possible values";
    let is_mark = |letter: char| letter.is_whitespace() || matches!(letter, ':' | '-');
    let (mut listing, mut missed) = (false, false);
    let mut values: Vec<String> = Vec::new();
    for text in paragraphs {
        let mut text = text.as_str();
        if !listing {
            let Some(at) = find(text, WORDS) else { continue };
            text = text[at + WORDS.len()..].trim_start_matches(is_mark);
            text = text.strip_prefix("are").unwrap_or(text);
            listing = true;
        }
        // Whether only a value may follow.
        let mut due = true;
        for line in text.lines() {
            let mut rest = line.trim_start_matches(is_mark);
            while let Some((value, after)) = rest.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
                due = false;
                let after = after.trim_start_matches([' ', ',', ';', '/', '|']);
                rest = ["or", "and"].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after).trim_start();
            }
            missed |= due && !rest.is_empty();
            due &= rest.is_empty();
        }
    }
    let missed = missed || listing && values.is_empty();
    (values, missed)
}

/// The quoted text after "value should be" or "value must be".
fn fixed(text: &str) -> Option<String> {
    let rest = ["value should be ", "value must be "]
        .iter()
        .find_map(|phrase| Some(&text[find(text, phrase)? + phrase.len()..]))?;
    let mut letters = rest.trim_start().chars();
    let close = match letters.next()? {
        '“' => '”',
        '‘' => '’',
        same @ ('"' | '\'' | '`') => same,
        _ => return None,
    };
    let (value, _) = letters.as_str().split_once(close)?;
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// The text after "default" and a colon or "is", up to the end of the sentence or line. At most two words may come
/// between "default" and the colon, and at most one between "default" and "is".
fn default(text: &str) -> Option<String> {
    let rest = &text[find(text, "default")? + "default".len()..];
    let rest = rest.lines().next()?;
    let words = |text: &str| text.split_whitespace().count();
    let colon = rest.split_once(':').filter(|(before, _)| words(before) <= 2).map(|(_, after)| after);
    let is = || rest.split_once(" is ").filter(|(before, _)| words(before) <= 1).map(|(_, after)| after);
    let value = colon.or_else(is)?;
    let value = value.split(". ").next()?.trim().trim_end_matches('.').trim_matches('`');
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

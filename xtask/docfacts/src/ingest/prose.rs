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
    let (possible_values, missed) = possible_values(description);
    let mut said = Said { possible_values, ..Said::default() };
    for text in description {
        let plain = written(text);
        said.fixed = said.fixed.or_else(|| fixed(&plain));
        said.default = said.default.or_else(|| default(&plain));
        if said.fixed.is_none() && (find(&plain, "value should be").or(find(&plain, "value must be"))).is_some() {
            said.unread.push("the value that it must have");
        }
        if said.default.is_none() && find(&plain, "default").is_some() {
            said.unread.push("a default");
        }
    }
    if missed {
        said.unread.push("possible values");
    }
    said
}

/// The text with the marks of code, which enclose a value like quotation marks.
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

/// The words marked as code after "Possible values": directly after it, at the beginning of a later line, or after
/// another value in a list. A word in the middle of an explanation belongs to the explanation. Also returns whether a
/// value was missed: the phrase has no value, or something else follows it or begins a later paragraph.
fn possible_values(description: &[Text]) -> (Vec<String>, bool) {
    const WORDS: &str = "possible values";
    let (mut listing, mut missed) = (false, false);
    let mut values: Vec<String> = Vec::new();
    for text in description {
        // `expected`: a value may follow. `due`: only a value may follow.
        let (mut expected, mut due) = (true, listing);
        for span in &text.0 {
            match span {
                Span::Plain(plain) | Span::Strong(plain) if !listing => {
                    if let Some(at) = find(plain, WORDS) {
                        let rest = plain[at + WORDS.len()..].trim_matches([':', ' ', '-']);
                        listing = true;
                        (expected, due) = (rest.is_empty(), !matches!(rest, "are"));
                        missed |= !matches!(rest, "" | "are");
                    }
                }
                Span::Code(value) if listing && expected => {
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                    (expected, due) = (false, false);
                }
                Span::Plain(plain) => {
                    let between = plain.trim();
                    if !(expected && matches!(between, "" | ":")) {
                        missed |= due;
                        let in_a_row = matches!(between, "," | "or" | "and" | "/" | "|" | ", or" | ", and");
                        (expected, due) = (!expected && in_a_row, false);
                    }
                }
                Span::Break => expected = true,
                _ => {
                    missed |= due;
                    (expected, due) = (false, false);
                }
            }
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

/// The text after "default" and a colon or "is", up to the end of the sentence. At most two words may precede the
/// colon, and one the "is".
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

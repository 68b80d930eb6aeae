//! Strings close to what a schema allows: strings that match its pattern, small changes to those, and lengths around
//! each bound.

use std::collections::BTreeSet;

use probe::Judge;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

/// Generates strings that match a pattern with both anchors.
pub fn inside(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern.trim_start_matches('^').trim_end_matches('$')).unwrap()
}

/// Generates characters close to the allowed ones, and far from them.
pub fn character() -> impl Strategy<Value = char> {
    const ODD: [char; 13] =
        ['\0', '\t', '\n', '\r', '\u{7f}', '\u{85}', '\u{a0}', '\u{2028}', '\u{feff}', '٣', 'Ａ', 'é', '😀'];
    prop_oneof![
        5 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(&ODD[..]),
        1 => any::<char>(),
    ]
}

/// One small change: a character inserted, removed, replaced or added at the end, or the string cut off or written
/// twice.
pub fn slip(text: &str, kind: u8, at: Index, character: char) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let position = at.index(letters.len() + 1);
    match kind {
        0 => letters.insert(position, character),
        1 if position < letters.len() => drop(letters.remove(position)),
        2 if position < letters.len() => letters[position] = character,
        3 => letters.extend(text.chars()),
        4 => letters.truncate(position),
        _ => letters.push(character),
    }
    letters.into_iter().collect()
}

/// A string that matches the pattern of a schema, or has an allowed length.
pub fn one(schema: &Value) -> String {
    match schema["pattern"].as_str() {
        Some(pattern) => inside(pattern).new_tree(&mut TestRunner::deterministic()).unwrap().current(),
        None => "a".repeat(usize::try_from(schema["minLength"].as_u64().unwrap_or(1)).unwrap()),
    }
}

/// Returns strings close to what a schema allows, including `text`. They are the same in every run.
pub fn near(schema: &Value, text: &str) -> BTreeSet<String> {
    const SAMPLES: usize = 24;
    let mut runner = TestRunner::deterministic();
    let mut texts = BTreeSet::from([String::new(), text.to_owned(), text.to_uppercase(), text.to_lowercase()]);
    let strings = |keyword: &str| schema[keyword].as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.extend(strings("enum").map(str::to_owned));
    if let Some(pattern) = schema["pattern"].as_str() {
        let made = inside(pattern);
        texts.extend((0..SAMPLES).map(|_| made.new_tree(&mut runner).unwrap().current()));
    }
    let slips = (0..6_u8, any::<Index>(), character());
    for correct in texts.clone() {
        for _ in 0..2 {
            let (kind, at, character) = slips.new_tree(&mut runner).unwrap().current();
            texts.insert(slip(&correct, kind, at, character));
        }
    }
    texts.extend(bounds(schema, text));
    texts
}

/// The text shortened and lengthened at each of its places, to both sides of each length at which it becomes valid or
/// invalid.
pub fn bounds(schema: &Value, text: &str) -> BTreeSet<String> {
    // Leaves out the schemas that this one may be composed of: those can refer to others.
    let keywords = ["pattern", "minLength", "maxLength"].into_iter().filter_map(|key| Some((key, schema.get(key)?)));
    let keywords: Map<_, _> = keywords.map(|(key, value)| (key.to_owned(), value.clone())).collect();
    let allowed = Judge::new(&Value::Null, &keywords.into()).unwrap();
    let longest = longest(schema) + 2;
    let letters: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    for (position, letter) in letters.iter().enumerate() {
        let with = |middle: &[char], rest: usize| -> String {
            letters[..position].iter().chain(middle).chain(&letters[rest..]).collect()
        };
        let shortened = (position..=letters.len()).map(|rest| with(&[], rest));
        let grown = (1..=longest).map(|times| with(&vec![*letter; times], position + 1));
        for texts in [shortened.collect::<Vec<_>>(), grown.collect()] {
            let verdicts: Vec<_> = texts.iter().map(|text| allowed.accepts(&text.as_str().into())).collect();
            let turns = (1..texts.len()).filter(|at| verdicts[*at] != verdicts[at - 1]);
            found.extend(turns.flat_map(|at| texts[at - 1..=at].iter().cloned()));
        }
    }
    found
}

/// The greatest length in a schema, from a keyword or its pattern.
fn longest(schema: &Value) -> usize {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let in_pattern = pattern.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    let keywords = ["minLength", "maxLength"].map(|keyword| schema[keyword].as_u64());
    in_pattern.chain(keywords.into_iter().flatten()).filter_map(|bound| usize::try_from(bound).ok()).max().unwrap_or(0)
}

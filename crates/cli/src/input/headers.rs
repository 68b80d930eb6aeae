//! Recognizes common headers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::columns::Column;

/// The known headers, from `headers.toml`.
static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::read(include_str!("headers.toml")).unwrap_or_default());

/// How well a header fits a value: lower is better.
pub(super) type Rank = usize;

#[derive(Debug, Deserialize)]
struct File {
    lists: Lists,
    words: BTreeMap<String, Vec<String>>,
    #[serde(flatten)]
    values: BTreeMap<Column, Names>,
}

#[derive(Debug, Default, Deserialize)]
struct Lists {
    owner: BTreeSet<String>,
    filler: BTreeSet<String>,
    other: BTreeSet<String>,
    money: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Names {
    names: Vec<String>,
    #[serde(default)]
    fallback: Vec<String>,
}

#[derive(Debug, Default)]
struct Known {
    /// Maps each spelling of a word to the word.
    words: BTreeMap<String, String>,
    lists: Lists,
    names: BTreeMap<String, (Column, Rank)>,
}

impl Known {
    fn read(text: &str) -> Result<Self, toml::de::Error> {
        let File { lists, words, values } = toml::from_str(text)?;
        let mut known = Self { lists, ..Self::default() };
        for (word, spellings) in words {
            known.words.extend(spellings.into_iter().map(|spelling| (spelling, word.clone())));
        }
        for (column, Names { names, fallback }) in values {
            // Headers of names and references are ranked in the order of the list. Headers of other values are equal,
            // so the user must choose if a file has two of them. All fallbacks come last.
            let is_ranked = matches!(column, Column::Name | Column::Reference);
            let ranks = (0..).map(|rank| if is_ranked { rank } else { 0 });
            known.names.extend(names.into_iter().zip(ranks).map(|(name, rank)| (name, (column, rank))));
            known.names.extend(fallback.into_iter().map(|name| (name, (column, Rank::MAX))));
        }
        let names = known.names.keys().flat_map(|name| name.split(' '));
        let Lists { owner, filler, other, .. } = &known.lists;
        let all = names.chain([owner, filler, other].into_iter().flatten().map(String::as_str));
        for word in all.map(str::to_owned) {
            known.words.entry(word.clone()).or_insert(word);
        }
        Ok(known)
    }

    /// Splits a header into words, and replaces each known spelling of a word with the word. A joined word such as
    /// `ACCOUNTNO` is split too.
    fn words(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for word in split(text) {
            match self.words.get(&word) {
                Some(known) => words.push(known.clone()),
                None => match self.pieces(&word) {
                    Some(pieces) => words.extend(pieces),
                    None => words.push(word),
                },
            }
        }
        words
    }

    /// Splits a joined word into known words.
    fn pieces(&self, word: &str) -> Option<Vec<String>> {
        if word.is_empty() {
            return Some(Vec::new());
        }
        // No word in a header is this long, and the limit bounds the recursion.
        if word.len() > 60 {
            return None;
        }
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        ends.filter(|end| *end > 1).find_map(|end| {
            let (start, rest) = word.split_at_checked(end)?;
            let start = self.words.get(start)?;
            let mut pieces = self.pieces(rest)?;
            pieces.insert(0, start.clone());
            Some(pieces)
        })
    }

    fn find(&self, header: &str) -> Option<(Column, Rank)> {
        let (name, remarks) = without_remarks(header);
        let remarks = self.words(&remarks);
        if remarks.iter().any(|word| self.lists.other.contains(word)) {
            return None;
        }
        let mut words = self.words(&name);
        // `Account Number (confirm)` is not the account number.
        words.extend(remarks.into_iter().filter(|word| word == "confirm"));
        let Lists { owner, filler, .. } = &self.lists;
        let is_kept = |lists: &[&BTreeSet<String>]| {
            let kept = words.iter().filter(|word| !lists.iter().any(|list| list.contains(*word)));
            kept.map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        let forms = [is_kept(&[]), is_kept(&[filler]), is_kept(&[filler, owner])];
        forms.iter().find_map(|form| self.names.get(form)).copied()
    }
}

/// Returns the value that a common header means, and how well the header fits.
pub(super) fn find(header: &str) -> Option<(Column, Rank)> {
    // The program's own names are always recognized. For the amount of a penny drop, `validation_amount` is the only
    // name: in many files, `amount` is what the payee will be paid.
    let header = visible(header);
    let own = header.trim();
    let own = Column::ALL.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(own));
    own.map(|(column, _)| (column, 0)).or_else(|| KNOWN.find(&header))
}

/// Removes invisible characters from a header.
fn visible(header: &str) -> String {
    let is_invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    header.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Whether a header names an amount to pay.
pub(super) fn is_money(header: &str) -> bool {
    let words = KNOWN.words(&without_remarks(header).0);
    words.iter().any(|word| KNOWN.lists.money.contains(word)) && !words.iter().any(|word| word == "currency")
}

/// Whether two headers are the same, ignoring case, spaces and punctuation.
pub(super) fn same(one: &str, other: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    one.trim() == other.trim() || (!plain(one).is_empty() && plain(one) == plain(other))
}

/// Splits a header into its name and its remarks, which are in parentheses or brackets. Text after a remark such as
/// `(Mandatory)` is dropped.
fn without_remarks(header: &str) -> (String, String) {
    let (mut name, mut remarks) = (String::new(), String::new());
    let mut rest = header;
    while let Some((before, after)) = rest.split_once(['(', '[']) {
        name.push_str(before);
        name.push(' ');
        let (remark, after) = after.split_once([')', ']']).unwrap_or((after, ""));
        remarks.push_str(remark);
        remarks.push(' ');
        let remark = remark.trim().to_lowercase();
        rest = after;
        if matches!(remark.as_str(), "mandatory" | "optional" | "required" | "conditional") {
            rest = "";
        }
    }
    name.push_str(rest);
    (name, remarks)
}

/// Splits text into lower-case words: `beneAccountNo` has three.
fn split(text: &str) -> Vec<String> {
    let text = text.replace('\u{2019}', "'").replace("'s ", " ").replace("'S ", " ").replace('\'', "");
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        // `A/c` is one word.
        let in_abbreviation = matches!(letter, '/' | '\\')
            && matches!(before, 'a' | 'A')
            && matches!(after, 'c' | 'C')
            && !at.checked_sub(2).and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphanumeric());
        if in_abbreviation {
            continue;
        }
        let begins =
            letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase()));
        let is_part = letter.is_alphanumeric() || is_mark(*letter);
        if begins || !is_part {
            words.push(String::new());
        }
        if is_part && let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a character belongs to an Indian script. Some signs of these scripts are not alphanumeric, but belong to the
/// previous letter.
fn is_mark(letter: char) -> bool {
    ('\u{900}'..='\u{d7f}').contains(&letter)
}

#[cfg(test)]
mod tests;

//! Splits a string into the words of a name.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use unicode_normalization::UnicodeNormalization as _;

use super::spelling;
use crate::character::{is_direction, is_zero_width};

/// The lengths at which banks cut names off, in characters.
const LIMITS: [usize; 4] = [20, 25, 35, 40];

/// The usual meaning of a word in a name.
enum Class {
    /// A title in any position.
    Title,
    /// A title at the start of a name; elsewhere, the word is a name.
    LeadingTitle,
    /// A legal form of companies.
    LegalForm,
    /// A word such as `and`, which identifies nobody.
    Filler,
    /// A word that shows that the name is a company's, but is not a legal form.
    Business,
    Other,
}

/// Words that show that a name is a company's, but are not legal forms, in alphabetical order.
#[rustfmt::skip]
const BUSINESS: [&str; 66] = [
    "academy", "agencies", "associates", "bank", "brothers", "builders", "capital", "caterers", "clinic", "college",
    "constructions", "consultancy", "consultants", "developers", "distributors", "electricals", "electronics",
    "enterprises", "exports", "farms", "fashions", "finance", "foods", "foundation", "garments", "group", "holdings",
    "hospital", "hotels", "industries", "infra", "institute", "international", "jewellers", "laboratories", "labs",
    "logistics", "mart", "medicals", "mills", "motors", "pharma", "pharmacy", "printers", "products", "properties",
    "restaurant", "school", "services", "society", "solutions", "sons", "stores", "studio", "suppliers", "systems",
    "tech", "technologies", "textiles", "traders", "trading", "transport", "travels", "trust", "ventures", "works",
];

fn class(word: &str) -> Class {
    match word {
        "mr" | "mrs" | "ms" | "miss" | "smt" | "smti" | "shrimati" | "srimati" | "dr" | "m/s" | "messrs" | "mst" => {
            Class::Title
        }
        "shri" | "shree" | "sri" | "sh" | "kumari" | "kum" | "km" | "late" | "prof" | "er" | "adv" | "master"
        | "lt" | "capt" | "maj" | "col" => Class::LeadingTitle,
        "private" | "limited" | "llp" | "opc" | "company" | "corporation" | "incorporated" | "huf" => Class::LegalForm,
        "and" | "the" | "of" | "prop" | "proprietor" | "proprietorship" => Class::Filler,
        _ if BUSINESS.binary_search(&word).is_ok() => Class::Business,
        _ => Class::Other,
    }
}

/// The word that an abbreviation or a variant stands for.
fn full_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "pvt" => "private",
        "ltd" | "lt" => "limited",
        "co" => "company",
        "corp" | "corpn" => "corporation",
        "inc" => "incorporated",
        "bros" => "brothers",
        "intl" => "international",
        "mfg" => "manufacturing",
        "engg" => "engineering",
        "inds" => "industries",
        "ent" => "enterprises",
        "govt" => "government",
        "assn" => "association",
        "kr" | "kmr" => "kumar",
        "coop" => "cooperative",
        "pd" => "prasad",
        _ => return plural(word),
    })
}

/// Finds the plural of a word for a business: `traders` for `trader`, `industries` for `industry`. Skips short words,
/// such as `son`, because they can be part of a name.
fn plural(word: &str) -> Option<&'static str> {
    let stem = word.strip_suffix('y').unwrap_or(word);
    let is_plural = |business: &&str| {
        business.strip_prefix(word) == Some("s") || stem != word && business.strip_prefix(stem) == Some("ies")
    };
    let similar = BUSINESS[BUSINESS.partition_point(|business| *business < stem)..].iter().copied();
    similar.take_while(|business| word.len() > 3 && business.starts_with(stem)).find(is_plural)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Plain,
    Honorific,
    LegalForm,
    Filler,
}

/// A word in lower case, without marks on Latin letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub(super) text: String,
    /// The key, which is equal for all spellings of a name.
    pub(super) key: String,
    pub(super) role: Role,
    /// The position of the word in the name.
    pub(super) place: usize,
    /// Whether the name has an abbreviation or a variant of this word.
    pub(super) abbreviated: bool,
}

/// A name as sorted words, so that the result does not depend on their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) words: Vec<Word>,
    /// The words after `S/O`, `D/O`, `W/O`, `H/O` or `C/O`, or after `son of`, `daughter of` or `wife of`.
    pub(super) relation: Vec<Word>,
    /// The first letter of the relation, such as `s` for `S/O` and `son of`.
    pub(super) kin: Option<char>,
    /// Whether the name has a length at which banks cut names off, or one less, because a space at its end is not
    /// counted.
    pub(super) is_cut: bool,
    pub(super) is_company: bool,
    /// The scripts of its letters, as the numbers that `script` returns.
    scripts: Vec<u32>,
}

impl Name {
    pub(super) fn read(text: &str) -> Self {
        let length = text.trim().chars().count();
        let mut scripts: Vec<u32> = text.chars().filter(|c| c.is_alphabetic()).map(script).collect();
        scripts.sort_unstable();
        scripts.dedup();
        let mut texts = split(text);
        let (kin, relation) = relation(&mut texts);
        let mut words = roles(texts);
        let is_company = words.iter().any(|word| matches!(class(&word.text), Class::LegalForm | Class::Business));
        // A name that consists only of titles is still a name, so its words count.
        if words.iter().all(|word| matches!(word.role, Role::Honorific | Role::Filler)) {
            for word in &mut words {
                word.role = Role::Plain;
            }
        }
        words.sort_unstable();
        let is_cut = LIMITS.iter().any(|limit| length == *limit || length + 1 == *limit);
        Self { words, relation: roles(relation), kin, is_cut, is_company, scripts }
    }

    /// Makes titles ordinary words, because `Sri` and `Dr` are part of a company's name. `M/s` stays a title.
    pub(super) fn make_company(&mut self) {
        for word in &mut self.words {
            if word.role == Role::Honorific && !matches!(&*word.text, "m/s" | "messrs" | "ms") {
                word.role = Role::Plain;
            }
        }
    }

    pub(super) fn shares_script_with(&self, other: &Self) -> bool {
        let none = |name: &Self| name.scripts.is_empty();
        none(self) || none(other) || self.scripts.iter().any(|script| other.scripts.contains(script))
    }
}

/// Returns a number for the script of a letter. All Latin letters are one script; of the other characters, each block
/// of 128 counts as one.
fn script(c: char) -> u32 {
    match u32::from(c) {
        0..0x0250 | 0x1E00..0x1F00 | 0xFF00..0xFF60 => 0,
        point => point / 128,
    }
}

/// Splits a string into words in lower case.
fn split(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return split_letters(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    }
    // `´` is left out first, because its decomposition begins with a space.
    split_letters(text.chars().filter(|c| !is_left_out(*c)).nfkd().flat_map(char::to_lowercase))
}

fn split_letters(letters: impl Iterator<Item = char>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = letters.filter(|c| !is_left_out(*c)).peekable();
    while let Some(c) = letters.next() {
        match c {
            '/' if word.len() == 1 && matches!(&*word, "m" | "s" | "d" | "w" | "c" | "h") => {
                // `M/s` or `S/O` is one word.
                if let Some(second) = letters.next_if(|c| matches!(c, 's' | 'o')) {
                    let ends = letters.peek().is_none_or(|c| !c.is_alphanumeric());
                    if ends {
                        word.extend(['/', second]);
                        words.push(core::mem::take(&mut word));
                    } else {
                        words.push(core::mem::take(&mut word));
                        word.push(second);
                    }
                } else {
                    words.push(core::mem::take(&mut word));
                }
            }
            '&' | '+' => {
                words.push(core::mem::take(&mut word));
                words.push("and".to_owned());
            }
            _ if is_letter(c) => word.push(c),
            _ => words.push(core::mem::take(&mut word)),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the comparison ignores a character: an apostrophe, an invisible character, or a mark on a Latin letter.
fn is_left_out(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '\u{300}'..='\u{36f}') || is_zero_width(c) || is_direction(c)
}

/// Whether a character is a letter, a digit, or a vowel sign of Arabic or of an Indian script.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || ('\u{610}'..='\u{dff}').contains(&c) && !matches!(c, '\u{964}' | '\u{965}' | '،')
}

/// Removes a term such as `S/O` or `son of`, and the words after it, from a name. Returns the first letter of the term,
/// and those words.
fn relation(words: &mut Vec<String>) -> (Option<char>, Vec<String>) {
    let is_relation = |pair: &[String]| match pair {
        [word] => matches!(&**word, "s/o" | "d/o" | "w/o" | "c/o" | "h/o"),
        [word, of] => matches!(&**word, "son" | "daughter" | "wife") && of == "of",
        _ => false,
    };
    for length in [1, 2] {
        if let Some(at) = words.windows(length).position(is_relation).filter(|at| *at > 0) {
            let mut term = words.split_off(at);
            let others = term.split_off(length);
            return (term.concat().chars().next(), others);
        }
    }
    (None, Vec::new())
}

fn roles(texts: Vec<String>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut leading = true;
    let mut texts = texts.into_iter().peekable();
    while let Some(mut text) = texts.next() {
        // `(P) Ltd` means `Private Limited`.
        let is_private = text == "p" && texts.peek().is_some_and(|next| matches!(&**next, "ltd" | "limited"));
        if text == "pvtltd" {
            words.push(Word::new("private", Role::LegalForm, words.len(), true));
            "ltd".clone_into(&mut text);
        }
        // `Co-operative` and `Co-op` have been split into two words.
        if text == "co" && texts.next_if(|next| matches!(&**next, "operative" | "op")).is_some() {
            "cooperative".clone_into(&mut text);
        }
        let full = match &*text {
            _ if is_private => Some("private"),
            // Before a name, `Lt` is a rank.
            "lt" if leading => None,
            text => full_word(text),
        };
        let text = full.unwrap_or(&text);
        let role = match class(text) {
            Class::Title => Role::Honorific,
            Class::LeadingTitle if leading => Role::Honorific,
            Class::LegalForm => Role::LegalForm,
            Class::Filler => Role::Filler,
            Class::LeadingTitle | Class::Business | Class::Other => Role::Plain,
        };
        leading = leading && role == Role::Honorific;
        let place = words.len();
        words.push(Word::new(text, role, place, full.is_some()));
    }
    words
}

impl Word {
    fn new(text: &str, role: Role, place: usize, abbreviated: bool) -> Self {
        Self { text: text.to_owned(), key: spelling::key(text), role, place, abbreviated }
    }

    pub(super) fn letters(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether the word is one letter, or two that are written for one sound, such as `Ch` for Chandra.
    pub(super) fn is_initial(&self) -> bool {
        let is_sound = matches!(&*self.text, "bh" | "ch" | "dh" | "gh" | "jh" | "kh" | "ng" | "ph" | "th");
        self.role != Role::Filler && (self.letters() == 1 || is_sound)
    }
}

#[cfg(test)]
#[test]
fn words_of_a_business_are_in_order() {
    assert!(BUSINESS.is_sorted());
}

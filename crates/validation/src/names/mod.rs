//! Whether two names can be those of one person or company: the one that was given, and the one
//! that the bank has.
//!
//! ```
//! use juspay_accounts_validation::names::{self, Difference, Verdict};
//!
//! let comparison = names::compare("Mr. Ramesh Kumar Sharma", "SHARMA RAMESH K");
//! assert_eq!(comparison.verdict, Verdict::Close);
//! assert_eq!(comparison.differences, [Difference::Honorific, Difference::Order, Difference::Initial]);
//!
//! let comparison = names::compare("Ramesh Kumar Sharma", "RAMESH KUMAR VERMA");
//! assert_eq!(comparison.verdict, Verdict::Different);
//! ```
//!
//! Names are compared word by word. The similarity of whole texts misleads: by Jaro-Winkler the two
//! names of the last example are 0.93 alike, and `Ramesh Kumar Sharma` and `R K SHARMA` 0.71. The
//! central rule is that **a word left over on both sides is a conflict, and a conflict means
//! *different***. A word left over on one side means *close*.
//!
//! A verdict is advice, never a rejection. It is the same each time, and the same with the two
//! names swapped. Neither name is kept or repeated.
#![doc = include_str!("rules.md")]

mod pairing;
mod spelling;
mod words;

use core::fmt;

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use self::words::Name;
use crate::placeholder;

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// The result in a word.
    pub verdict: Verdict,
    /// How much agrees, from 0 to 100: at least 90 for *match*, 60 to 89 for *close*, less for
    /// *different*, and 0 for *cannot tell*.
    pub score: u8,
    /// Why the names are not the same, each reason once, in the order of [`Difference`].
    pub differences: Vec<Difference>,
}

/// What a comparison of two names says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All words agree.
    Match,
    /// Nothing contradicts, but something is missing, shortened or misspelled.
    Close,
    /// Each name has a word that the other lacks.
    Different,
    /// One of them is not a name, or the two are in different scripts.
    CannotTell,
}

impl Verdict {
    /// The word for it: `match`, `close`, `different` or `cannot_tell`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Close => "close",
            Self::Different => "different",
            Self::CannotTell => "cannot_tell",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A reason why two names are not the same. `Display` is a word or two, and never a part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Difference {
    /// A title such as `Mr` or `Smt` on one side.
    Honorific,
    /// Another order of words.
    Order,
    /// Words that are joined on one side.
    Spacing,
    /// An initial for a word.
    Initial,
    /// A word that is on one side only.
    MissingWord,
    /// The end was cut off, as banks do at 20, 25, 35 or 40 characters.
    Truncated,
    /// Another spelling.
    Spelling,
    /// The form of a company (`Pvt Ltd`, `LLP`): on one side only, or abbreviated.
    LegalForm,
    /// Words that contradict each other.
    Conflict,
    /// One of them is not a name: `verified`, an account number, a UPI address.
    Placeholder,
    /// Two scripts.
    OtherScript,
}

impl Difference {
    /// The name for programs: `missing_word`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Honorific => "honorific",
            Self::Order => "order",
            Self::Spacing => "spacing",
            Self::Initial => "initial",
            Self::MissingWord => "missing_word",
            Self::Truncated => "truncated",
            Self::Spelling => "spelling",
            Self::LegalForm => "legal_form",
            Self::Conflict => "conflict",
            Self::Placeholder => "placeholder",
            Self::OtherScript => "other_script",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MissingWord => "missing word",
            Self::LegalForm => "legal form",
            Self::OtherScript => "other script",
            other => other.as_str(),
        })
    }
}

/// Compares the name that was given with the name that the bank has.
///
/// Works for text of any length and content; what is not a name is *cannot tell*.
pub fn compare(given: &str, at_bank: &str) -> Comparison {
    let cannot_tell = |difference| Comparison { verdict: Verdict::CannotTell, score: 0, differences: vec![difference] };
    if [given, at_bank].into_iter().any(|name| placeholder::is_account(name) || placeholder::is_word(name)) {
        return cannot_tell(Difference::Placeholder);
    }
    let mut names = [Name::read(given), Name::read(at_bank)];
    if names.iter().any(|name| name.is_company) {
        names.iter_mut().for_each(Name::make_company);
    }
    // One order of the two, so that the result is the same with the names swapped.
    names.sort();
    let [one, other] = &names;
    if !one.shares_script_with(other) {
        return cannot_tell(Difference::OtherScript);
    }
    pairing::compare(one, other)
}

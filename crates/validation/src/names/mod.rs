//! Compares the name that was given with the name at bank: can they belong to the same person or company?
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
//! Names are compared word by word, because the similarity of whole strings misleads: by Jaro-Winkler, the similarity
//! of the two names in the last example is 0.93, and that of `Ramesh Kumar Sharma` and `R K SHARMA` only 0.71. The
//! central rule is that **words left over on both sides are a conflict, and a conflict means *different***. Words left
//! over on one side mean *close*.
//!
//! A verdict is advice, never a rejection. It is deterministic, and does not depend on the order of the two names.
//! Neither name is stored or printed.
#![doc = include_str!("rules.md")]

mod pairing;
mod spelling;
mod words;

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use self::words::Name;
use crate::placeholder;
use crate::sentences::sentences;

/// The result of comparing two names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// Whether the names can belong to the same person or company.
    pub verdict: Verdict,
    /// How much of the names agrees, from 0 to 100: at least 90 for *match*, 60 to 89 for *close*, less than 60 for
    /// *different*, and 0 for *cannot tell*.
    pub score: u8,
    /// Why the names are not the same. Each reason appears once, in the order of [`Difference`].
    pub differences: Vec<Difference>,
}

sentences! {
    /// Whether two names can belong to the same person or company. `Display` prints `match`, `close`, `different` or
    /// `cannot_tell`, and so does serde.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Verdict {
        /// All words that count agree; titles, for example, do not count.
        Match => "match";
        /// No words contradict each other, but one is missing, shortened or misspelled, or one title is a man's and the
        /// other a woman's.
        Close => "close";
        /// Each name has a word that the other lacks.
        Different => "different";
        /// One of the strings is not a name, the names are in different scripts, or only initials agree.
        CannotTell => "cannot_tell";
    }
}

sentences! {
    /// A reason why two names are not the same. `Display` prints a word or two, and serde a word such as
    /// `missing_word`; neither contains a part of a name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[non_exhaustive]
    pub enum Difference {
        /// A title such as `Mr` or `Smt` on one side, or different titles.
        Honorific => "honorific";
        /// The words are in a different order.
        Order => "order";
        /// Words that are joined on one side and separate on the other.
        Spacing => "spacing";
        /// An initial in place of a word.
        Initial => "initial";
        /// A word that is on one side only.
        MissingWord => "missing word";
        /// The end was cut off; banks do this at 20, 25, 35 or 40 characters.
        Truncated => "truncated";
        /// A different spelling.
        Spelling => "spelling";
        /// The legal form of a company (`Pvt Ltd`, `LLP`): missing on one side, or abbreviated.
        LegalForm => "legal form";
        /// Words that contradict each other.
        Conflict => "conflict";
        /// One side is not a name: it is a word such as `verified`, an account number or a UPI address.
        Placeholder => "placeholder";
        /// The names are in different scripts.
        OtherScript => "other script";
    }
}

/// Compares the name that was given with the name at bank.
///
/// Accepts any text. If one of the texts is not a name, the verdict is *cannot tell*.
pub fn compare(given: &str, at_bank: &str) -> Comparison {
    // Each word of one name is compared with each of the other. A text of more bytes than this is not a name, and
    // comparing it would take too long.
    const MOST_BYTES: usize = 1000;
    let is_not_a_name =
        |text: &str| text.len() > MOST_BYTES || placeholder::is_account(text) || placeholder::is_word(text);
    let cannot_tell = |difference| Comparison { verdict: Verdict::CannotTell, score: 0, differences: vec![difference] };
    if is_not_a_name(given) || is_not_a_name(at_bank) {
        return cannot_tell(Difference::Placeholder);
    }
    let name = Name::read(given);
    // Reading takes most of the time, and a bank can repeat the given name in capital letters.
    let at_bank = if at_bank.eq_ignore_ascii_case(given) { name.clone() } else { Name::read(at_bank) };
    let mut names = [name, at_bank];
    if names.iter().any(|name| name.is_company) {
        names.iter_mut().for_each(Name::make_company);
    }
    // Sorts the names, so that swapping the parameters gives the same result.
    names.sort();
    let [one, other] = &names;
    if !one.shares_script_with(other) {
        return cannot_tell(Difference::OtherScript);
    }
    pairing::compare(one, other)
}

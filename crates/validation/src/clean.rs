//! Repairs that lose nothing, such as removing spaces around a value.
//!
//! The list of repairs is fixed, and each repair is reported. A correction that is only a guess becomes a
//! [suggestion](crate::ParseError::suggestion). A number that has lost digits is rejected.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::character::{is_direction, is_zero_width};
use crate::kind::Kind;
use crate::sentences::sentences;

/// A value, and the repairs that its text needed.
///
/// ```
/// use juspay_accounts_validation::{AccountNumber, Change, Cleaned, Ifsc};
///
/// let Cleaned { value, changes } = Ifsc::clean(" hdfc0000077\u{a0}")?;
/// assert_eq!(value.as_str(), "HDFC0000077");
/// assert_eq!(changes, [Change::SurroundingSpaces, Change::Capitals]);
/// assert_eq!(changes[1].to_string(), "changed lower-case letters to capital letters");
///
/// // Digits that a spreadsheet dropped cannot be restored.
/// let error = AccountNumber::clean("2.62918E+13").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "a spreadsheet rounded this number; format the column as text, then copy the number from the source",
/// );
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<T> {
    /// The value, parsed from the repaired text.
    pub value: T,
    /// The repairs in the order in which they were made; empty if the text was accepted unchanged.
    pub changes: Vec<Change>,
}

sentences! {
    /// A repair. `Display` describes it in words and never contains the value.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Change {
        /// Zero-width characters and text-direction marks.
        InvisibleCharacters => "removed invisible characters";
        SurroundingSpaces => "removed spaces around the value";
        /// Removed from an IFSC, which has a fixed length. Replaced by ordinary spaces in other values, because a space
        /// can separate two values in one field.
        UnusualSpaces => "removed or replaced unusual spaces";
        /// `'00123`, `="00123"`, a leading tab.
        TextGuard => "removed a spreadsheet's text marker";

        // IFSC.
        Capitals => "changed lower-case letters to capital letters";
        // Account number.
        Grouping => "removed spaces or hyphens between groups of four digits";
        DecimalPoint => "removed .0 at the end";
        // UPI address.
        PaymentLink => "replaced a payment link with its UPI address";
        // Amount.
        RupeeSign => "removed the rupee sign";
        ThousandsSeparators => "removed thousands separators";
    }
}

/// The maximum length of a string that is repaired.
pub(crate) const MOST_BYTES: usize = 2000;

/// Repairs a string that should be of this kind, and returns the repairs made. The result can still be invalid.
pub(crate) fn repair(kind: Kind, text: &str) -> (String, Vec<Change>) {
    let mut repair = Repair { text: text.to_owned(), changes: Vec::new() };
    // A very long string is not a value with a slip, and repairing it would take too long: a text marker can enclose
    // another.
    if text.len() > MOST_BYTES {
        return (repair.text, repair.changes);
    }
    repair.invisible(kind);
    repair.edges(kind);
    repair.spaces(kind);
    match kind {
        Kind::Ifsc => repair.apply(Change::Capitals, |text| Some(text.to_ascii_uppercase())),
        Kind::AccountNumber => {
            repair.apply(Change::Grouping, ungrouped);
            repair
                .apply(Change::DecimalPoint, |text| text.strip_suffix(".0").and_then(exact_integer).map(str::to_owned));
        }
        Kind::Vpa => repair.apply(Change::PaymentLink, linked_address),
        Kind::Amount => {
            repair.apply(Change::RupeeSign, |text| {
                let number = text.strip_prefix('₹').or_else(|| text.strip_suffix('₹'))?;
                Some(number.trim().to_owned())
            });
            repair.apply(Change::ThousandsSeparators, |text| is_grouped(text).then(|| text.replace(',', "")));
        }
        _ => {}
    }
    (repair.text, repair.changes)
}

/// The text without invisible characters, and without spaces around it.
pub(crate) fn visible(text: &str) -> String {
    let mut repair = Repair { text: text.to_owned(), changes: Vec::new() };
    repair.invisible(Kind::AccountDetails);
    repair.text.trim().to_owned()
}

struct Repair {
    text: String,
    changes: Vec<Change>,
}

impl Repair {
    fn apply(&mut self, change: Change, repair: impl FnOnce(&str) -> Option<String>) {
        if let Some(text) = repair(&self.text).filter(|text| *text != self.text) {
            self.text = text;
            if !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
    }

    /// Removes invisible characters. A joiner after a letter of Arabic or of an Indian script is part of a name's
    /// spelling, so it stays.
    fn invisible(&mut self, kind: Kind) {
        let mut before = ' ';
        let keep = |c: &char| {
            let is_joiner = matches!(c, '\u{200c}' | '\u{200d}');
            let is_spelling = kind == Kind::Name && is_joiner && ('\u{600}'..='\u{dff}').contains(&before);
            before = *c;
            is_spelling || !(is_zero_width(*c) || is_direction(*c))
        };
        let text = self.text.chars().filter(keep).collect();
        self.apply(Change::InvisibleCharacters, |_| Some(text));
    }

    /// Removes spaces around the value, and text markers, until nothing changes, because a marker can enclose more
    /// spaces.
    fn edges(&mut self, kind: Kind) {
        loop {
            let before = self.text.len();
            if self.text.starts_with('\t') {
                self.apply(Change::TextGuard, |text| Some(text.trim_start_matches('\t').to_owned()));
            }
            self.apply(Change::SurroundingSpaces, |text| Some(text.trim().to_owned()));
            self.apply(Change::TextGuard, |text| unguarded(kind, text).map(str::to_owned));
            if self.text.len() == before {
                break;
            }
        }
    }

    fn spaces(&mut self, kind: Kind) {
        let is_unusual = |c: char| c.is_whitespace() && !c.is_ascii() && !c.is_control();
        self.apply(Change::UnusualSpaces, |text| {
            Some(match kind {
                Kind::Ifsc => text.replace(is_unusual, ""),
                _ => text.replace(is_unusual, " "),
            })
        });
    }
}

/// Removes a spreadsheet's text marker: `="…"`, or a leading apostrophe unless the value is a name.
pub(crate) fn unguarded(kind: Kind, text: &str) -> Option<&str> {
    let quoted = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    quoted.or_else(|| text.strip_prefix('\'').filter(|_| kind != Kind::Name))
}

/// Joins a number of 9 to 18 digits that is written in groups of four, with one kind of separator. Other groups can be
/// two numbers, a date or a telephone number, so joining them would make a number that nobody wrote.
fn ungrouped(text: &str) -> Option<String> {
    let separator = text.chars().find(|c| matches!(c, ' ' | '-' | '‐' | '‑'))?;
    let groups: Vec<&str> = text.split(separator).collect();
    let (last, fours) = groups.split_last()?;
    let digits = groups.concat();
    let is_regular = fours.iter().all(|group| group.len() == 4)
        && (1..=4).contains(&last.len())
        && (9..=18).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_regular.then_some(digits)
}

/// Returns the text if it is a whole number that floating point holds exactly, that is, at most 2 to the power of 53.
pub(crate) fn exact_integer(digits: &str) -> Option<&str> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && digits.parse::<u64>().is_ok_and(|number| number <= 1 << 53)).then_some(digits)
}

/// Returns the only address in a payment link: `a@upi` for `upi://pay?pa=a%40upi&am=5`.
fn linked_address(text: &str) -> Option<String> {
    let query = payment_link(text)?;
    let mut addresses = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.eq_ignore_ascii_case("pa").then(|| value.replace("%40", "@"))
    });
    addresses.next().filter(|_| addresses.next().is_none())
}

/// Returns the query of a payment link, the part after `upi://pay?`.
pub(crate) fn payment_link(text: &str) -> Option<&str> {
    const START: &str = "upi://pay?";
    let (start, query) = text.split_at_checked(START.len())?;
    start.eq_ignore_ascii_case(START).then_some(query)
}

/// Whether commas group all digits of a number by thousands (1,200,000) or by lakhs (12,00,000).
pub(crate) fn is_grouped(text: &str) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',').rev();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let last = groups.next().is_some_and(|group| group.len() == 3 && digits(group));
    let rest: Vec<_> = groups.collect();
    let Some((first, middle)) = rest.split_last() else { return false };
    let all = |length| middle.iter().all(|group| group.len() == length && digits(group));
    // In `0,500`, the comma is a decimal point.
    let is_first = digits(first) && !first.starts_with('0');
    last && is_first && (all(3) && (1..=3).contains(&first.len()) || all(2) && (1..=2).contains(&first.len()))
}

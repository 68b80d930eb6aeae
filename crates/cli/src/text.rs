//! Makes text from outside safe for a terminal, formats numbers, and parses the numbers and times in flags.

use std::fmt::{Display, Write as _};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use juspay_accounts_validation::{Kind, ParseError, mask};

/// The maximum length of shown text, in characters.
const SHOWN: usize = 200;

/// Makes text from outside, such as a file or a server, safe for a terminal: shortens it, and replaces control
/// characters.
pub(crate) fn clean(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

/// Replaces control characters, but does not shorten the text. It is for paths of files.
pub(crate) fn printable(text: &str) -> String {
    text.replace(is_command, "\u{fffd}")
}

/// Whether a character is a control character, or changes the direction of the text after it.
fn is_command(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Masks a value for display. An account number or a UPI address in a wrong place is masked too.
pub(crate) fn masked(kind: Option<Kind>, text: &str) -> String {
    let has_number = text.chars().filter(char::is_ascii_digit).count() >= 9;
    let kind = match kind {
        Some(Kind::Vpa | Kind::Name | Kind::AccountNumber) => kind,
        _ if has_number => Some(Kind::AccountNumber),
        _ if text.contains('@') => Some(Kind::Vpa),
        _ => None,
    };
    // The visible part of a value can still have control characters.
    clean(&kind.map_or_else(|| text.to_owned(), |kind| mask::of(kind, text).to_string()))
}

/// The probable correction, masked.
pub(crate) fn masked_suggestion(error: &ParseError) -> Option<String> {
    error.suggestion().map(|text| masked(Some(error.kind()), text))
}

/// Describes the problem with a value, and the probable correction, masked.
pub(crate) fn explained(error: &ParseError) -> String {
    match masked_suggestion(error) {
        Some(suggestion) => format!("{error}; did you mean {suggestion}?"),
        None => error.to_string(),
    }
}

/// Quotes a word for a shell.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ',' | ':' | '/' | '@' | '+');
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

/// Writes a number with its noun: "1 account", "2 accounts".
pub(crate) fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    format!("{number} {}", if number == N::from(1) { one } else { many })
}

/// Formats paise as rupees: `1.00`.
pub(crate) fn rupees(paise: u64) -> String {
    format!("{}.{:02}", paise / 100, paise % 100)
}

/// Formats a share in percent with one decimal. It is rounded down, so that only the whole is 100.0.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let share = u128::from(part) * 1000 / u128::from(whole.max(1));
    format!("{}.{}", share / 10, share % 10)
}

/// Parses the value of a flag. clap's own errors would repeat the value, which may be a misplaced account number.
pub(crate) fn value<T: for<'a> TryFrom<&'a str, Error = ParseError>>(text: &str) -> Result<T, String> {
    T::try_from(text).map_err(|error| explained(&error))
}

/// Like [`value`], for numbers.
pub(crate) fn number<T: FromStr + PartialOrd + Display>(text: &str, range: RangeInclusive<T>) -> Result<T, String> {
    in_range("a number", text, range)
}

/// Like [`number`], for integers.
pub(crate) fn whole_number<T: FromStr + PartialOrd + Display>(
    text: &str,
    range: RangeInclusive<T>,
) -> Result<T, String> {
    in_range("a whole number", text, range)
}

fn in_range<T: FromStr + PartialOrd + Display>(what: &str, text: &str, range: RangeInclusive<T>) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("expected {what} from {} to {}", range.start(), range.end()))
}

/// Like [`number`], for times such as `90s` or `2m`.
pub(crate) fn duration(text: &str, range: RangeInclusive<Duration>) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|_| "expected a time with units, such as 90s or 2m")?;
    let [least, most] = [range.start(), range.end()].map(|bound| humantime::format_duration(*bound));
    if range.contains(&time) { Ok(time) } else { Err(format!("expected a time from {least} to {most}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_a_unit_and_has_bounds() {
        let read = |text| duration(text, Duration::from_secs(1)..=Duration::from_mins(10));
        for (text, seconds) in [("90s", 90), ("1s", 1), ("10m", 600)] {
            assert_eq!(read(text), Ok(Duration::from_secs(seconds)));
        }
        for bad in ["", "90", "-1s", "1e9s", "99999999999999999999s", "soon"] {
            assert_eq!(read(bad), Err("expected a time with units, such as 90s or 2m".to_owned()), "{bad}");
        }
        for bad in ["999ms", "10m 1s"] {
            assert_eq!(read(bad), Err("expected a time from 1s to 10m".to_owned()), "{bad}");
        }
    }

    #[test]
    fn an_account_in_a_wrong_place_is_masked_in_a_suggestion() {
        for (value, shown) in [("026291800001191 ", "****1191"), ("CFGEN ", "CFGEN"), ("asha@upi ", "****@upi")] {
            let error = Kind::CustomerId.check(value).unwrap_err();
            assert!(explained(&error).ends_with(&format!("; did you mean {shown}?")), "{}", explained(&error));
        }
    }

    #[test]
    fn clean_removes_control_characters_and_limits_the_length() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\u{202e}c é"), "a\u{fffd}[31mb\u{fffd}\u{fffd}\u{fffd}c é");
        assert_eq!(clean(&"é".repeat(SHOWN)).chars().count(), SHOWN);
        assert_eq!(clean(&"é".repeat(SHOWN + 1)).chars().count(), SHOWN + 1);
    }
}

//! Makes user-supplied text safe for spreadsheets: a cell shows the text, and no spreadsheet executes it.

use std::borrow::Cow;
use std::time::{Duration, UNIX_EPOCH};

use crate::log::Paid;
use crate::text::rupees;

/// Excel shows a number with at least this many digits as `5.01E+11`, and saves it like that. In a number with more
/// than 15 digits, Excel replaces the digits after the 15th with zeros.
const LONG: usize = 12;

/// The maximum length of an Excel cell, in UTF-16 units.
const LONGEST: usize = 32_767;

/// The offset of Indian time from UTC in milliseconds. It is the same all year.
const IST: u64 = (5 * 60 + 30) * 60 * 1000;

/// The text of a cell in a CSV file.
///
/// A number that Excel would change gets a tab in front, as in the files of some banks. Excel then keeps all digits,
/// and does not show the tab. Text that a spreadsheet may read as a formula gets an apostrophe in front.
pub(crate) fn csv(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    let number = text.trim_start_matches('\t');
    let is_guarded = number.len() < text.len();
    if is_changed(number) || is_guarded && is_number(number) {
        return format!("\t{number}").into();
    }
    if is_formula(&text) { format!("'{text}").into() } else { text }
}

/// The text of a cell in a workbook. A workbook stores it as text, and a spreadsheet never executes text, however it
/// starts. Text that is too long for Excel is cut, and ends in an ellipsis.
pub(crate) fn xlsx(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    let (mut length, mut end) = (0, None);
    for (at, letter) in text.char_indices() {
        // Leaves room for the ellipsis.
        if length < LONGEST {
            end = Some(at);
        }
        length += letter.len_utf16();
    }
    match end {
        Some(end) if length > LONGEST => format!("{}…", &text[..end]).into(),
        _ => text,
    }
}

/// Parses a number that Excel shows with all its digits, so that a workbook can store it as a number.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite() && text.len() < LONG && !is_changed(text))
}

/// Replaces control characters, which a cell does not show. Each line break becomes LF.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let is_shown = |letter: char| !letter.is_control() || letter == '\n' || letter == '\t';
    if text.chars().all(is_shown) {
        return text.into();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|letter| if is_shown(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Whether a spreadsheet may execute the text, because it starts with a sign such as `=`. A spreadsheet may ignore some
/// characters before the sign. The wide signs are those of Japanese and Chinese keyboards. A tab at the start counts
/// too.
fn is_formula(text: &str) -> bool {
    let is_ignored = |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}');
    text.starts_with('\t')
        || text.trim_start_matches(is_ignored).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Whether Excel would change a number: it has a leading zero, many digits, or an exponent.
fn is_changed(text: &str) -> bool {
    let is_exponent =
        || text.split_once(['e', 'E']).is_some_and(|(number, power)| is_number(number) && is_number(power));
    is_number(text) && (text.len() >= LONG || text.len() > 1 && text.starts_with('0')) || is_exponent()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Formats a time for people, in Indian time: `2026-11-30 14:41:07 IST`.
pub(crate) fn time(millis: u64) -> String {
    let text = utc(millis.saturating_add(IST));
    text.replace('T', " ").replace('Z', " IST")
}

/// Formats a time for programs, in UTC: `2026-11-30T09:11:07Z`.
pub(crate) fn utc(millis: u64) -> String {
    // The format ends with the year 9999.
    let millis = millis.min(253_402_300_799_999);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_millis(millis)).to_string()
}

/// Converts a time to Excel's count of days, in Indian time.
#[allow(clippy::cast_precision_loss, reason = "an f64 holds this number of seconds exactly")]
pub(crate) fn days(millis: u64) -> f64 {
    /// Excel's number for 1 January 1970.
    const EPOCH: f64 = 25_569.0;
    EPOCH + (millis.saturating_add(IST) / 1000) as f64 / 86_400.0
}

/// Formats an amount paid: `1.00`, or `up to 1.00` if it is not certain.
pub(crate) fn paid(paid: Paid) -> String {
    let up_to = if paid.is_certain { "" } else { "up to " };
    format!("{up_to}{}", rupees(paid.paise.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_and_never_a_formula() {
        for (text, written) in [
            ("", ""),
            ("Ramesh Kumar", "Ramesh Kumar"),
            ("INV-1001", "INV-1001"),
            ("5000.00", "5000.00"),
            ("7", "7"),
            ("0", "0"),
            ("12345678901", "12345678901"),
            // Excel would change these numbers.
            ("007711000031", "\t007711000031"),
            ("00", "\t00"),
            ("123456789012", "\t123456789012"),
            ("\t50100241763012", "\t50100241763012"),
            ("\t50100", "\t50100"),
            ("12E45", "\t12E45"),
            ("\t12AB", "'\t12AB"),
            // A spreadsheet may execute these texts.
            ("=1+1", "'=1+1"),
            ("+919876543210", "'+919876543210"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("\u{200b}=1", "'\u{200b}=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("'=1", "'=1"),
            // These texts have control characters.
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\0b\u{1b}[31m\u{9b}", "a\u{fffd}b\u{fffd}[31m\u{fffd}"),
        ] {
            assert_eq!(csv(text), written, "{text:?}");
            // Results that are used as an input and written again keep this text.
            assert_eq!(csv(written), written, "{text:?}");
        }
        assert_eq!(xlsx("=1+1"), "=1+1");
        assert_eq!(xlsx("00\u{7}"), "00\u{fffd}");
    }

    #[test]
    fn a_workbook_cell_has_at_most_the_length_that_excel_allows() {
        for letter in ["a", "é", "😀"] {
            let full = letter.repeat(LONGEST / letter.encode_utf16().count());
            assert_eq!(xlsx(&full), full);
            let cut = xlsx(&(full.clone() + letter)).into_owned();
            let length = cut.encode_utf16().count();
            assert!(length <= LONGEST && length > LONGEST - 3 && cut.ends_with('…'), "{length}");
        }
    }

    #[test]
    fn a_time_is_indian_time() {
        assert_eq!(time(1_740_419_383_123), "2025-02-24 23:19:43 IST");
        assert!((days(1_740_419_383_123) - 45_712.972_025).abs() < 1e-5);
        assert_eq!(time(0), "1970-01-01 05:30:00 IST");
        assert_eq!(time(u64::MAX), "9999-12-31 23:59:59 IST");
        assert_eq!(utc(1_740_419_383_123), "2025-02-24T17:49:43Z");
    }
}

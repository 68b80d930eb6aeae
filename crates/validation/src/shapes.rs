//! Recognizes values that can be in any field by mistake: a mobile number, a PAN, a word in place of a value.

/// What a word in place of a value means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// The same value as in the row above.
    Ditto,
    /// There is no value.
    Nothing,
}

/// Recognizes a word in place of a value, such as `-do-` or `N/A`.
pub(crate) fn stand_in(text: &str) -> Option<StandIn> {
    const DITTO: [&str; 9] = ["ditto", "-do-", "-do", "do-", "do.", "\"", "''", "as above", "same as above"];
    const NOTHING: [&str; 13] =
        ["na", "n/a", "n.a.", "n.a", "nil", "none", "null", "nan", "-", "--", "---", "not available", "not applicable"];
    let is = |word: &&str| word.eq_ignore_ascii_case(text);
    if DITTO.iter().any(is) { Some(StandIn::Ditto) } else { NOTHING.iter().any(is).then_some(StandIn::Nothing) }
}

/// Whether a string looks like `2.62918E+13` or `2,62918E+13`, as a spreadsheet shows a long number. A string without a
/// point or a sign, such as `5E13`, may be a code.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let signed = exponent.strip_prefix('+');
    digits(whole)
        && digits(fraction)
        && digits(signed.unwrap_or(exponent))
        && (signed.is_some() || whole.len() < number.len())
}

/// Whether a string is ten digits that begin with 6 to 9, with or without the country code or a leading 0.
pub(crate) fn is_mobile_number(text: &str) -> bool {
    let number = text.strip_prefix("+91").unwrap_or(text).trim_start();
    let number = match number.len() {
        11 => number.strip_prefix('0').unwrap_or(number),
        12 => number.strip_prefix("91").unwrap_or(number),
        _ => number,
    };
    number.len() == 10 && number.starts_with(['6', '7', '8', '9']) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a string is a PAN: five letters, four digits, a letter.
pub(crate) fn is_pan(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            5..9 => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphabetic(),
        })
}

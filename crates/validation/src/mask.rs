//! Masks secrets for display: a person can recognize their own value, and cannot use someone else's.
//!
//! These functions accept any string, so a program can also print rejected input. The result never contains a control
//! character or an invisible one, which could forge a line in a log.

use core::fmt;

use alloc::format;

use crate::character::{is_direction, is_zero_width};
use crate::kind::Kind;

/// A value for display. If it is secret, at most its beginning or its end is printed. `Display` and `Debug` print the
/// same.
#[derive(Clone, Copy)]
pub struct Masked<'a> {
    before: &'a str,
    stars: &'static str,
    after: &'a str,
}

/// Masks an account number: prints its last four characters. If it has fewer than nine characters, prints none of them,
/// because four would reveal too much.
///
/// ```
/// use juspay_accounts_validation::mask;
///
/// assert_eq!(mask::account("123456789").to_string(), "****6789");
/// assert_eq!(mask::account("12345678").to_string(), "****");
/// ```
pub fn account(text: &str) -> Masked<'_> {
    let tail = match text.char_indices().rev().nth(3) {
        Some((start, _)) if text.chars().count() >= 9 => text.get(start..).unwrap_or_default(),
        _ => "",
    };
    Masked { before: "", stars: "****", after: printable(tail) }
}

/// Masks a UPI or e-mail address: prints the last `@` and the handle or domain after it, but nothing that follows. If
/// the handle or domain has more digits than letters, prints only stars, because a number there may be the secret part
/// in the wrong place.
///
/// ```
/// use juspay_accounts_validation::mask;
///
/// assert_eq!(mask::vpa("9800011111@mobile.npci").to_string(), "****@mobile.npci");
/// assert_eq!(mask::vpa("9164326296").to_string(), "****");
/// assert_eq!(mask::vpa("upi@9164326296").to_string(), "****");
/// assert_eq!(mask::vpa("upi://pay?pa=9164326296@upi&pn=Ramesh").to_string(), "****@upi");
/// ```
pub fn vpa(text: &str) -> Masked<'_> {
    let is_of_handle = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let (start, handle) = text.rsplit_once('@').unwrap_or((text, ""));
    let length = handle.find(|c| !is_of_handle(c)).unwrap_or(handle.len());
    let shown = text.get(start.len()..=start.len() + length).unwrap_or_default();
    let count = |is: fn(char) -> bool| shown.chars().filter(|c| is(*c)).count();
    let is_handle = count(char::is_alphabetic) >= count(char::is_numeric).max(1);
    Masked { before: "", stars: "****", after: if is_handle { shown } else { "" } }
}

/// Masks a person's name: prints its first letter, in any script.
///
/// ```
/// use juspay_accounts_validation::mask;
///
/// assert_eq!(mask::name("राम").to_string(), "र***");
/// assert_eq!(mask::name("").to_string(), "***");
/// ```
pub fn name(text: &str) -> Masked<'_> {
    let letter = text
        .char_indices()
        .find(|(_, c)| c.is_alphabetic())
        .and_then(|(start, c)| text.get(start..start + c.len_utf8()))
        .unwrap_or_default();
    Masked { before: letter, stars: "***", after: "" }
}

/// Masks a value of this kind if it is secret; otherwise the value is printed unmasked. A customer id or routing id is
/// masked if it contains an `@`.
///
/// ```
/// use juspay_accounts_validation::{Kind, mask};
///
/// assert_eq!(mask::of(Kind::Ifsc, "YESB0000262").to_string(), "YESB0000262");
/// assert_eq!(mask::of(Kind::AccountNumber, "026291800001191").to_string(), "****1191");
/// ```
pub fn of(kind: Kind, text: &str) -> Masked<'_> {
    match kind {
        Kind::AccountNumber => account(text),
        Kind::Vpa => vpa(text),
        Kind::Name => name(text),
        Kind::CustomerId | Kind::RoutingId if text.contains('@') => vpa(text),
        _ => Masked { before: printable(text), stars: "", after: "" },
    }
}

fn printable(text: &str) -> &str {
    let forges =
        |c: char| c.is_control() || is_direction(c) || is_zero_width(c) || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(forges) { "" } else { text }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}{}", self.before, self.stars, self.after))
    }
}

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

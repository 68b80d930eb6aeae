use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// The name of the account holder as the bank has it: 1 to 120 characters of any script, without control characters.
///
/// The vendor documents no format, and gateways accept different characters, so this crate allows almost all
/// characters. [`advice`](Self::advice) points out characters that some gateways reject.
///
/// # Secrecy
///
/// `Display` and `Debug` show the first letter only, so `Display` does not round-trip: to get the name unmasked, use
/// [`as_str`](Self::as_str), `AsRef<str>`, `String::from` or serde.
///
/// ```
/// use juspay_accounts_validation::Name;
///
/// let name: Name = "Ramesh D'Souza".parse()?;
/// assert_eq!(name.to_string(), "R***");
/// assert_eq!(name.as_str(), "Ramesh D'Souza");
/// assert!(name.advice().is_none());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub(crate) String);

pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    if let Some((at, _)) = text.char_indices().find(|(_, c)| c.is_control()) {
        return Err(scan::unexpected(text, at));
    }
    scan::length(text.chars().count(), 1, 120)
}

/// Whether a character is a letter of any script, or another character that all gateways accept.
pub(crate) fn is_usual(c: char) -> bool {
    c.is_alphabetic()
        || c.is_ascii_digit()
        || matches!(c, ' ' | '\'' | '.' | '-' | '/' | '&' | '(' | ')')
        || is_combining(c)
}

/// Whether a character is part of a letter although Unicode does not call it alphabetic: a diacritic of decomposed
/// Latin text, or the nukta or virama of an Indian script. Each block of an Indian script has its nukta and virama at
/// the same positions.
fn is_combining(c: char) -> bool {
    match u32::from(c) {
        0x0300..=0x036F => true,
        point @ 0x0900..=0x0D7F => matches!(point & 0x7F, 0x3C | 0x4D),
        _ => false,
    }
}

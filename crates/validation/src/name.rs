//! The name of an account's holder.

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// The name of the account's holder as the bank has it: 1 to 120 characters of any script, none of
/// them a control character.
///
/// The vendor documents no format and gateways differ in what they take, so the bounds are this
/// crate's own and wide. [`advice`](Self::advice) points at characters that some gateways refuse.
///
/// # Secrecy
///
/// `Display` and `Debug` show the first letter only, and so `Display` does not round-trip: the
/// name comes out in clear only where the code says so, by [`as_str`](Self::as_str),
/// `AsRef<str>`, `String::from` or serde.
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

/// Letters of any script, and what all gateways accept beside them.
pub(crate) fn is_usual(c: char) -> bool {
    c.is_alphabetic()
        || c.is_ascii_digit()
        || matches!(c, ' ' | '\'' | '.' | '-' | '/' | '&' | '(' | ')')
        || is_combining(c)
}

/// Marks that belong to a letter although Unicode does not call them alphabetic: the diacritics of
/// decomposed Latin text, and in each of India's script blocks, which are laid out alike, the
/// nukta and the virama.
fn is_combining(c: char) -> bool {
    match u32::from(c) {
        0x0300..=0x036F => true,
        point @ 0x0900..=0x0D7F => matches!(point & 0x7F, 0x3C | 0x4D),
        _ => false,
    }
}

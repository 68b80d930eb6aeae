//! The name of an account's holder.

use alloc::string::String;

use crate::advice::Advice;
use crate::error::{Kind, ParseError};
use crate::reason::{CharacterClass, Reason};
use crate::{mask, scan};

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
pub struct Name(String);

impl Name {
    /// Whether `text` can be a name. Does not allocate.
    pub fn check(text: &str) -> Result<(), ParseError> {
        check(text).map_err(|reason| ParseError::new(Kind::Name, reason))
    }

    /// Advises about the first character that gateways may refuse: a space at either end, or
    /// anything but letters, digits, spaces and `' . - / & ( )`.
    ///
    /// ```
    /// use juspay_accounts_validation::Name;
    ///
    /// let name: Name = "Ramesh*".parse()?;
    /// assert_eq!(
    ///     name.advice().unwrap().to_string(),
    ///     "account holder's name: character 7 is a punctuation mark or symbol; \
    ///      some gateways accept only letters, digits, spaces and ' . - / & ( )",
    /// );
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        let length = self.0.chars().count();
        self.0.chars().zip(1..).find_map(|(c, position)| match c {
            ' ' if position == 1 || position == length => Some(Advice::NameEdge { position }),
            _ if is_usual(c) => None,
            _ => Some(Advice::NameCharacter { position, class: CharacterClass::of(c) }),
        })
    }
}

fn check(text: &str) -> Result<(), Reason> {
    const MAX: usize = 120;

    // In UTF-8, a control character is one of these bytes, or begins with the last of them.
    if !scan::all(text.as_bytes(), |byte| byte >= 0x20 && byte != 0x7F && byte != 0xC2) {
        scan::characters(text, |c| !c.is_control())?;
    }
    // No text has more characters than bytes.
    let length = if text.len() <= MAX { text.len() } else { text.chars().count() };
    scan::length(length, 1, MAX)
}

fn is_usual(c: char) -> bool {
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

text_conversions!(Name);
show_masked!(Name, mask::name);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_control_character_is_found_where_there_is_nothing_else() {
        for control in ('\0'..='\u{ff}').filter(|c| c.is_control()) {
            for text in [alloc::format!("{control}"), alloc::format!("{control}{control}")] {
                assert!(matches!(check(&text), Err(Reason::UnexpectedCharacter { position: 1, .. })), "{control:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_control_character_is_found_among_letters_of_any_length(
            before in "[aéअ]{0,20}", c in proptest::char::range('\0', '\u{200}'), after in "[aéअ]{0,110}",
        ) {
            let text = alloc::format!("{before}{c}{after}");
            let expected = scan::characters(&text, |c| !c.is_control())
                .and_then(|()| scan::length(text.chars().count(), 1, 120));
            prop_assert_eq!(check(&text), expected);
        }
    }
}

//! IFSC: which branch of which bank.

use alloc::string::String;

use crate::error::{Kind, ParseError};
use crate::reason::{CharacterClass, Reason};
use crate::scan;

/// The Indian Financial System Code of a bank branch: four capital letters for the bank, the digit
/// 0, and six capital letters or digits for the branch.
///
/// The structure is that of the Reserve Bank of India. Whether a branch with this code exists is
/// not checked: lists of branches go stale, and a refusal must not depend on one.
///
/// Lower case is refused rather than mended, so that what is sent is what was given.
///
/// ```
/// use juspay_accounts_validation::Ifsc;
///
/// let ifsc: Ifsc = "YESB0000262".parse()?;
/// assert_eq!(ifsc.bank(), "YESB");
/// assert_eq!(ifsc.branch(), "000262");
///
/// assert!("yesb0000262".parse::<Ifsc>().is_err());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ifsc(String);

impl Ifsc {
    const LENGTH: usize = 11;

    /// Whether `text` is an IFSC. Does not allocate.
    #[inline]
    pub fn check(text: &str) -> Result<(), ParseError> {
        check(text).map_err(|reason| ParseError::new(Kind::Ifsc, reason))
    }

    /// The bank: the first four letters.
    pub fn bank(&self) -> &str {
        self.0.get(..4).unwrap_or_default()
    }

    /// The branch: the last six letters or digits.
    pub fn branch(&self) -> &str {
        self.0.get(5..).unwrap_or_default()
    }
}

#[inline]
fn check(text: &str) -> Result<(), Reason> {
    if is_ifsc(text.as_bytes()) { Ok(()) } else { judge(text) }
}

/// Whether it is one, asked of all of it at once.
#[inline]
fn is_ifsc(text: &[u8]) -> bool {
    let [bank @ .., b'0', _, _, _, _, _, _] = text else { return false };
    bank.len() == 4
        && scan::all(bank, |byte| byte.is_ascii_uppercase())
        && scan::all(text, |byte| byte.is_ascii_uppercase() | byte.is_ascii_digit())
}

/// The first thing that is wrong.
#[cold]
fn judge(text: &str) -> Result<(), Reason> {
    for (c, position) in text.chars().zip(1..) {
        match position {
            1..=4 if c.is_ascii_uppercase() => {}
            5 if c == '0' => {}
            5 => {
                let class = CharacterClass::of(c);
                return Err(Reason::FifthNotZero { class });
            }
            6.. if c.is_ascii_uppercase() || c.is_ascii_digit() => {}
            _ => return Err(scan::unexpected(c, position)),
        }
    }
    scan::length(text.len(), Ifsc::LENGTH, Ifsc::LENGTH)
}

text_conversions!(Ifsc);
display_in_clear!(Ifsc);
debug_in_clear!(Ifsc);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn asked_at_once_it_is_one_exactly_if_nothing_is_wrong(text in "[A-Z]{3,5}0[A-Z0-9]{5,7}|[A-Z]{3}.0.{6}|.{0,12}|[@-\\[]{4}[/-1][@-\\[/-:]{6}") {
            prop_assert_eq!(is_ifsc(text.as_bytes()), judge(&text).is_ok());
        }
    }
}

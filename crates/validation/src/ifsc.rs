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

fn check(text: &str) -> Result<(), Reason> {
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
    scan::length(text, Ifsc::LENGTH, Ifsc::LENGTH)
}

text_conversions!(Ifsc);
display_in_clear!(Ifsc);
debug_in_clear!(Ifsc);

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// The Indian Financial System Code of a bank branch: four capital letters for the bank, the digit 0, and six capital
/// letters or digits for the branch.
///
/// The structure is defined by the Reserve Bank of India. This type does not check that the branch exists: a list of
/// branches can be out of date, and no value should be rejected because of that.
///
/// Parsing rejects lower-case letters; [`Ifsc::clean`] repairs them.
///
/// ```
/// use juspay_accounts_validation::Ifsc;
///
/// let ifsc: Ifsc = "YESB0000262".parse()?;
/// assert_eq!(ifsc.bank(), "YESB");
/// assert_eq!(ifsc.branch(), "000262");
///
/// let error = "yesb0000262".parse::<Ifsc>().unwrap_err();
/// assert_eq!(error.to_string(), "it has lower-case letters; an IFSC has capital letters");
/// assert_eq!(error.suggestion(), Some("YESB0000262"));
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ifsc(pub(crate) String);

impl Ifsc {
    /// Returns the bank: the first four letters.
    pub fn bank(&self) -> &str {
        self.0.get(..4).unwrap_or_default()
    }

    /// Returns the branch: the last six letters or digits.
    pub fn branch(&self) -> &str {
        self.0.get(5..).unwrap_or_default()
    }
}

#[inline]
pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    for (at, byte) in text.bytes().enumerate() {
        let fits = match at {
            0..4 => byte.is_ascii_uppercase(),
            4 => byte == b'0',
            _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        };
        if !fits {
            return Err(match scan::unexpected(text, at) {
                Reason::UnexpectedCharacter { position: 5, character } => Reason::FifthNotZero { character },
                other => other,
            });
        }
    }
    scan::length(text.len(), 11, 11)
}

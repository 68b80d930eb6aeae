//! Bank account numbers.

use alloc::string::String;

use crate::advice::Advice;
use crate::error::{Kind, ParseError};
use crate::reason::Reason;
use crate::{mask, scan};

/// A bank account number: 5 to 35 letters or digits.
///
/// It is text and not a number, because leading zeros count. India has no national format; the
/// bounds are those within which payment gateways accept one. Most have 9 to 18 digits, and
/// [`advice`](Self::advice) points at one that has not.
///
/// # Secrecy
///
/// `Display` and `Debug` show at most the last four characters, so that neither a log line nor a
/// message to a user can give the number away. For that reason `Display` does not round-trip:
/// the number comes out in clear only where the code says so, by [`as_str`](Self::as_str),
/// `AsRef<str>`, `String::from` or serde.
///
/// ```
/// use juspay_accounts_validation::AccountNumber;
///
/// let account: AccountNumber = "026291800001191".parse()?;
/// assert_eq!(account.to_string(), "****1191");
/// assert_eq!(format!("{account:?}"), "AccountNumber(****1191)");
/// assert_eq!(account.as_str(), "026291800001191");
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountNumber(String);

impl AccountNumber {
    /// Whether `text` is an account number. Does not allocate.
    #[inline]
    pub fn check(text: &str) -> Result<(), ParseError> {
        check(text).map_err(|reason| ParseError::new(Kind::AccountNumber, reason))
    }

    /// Advises when this is not 9 to 18 digits.
    ///
    /// ```
    /// use juspay_accounts_validation::{AccountNumber, Advice};
    ///
    /// let account: AccountNumber = "12345678".parse()?;
    /// let unusual = Advice::AccountNumber { length: 8, digits_only: true };
    /// assert_eq!(account.advice(), Some(unusual));
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        let length = self.0.len();
        let digits_only = self.0.bytes().all(|b| b.is_ascii_digit());
        let usual = digits_only && (9..=18).contains(&length);
        (!usual).then_some(Advice::AccountNumber { length, digits_only })
    }
}

#[inline]
fn check(text: &str) -> Result<(), Reason> {
    scan::ascii(text, |byte| byte.is_ascii_alphanumeric())?;
    scan::length(text.len(), 5, 35)
}

text_conversions!(AccountNumber);
show_masked!(AccountNumber, mask::account);

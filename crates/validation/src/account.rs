use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// A bank account number: 5 to 35 letters or digits.
///
/// An account number is text, not a number, because leading zeros count. India has no national format; payment gateways
/// accept numbers of this length. Most have 9 to 18 digits; [`advice`](Self::advice) points out unusual ones.
///
/// # Secrecy
///
/// `Display` and `Debug` show at most the last four characters, so neither a log line nor a message reveals the number.
/// Therefore, `Display` does not round-trip: to get the number unmasked, use [`as_str`](Self::as_str), `AsRef<str>`,
/// `String::from` or serde.
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
pub struct AccountNumber(pub(crate) String);

#[inline]
pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    scan::ascii(text, |byte| byte.is_ascii_alphanumeric())?;
    scan::length(text.len(), 5, 35)
}

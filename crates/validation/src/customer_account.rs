use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// The id of a customer account, as a response returns it (`customer_account_id`).
///
/// The vendor documents no format, only examples such as `banh_kGvx5TGUmkRVC2dH`. This crate requires 5 to 255 letters,
/// digits, hyphens and underscores. The id becomes one segment of the URL's path, where the word `list` has a special
/// meaning; an id of at least five characters cannot be mistaken for that word. `Display` and `Debug` show the id
/// unmasked.
///
/// ```
/// use juspay_accounts_validation::CustomerAccountId;
///
/// let account: CustomerAccountId = "banh_kGvx5TGUmkRVC2dH".parse()?;
/// assert_eq!(account.to_string(), "banh_kGvx5TGUmkRVC2dH");
/// assert!("list".parse::<CustomerAccountId>().is_err());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerAccountId(pub(crate) String);

pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    scan::ascii(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')?;
    scan::length(text.len(), 5, 255)
}

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// The id of the customer who owns the accounts, as the vendor knows it.
///
/// 1 to 255 visible ASCII characters. The id becomes one segment of the URL's path. Therefore, it cannot contain `/`,
/// `?` or `#`, which would end the segment, or `\`, which an HTTP client turns into `/`. Nor can it be `.` or `..`,
/// which an HTTP client resolves. Otherwise, the id may be an e-mail address or any other id of the merchant.
///
/// # Secrecy
///
/// `Display` prints the id, because it is part of the URL of a call. `Debug` hides the part before an `@`, because the
/// id may be an e-mail address.
///
/// ```
/// use juspay_accounts_validation::CustomerId;
///
/// let customer: CustomerId = "cst_zqqmw0v4exbhvv2l".parse()?;
/// assert_eq!(customer.to_string(), "cst_zqqmw0v4exbhvv2l");
///
/// let customer: CustomerId = "someone@example.com".parse()?;
/// assert_eq!(customer.to_string(), "someone@example.com");
/// assert_eq!(format!("{customer:?}"), "CustomerId(****@example.com)");
///
/// assert!("a/b".parse::<CustomerId>().is_err());
/// assert!("..".parse::<CustomerId>().is_err());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerId(pub(crate) String);

pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    scan::ascii(text, |byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'?' | b'#' | b'\\'))?;
    match text {
        "." | ".." => Err(Reason::DotSegment),
        _ => scan::length(text.len(), 1, 255),
    }
}

/// The value of the `x-routing-id` header: 1 to 255 visible ASCII characters.
///
/// The vendor recommends the customer's id, which `From<CustomerId>` converts, and the same value in every call about
/// one customer. For a guest, it may be the id of an order or a cart.
///
/// `Display` and `Debug` work as for [`CustomerId`]: `Display` prints the id, and `Debug` hides the part before an `@`.
///
/// ```
/// use juspay_accounts_validation::{CustomerId, RoutingId};
///
/// let customer: CustomerId = "customer_1122".parse()?;
/// assert_eq!(RoutingId::from(&customer).as_str(), "customer_1122");
/// assert!("two words".parse::<RoutingId>().is_err());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoutingId(pub(crate) String);

pub(crate) fn routing_rule(text: &str) -> Result<(), Reason> {
    scan::visible_word(text, 255)
}

/// Every customer id is a routing id: the rule for routing ids allows more.
impl From<CustomerId> for RoutingId {
    fn from(customer: CustomerId) -> Self {
        Self(customer.0)
    }
}

impl From<&CustomerId> for RoutingId {
    fn from(customer: &CustomerId) -> Self {
        Self(customer.0.clone())
    }
}

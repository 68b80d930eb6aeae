//! The headers that a user can set.

use juspay_accounts_validation::{ApiVersion, MerchantId};
use reqwest::header::{HeaderName, HeaderValue};

/// The header that names the merchant. A reseller sets it for each call.
pub(crate) const MERCHANT_ID: &str = "x-merchantid";

pub(crate) const API_VERSION: &str = "version";

/// The headers that the client sets itself.
const OWN: [&str; 11] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-routing-id",
];

/// Checks a header, and marks its value as sensitive, except for the merchant and the version.
pub(crate) fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "a header name is not valid; use letters, digits and hyphens".to_owned())?;
    if OWN.contains(&parsed.as_str()) {
        return Err(format!("the client sets the header {parsed} itself, so do not set it"));
    }
    match parsed.as_str() {
        MERCHANT_ID => MerchantId::check(value).map_err(|error| format!("the {}: {error}", error.kind()))?,
        API_VERSION => ApiVersion::check(value).map_err(|error| format!("the {}: {error}", error.kind()))?,
        _ => {}
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        format!("the header {parsed} has a character that cannot be sent; use visible ASCII and spaces")
    })?;
    value.set_sensitive(parsed.as_str() != MERCHANT_ID && parsed.as_str() != API_VERSION);
    Ok((parsed, value))
}

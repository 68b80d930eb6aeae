//! The API key, and the signature of a request.
//!
//! The key is stored as a secret, and in a client as a header value that is marked sensitive. Neither is ever printed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

/// An API key from the dashboard. It is erased from memory when dropped, and never printed.
///
/// ```
/// use juspay_accounts::ApiKey;
///
/// let key = ApiKey::new("1D6A81F3D24F4F")?;
/// assert_eq!(format!("{key:?}"), "ApiKey(****)");
/// # Ok::<(), juspay_accounts::InvalidApiKey>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Makes a key from its text.
    ///
    /// # Errors
    /// The text is empty, or contains a colon, a space or anything else that is not a visible ASCII character. In Basic
    /// authentication a colon ends the user name, and a copied line break would become part of the key.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidApiKey> {
        let key = SecretString::from(key.into());
        let text = key.expose_secret();
        if text.is_empty() {
            return Err(InvalidApiKey("it is empty"));
        }
        if text.contains(':') {
            return Err(InvalidApiKey("it holds a colon; give the key alone, without the colon and the password"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidApiKey("it holds a space, a line break or another character that no key has"));
        }
        Ok(Self(key))
    }

    /// HTTP Basic authentication (RFC 7617) with the key as user name and an empty password, marked as sensitive.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, InvalidApiKey> {
        let pair = Zeroizing::new(format!("{}:", self.0.expose_secret()));
        let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut authorization =
            HeaderValue::from_str(&value).map_err(|_| InvalidApiKey("it cannot be part of a header"))?;
        authorization.set_sensitive(true);
        Ok(authorization)
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(key: &str) -> Result<Self, InvalidApiKey> {
        Self::new(key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(****)")
    }
}

/// Why a text is not an API key. It does not contain the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidApiKey(&'static str);

impl fmt::Display for InvalidApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the API key cannot be used: {}", self.0)
    }
}

impl std::error::Error for InvalidApiKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_would_be_another_key_on_the_wire_is_refused_and_not_quoted() {
        for (bad, reason) in [
            ("", "it is empty"),
            ("secret:", "it holds a colon"),
            ("secret key", "it holds a space"),
            ("secret\n", "a line break"),
            ("sécret", "another character"),
            ("secret\0", "another character"),
        ] {
            let error = ApiKey::new(bad).unwrap_err().to_string();
            assert!(error.starts_with("the API key cannot be used: ") && error.contains(reason), "{error}");
            assert!(!error.contains("cret"), "{error}");
        }
    }

    #[test]
    fn the_signature_is_marked_sensitive_and_never_printed() {
        let authorization = ApiKey::new("secret").unwrap().authorization().unwrap();
        assert_eq!(authorization, "Basic c2VjcmV0Og==");
        assert_eq!(format!("{authorization:?}"), "Sensitive");
    }
}

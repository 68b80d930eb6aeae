//! The API key, and the header that authenticates a request with it.
//!
//! [`ApiKey`] stores the key as a secret. A client stores the header, which is marked as sensitive. Neither is ever
//! printed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

/// An API key from the dashboard. It is erased from memory when dropped, and never printed.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Makes a key from its text.
    ///
    /// # Errors
    /// The text is empty, or contains a colon or a character that is not visible ASCII, such as a space. In Basic
    /// authentication, a colon ends the user name, and a copied line break would become part of the key.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidSetting> {
        let key = SecretString::from(key.into());
        let text = key.expose_secret();
        if text.is_empty() {
            return Err(invalid("it is empty"));
        }
        if text.contains(':') {
            return Err(invalid("it contains a colon; use only the key, without the colon and the password"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("it contains a space, a line break or another character that no key has"));
        }
        Ok(Self(key))
    }

    /// HTTP Basic authentication (RFC 7617) with the key as user name and an empty password, marked as sensitive.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, InvalidSetting> {
        let pair = Zeroizing::new(format!("{}:", self.0.expose_secret()));
        let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let mut authorization = HeaderValue::from_str(&value)
            .map_err(|_| invalid("it contains characters that a header cannot contain"))?;
        authorization.set_sensitive(true);
        Ok(authorization)
    }
}

fn invalid(reason: &'static str) -> InvalidSetting {
    InvalidSetting { what: "API key", reason }
}

impl FromStr for ApiKey {
    type Err = InvalidSetting;

    fn from_str(key: &str) -> Result<Self, InvalidSetting> {
        Self::new(key)
    }
}

/// Why a string cannot be an API key or a base URL. The message does not contain the string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    pub(crate) what: &'static str,
    pub(crate) reason: &'static str,
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} cannot be used: {}", self.what, self.reason)
    }
}

impl std::error::Error for InvalidSetting {}

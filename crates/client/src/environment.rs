//! The address of the API.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// A deployment of the API.
///
/// `FromStr` reads `sandbox`, `production`, `production-static`, one of these with `-international`, or a [`BaseUrl`].
/// `Display` prints the address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://sandbox.juspay.in`: the vendor's test system.
    Sandbox,
    /// `https://api.juspay.in`: every bank account is checked with a real payment.
    Production,
    /// `https://api-ns1.juspay.in`: production at fixed addresses, for merchants with a firewall or allow-list that
    /// needs them.
    ProductionStatic,
    /// `https://sandbox.juspay.io`: the sandbox for merchants outside India.
    SandboxInternational,
    /// `https://api.juspay.io`: production for merchants outside India.
    ProductionInternational,
    /// `https://api-ns1.juspay.io`: production outside India at fixed addresses.
    ProductionStaticInternational,
    /// Any other address, for example a white-label host or a server on this machine.
    Other(BaseUrl),
}

/// The environments that have a name.
const NAMED: [(&str, Environment); 6] = [
    ("sandbox", Environment::Sandbox),
    ("production", Environment::Production),
    ("production-static", Environment::ProductionStatic),
    ("sandbox-international", Environment::SandboxInternational),
    ("production-international", Environment::ProductionInternational),
    ("production-static-international", Environment::ProductionStaticInternational),
];

impl Environment {
    /// The address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://sandbox.juspay.in",
            Self::Production => "https://api.juspay.in",
            Self::ProductionStatic => "https://api-ns1.juspay.in",
            Self::SandboxInternational => "https://sandbox.juspay.io",
            Self::ProductionInternational => "https://api.juspay.io",
            Self::ProductionStaticInternational => "https://api-ns1.juspay.io",
            Self::Other(url) => &url.url,
        }
    }

    /// Whether this is the vendor's production, where money moves. An address without a name is never production.
    pub fn is_production(&self) -> bool {
        match self {
            Self::Production
            | Self::ProductionStatic
            | Self::ProductionInternational
            | Self::ProductionStaticInternational => true,
            Self::Sandbox | Self::SandboxInternational | Self::Other(_) => false,
        }
    }

    /// Whether this is the vendor's sandbox.
    pub fn is_sandbox(&self) -> bool {
        matches!(self, Self::Sandbox | Self::SandboxInternational)
    }

    /// Whether the address is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        matches!(self, Self::Other(url) if url.loopback)
    }
}

impl FromStr for Environment {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = NAMED.into_iter().find(|(name, environment)| *name == text || environment.base_url() == text);
        named.map_or_else(|| text.parse().map(Self::Other), |(_, environment)| Ok(environment))
    }
}

/// The address of the environment.
impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base_url())
    }
}

impl From<BaseUrl> for Environment {
    fn from(url: BaseUrl) -> Self {
        Self::Other(url)
    }
}

/// An address that is safe for an API key: `https`, or `http` on this machine.
///
/// ```
/// use juspay_accounts::BaseUrl;
///
/// assert!("https://api-ns1.juspay.in".parse::<BaseUrl>().is_ok());
/// assert!("http://127.0.0.1:8080".parse::<BaseUrl>().is_ok());
/// assert!("http://api.juspay.in".parse::<BaseUrl>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl {
    url: String,
    loopback: bool,
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A URL parser repairs some mistakes. An address that needs a repair is refused here.
        if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
            return Err(InvalidBaseUrl("it holds a space, a line break, a backslash or a control character"));
        }
        let absolute = text.split_once("://").and_then(|(_, rest)| Some((rest, Url::parse(text).ok()?)));
        let Some((rest, url)) = absolute else {
            return Err(InvalidBaseUrl("it is not an absolute URL, such as https://api.juspay.in"));
        };
        if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
            return Err(InvalidBaseUrl("it contains a user name or password; pass the API key separately"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidBaseUrl("it must not contain a query or a fragment"));
        }
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(InvalidBaseUrl(
                    "plain http would send the API key in the clear; use https (http is accepted for this machine only)",
                ));
            }
            _ => return Err(InvalidBaseUrl("its scheme is neither https nor http")),
        }
        Ok(Self { url: url.as_str().trim_end_matches('/').to_owned(), loopback })
    }
}

fn is_loopback(url: &Url) -> bool {
    // `host_str` returns an IPv6 address in brackets.
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl TryFrom<&str> for BaseUrl {
    type Error = InvalidBaseUrl;

    fn try_from(text: &str) -> Result<Self, InvalidBaseUrl> {
        text.parse()
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = InvalidBaseUrl;

    fn try_from(text: String) -> Result<Self, InvalidBaseUrl> {
        text.parse()
    }
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.url
    }
}

/// Returns the URL without a slash at the end.
impl AsRef<str> for BaseUrl {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Why a text cannot be a base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidBaseUrl(&'static str);

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the base URL cannot be used: {}", self.0)
    }
}

impl std::error::Error for InvalidBaseUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_safe_or_refused_with_the_reason() {
        for (good, loopback) in [
            ("https://x.example/", false),
            ("https://x.example/base", false),
            ("https://x.example/@base", false),
            ("https://127.0.0.1", true),
            ("http://localhost:1", true),
            ("http://[::1]:1", true),
            ("http://127.8.9.1", true),
        ] {
            let url: BaseUrl = good.parse().unwrap();
            assert_eq!(Environment::from(url).is_loopback(), loopback, "{good}");
        }
        for (bad, reason) in [
            ("", "not an absolute URL"),
            ("x.example", "not an absolute URL"),
            ("ftp://x", "neither https nor http"),
            ("http://x.example", "in the clear"),
            ("http://127.0.0.1.example", "in the clear"),
            ("http://localhost.example", "in the clear"),
            ("https://k@x", "user name or password"),
            ("https://:k@x", "user name or password"),
            ("https://@x", "user name or password"),
            ("https:x.example", "not an absolute URL"),
            (" https://x.example", "a space"),
            ("https://x.exa\tmple", "a line break"),
            ("https:\\\\x.example", "a backslash"),
            ("https://", "not an absolute URL"),
            ("https://x?a", "a query or a fragment"),
            ("https://x#a", "a query or a fragment"),
        ] {
            let error = bad.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.starts_with("the base URL cannot be used: ") && error.contains(reason), "{bad}: {error}");
        }
    }

    #[test]
    fn the_environments_are_the_documented_ones() {
        assert!(!Environment::Sandbox.is_loopback());
        for (name, environment) in NAMED {
            assert_eq!(environment.is_production(), name.starts_with("production"));
            assert_eq!(environment.is_sandbox(), name.starts_with("sandbox"));
            assert_eq!(
                [name, environment.base_url()].map(|text| text.parse::<Environment>().unwrap()),
                [environment.clone(), environment]
            );
        }
        let other: Environment = "https://x.example".parse().unwrap();
        assert!(matches!(&other, Environment::Other(url) if url.as_ref() == other.to_string()));
    }

    #[test]
    fn a_path_is_kept_and_its_last_slash_dropped() {
        assert_eq!("https://x.example/base/".parse::<BaseUrl>().unwrap().to_string(), "https://x.example/base");
    }
}

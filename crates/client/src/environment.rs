//! The addresses of the API.

use std::str::FromStr;

use reqwest::Url;

use crate::auth::InvalidSetting;

/// A deployment of the API.
///
/// `FromStr` reads `sandbox`, `production`, `production-static`, one of these with `-international`, or a [`BaseUrl`].
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
    /// Returns the address, without a slash at the end.
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
        !self.is_sandbox() && !matches!(self, Self::Other(_))
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
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = NAMED.into_iter().find(|(name, environment)| *name == text || environment.base_url() == text);
        named.map_or_else(|| text.parse().map(Self::Other), |(_, environment)| Ok(environment))
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    url: String,
    loopback: bool,
}

impl FromStr for BaseUrl {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The URL parser would repair these mistakes silently, so they are refused here.
        if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
            return Err(invalid("it contains a space, a line break, a backslash or a control character"));
        }
        let absolute = text.split_once("://").and_then(|(_, rest)| Some((rest, Url::parse(text).ok()?)));
        let Some((rest, url)) = absolute else {
            return Err(invalid("it is not an absolute URL, such as https://api.juspay.in"));
        };
        if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
            return Err(invalid("it contains a user name or password; pass the API key separately"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it must not contain a query or a fragment"));
        }
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(invalid(
                    "plain http would send the API key in the clear; use https (http is accepted for this machine only)",
                ));
            }
            _ => return Err(invalid("its scheme must be https")),
        }
        Ok(Self { url: url.as_str().trim_end_matches('/').to_owned(), loopback })
    }
}

fn invalid(reason: &'static str) -> InvalidSetting {
    InvalidSetting { what: "base URL", reason }
}

fn is_loopback(url: &Url) -> bool {
    // `host_str` returns an IPv6 address in brackets.
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl TryFrom<&str> for BaseUrl {
    type Error = InvalidSetting;

    fn try_from(text: &str) -> Result<Self, InvalidSetting> {
        text.parse()
    }
}

/// Returns the URL without a slash at the end.
impl AsRef<str> for BaseUrl {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

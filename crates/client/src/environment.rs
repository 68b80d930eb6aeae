//! The addresses of the API.

use std::str::FromStr;

use reqwest::Url;

use crate::auth::InvalidSetting;

/// A deployment of the API.
///
/// `FromStr` reads `sandbox`, `production`, `production-static`, one of these with `-international`, or a [`BaseUrl`].
/// The address of a named environment is read as that environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://sandbox.juspay.in`: the vendor's test system.
    Sandbox,
    /// `https://api.juspay.in`: every bank account is checked with a real payment.
    Production,
    /// `https://api-ns1.juspay.in`: production at fixed IP addresses, for merchants with a firewall or allow-list that
    /// needs them.
    ProductionStatic,
    /// `https://sandbox.juspay.io`: the sandbox for merchants outside India.
    SandboxInternational,
    /// `https://api.juspay.io`: production for merchants outside India.
    ProductionInternational,
    /// `https://api-ns1.juspay.io`: production outside India at fixed IP addresses.
    ProductionStaticInternational,
    /// Any other address, for example a white-label host or a server on this machine.
    Other(BaseUrl),
}

impl Environment {
    const NAMED: [Self; 6] = [
        Self::Sandbox,
        Self::Production,
        Self::ProductionStatic,
        Self::SandboxInternational,
        Self::ProductionInternational,
        Self::ProductionStaticInternational,
    ];

    /// Returns the name and the address.
    fn words(&self) -> [&str; 2] {
        match self {
            Self::Sandbox => ["sandbox", "https://sandbox.juspay.in"],
            Self::Production => ["production", "https://api.juspay.in"],
            Self::ProductionStatic => ["production-static", "https://api-ns1.juspay.in"],
            Self::SandboxInternational => ["sandbox-international", "https://sandbox.juspay.io"],
            Self::ProductionInternational => ["production-international", "https://api.juspay.io"],
            Self::ProductionStaticInternational => ["production-static-international", "https://api-ns1.juspay.io"],
            Self::Other(url) => [&url.url, &url.url],
        }
    }

    /// Returns the address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.words()[1]
    }

    /// Whether this is the vendor's production, where money moves. An [`Other`](Self::Other) address is never
    /// production.
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
        let named = Self::NAMED.into_iter().find(|named| named.words()[0] == text);
        named.map_or_else(|| text.parse().map(BaseUrl::into), Ok)
    }
}

impl From<BaseUrl> for Environment {
    fn from(url: BaseUrl) -> Self {
        Self::NAMED.into_iter().find(|named| named.base_url() == url.url).unwrap_or(Self::Other(url))
    }
}

/// An address that is safe for an API key: `https`, or `http` on this machine.
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
        // The URL parser skips extra slashes after `://`, so user name and host can come after them.
        if rest.trim_start_matches('/').split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
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

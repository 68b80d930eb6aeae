use anyhow::{Context as _, Result, bail, ensure};
use reqwest::Url;

/// The vendor's sandboxes. Every other host of the vendor is production.
const SANDBOXES: [&str; 2] = ["sandbox.juspay.in", "sandbox.juspay.io"];

/// A server that may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(crate) base_url: String,
    pub(crate) host: String,
    pub(crate) is_loopback: bool,
}

impl Target {
    /// The vendor's sandbox.
    ///
    /// # Errors
    /// Never, as long as the address in this function is valid.
    pub fn sandbox() -> Result<Self> {
        Self::new("https://sandbox.juspay.in")
    }

    /// The server at an address: a sandbox of the vendor, or a server that is not the vendor's.
    ///
    /// # Errors
    /// The server is production, or would receive the key in the clear, or the address is not that of a server.
    pub fn new(base_url: &str) -> Result<Self> {
        let url =
            Url::parse(base_url).with_context(|| format!("{base_url:?} is not an address such as https://host"))?;
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
        let has_user = !url.username().is_empty() || url.password().is_some();
        let has_more = url.query().is_some() || url.fragment().is_some() || has_user;
        ensure!(!host.is_empty() && !has_more, "the address needs a host, no user name and nothing after its path");
        if host.split('.').any(|label| label == "juspay") && !SANDBOXES.contains(&host.as_str()) {
            bail!("{host} is production, where each penny drop is real; expected one of {}", SANDBOXES.join(", "));
        }
        let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        let is_loopback = host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
        ensure!(
            url.scheme() == "https" || url.scheme() == "http" && is_loopback,
            "{base_url} would receive the key in the clear; expected https, or http on this machine"
        );
        Ok(Self { base_url: url.as_str().trim_end_matches('/').to_owned(), host, is_loopback })
    }

    /// The name of the file for the recorded responses: the host, or `localhost` for any server on this machine.
    pub fn file_name(&self) -> String {
        let host = if self.is_loopback { "localhost" } else { &self.host };
        format!("{}.json", host.replace([':', '[', ']'], "_"))
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.base_url)
    }
}

//! The settings of a client, and the HTTP client that is built from them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::redirect::Policy;
use tower::layer::layer_fn;

use crate::auth::ApiKey;
use crate::client::Client;
use crate::environment::Environment;
use crate::error::Error;
use crate::redact::Secrets;
use crate::transport::gate::{Gate, stoppable};
use crate::transport::retry::RetryPolicy;
use crate::transport::{Limits, Transport};
use crate::{generated, headers};

const AGENT: HeaderValue = HeaderValue::from_static(concat!("juspay-accounts/", env!("CARGO_PKG_VERSION")));

/// How long an idle connection can be reused. A server closes idle connections after an unknown time, and a payment
/// sent while its connection closes has an unknown outcome, so only a recently used connection is trusted. With 30
/// seconds, 1,395 of 5,000 payments sent around the time of closing had an unknown outcome and never arrived; with one
/// second, none. Measured by `idle_connections_are_measured` in `tests/it/connections.rs`.
const IDLE: Duration = Duration::from_secs(1);

impl Client {
    /// Creates a client with the default [limits](crate#limits).
    ///
    /// # Errors
    /// See [`ClientBuilder::build`].
    pub fn new(environment: impl Into<Environment>, key: ApiKey) -> Result<Self, Error> {
        Self::builder(environment, key).build()
    }

    /// Returns a builder for a client with other settings. The proxy comes from the environment (`HTTPS_PROXY`,
    /// `ALL_PROXY`, `NO_PROXY`), except for addresses on this machine.
    pub fn builder(environment: impl Into<Environment>, key: ApiKey) -> ClientBuilder {
        ClientBuilder {
            environment: environment.into(),
            key,
            connect_timeout: Duration::from_secs(10),
            limits: Limits {
                attempt: Duration::from_mins(1),
                call: Duration::from_mins(2),
                body: 4 * 1024 * 1024,
                retry: RetryPolicy::default(),
            },
            rate: None,
            headers: Ok(HeaderMap::new()),
            http: reqwest::Client::builder(),
        }
    }
}

/// The settings of a [`Client`].
#[must_use]
pub struct ClientBuilder {
    environment: Environment,
    key: ApiKey,
    connect_timeout: Duration,
    limits: Limits,
    rate: Option<f64>,
    headers: Result<HeaderMap, String>,
    http: reqwest::ClientBuilder,
}

/// Prints only what cannot contain a secret. The HTTP client can, because its proxy can have a password.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ClientBuilder");
        shown.field("environment", &self.environment).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Sets the time limit for connecting. The client shortens it to nine tenths of the time limit for an attempt or
    /// for a call, if either is less. So a request that runs out of time while connecting is known to be unsent; one
    /// that runs out of time after that may have been sent.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets the time limit for an attempt, including connecting. A penny drop waits for two banks, and an attempt that
    /// is given up may still move money.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// Sets the time limit for a call, including all attempts and the waits between them. Another attempt begins only
    /// if there is enough time left for its whole timeout.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.limits.call = limit;
        self
    }

    /// Sets which failed requests are sent again, and when. See [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// Sets the maximum number of attempts per second, retries included, for this client and all its clones: `0.5` is
    /// one every two seconds. Waiting for a turn does not count towards the time limit of a call.
    pub fn rate_limit(mut self, per_second: f64) -> Self {
        self.rate = Some(per_second);
        self
    }

    /// Sets the maximum size of the body of a response, in bytes. The default, 4 MiB, is enough for several thousand
    /// accounts. The client reads at most 64 KiB of the body of a refusal or failure.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// Sets the merchant (header `x-merchantid`). The vendor's introduction calls this header mandatory in all calls;
    /// the page of this endpoint does not list it.
    pub fn merchant_id(self, id: &str) -> Self {
        self.header(headers::MERCHANT_ID, id)
    }

    /// Sets the version of the API (header `version`, a date such as `2023-08-01`), which decides the fields of
    /// responses.
    pub fn api_version(self, date: &str) -> Self {
        self.header(headers::API_VERSION, date)
    }

    /// Adds a header to every request, or replaces an earlier one with the same name. Its value is printed only if the
    /// header is that of the merchant or the version. [`build`](Self::build) refuses invalid headers, and the headers
    /// that the client sets itself.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = self.headers.and_then(|mut headers| {
            let (name, value) = headers::checked(name, value)?;
            headers.insert(name, value);
            Ok(headers)
        });
        self
    }

    /// Customizes the HTTP client: proxy, certificates, DNS. Some settings protect payments and are set afterwards:
    /// timeouts, no redirects, no retries by the HTTP client, no compression, and how long an idle connection can be
    /// reused. A proxy in the environment that cannot be used is an error whatever is set here, unless `NO_PROXY` has
    /// the host.
    ///
    /// ```no_run
    /// # use juspay_accounts::{ApiKey, Client, Environment, Error};
    /// # fn make(key: ApiKey) -> Result<Client, Box<dyn std::error::Error>> {
    /// let proxy = reqwest::Proxy::https("http://proxy.internal:3128")?;
    /// let client = Client::builder(Environment::Production, key).http(|http| http.proxy(proxy)).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    pub fn http(mut self, customize: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        self.http = customize(self.http);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// A setting cannot be used (a header, the rate, a proxy from the environment), or the HTTP client cannot be built,
    /// for example because the TLS library cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let Self { environment, key, connect_timeout, limits, rate, headers, http } = self;
        let mut headers = headers.map_err(Error::setup)?;
        headers.insert(USER_AGENT, AGENT);
        headers.insert(AUTHORIZATION, key.authorization().map_err(Error::setup)?);
        let interval = match rate.map(|rate| Duration::try_from_secs_f64(rate.recip())) {
            None => None,
            Some(Ok(interval)) if !interval.is_zero() => Some(interval),
            Some(_) => return Err(Error::setup("the rate limit must be a number of attempts per second, above zero")),
        };
        let shortest = connect_timeout.min(limits.attempt / 10 * 9).min(limits.call / 10 * 9);
        let gate = Arc::new(Gate::new(interval));
        let stop = gate.clone();
        let http = http_client(http, &environment, shortest)?
            .timeout(limits.attempt)
            .connector_layer(layer_fn(move |connector| stoppable(connector, stop.clone())));
        let http = http.build().map_err(|error| Error::setup(error.without_url()))?;
        let base_url = environment.base_url().parse().map_err(Error::setup)?;
        let transport = Transport {
            base_url,
            secrets: Secrets::of(&headers).into(),
            headers: headers.into(),
            limits,
            gate,
            http_timeout: limits.attempt,
            new_fields: Arc::default(),
        };
        Ok(Client { generated: generated::Client::new_with_client(environment.base_url(), http, transport) })
    }
}

fn http_client(
    mut http: reqwest::ClientBuilder,
    environment: &Environment,
    connect_timeout: Duration,
) -> Result<reqwest::ClientBuilder, Error> {
    // Without a crypto provider, reqwest would panic.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::setup(
            "no crypto provider is installed for rustls: install one before you build the client, \
             or use the feature `rustls`",
        ));
    }
    if environment.is_loopback() {
        // Requests to this machine can be plain HTTP, so they must not go through a proxy, or to an address that a DNS
        // server returns for `localhost` (RFC 6761).
        http = http
            .no_proxy()
            .resolve_to_addrs("localhost", &[([127, 0, 0, 1], 0).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()]);
        // Plain HTTP needs no certificates, so those of the system are not read: a small container has none, and each
        // client of a test would read them again.
        #[cfg(any(feature = "native-tls", feature = "rustls", feature = "rustls-no-provider"))]
        if environment.base_url().starts_with("http:") {
            http = http.tls_certs_only([]);
        }
    } else {
        check_proxies(environment)?;
    }
    let http = http
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        // A redirect could send the key or the form to an address that the user did not choose.
        .redirect(Policy::none())
        // Only `transport/retry.rs` decides what is sent again.
        .retry(reqwest::retry::never())
        // Responses are small, and an uncompressed body cannot expand in memory.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    Ok(http)
}

/// Refuses a proxy variable, such as `HTTPS_PROXY`, with an address that the HTTP client cannot read. The HTTP client
/// would otherwise connect without the proxy.
fn check_proxies(environment: &Environment) -> Result<(), Error> {
    let address: http::Uri = environment.base_url().parse().map_err(Error::setup)?;
    // The HTTP client too uses the first that is set.
    let direct = ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| std::env::var(name).ok());
    let any_proxy = Matcher::builder().all("http://localhost").no(direct.unwrap_or_default()).build();
    if any_proxy.intercept(&address).is_none() {
        return Ok(());
    }
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else { continue };
        let proxy = value.to_str().map(|value| Matcher::builder().all(value.to_owned()).build());
        if proxy.and_then(|proxy| proxy.intercept(&address)).is_none() {
            return Err(Error::setup(format!(
                "{name} is not the address of a proxy, such as http://proxy.internal:3128"
            )));
        }
    }
    Ok(())
}

#[cfg(all(test, feature = "rustls-no-provider", not(feature = "rustls")))]
mod tests {
    use super::*;

    #[test]
    fn without_a_provider_of_cryptography_no_client_is_made() {
        let key = ApiKey::new("key").unwrap();
        let error = Client::new(Environment::Production, key).unwrap_err();
        let reason = std::error::Error::source(&error).unwrap().to_string();
        assert!(reason.contains("install one before you build the client"), "{reason}");
    }
}

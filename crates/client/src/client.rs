//! The client: one call, and what is set once for all calls.

use std::time::Duration;

use juspay_accounts_validation::AccountsRequest;
use reqwest::redirect::Policy;

use crate::accounts::Accounts;
use crate::auth::{ApiKey, Credentials};
use crate::environment::Environment;
use crate::error::{Error, request_id};
use crate::generated;
use crate::request::Call;

/// How long a connection may take, unless set otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call may take in all, unless set otherwise. A penny drop waits for two banks.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A client of the API. Cloning it is cheap, and the clones share their connections.
///
/// ```no_run
/// use juspay_accounts::{AccountsRequest, ApiKey, Client, Environment};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(Environment::Sandbox, ApiKey::new(std::env::var("JUSPAY_API_KEY")?)?)?;
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("9164326296@upi").build()?;
/// for account in client.validate(request).await? {
///     println!("{:?}: {:?}", account.customer_account_id, account.validation_status);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    generated: generated::Client,
}

impl Client {
    /// A client with the usual time limits: 10 seconds to connect, 60 seconds for a call.
    ///
    /// # Errors
    /// No HTTP client can be made, as when the library for TLS cannot be set up.
    pub fn new(environment: impl Into<Environment>, key: ApiKey) -> Result<Self, Error> {
        Self::builder(environment, key).build()
    }

    /// The same, with settings. A proxy is taken from the environment (`HTTPS_PROXY`), except for this machine.
    pub fn builder(environment: impl Into<Environment>, key: ApiKey) -> ClientBuilder {
        ClientBuilder { environment: environment.into(), key, connect_timeout: CONNECT_TIMEOUT, timeout: TIMEOUT }
    }

    /// Validates all accounts of the request and creates a customer account for each. **Each call can move money** for
    /// each account in it. An account of the answer can still be `PENDING`.
    ///
    /// # Errors
    /// There was no answer, or it was not a success, or it cannot be read. Only [`ErrorKind::InvalidRequest`] and
    /// [`ErrorKind::NotConnected`] are certain to have moved no money, since nothing was sent. With
    /// [`ErrorKind::Refused`] the server says that it did not take the request. Any other may have been acted on: sent
    /// again, it may be paid again.
    ///
    /// [`ErrorKind::InvalidRequest`]: crate::ErrorKind::InvalidRequest
    /// [`ErrorKind::NotConnected`]: crate::ErrorKind::NotConnected
    /// [`ErrorKind::Refused`]: crate::ErrorKind::Refused
    pub async fn validate(&self, request: AccountsRequest) -> Result<Accounts, Error> {
        let call = Call::try_from(request)?;
        let operation = self
            .generated
            .create_and_validate_customer_account()
            .customer_id(call.customer_id)
            .x_routing_id(call.routing_id)
            .body(call.form);
        match operation.send().await {
            Ok(answer) => {
                let id = request_id(answer.headers());
                Ok(Accounts::new(answer.into_inner(), id))
            }
            Err(error) => Err(Error::from_generated(error).await),
        }
    }

    /// The generated client with this one's settings: signed, without the headers that nobody documented.
    ///
    /// It checks single values and not the request as a whole (a form without an account is sent), and its errors are the
    /// generator's: they print URL, headers and body, so do not log them.
    pub fn raw(&self) -> &generated::Client {
        &self.generated
    }
}

/// The settings of a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    environment: Environment,
    key: ApiKey,
    connect_timeout: Duration,
    timeout: Duration,
}

impl ClientBuilder {
    /// How long a connection may take. 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a call may take in all, connecting included. 60 seconds by default: a penny drop waits for two banks,
    /// and a call that is given up may have moved money all the same.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// No HTTP client can be made, as when the library for TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            // A redirect would carry the key and the form to an address that nobody chose.
            .redirect(Policy::none());
        // What is meant for this machine would leave it, in clear text, by way of a proxy.
        if self.environment.is_loopback() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(Error::setup)?;
        let credentials = Credentials::new(&self.key).map_err(Error::key)?;
        Ok(Client { generated: generated::Client::new_with_client(self.environment.base_url(), http, credentials) })
    }
}

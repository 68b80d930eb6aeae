//! The client: its operations, and what is set once for all calls.

use std::pin::{Pin, pin};
use std::time::Duration;

use juspay_accounts_validation::{AccountsRequest, CustomerAccountId};
use progenitor_client::{ClientInfo, ResponseValue};
use reqwest::redirect::Policy;

use crate::accounts::Accounts;
use crate::auth::{ApiKey, Credentials};
use crate::customer::{Customer, Revalidation};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::error::Error;
use crate::generated;
use crate::generated::types::{CustomerAccount, CustomerAccountsAnswer, ValidateForm};
use crate::request::Call;
use crate::retry::RetryPolicy;
use crate::trace::Span;
use crate::transport::{HttpSettings, Limits, Transport, noted};

/// How long a connection may take, unless set otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an attempt may take in all, unless set otherwise. A penny drop waits for two banks.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How large an answer may be, in bytes, unless set otherwise. One account has about 600.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// How long a connection is kept that nobody uses. Servers close theirs after a minute or more, and a request that
/// meets the closing of its connection has an unknown outcome.
const IDLE: Duration = Duration::from_secs(30);

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
    /// A client with the usual limits: 10 seconds to connect, 60 for an attempt, 2 minutes for a call, 4 MiB for an answer.
    ///
    /// # Errors
    /// No HTTP client can be made, as when the library for TLS cannot be set up.
    pub fn new(environment: impl Into<Environment>, key: ApiKey) -> Result<Self, Error> {
        Self::builder(environment, key).build()
    }

    /// The same, with settings. A proxy is taken from the environment (`HTTPS_PROXY`), except for this machine.
    pub fn builder(environment: impl Into<Environment>, key: ApiKey) -> ClientBuilder {
        let retry = RetryPolicy::default();
        ClientBuilder {
            environment: environment.into(),
            key,
            connect_timeout: CONNECT_TIMEOUT,
            limits: Limits { timeout: TIMEOUT, answer: MAX_ANSWER, retry },
            http: None,
        }
    }

    /// Validates all accounts of the request and creates a customer account for each. **Each call can move money** for
    /// each account in it. An account of the answer can still be `PENDING`.
    ///
    /// A future that is dropped before its end leaves the outcome unknown, as a timeout does.
    ///
    /// # Errors
    /// There was no answer, or it was not a success, or it cannot be read. [`Error::delivery`] says whether the request
    /// may have been acted on.
    pub async fn validate(&self, request: AccountsRequest) -> Result<Accounts, Error> {
        let Call { customer_id, routing_id, form } = Call::try_from(request)?;
        let operation = self.generated.create_and_validate_customer_account().customer_id(customer_id);
        let sending = pin!(operation.x_routing_id(routing_id).body(form).send());
        self.call("create_and_validate_customer_account", sending).await.map(Accounts::new)
    }

    /// Reads an account of a customer, and the state of its validation. It moves no money.
    ///
    /// # Errors
    /// As with [`validate`](Self::validate), only that nothing is acted on.
    pub async fn get(&self, customer: &Customer, account: &CustomerAccountId) -> Result<CustomerAccount, Error> {
        let (id, routing_id) = customer.clone().into_parts();
        let operation = self.generated.get_customer_account().customer_id(id).customer_account_id(account.clone());
        let sending = pin!(operation.x_routing_id(routing_id).send());
        self.call("get_customer_account", sending).await.map(ResponseValue::into_inner)
    }

    /// Reads all accounts of a customer. It moves no money.
    ///
    /// The vendor does not document whether the list is always whole; see [`Accounts::is_complete`].
    ///
    /// # Errors
    /// As with [`validate`](Self::validate), only that nothing is acted on.
    pub async fn list(&self, customer: &Customer) -> Result<Accounts, Error> {
        let (id, routing_id) = customer.clone().into_parts();
        let operation = self.generated.list_customer_accounts().customer_id(id);
        let sending = pin!(operation.x_routing_id(routing_id).send());
        self.call("list_customer_accounts", sending).await.map(Accounts::of_list)
    }

    /// Validates an account again that exists. For a bank account **it is another penny drop**: to follow a validation that
    /// has not ended, [`wait`](Self::wait) for it.
    ///
    /// # Errors
    /// As with [`validate`](Self::validate). After an unknown outcome, [`get`](Self::get) can prove that it was acted on, by a
    /// [`validated_at`](CustomerAccount::validated_at) later than the call; nothing proves that it was not.
    pub async fn revalidate(&self, request: Revalidation) -> Result<CustomerAccount, Error> {
        let Revalidation { customer, account, gateway, amount } = request;
        let form = ValidateForm { preferred_ifsc_validation_gateway: gateway, validation_amount: amount };
        let (id, routing_id) = customer.into_parts();
        let operation = self.generated.validate_customer_account().customer_id(id).customer_account_id(account);
        let sending = pin!(operation.x_routing_id(routing_id).body(form).send());
        self.call("validate_customer_account", sending).await.map(ResponseValue::into_inner)
    }

    /// This client with another time limit for an attempt. It shares the connections, so it can be made for one call. The
    /// [time for connecting](ClientBuilder::connect_timeout) stays what it is: an attempt that is given up earlier than that
    /// while it connects is told as a timeout, as if it might have been acted on.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use juspay_accounts::{AccountsRequest, Client, Error};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// client.with_timeout(Duration::from_secs(90)).validate(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, limit: Duration) -> Self {
        self.with(|limits| limits.timeout = limit)
    }

    /// This client with another policy of sending again. It shares the connections.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(|limits| limits.retry = policy)
    }

    /// The generated client with this one's settings: signed, within the limits, without the headers that nobody
    /// documented, and sent again by the same policy, only that a request that moves money never is after an unknown outcome:
    /// the error of the last attempt would say nothing of it.
    ///
    /// It checks single values and not the request as a whole (a form without an account is sent), and its errors are the
    /// generator's: they print URL, headers and body, so do not log them. [`Error::from_raw`] makes one of ours of it.
    pub fn raw(&self) -> &generated::Client {
        &self.generated
    }

    fn with(&self, change: impl FnOnce(&mut Limits)) -> Self {
        let mut transport = self.generated.inner().clone();
        change(&mut transport.limits);
        let (base_url, http) = (self.generated.baseurl(), self.generated.client().clone());
        Self { generated: generated::Client::new_with_client(base_url, http, transport) }
    }

    /// Makes a call within its span, and tells what became of it. The future is pinned where it was made, since it is some
    /// kilobytes long and would be copied each time that it is handed on.
    async fn call<T: Answer>(
        &self,
        operation: &'static str,
        sending: Pin<&mut impl Future<Output = Result<ResponseValue<T>, generated::Error<()>>>>,
    ) -> Result<ResponseValue<T>, Error> {
        let span = Span::new(operation, self.generated.baseurl());
        let (result, notes) = noted(span.cover(sending)).await;
        let error = match result {
            Ok(answer) => match answer.failure() {
                None => {
                    span.answered(answer.status().as_u16(), notes.attempts);
                    return Ok(answer);
                }
                Some(envelope) => Error::contradictory(envelope, &notes),
            },
            Err(error) => Error::from_generated(error, &notes).await,
        };
        span.failed(&error);
        Err(error)
    }
}

/// What an operation answers with.
trait Answer {
    /// The envelope of a failure that was read in its place. Since no field of an account is required, an envelope can be read
    /// as an account that lacks everything.
    fn failure(&self) -> Option<Envelope> {
        None
    }
}

impl Answer for Vec<CustomerAccount> {}

impl Answer for CustomerAccountsAnswer {
    fn failure(&self) -> Option<Envelope> {
        match self {
            Self::Array(_) => None,
            Self::Page(page) => Envelope::among(page.extra.as_map()),
        }
    }
}

impl Answer for CustomerAccount {
    fn failure(&self) -> Option<Envelope> {
        // An account that was found invalid may say why, in the words of an error.
        if self.validation_status.is_some() { None } else { Envelope::among(self.extra.as_map()) }
    }
}

/// The settings of a [`Client`].
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    environment: Environment,
    key: ApiKey,
    connect_timeout: Duration,
    limits: Limits,
    http: Option<reqwest::Client>,
}

impl ClientBuilder {
    /// How long a connection may take. 10 seconds by default, and never more than nine tenths of the
    /// [timeout](Self::timeout) and of the [deadline](RetryPolicy::deadline): what ends while connecting is known to be
    /// unsent, what ends after it is not.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long an attempt may take in all, connecting included. 60 seconds by default: a penny drop waits for two banks,
    /// and a call that is given up may have moved money all the same.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.timeout = limit;
        self
    }

    /// When a request is sent again, and how long a call may take with all attempts. See [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
        self
    }

    /// How many bytes the body of an answer may have. 4 MiB by default, which is enough for some thousands of accounts.
    /// Of the body of a refusal or failure no more than 64 KiB are read.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.limits.answer = bytes;
        self
    }

    /// Takes an HTTP client of your own, for a proxy, certificates or DNS of your own, or to share connections.
    ///
    /// Timeout, size and retries stay those of this builder, and so does the signature. What is then **yours to set**:
    /// the [connect timeout](Self::connect_timeout), which a `reqwest::Client` has by itself;
    /// `redirect(Policy::none())`, without which a 301, 302 or 303 is followed, and what comes of that is
    /// [unknown](crate::Delivery::Unknown); `no_proxy()` for addresses of this machine; and how long an idle connection is
    /// kept (30 seconds here). The form is sent to no second address, and not a second time, whatever that client would do.
    /// The exception is an empty form, as of a [revalidation](Client::revalidate) without options. Whether it was sent cannot
    /// be seen, and a client that follows redirects sends it again to where a 307 or 308 leads; so after it a connection that
    /// could not be made is reported as unknown. A redirect to the same address is not seen.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// No HTTP client can be made, as when the library for TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let Self { environment, key, connect_timeout, limits, http } = self;
        let credentials = Credentials::new(&key)?;
        let longest = limits.timeout.min(limits.retry.overall());
        let (http, settings) = match http {
            Some(http) => (http, HttpSettings::Foreign),
            None => (
                http_client(&environment, connect_timeout.min(longest / 10 * 9), limits.timeout)?,
                HttpSettings::Ours(limits.timeout),
            ),
        };
        let transport = Transport::new(credentials, limits, settings);
        Ok(Client { generated: generated::Client::new_with_client(environment.base_url(), http, transport) })
    }
}

fn http_client(
    environment: &Environment,
    connect_timeout: Duration,
    timeout: Duration,
) -> Result<reqwest::Client, Error> {
    // reqwest panics without one.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::setup(
            "no provider of cryptography is installed for rustls: install one before the client is made, \
             or use the feature `rustls`",
        ));
    }
    let mut http = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        // An attempt that is to have another limit says so.
        .timeout(timeout)
        .pool_idle_timeout(IDLE)
        // A redirect would carry the key and the form to an address that nobody chose.
        .redirect(Policy::none())
        // What is sent again is decided in one place, `retry.rs`.
        .retry(reqwest::retry::never())
        // Answers are small, and what is not asked for cannot unfold.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    // What is meant for this machine would leave it, in clear text, by way of a proxy.
    if environment.is_loopback() {
        http = http.no_proxy();
    }
    http.build().map_err(|error| Error::setup(error.without_url()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::BaseUrl;

    fn builder() -> ClientBuilder {
        let url: BaseUrl = "http://127.0.0.1:1".parse().unwrap();
        Client::builder(url, ApiKey::new("key").unwrap())
    }

    /// Of the features of the build, only this one can lack what TLS needs.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    #[test]
    fn a_missing_provider_of_cryptography_is_an_error_and_no_panic() {
        let error = builder().build().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
        let reason = std::error::Error::source(&error).unwrap().to_string();
        assert!(reason.starts_with("no provider of cryptography is installed"), "{reason}");
    }

    #[cfg(not(all(feature = "rustls-no-provider", not(feature = "rustls"))))]
    #[test]
    fn limits_are_those_that_are_documented_and_can_be_changed_for_a_call() {
        let client = builder().build().unwrap();
        let limits = client.generated.inner().limits;
        assert_eq!((limits.timeout, limits.answer), (Duration::from_mins(1), 4 * 1024 * 1024));
        assert_eq!(limits.retry, RetryPolicy::default());
        let limit = Duration::from_secs(5);
        let other = client.with_timeout(limit).with_retry(RetryPolicy::never());
        let changed = other.generated.inner().limits;
        assert_eq!(changed, Limits { timeout: limit, retry: RetryPolicy::never(), ..limits });
        assert_eq!(client.generated.inner().limits, limits, "the first is as it was");
    }
}

//! The operations of the client.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use juspay_accounts_validation::{AccountsRequest, CustomerAccountId};
use progenitor_client::{ClientInfo, Error as Generated, ResponseValue};

use crate::customer::{Customer, Revalidation};
use crate::error::Error;
use crate::error::envelope::Envelope;
use crate::generated;
use crate::generated::extra::Extra;
use crate::generated::types::{
    Command, CustomerAccount, CustomerAccountsAnswer, DeleteCommand, DeleteForm, ValidateForm,
};
use crate::headers;
use crate::preview::RequestPreview;
use crate::request::Call;
use crate::response::{Accounts, Response};
use crate::transport::attempt::{CallLog, Effect};
use crate::transport::retry::RetryPolicy;
use crate::transport::{Transport, trace};

/// The most accounts that are read from a list.
const MAX_LIST: usize = 10_000;

/// The most accounts that the response to a validation may have in addition to those that were sent.
const MAX_UNASKED: usize = 1_000;

/// A client of the API. Cloning is cheap: clones share their connections, their rate limit and [`stop`](Self::stop).
///
/// ```no_run
/// use juspay_accounts::{AccountsRequest, ApiKey, Client, Environment};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(Environment::Sandbox, std::env::var("JUSPAY_API_KEY")?.parse()?)?;
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("9164326296@upi").build()?;
/// for matched in client.validate(&request).await?.matched(&request) {
///     println!("{}: {}", matched.payee, matched.is_active());
/// }
/// # Ok(())
/// # }
/// ```
///
/// The client uses tokio's clock. In tests, `tokio::time::pause` skips all waits: those between attempts, and those of
/// [`wait`](Self::wait) and [`reconcile`](Self::reconcile).
#[derive(Clone, Debug)]
pub struct Client {
    generated: generated::Client,
}

impl Client {
    pub(crate) fn from_generated(generated: generated::Client) -> Self {
        Self { generated }
    }

    /// Validates all accounts of the request and creates a customer account for each. **Each call can move money** for
    /// each of its accounts. An account of the response can still be `PENDING`.
    ///
    /// Dropping the future early leaves the outcome unknown, like a timeout.
    ///
    /// # Errors
    /// There is no response, or the response is not a success, or it cannot be read. [`Error::delivery`] says whether
    /// the request may have been processed.
    pub async fn validate(&self, request: &AccountsRequest) -> Result<Accounts, Error> {
        self.send_accounts("create_and_validate_customer_account", Command::Validate, request).await
    }

    /// Creates a customer account for each account of the request, with the status `CREATED`, and validates none: **no
    /// money moves**. The request's amount and preferred gateway are not sent, as they are for validations only.
    ///
    /// The vendor does not document how this request differs from that of [`validate`](Self::validate); the client
    /// sends `command=create`. An account of the response that is not `CREATED` may have been validated, and paid for.
    ///
    /// # Errors
    /// Like [`validate`](Self::validate). If the outcome is unknown, [`list`](Self::list) shows which accounts exist.
    pub async fn create(&self, request: &AccountsRequest) -> Result<Accounts, Error> {
        self.send_accounts("create_customer_account", Command::Create, request).await
    }

    async fn send_accounts(
        &self,
        operation: &'static str,
        command: Command,
        request: &AccountsRequest,
    ) -> Result<Accounts, Error> {
        let max_accounts = request.bank_accounts().len() + request.upi().len() + MAX_UNASKED;
        let effect = if command == Command::Create { Effect::Changes } else { Effect::Pays };
        let log = CallLog { max_accounts, effect, ..CallLog::default() };
        let sending = pin!(self.operation(command, request).send());
        let (accounts, log) = self.call(operation, log, sending).await?;
        Ok(Response::new(accounts, log))
    }

    /// Returns the request that [`validate`](Self::validate) would send, without sending it.
    ///
    /// # Errors
    /// The request cannot be made.
    pub fn preview(&self, request: &AccountsRequest) -> Result<RequestPreview, Error> {
        self.preview_of(Command::Validate, request)
    }

    /// Returns the request that [`create`](Self::create) would send, without sending it.
    ///
    /// # Errors
    /// The request cannot be made.
    pub fn preview_create(&self, request: &AccountsRequest) -> Result<RequestPreview, Error> {
        self.preview_of(Command::Create, request)
    }

    fn preview_of(&self, command: Command, request: &AccountsRequest) -> Result<RequestPreview, Error> {
        let log = CallLog { is_preview: true, ..CallLog::default() };
        // A preview sends nothing, so the future is ready at the first poll.
        let preview = pin!(log.keep(self.operation(command, request).send()));
        let log = match preview.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready((_, log)) => log,
            Poll::Pending => CallLog::default(),
        };
        log.request.as_ref().map(RequestPreview::new).ok_or_else(|| Error::setup("the request cannot be made"))
    }

    fn operation(
        &self,
        command: Command,
        request: &AccountsRequest,
    ) -> generated::builder::CreateAndValidateCustomerAccount<'_> {
        let Call { customer_id, routing_id, form } = Call::new(command, request.clone());
        let operation = self.generated.create_and_validate_customer_account();
        operation.customer_id(customer_id).x_routing_id(routing_id).body(form)
    }

    /// Reads an account of a customer, and the state of its validation. Moves no money.
    ///
    /// # Errors
    /// Like [`validate`](Self::validate), but nothing is processed in any case.
    pub async fn get(&self, customer: &Customer, id: &CustomerAccountId) -> Result<Response<CustomerAccount>, Error> {
        let (customer_id, routing_id) = customer.clone().into_parts();
        let operation = self.generated.get_customer_account().customer_id(customer_id).customer_account_id(id.clone());
        let sending = pin!(operation.x_routing_id(routing_id).send());
        let (account, log) = self.call("get_customer_account", one_account(), sending).await?;
        Ok(Response::new(account, log))
    }

    /// Reads all accounts of a customer. Moves no money. A list of more than 10,000 accounts is refused.
    ///
    /// The vendor does not document whether the list is always complete; see [`Accounts::is_complete`].
    ///
    /// # Errors
    /// Like [`validate`](Self::validate), but nothing is processed in any case.
    pub async fn list(&self, customer: &Customer) -> Result<Accounts, Error> {
        let (customer_id, routing_id) = customer.clone().into_parts();
        let operation = self.generated.list_customer_accounts().customer_id(customer_id);
        let sending = pin!(operation.x_routing_id(routing_id).send());
        let log = CallLog { max_accounts: MAX_LIST, ..CallLog::default() };
        let (answer, log) = self.call("list_customer_accounts", log, sending).await?;
        Ok(Accounts::of_list(answer, log))
    }

    /// Validates an existing account again. For a bank account **this is another penny drop**. To follow a validation
    /// that has not ended, use [`wait`](Self::wait).
    ///
    /// # Errors
    /// Like [`validate`](Self::validate). If the outcome is unknown, [`get`](Self::get) can prove that the request was
    /// processed: [`validated_at`](CustomerAccount::validated_at) is then later than the call. Nothing can prove the
    /// opposite.
    pub async fn revalidate(&self, request: Revalidation) -> Result<Response<CustomerAccount>, Error> {
        let Revalidation { customer, account, gateway, amount } = request;
        let form = ValidateForm { preferred_ifsc_validation_gateway: gateway, validation_amount: amount };
        let (customer_id, routing_id) = customer.into_parts();
        let operation = self.generated.validate_customer_account().customer_id(customer_id);
        let operation = operation.customer_account_id(account).x_routing_id(routing_id);
        let sending = pin!(operation.body(form).send());
        let (account, log) = self.call("validate_customer_account", one_account(), sending).await?;
        Ok(Response::new(account, log))
    }

    /// Deletes an account of a customer. Moves no money. The response has the id of the account and the status
    /// `DELETED`.
    ///
    /// The vendor does not document the route. The client uses the one that an older operation of the same family
    /// suggests. Which requests a deleted account still allows is not documented either.
    ///
    /// # Errors
    /// Like [`validate`](Self::validate). If the outcome is unknown, [`get`](Self::get) shows whether the account still
    /// exists.
    pub async fn delete(
        &self,
        customer: &Customer,
        id: &CustomerAccountId,
    ) -> Result<Response<CustomerAccount>, Error> {
        let (customer_id, routing_id) = customer.clone().into_parts();
        let operation = self.generated.delete_customer_account().customer_id(customer_id);
        let operation = operation.customer_account_id(id.clone()).x_routing_id(routing_id);
        let sending = pin!(operation.body(DeleteForm { command: DeleteCommand::Delete }).send());
        let log = CallLog { effect: Effect::Changes, ..one_account() };
        let (account, log) = self.call("delete_customer_account", log, sending).await?;
        Ok(Response::new(account, log))
    }

    /// Stops sending, for this client and its clones. A call that has not sent its request yet, or that waits for its
    /// turn or its next attempt, ends with [`ErrorKind::Stopped`](crate::ErrorKind::Stopped). Its request was not sent,
    /// unless an earlier attempt leaves the outcome unknown. A request in flight is still waited for.
    pub fn stop(&self) {
        self.generated.inner().gate.stop();
    }

    /// Returns this client with another time limit for each attempt. Connections are shared. The
    /// [connect timeout](crate::ClientBuilder::connect_timeout) does not change: an attempt that reaches a shorter
    /// limit while it connects is reported as a timeout, as if it might have been processed.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use juspay_accounts::{AccountsRequest, Client, Error};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// client.with_attempt_timeout(Duration::from_secs(90)).validate(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_attempt_timeout(&self, limit: Duration) -> Self {
        self.with(|transport| transport.limits.attempt = limit)
    }

    /// Returns this client with another time limit for each call, including all attempts and waits.
    #[must_use]
    pub fn with_call_timeout(&self, limit: Duration) -> Self {
        self.with(|transport| transport.limits.call = limit)
    }

    /// Returns this client with another retry policy.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(|transport| transport.limits.retry = policy)
    }

    /// Returns this client for another merchant (header `x-merchantid`).
    ///
    /// # Errors
    /// See [`with_header`](Self::with_header).
    pub fn with_merchant_id(&self, id: &str) -> Result<Self, Error> {
        self.with_header(headers::MERCHANT_ID, id)
    }

    /// Returns this client for another version of the API (header `version`, a date such as `2023-08-01`).
    ///
    /// # Errors
    /// See [`with_header`](Self::with_header).
    pub fn with_api_version(&self, date: &str) -> Result<Self, Error> {
        self.with_header(headers::API_VERSION, date)
    }

    /// Returns this client with one more header.
    ///
    /// # Errors
    /// The name or the value is not valid in a header, or the client sets this header itself.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self, Error> {
        let (name, value) = headers::checked(name, value).map_err(Error::setup)?;
        Ok(self.with(|transport| drop(transport.headers.insert(name, value))))
    }

    /// The generated operations with this client's settings: they are signed and limited, and retried by the same
    /// policy. One exception: a request that moves money is never retried after an unknown outcome, because the error
    /// of the last attempt would not mention that outcome.
    ///
    /// The generated operations check single values, not the request as a whole: a form without an account is sent.
    /// Their errors are the generator's, which print URL, headers and body: do not log them.
    #[cfg(feature = "raw")]
    pub fn raw(&self) -> &generated::Client {
        &self.generated
    }

    fn with(&self, change: impl FnOnce(&mut Transport)) -> Self {
        let mut transport = self.generated.inner().clone();
        change(&mut transport);
        let (base_url, http) = (self.generated.baseurl(), self.generated.client().clone());
        Self { generated: generated::Client::new_with_client(base_url, http, transport) }
    }

    /// Makes a call and reports its outcome. The caller pins the future, because it is some kilobytes long and would be
    /// copied each time it is passed on.
    async fn call<T: Answer>(
        &self,
        operation: &'static str,
        log: CallLog,
        sending: Pin<&mut impl Future<Output = Result<ResponseValue<T>, Generated<()>>>>,
    ) -> Result<(T, CallLog), Error> {
        let reported = trace::Call::new(operation, self.generated.baseurl());
        let (result, log) = log.keep(reported.cover(sending)).await;
        let error = match result {
            Ok(answer) => match answer.failure() {
                None => {
                    reported.new_fields(self.generated.inner(), &log, || answer.extras());
                    reported.succeeded(&log);
                    return Ok((answer.into_inner(), log));
                }
                Some(envelope) => Error::contradictory(envelope, &log),
            },
            Err(error) => Error::from_generated(error, log).await,
        };
        reported.failed(&error);
        Err(error)
    }
}

fn one_account() -> CallLog {
    CallLog { max_accounts: 1 + MAX_UNASKED, ..CallLog::default() }
}

trait Answer {
    /// The envelope of a failure that was read as this value. No field of an account is required, so an envelope can be
    /// read as an account without any fields.
    fn failure(&self) -> Option<Envelope> {
        None
    }

    /// The fields that the spec does not have, each with its path.
    fn extras(&self) -> Vec<(&'static str, &Extra)>;
}

impl Answer for Vec<CustomerAccount> {
    fn extras(&self) -> Vec<(&'static str, &Extra)> {
        self.iter().flat_map(|account| of_account(account, "*.", "*.account_details.")).collect()
    }
}

impl Answer for CustomerAccountsAnswer {
    fn failure(&self) -> Option<Envelope> {
        match self {
            Self::Array(_) => None,
            Self::Page { extra, .. } => Envelope::among(extra.as_map()),
        }
    }

    fn extras(&self) -> Vec<(&'static str, &Extra)> {
        match self {
            Self::Array(list) => list.extras(),
            Self::Page { list, extra } => {
                let list = list.iter().flat_map(|account| of_account(account, "list.*.", "list.*.account_details."));
                std::iter::once(("", extra)).chain(list).collect()
            }
        }
    }
}

impl Answer for CustomerAccount {
    fn failure(&self) -> Option<Envelope> {
        // The account of a failed validation may explain it with the fields of an error.
        if self.validation_status.is_some() { None } else { Envelope::among(self.extra.as_map()) }
    }

    fn extras(&self) -> Vec<(&'static str, &Extra)> {
        of_account(self, "", "account_details.").collect()
    }
}

fn of_account<'a>(
    account: &'a CustomerAccount,
    path: &'static str,
    of_details: &'static str,
) -> impl Iterator<Item = (&'static str, &'a Extra)> {
    let details = account.account_details.iter().map(move |details| (of_details, &details.extra));
    std::iter::once((path, &account.extra)).chain(details)
}

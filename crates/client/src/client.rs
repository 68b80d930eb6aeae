//! Sends requests: each operation of the API is a method of [`Client`].

use std::sync::Arc;
use std::time::Duration;

use juspay_accounts_validation::{AccountsRequest, CustomerAccountId, Parts};
use progenitor_client::Error as Generated;
use reqwest::{Request, StatusCode, Url};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::customer::{Customer, Revalidation};
use crate::error::envelope::Envelope;
use crate::error::kind::ErrorKind;
use crate::error::{Cause, Error};
use crate::generated;
use crate::generated::builder::{
    CreateAndValidateCustomerAccount, DeleteCustomerAccount, GetCustomerAccount, ListCustomerAccounts,
    ValidateCustomerAccount,
};
use crate::generated::extra::Extra;
use crate::generated::types::{
    Command, CustomerAccount, CustomerAccountsAnswer, DeleteCommand, DeleteForm, ValidateForm,
};
use crate::headers;
use crate::preview::RequestPreview;
use crate::redact::Secrets;
use crate::request::form;
use crate::response::{Accounts, Response};
use crate::transport::attempt::{CallLog, Effect};
use crate::transport::retry::RetryPolicy;
use crate::transport::{Lost, Make, Sent, Transport, trace};

/// The maximum number of accounts expected in a list. A list with far more is not decoded.
const MAX_LIST: usize = 10_000;

/// The maximum number of accounts expected in any other response, in addition to those of the request.
const MAX_UNASKED: usize = 1_000;

/// A client of the API. Cloning is cheap: clones share their connections and their rate limit, and [`stop`](Self::stop)
/// stops all of them.
///
/// The client uses tokio's clock. In tests, `tokio::time::pause` skips all waits: between attempts, for the rate limit,
/// and in [`wait`](Self::wait) and [`reconcile`](Self::reconcile).
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) generated: generated::Client,
}

impl Client {
    /// Validates all accounts of the request and creates a customer account for each. **Each call can move money** for
    /// each of its accounts. An account of the response can still be `PENDING`.
    ///
    /// A request for which there was no connection, or that was refused with 429, is retried as
    /// [`RetryPolicy`](crate::RetryPolicy) says. Dropping the future early leaves the outcome unknown, like a timeout.
    ///
    /// # Errors
    /// There is no response, or the response is not a success, or it cannot be read. [`Error::delivery`] returns
    /// whether the request may have been processed.
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
        let effect = if command == Command::Create { Effect::Changes } else { Effect::Pays };
        let max_accounts = request.payees().len() + MAX_UNASKED;
        let log = CallLog { has_payees: true, ..CallLog::new(effect, max_accounts) };
        self.call(operation, log, &|base| self.make(base, command, request)).await
    }

    fn make(&self, base: &Url, command: Command, request: &AccountsRequest) -> Result<Request, Cause> {
        let (Parts { customer_id: customer, routing_id, .. }, form) = (request.parts(), form(command, request));
        CreateAndValidateCustomerAccount::request(&self.generated, base, customer, &None, &None, routing_id, &form)
            .map_err(cause)
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
        let transport = &self.generated.inner;
        let request = self.make(&transport.base_url, command, request).map_err(Error::setup)?;
        Ok(RequestPreview::new(&transport.sign(request)))
    }

    /// Reads an account of a customer, and the state of its validation. Moves no money.
    ///
    /// # Errors
    /// Like [`validate`](Self::validate), but a failed call has changed nothing.
    pub async fn get(&self, customer: &Customer, id: &CustomerAccountId) -> Result<Response<CustomerAccount>, Error> {
        let make = |base: &Url| {
            let Customer { id: customer, routing_id } = customer;
            GetCustomerAccount::request(&self.generated, base, customer, id, &None, &None, routing_id).map_err(cause)
        };
        self.call("get_customer_account", one_account(Effect::Reads), &make).await
    }

    /// Reads all accounts of a customer. Moves no money. A list of far more than 10,000 accounts is an error.
    ///
    /// The vendor does not document whether the list is always complete; see [`Accounts::is_complete`].
    ///
    /// # Errors
    /// Like [`validate`](Self::validate), but a failed call has changed nothing.
    pub async fn list(&self, customer: &Customer) -> Result<Accounts, Error> {
        let make = |base: &Url| {
            let Customer { id, routing_id } = customer;
            ListCustomerAccounts::request(&self.generated, base, id, &None, &None, routing_id).map_err(cause)
        };
        let log = CallLog::new(Effect::Reads, MAX_LIST);
        self.call("list_customer_accounts", log, &make).await.map(Accounts::of_list)
    }

    /// Validates an existing account again. For a bank account **this is another penny drop**. To follow a validation
    /// that has not ended, use [`wait`](Self::wait).
    ///
    /// # Errors
    /// Like [`validate`](Self::validate). If the outcome is unknown, [`get`](Self::get) can prove that the request was
    /// processed: [`validated_at`](CustomerAccount::validated_at) is later than the call in that case. Nothing can
    /// prove the opposite.
    pub async fn revalidate(&self, request: Revalidation) -> Result<Response<CustomerAccount>, Error> {
        let Revalidation { customer: Customer { id: customer, routing_id }, account, gateway, amount } = request;
        let form = ValidateForm { preferred_ifsc_validation_gateway: gateway, validation_amount: amount };
        let make = |base: &Url| {
            let (client, routing_id) = (&self.generated, &routing_id);
            ValidateCustomerAccount::request(client, base, &customer, &account, &None, &None, routing_id, &form)
                .map_err(cause)
        };
        self.call("validate_customer_account", one_account(Effect::Pays), &make).await
    }

    /// Deletes an account of a customer. Moves no money. The response has the id of the account and the status
    /// `DELETED`.
    ///
    /// The vendor documents neither the route, nor which requests are still possible for a deleted account. The client
    /// uses the route that an older operation of the same family suggests.
    ///
    /// # Errors
    /// Like [`validate`](Self::validate). If the outcome is unknown, [`get`](Self::get) shows whether the account still
    /// exists.
    pub async fn delete(
        &self,
        customer: &Customer,
        id: &CustomerAccountId,
    ) -> Result<Response<CustomerAccount>, Error> {
        let form = DeleteForm { command: DeleteCommand::Delete };
        let make = |base: &Url| {
            let (client, Customer { id: customer, routing_id }) = (&self.generated, customer);
            DeleteCustomerAccount::request(client, base, customer, id, &None, &None, routing_id, &form).map_err(cause)
        };
        self.call("delete_customer_account", one_account(Effect::Changes), &make).await
    }

    /// Stops sending, for this client and its clones. A call that has not sent its request yet, or that waits for its
    /// turn or its next attempt, ends with [`ErrorKind::Stopped`](crate::ErrorKind::Stopped). Its delivery is
    /// `NotSent`, unless an earlier attempt leaves the outcome unknown. The client still waits for the response to a
    /// request in flight.
    pub fn stop(&self) {
        self.generated.inner.gate.stop();
    }

    /// Returns this client with another time limit for each attempt. Connections are shared. The
    /// [connect timeout](crate::ClientBuilder::connect_timeout) does not change: an attempt that reaches a shorter
    /// limit while it connects is reported as a timeout, as if it might have been processed.
    #[must_use]
    pub fn with_attempt_timeout(&self, limit: Duration) -> Self {
        self.with(|transport| transport.limits.attempt = limit)
    }

    /// Returns this client with another time limit for each call, including all attempts and the waits between them.
    /// The connect timeout does not change: see [`with_attempt_timeout`](Self::with_attempt_timeout).
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

    /// Returns this client with a header added. An earlier one with the same name is replaced.
    ///
    /// # Errors
    /// The name or the value is not valid, or the client sets this header itself.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self, Error> {
        let (name, value) = headers::checked(name, value).map_err(Error::setup)?;
        Ok(self.with(|transport| {
            Arc::make_mut(&mut transport.headers).insert(name, value);
            transport.secrets = Secrets::of(&transport.headers).into();
        }))
    }

    /// Returns the generated operations with this client's settings: the same authentication, limits and retries. There
    /// are two exceptions. The number of accounts in a response is not limited. A request that does not only read is
    /// never retried after an unknown outcome, because the error of the last attempt would not mention that outcome.
    ///
    /// The generated operations check single values, not the request as a whole: a form without an account is sent.
    /// Their errors are the generator's, which print URL, headers and body: do not log them.
    #[cfg(feature = "raw")]
    pub fn raw(&self) -> &generated::Client {
        &self.generated
    }

    fn with(&self, change: impl FnOnce(&mut Transport)) -> Self {
        let mut generated = self.generated.clone();
        change(&mut generated.inner);
        Self { generated }
    }

    /// Makes a call and reports its outcome. `make` is called once for each attempt.
    async fn call<T: Received>(
        &self,
        operation: &'static str,
        mut log: CallLog,
        make: &Make<'_>,
    ) -> Result<Response<T>, Error> {
        let generated::Client { client: http, inner: transport, .. } = &self.generated;
        let reported = trace::Call::new(operation, &transport.base_url);
        let sent = transport.send(http, operation, &mut log, make).instrument(reported.span.clone()).await;
        match received(sent, &mut log) {
            Ok(value) => {
                reported.new_fields(&transport.new_fields, &log, new_fields(&value));
                reported.succeeded(&log);
                Ok(Response { value, complete: Some(false), log })
            }
            Err(error) => {
                reported.failed(&error);
                Err(error)
            }
        }
    }
}

fn one_account(effect: Effect) -> CallLog {
    CallLog::new(effect, 1 + MAX_UNASKED)
}

/// Why a request cannot be made.
fn cause(error: Generated) -> Cause {
    match error {
        Generated::InvalidRequest(reason) => reason.into(),
        Generated::CommunicationError(error) => error.without_url().into(),
        _ => "the request cannot be encoded".into(),
    }
}

/// Decodes the value of a response, or makes the error of the call.
fn received<T: Received>(sent: Result<Sent, Lost>, log: &mut CallLog) -> Result<T, Error> {
    let body = match (sent, log.last.kind) {
        (Ok(Sent { body, .. }), None) => body,
        (Ok(Sent { body, .. }), Some(kind)) => return Err(Error::of_call(kind, log, &body)),
        (Err(lost), kind) => {
            return Err(Error::of_call(kind.unwrap_or(ErrorKind::Undecodable), log, &[]).because(lost));
        }
    };
    if log.last.status != Some(StatusCode::OK) {
        return Err(Error::undecodable("no response with this status is documented", log, &body));
    }
    let value: T = serde_json::from_slice(&body).map_err(|error| {
        // The decoder's message can quote the value that it could not read. For a list in neither of its two forms, it
        // reports no position.
        let reason = match error.line() {
            0 => "its JSON cannot be read".to_owned(),
            line => format!("its JSON cannot be read at line {line}, column {}", error.column()),
        };
        Error::undecodable(reason, log, &body)
    })?;
    match value.envelope().and_then(|fields| Envelope::among(&fields.0)) {
        None => Ok(value),
        Some(envelope) => Err(Error::contradictory(envelope, log, &body)),
    }
}

/// Returns each undocumented field of a response: the path to it, in two parts, and its name.
fn new_fields<T: Received>(received: &T) -> impl Iterator<Item = ([&'static str; 2], &String)> {
    let accounts = received.accounts().iter().flat_map(|account| {
        let details = account.account_details.iter().flat_map(|details| details.extra.0.keys());
        let details = details.map(|name| ([T::PATH, "account_details."], name));
        account.extra.0.keys().map(|name| ([T::PATH, ""], name)).chain(details)
    });
    let page = received.page().into_iter().flat_map(|page| page.0.keys());
    page.map(|name| (["", ""], name)).chain(accounts)
}

/// The value of a response, with access to its undocumented fields.
trait Received: DeserializeOwned {
    /// The path to an account in the value.
    const PATH: &'static str;

    fn accounts(&self) -> &[CustomerAccount];

    /// The undocumented fields of the object that contains the list of accounts.
    fn page(&self) -> Option<&Extra> {
        None
    }

    /// The fields that can show that the value is the envelope of a failure.
    fn envelope(&self) -> Option<&Extra> {
        self.page()
    }
}

impl Received for Vec<CustomerAccount> {
    const PATH: &'static str = "*.";

    fn accounts(&self) -> &[CustomerAccount] {
        self
    }
}

impl Received for CustomerAccountsAnswer {
    const PATH: &'static str = "list.*.";

    fn accounts(&self) -> &[CustomerAccount] {
        let (Self::Array(list) | Self::Page { list, .. }) = self;
        list
    }

    fn page(&self) -> Option<&Extra> {
        if let Self::Page { extra, .. } = self { Some(extra) } else { None }
    }
}

impl Received for CustomerAccount {
    const PATH: &'static str = "";

    fn accounts(&self) -> &[CustomerAccount] {
        std::slice::from_ref(self)
    }

    /// An account has no required fields, so the envelope of a failure decodes as an account with undocumented fields
    /// only. An account with a status is not an envelope, even if its fields explain a failed validation.
    fn envelope(&self) -> Option<&Extra> {
        self.validation_status.is_none().then_some(&self.extra)
    }
}

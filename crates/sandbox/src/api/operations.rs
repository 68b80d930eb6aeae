//! Performs the vendor's operations, after checking the input.

use std::sync::MutexGuard;

use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, Response, StatusCode};
use juspay_accounts::ValidationStatus;
use juspay_accounts_validation::{Amount, CustomerId, Parts as RequestParts};

use super::call::Call;
use crate::account::Held;
use crate::http::body;
use crate::masking;
use crate::operation::Operation;
use crate::read;
use crate::refusal::{Problem, Refusal};
use crate::response;
use crate::shared::{State, lock};

const ROUTING_ID: HeaderName = HeaderName::from_static("x-routing-id");

type Path = Result<RawPathParams, RawPathParamsRejection>;

/// A call, and the parts of its input that several operations need.
struct Input<'a> {
    call: &'a mut Call,
    request: &'a Parts,
    customer_id: String,
    account_id: Option<String>,
    /// Whether this is a HEAD request, which changes nothing.
    is_peek: bool,
}

/// Checks the headers and the path, and performs the operation.
pub(super) fn perform(
    call: &mut Call,
    operation: Operation,
    request: &Parts,
    path: Path,
    is_peek: bool,
) -> Result<Response<Bytes>, Refusal> {
    let mut problems = Vec::new();
    read::optional_headers(&request.headers, &mut problems);
    // If the path is invalid, the problems of the headers are not reported.
    if !read::is_escaped(call.received.path.as_bytes()) {
        return Err(Problem::new("path", "it has a % that is not followed by two hexadecimal digits").into());
    }
    let path = path.map_err(|_| Problem::new("path", "it is not UTF-8"))?;
    valid(Some(()), problems)?;
    let part = |name| path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    let customer_id = part("customer_id").unwrap_or_default();
    let input = Input { call, request, customer_id, account_id: part("customer_account_id"), is_peek };
    match operation {
        Operation::CreateAndValidate => input.create_and_validate(),
        Operation::List => input.list(),
        Operation::Get => input.get(),
        Operation::Validate => input.validate(),
        Operation::Delete => input.delete(),
    }
}

impl Input<'_> {
    fn create_and_validate(mut self) -> Result<Response<Bytes>, Refusal> {
        self.read_form()?;
        let Self { call, request, .. } = self;
        let mut problems = Vec::new();
        let routing_id = read::header(&request.headers, &ROUTING_ID);
        let asked = read::request(&self.customer_id, routing_id, &call.received.form, &mut problems);
        let outcome = read::outcome(&request.headers).map_err(|problem| problems.push(problem));
        let (command, asked) = valid(asked, problems)?;
        let RequestParts { customer_id, payees, options, .. } = asked.into_parts();
        call.received.changed_accounts = true;
        let mut held = if command == "create" {
            call.shared.create(&customer_id, payees)
        } else {
            let amount = options.validation_amount.unwrap_or(Amount::ONE_RUPEE);
            let outcome = outcome.unwrap_or_default();
            let (held, times_out) = call.shared.validate(&customer_id, payees, amount, outcome.as_ref());
            call.times_out = times_out;
            held
        };
        // Sorted by id, so that no test depends on the order of the request: the vendor documents no order.
        held.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(accounts(&held))
    }

    fn list(self) -> Result<Response<Bytes>, Refusal> {
        let customer = self.customer(Vec::new())?;
        let now = self.call.shared.clock.now();
        let held = self.state().store.all_of_customer(&customer, now, !self.is_peek);
        Ok(accounts(&held))
    }

    fn get(self) -> Result<Response<Bytes>, Refusal> {
        let customer = self.customer(Vec::new())?;
        let now = self.call.shared.clock.now();
        let mut state = self.state();
        let held = state.store.of_customer(&customer, self.account_id()).ok_or_else(no_such_account)?;
        held.read(now, !self.is_peek);
        Ok(account(held))
    }

    fn validate(mut self) -> Result<Response<Bytes>, Refusal> {
        let is_empty = body(&self.request.extensions).is_ok_and(|body| body.is_empty());
        if !is_empty || self.request.headers.contains_key(CONTENT_TYPE) {
            self.read_form()?;
        }
        let mut problems = Vec::new();
        let amount = read::amount(&self.call.received.form, &mut problems).unwrap_or(Amount::ONE_RUPEE);
        let outcome = read::outcome(&self.request.headers).map_err(|problem| problems.push(problem));
        let customer = self.customer(problems)?;
        let payee = self.state().store.of_customer(&customer, self.account_id()).map(|held| held.payee.0.clone());
        let payees = vec![payee.ok_or_else(no_such_account)?];
        self.call.received.changed_accounts = true;
        let outcome = outcome.unwrap_or_default();
        let (held, times_out) = self.call.shared.validate(&customer, payees, amount, outcome.as_ref());
        self.call.times_out = times_out;
        let held = held.first().ok_or_else(no_such_account)?;
        Ok(account(held))
    }

    fn delete(mut self) -> Result<Response<Bytes>, Refusal> {
        self.read_form()?;
        let mut problems = Vec::new();
        read::command(&self.call.received.form, &["delete"], &mut problems);
        let customer = self.customer(problems)?;
        let now = self.call.shared.clock.now();
        let mut state = self.state();
        let held = state.store.of_customer(&customer, self.account_id()).ok_or_else(no_such_account)?;
        held.set_status(ValidationStatus::Deleted, now);
        let response = account(held);
        drop(state);
        self.call.received.changed_accounts = true;
        Ok(response)
    }

    /// Locks the state. A HEAD request does not change the state. Any other request can, so its lock also triggers
    /// saving.
    fn state(&self) -> MutexGuard<'_, State> {
        if self.is_peek { lock(&self.call.shared.state) } else { self.call.shared.change() }
    }

    /// Reads the body as a form. If the sandbox is strict, a form with unknown fields is refused.
    fn read_form(&mut self) -> Result<(), Refusal> {
        let received = &mut self.call.received;
        received.form = read::form(self.request)?;
        if self.call.shared.settings.strict {
            let reason = "the operation has no such field";
            // The name is masked, because it can be a value in the wrong place.
            let unknown = received.unknown_fields().map(|name| Problem::new(masking::word(name), reason)).collect();
            valid(Some(()), unknown)?;
        }
        Ok(())
    }

    /// Checks the ids in the path and in the headers. Returns the customer's id, or a refusal with the problems of the
    /// ids and the `others`.
    fn customer(&self, others: Vec<Problem>) -> Result<CustomerId, Refusal> {
        let mut problems = Vec::new();
        let routing_id = read::header(&self.request.headers, &ROUTING_ID);
        let customer = read::customer(&self.customer_id, self.account_id.as_deref(), routing_id, &mut problems);
        problems.extend(others);
        valid(customer, problems)
    }

    fn account_id(&self) -> &str {
        self.account_id.as_deref().unwrap_or_default()
    }
}

/// Returns the value, or a refusal if there are problems.
fn valid<T>(value: Option<T>, problems: Vec<Problem>) -> Result<T, Refusal> {
    value.filter(|_| problems.is_empty()).ok_or_else(|| Refusal::invalid(problems))
}

fn no_such_account() -> Refusal {
    Refusal { code: Some("RESOURCE_NOT_FOUND"), ..Refusal::not_found("The customer has no such account.") }
}

fn accounts(held: &[Held]) -> Response<Bytes> {
    response::json(StatusCode::OK, &held.iter().map(response::account).collect::<Vec<_>>())
}

fn account(held: &Held) -> Response<Bytes> {
    response::json(StatusCode::OK, &response::account(held))
}

//! Performs the operations.

use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, Response, StatusCode};
use juspay_accounts::ValidationStatus;
use juspay_accounts_validation::{Amount, Parts as RequestParts};

use super::call::Call;
use super::headers;
use super::refusal::Refusal;
use crate::account::Held;
use crate::http::Sent;
use crate::masking;
use crate::operation::Operation;
use crate::read::{self, Command, Problem};
use crate::response;
use crate::shared::lock;

const ROUTING_ID: HeaderName = HeaderName::from_static("x-routing-id");

type Path = Result<RawPathParams, RawPathParamsRejection>;

/// The result of an operation.
pub(super) struct Done {
    pub(super) response: Response<Bytes>,
    /// Whether the response is withheld, and replaced by a timeout.
    pub(super) times_out: bool,
}

impl From<Response<Bytes>> for Done {
    fn from(response: Response<Bytes>) -> Self {
        Self { response, times_out: false }
    }
}

/// Performs the operation of a call. If `is_peek`, nothing changes.
pub(super) fn perform(call: &mut Call, request: &Parts, path: Path, is_peek: bool) -> Result<Done, Refusal> {
    let header = |name: &str| match HeaderName::from_bytes(name.as_bytes()) {
        Ok(name) => headers::single(&request.headers, &name),
        Err(_) => Ok(None),
    };
    read::headers(header).map_err(Refusal::invalid)?;
    match call.operation() {
        Some(Operation::CreateAndValidate) => create_and_validate(call, request, path),
        Some(Operation::List) => list(call, request, path, is_peek),
        Some(Operation::Get) => get(call, request, path, is_peek),
        Some(Operation::Validate) => validate(call, request, path),
        Some(Operation::Delete) => delete(call, request, path),
        None => Err(Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", "This path does not exist.")),
    }
}

fn create_and_validate(call: &mut Call, request: &Parts, path: Path) -> Result<Done, Refusal> {
    has_form(call, request)?;
    let [customer_id] = values(call, path, ["customer_id"])?;
    let asked = read::request(&customer_id, headers::single(&request.headers, &ROUTING_ID), call.form());
    let outcome = headers::outcome(&request.headers).map_err(|problem| vec![problem]);
    let ((command, asked), outcome) = both(asked, outcome)?;
    let payees = asked.payees().collect();
    let RequestParts { customer_id, options, .. } = asked.into_parts();
    call.acts();
    let shared = call.shared();
    let (mut held, times_out) = match command {
        Command::Validate => {
            let amount = options.validation_amount.unwrap_or(Amount::ONE_RUPEE);
            shared.validate(&customer_id, payees, amount, outcome.as_ref())
        }
        Command::Create => (shared.create(&customer_id, payees), false),
    };
    // Ordered by id, not as in the request, because the order of the response is not documented.
    held.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Done { response: accounts(&held), times_out })
}

fn list(call: &mut Call, request: &Parts, path: Path, is_peek: bool) -> Result<Done, Refusal> {
    let [customer_id] = values(call, path, ["customer_id"])?;
    let routing_id = headers::single(&request.headers, &ROUTING_ID);
    let customer = read::customer(&customer_id, None, routing_id).map_err(Refusal::invalid)?;
    let shared = call.shared();
    let now = shared.clock.now();
    let mut state = if is_peek { lock(&shared.state) } else { shared.change() };
    Ok(accounts(&state.store.all_of_customer(&customer, now, !is_peek)).into())
}

fn get(call: &mut Call, request: &Parts, path: Path, is_peek: bool) -> Result<Done, Refusal> {
    let [customer_id, account_id] = values(call, path, ["customer_id", "customer_account_id"])?;
    let routing_id = headers::single(&request.headers, &ROUTING_ID);
    let customer = read::customer(&customer_id, Some(&account_id), routing_id).map_err(Refusal::invalid)?;
    let shared = call.shared();
    let now = shared.clock.now();
    let mut state = if is_peek { lock(&shared.state) } else { shared.change() };
    let held = state.store.of_customer(&customer, &account_id).ok_or_else(Refusal::no_such_account)?;
    if is_peek {
        held.go_on(now);
    } else {
        held.read(now);
    }
    Ok(account(held).into())
}

fn validate(call: &mut Call, request: &Parts, path: Path) -> Result<Done, Refusal> {
    if has_body(request) {
        has_form(call, request)?;
    }
    let [customer_id, account_id] = values(call, path, ["customer_id", "customer_account_id"])?;
    let routing_id = headers::single(&request.headers, &ROUTING_ID);
    let customer = read::customer(&customer_id, Some(&account_id), routing_id);
    let outcome = headers::outcome(&request.headers).map_err(|problem| vec![problem]);
    let ((customer, amount), outcome) = both(both(customer, read::amount(call.form())), outcome)?;
    let held = lock(&call.shared().state).store.of_customer(&customer, &account_id).map(|held| held.payee.clone());
    let payee = held.ok_or_else(Refusal::no_such_account)?;
    call.acts();
    let amount = amount.unwrap_or(Amount::ONE_RUPEE);
    let (held, times_out) = call.shared().validate(&customer, vec![payee], amount, outcome.as_ref());
    let held = held.first().ok_or_else(Refusal::no_such_account)?;
    Ok(Done { response: account(held), times_out })
}

fn delete(call: &mut Call, request: &Parts, path: Path) -> Result<Done, Refusal> {
    has_form(call, request)?;
    let [customer_id, account_id] = values(call, path, ["customer_id", "customer_account_id"])?;
    let routing_id = headers::single(&request.headers, &ROUTING_ID);
    let customer = read::customer(&customer_id, Some(&account_id), routing_id);
    let (customer, ()) = both(customer, read::only_command(call.form(), "delete"))?;
    let now = call.shared().clock.now();
    let mut state = call.shared().change();
    let held = state.store.of_customer(&customer, &account_id).ok_or_else(Refusal::no_such_account)?;
    held.set_status(ValidationStatus::Deleted, now);
    let response = account(held);
    drop(state);
    call.acts();
    Ok(response.into())
}

fn accounts(held: &[Held]) -> Response<Bytes> {
    response::json(StatusCode::OK, &held.iter().map(response::account).collect::<Vec<_>>())
}

fn account(held: &Held) -> Response<Bytes> {
    response::json(StatusCode::OK, &response::account(held))
}

/// Both values, or the problems of either.
fn both<A, B>(one: Result<A, impl Into<Problems>>, other: Result<B, impl Into<Problems>>) -> Result<(A, B), Problems> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let mut problems = one.err().map(|one| one.into().0).unwrap_or_default();
            problems.extend(other.err().map(|other| other.into().0).unwrap_or_default());
            Err(Problems(problems))
        }
    }
}

struct Problems(Vec<Problem>);

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        Self(problems)
    }
}

impl From<Problems> for Refusal {
    fn from(Problems(problems): Problems) -> Self {
        Self::invalid(problems)
    }
}

/// Whether there is a body, or a header that describes one.
fn has_body(request: &Parts) -> bool {
    let is_empty = matches!(request.extensions.get::<Sent>(), Some(Ok(body)) if body.is_empty());
    !is_empty || request.headers.contains_key(CONTENT_TYPE)
}

fn has_form(call: &mut Call, request: &Parts) -> Result<(), Refusal> {
    let form = headers::form(&request.headers, request.extensions.get::<Sent>())?;
    call.has_form(form);
    if call.shared().settings.strict {
        let reason = "the operation has no such field";
        // A field name can be a value in the wrong place.
        let unknown: Vec<_> = call.unknown_fields().map(|name| Problem::new(masking::word(name), reason)).collect();
        if !unknown.is_empty() {
            return Err(Refusal::invalid(unknown));
        }
    }
    Ok(())
}

/// The decoded parts of the path with these names.
fn values<const N: usize>(call: &Call, path: Path, names: [&str; N]) -> Result<[String; N], Refusal> {
    if !read::is_escaped(call.path().as_bytes()) {
        let problem = Problem::new("path", "it has a % without two hexadecimal digits");
        return Err(Refusal::invalid(vec![problem]));
    }
    let path = path.map_err(|_| Refusal::invalid(vec![Problem::new("path", "it is not UTF-8")]))?;
    let value = |name| path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).unwrap_or_default();
    Ok(names.map(value))
}

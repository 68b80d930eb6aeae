//! The operations: who may call them, what they are sent, what they do, and what goes wrong on request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::extract::{DefaultBodyLimit, OriginalUri, RawPathParams, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juspay_accounts::Payee;
use juspay_accounts_validation::{AccountsRequest, Amount, Parts};

use crate::answer::{self, REQUEST_ID};
use crate::connection::Break;
use crate::fault::{Draw, Drawn, Fault, FaultKind, Moment, status_code};
use crate::read::{self, Command, Form, Problem};
use crate::store::{Received, Store};

/// The largest body that is read, in bytes: some ten thousand accounts.
const MAX_BODY: usize = 1024 * 1024;

/// As many problems are told. A body of a mebibyte has room for some hundred thousand.
const MAX_PROBLEMS: usize = 1000;

const FORM: &str = "application/x-www-form-urlencoded";

/// Tells the time.
pub(crate) type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// Is told of every request.
pub(crate) type Observer = Arc<dyn Fn(&Received) + Send + Sync>;

/// What all connections share.
pub(crate) struct Shared {
    /// The only key that is accepted; without one, any is.
    pub(crate) key: Option<String>,
    pub(crate) clock: Clock,
    pub(crate) store: Mutex<Store>,
    pub(crate) draw: Mutex<Draw>,
    pub(crate) observer: Option<Observer>,
}

/// A lock is held for a few lines that do not panic; if one did, what it protects is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/customers/{customer_id}/accounts", post(create_and_validate))
        .route("/customers/{customer_id}/customer-accounts/list", get(list))
        .route("/customers/{customer_id}/customer-accounts/{customer_account_id}", get(get_account).post(delete))
        .route("/customers/{customer_id}/customer-accounts/{customer_account_id}/validate", post(validate_again))
        .method_not_allowed_fallback(no_such_method)
        .fallback(no_such_path)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(shared)
}

/// A request that is being answered.
struct Call {
    id: String,
    method: Method,
    path: String,
    form: Form,
    acted_on: bool,
}

impl Shared {
    fn begin(&self, method: Method, uri: &OriginalUri) -> Call {
        let number = {
            let mut store = lock(&self.store);
            store.requests += 1;
            store.requests
        };
        let (path, form) = (uri.path().to_owned(), Form::new());
        Call { id: format!("sandbox-{number:08}"), method, path, form, acted_on: false }
    }

    /// Names the call in its answer, and remembers both.
    fn end(&self, call: Call, mut answer: Response<Body>) -> Response<Body> {
        let broken = matches!(answer.extensions().get(), Some(Break::Close | Break::Reset | Break::Hang));
        if let Ok(id) = HeaderValue::from_str(&call.id) {
            answer.headers_mut().insert(REQUEST_ID, id);
        }
        let status = (!broken).then(|| answer.status().as_u16());
        self.remember(call, status);
        answer
    }

    fn remember(&self, call: Call, status: Option<u16>) {
        let Call { id, method, path, form, acted_on } = call;
        let received = Received { method: method.to_string(), path, form, status, request_id: id, acted_on };
        if let Some(observer) = &self.observer {
            observer(&received);
        }
        lock(&self.store).keep(received);
    }

    /// HTTP Basic authentication, with the key as user name.
    fn authorizes(&self, headers: &HeaderMap) -> bool {
        let pair = only(headers, &AUTHORIZATION).and_then(|value| {
            let (scheme, encoded) = value.split_once(' ')?;
            let pair = STANDARD.decode(encoded.trim()).ok()?;
            scheme.eq_ignore_ascii_case("basic").then_some(pair)
        });
        let Some(pair) = pair else { return false };
        // The key is the user name, and the password is empty.
        let Some(key) = pair.strip_suffix(b":") else { return false };
        !key.is_empty() && !key.contains(&b':') && self.key.as_ref().is_none_or(|known| known.as_bytes() == key)
    }

    /// Validates the accounts of a request, or only creates them. From here on, money would have moved for the first.
    fn act(&self, command: Command, request: AccountsRequest) -> Response<Body> {
        let Parts { customer_id, bank_accounts, upi, options, .. } = request.into_parts();
        let validation_amount = options.validation_amount;
        let payees = bank_accounts.into_iter().map(Payee::BankAccount).chain(upi.into_iter().map(Payee::Upi));
        let (amount, now) = (validation_amount.unwrap_or(Amount::ONE_RUPEE), (self.clock)());
        let mut store = lock(&self.store);
        let mut act = |payee| match command {
            Command::Validate => store.validate(&customer_id, payee, amount, now),
            Command::Create => store.create(&customer_id, payee, now),
        };
        let mut held: Vec<_> = payees.map(&mut act).collect();
        drop(store);
        // Not in the order of the request: nothing promises that.
        held.sort_by(|one, other| one.id.cmp(&other.id));
        let accounts: Vec<_> = held.iter().map(answer::account).collect();
        answer::json(StatusCode::OK, &accounts)
    }
}

type SharedState = State<Arc<Shared>>;

async fn no_such_path(State(shared): SharedState, method: Method, uri: OriginalUri) -> Response<Body> {
    let call = shared.begin(method, &uri);
    let answer = answer::failure(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such path.", &[], &call.id);
    shared.end(call, answer)
}

async fn no_such_method(State(shared): SharedState, method: Method, uri: OriginalUri) -> Response<Body> {
    let call = shared.begin(method, &uri);
    let message = "The path has no such method.";
    let answer = answer::failure(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message, &[], &call.id);
    shared.end(call, answer)
}

type Path = Result<RawPathParams, RawPathParamsRejection>;

type Sent = Result<Bytes, BytesRejection>;

async fn create_and_validate(
    State(shared): SharedState,
    method: Method,
    uri: OriginalUri,
    path: Path,
    headers: HeaderMap,
    body: Sent,
) -> Response<Body> {
    let work = |shared: &Shared, call: &mut Call| {
        call.form = form(&headers, body)?;
        let [customer_id] = values(&call.path, path, ["customer_id"])?;
        let (command, request) =
            read::request(&customer_id, routing_id(&headers), &call.form).map_err(Refusal::invalid)?;
        call.acted_on = true;
        Ok(shared.act(command, request))
    };
    answer(&shared, shared.begin(method, &uri), &headers, work).await
}

async fn list(
    State(shared): SharedState,
    method: Method,
    uri: OriginalUri,
    path: Path,
    headers: HeaderMap,
) -> Response<Body> {
    let work = |shared: &Shared, call: &mut Call| {
        let [customer_id] = values(&call.path, path, ["customer_id"])?;
        let customer = read::customer(&customer_id, None, routing_id(&headers)).map_err(Refusal::invalid)?;
        let mut store = lock(&shared.store);
        let accounts: Vec<_> = store.read_all(&customer).iter().map(answer::account).collect();
        Ok(answer::json(StatusCode::OK, &accounts))
    };
    answer(&shared, shared.begin(method, &uri), &headers, work).await
}

async fn get_account(
    State(shared): SharedState,
    method: Method,
    uri: OriginalUri,
    path: Path,
    headers: HeaderMap,
) -> Response<Body> {
    let work = |shared: &Shared, call: &mut Call| {
        let [customer_id, account_id] = values(&call.path, path, ["customer_id", "customer_account_id"])?;
        let customer =
            read::customer(&customer_id, Some(&account_id), routing_id(&headers)).map_err(Refusal::invalid)?;
        let mut store = lock(&shared.store);
        let held = store.read(&customer, &account_id).ok_or_else(Refusal::no_such_account)?;
        Ok(answer::json(StatusCode::OK, &answer::account(held)))
    };
    answer(&shared, shared.begin(method, &uri), &headers, work).await
}

async fn delete(
    State(shared): SharedState,
    method: Method,
    uri: OriginalUri,
    path: Path,
    headers: HeaderMap,
    body: Sent,
) -> Response<Body> {
    let work = |shared: &Shared, call: &mut Call| {
        call.form = form(&headers, body)?;
        let [customer_id, account_id] = values(&call.path, path, ["customer_id", "customer_account_id"])?;
        let customer = read::customer(&customer_id, Some(&account_id), routing_id(&headers));
        let (customer, ()) = both(customer, read::deletion(&call.form))?;
        let mut store = lock(&shared.store);
        let held = store.delete(&customer, &account_id).ok_or_else(Refusal::no_such_account)?;
        call.acted_on = true;
        Ok(answer::json(StatusCode::OK, &answer::account(held)))
    };
    answer(&shared, shared.begin(method, &uri), &headers, work).await
}

/// Both, or what is wrong with either.
fn both<A, B>(one: Result<A, Vec<Problem>>, other: Result<B, Vec<Problem>>) -> Result<(A, B), Refusal> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let problems = [one.err(), other.err()].into_iter().flatten().flatten();
            Err(Refusal::invalid(problems.collect()))
        }
    }
}

async fn validate_again(
    State(shared): SharedState,
    method: Method,
    uri: OriginalUri,
    path: Path,
    headers: HeaderMap,
    body: Sent,
) -> Response<Body> {
    let work = |shared: &Shared, call: &mut Call| {
        call.form = optional_form(&headers, body)?;
        let [customer_id, account_id] = values(&call.path, path, ["customer_id", "customer_account_id"])?;
        let customer = read::customer(&customer_id, Some(&account_id), routing_id(&headers));
        let (customer, amount) = both(customer, read::amount(&call.form))?;
        let mut store = lock(&shared.store);
        let held = store.account_by_id(&customer, &account_id).ok_or_else(Refusal::no_such_account)?;
        let payee = held.payee.clone();
        let held = store.validate(&customer, payee, amount.unwrap_or(Amount::ONE_RUPEE), (shared.clock)());
        call.acted_on = true;
        Ok(answer::json(StatusCode::OK, &answer::account(&held)))
    };
    answer(&shared, shared.begin(method, &uri), &headers, work).await
}

/// What every operation has in common: the key, and what goes wrong on request before or after the work.
async fn answer(
    shared: &Shared,
    mut call: Call,
    headers: &HeaderMap,
    work: impl FnOnce(&Shared, &mut Call) -> Result<Response<Body>, Refusal>,
) -> Response<Body> {
    if !shared.authorizes(headers) {
        let answer = answer::unauthorized(&call.id);
        return shared.end(call, answer);
    }
    let Drawn { latency: [before, after], fault } = lock(&shared.draw).next();
    pause(before).await;
    if let Some(fault) = fault.filter(|fault| fault.moment() == Moment::Before) {
        return play(shared, call, fault, None);
    }
    let checked = read::headers(|name| text_of(headers, name)).map_err(Refusal::invalid);
    match checked.and_then(|()| work(shared, &mut call)) {
        Ok(answer) => {
            pause(after).await;
            match fault {
                Some(fault) => play(shared, call, fault, Some(answer)),
                None => shared.end(call, answer),
            }
        }
        Err(refusal) => {
            let answer = refusal.answer(&call.id);
            shared.end(call, answer)
        }
    }
}

/// Why a request is not acted on.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    problems: Vec<Problem>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), problems: Vec::new() }
    }

    fn invalid(mut problems: Vec<Problem>) -> Self {
        let mut message = "Some fields are not as described.".to_owned();
        if problems.len() > MAX_PROBLEMS {
            message = format!("{message} Of {} problems, the first {MAX_PROBLEMS} are told.", problems.len());
            problems.truncate(MAX_PROBLEMS);
        }
        Self { status: StatusCode::BAD_REQUEST, code: "INVALID_REQUEST", message, problems }
    }

    fn no_such_account() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "The customer has no such account.")
    }

    fn answer(&self, request_id: &str) -> Response<Body> {
        answer::failure(self.status, self.code, &self.message, &self.problems, request_id)
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// The value of a header, if it is there once and a text. Where it is there twice, servers differ on which one counts.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

/// The fields of a form.
fn form(headers: &HeaderMap, body: Sent) -> Result<Form, Refusal> {
    let media_type = only(headers, &CONTENT_TYPE).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case(FORM) {
        let message = format!("The body has to be {FORM}.");
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
    }
    let body = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("The body is larger than {MAX_BODY} bytes.");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
        }
        _ => Refusal::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body did not arrive whole."),
    })?;
    read::form(&body).map_err(|problem| Refusal::invalid(vec![problem]))
}

/// The same where the body may be missing, and nothing says what is in it.
fn optional_form(headers: &HeaderMap, body: Sent) -> Result<Form, Refusal> {
    match &body {
        Ok(bytes) if bytes.is_empty() && !headers.contains_key(CONTENT_TYPE) => Ok(Form::new()),
        _ => form(headers, body),
    }
}

/// The parts of the path that have these names, decoded.
fn values<const N: usize>(written: &str, path: Path, names: [&str; N]) -> Result<[String; N], Refusal> {
    if !read::is_escaped(written.as_bytes()) {
        let problem = Problem::new("path", "it has a % without two hexadecimal digits");
        return Err(Refusal::invalid(vec![problem]));
    }
    let path = path.map_err(|_| Refusal::invalid(vec![Problem::new("path", "it is not UTF-8")]))?;
    let value = |name| path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).unwrap_or_default();
    Ok(names.map(value))
}

fn routing_id(headers: &HeaderMap) -> Option<&str> {
    text_of(headers, "x-routing-id")
}

/// The value of a header; one that is no text, or is there twice, is as good as one that is malformed.
fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().unwrap_or("\u{fffd}");
    Some(if values.next().is_some() { "\u{fffd}" } else { first })
}

/// What goes wrong, in place of `answer` if the request was acted on.
fn play(shared: &Shared, call: Call, fault: Fault, answer: Option<Response<Body>>) -> Response<Body> {
    let how = match fault.kind() {
        FaultKind::Status(status) => {
            let message = "The sandbox was asked to fail.";
            let answer = answer::failure(status_code(status), "FAULT", message, &[], &call.id);
            return shared.end(call, answer);
        }
        FaultKind::Html(status) => return shared.end(call, answer::page(status_code(status))),
        FaultKind::RateLimit(seconds) => {
            let answer = answer::rate_limited(seconds, &call.id);
            return shared.end(call, answer);
        }
        // It has been waited for already.
        FaultKind::Latency(_) => return shared.end(call, answer.unwrap_or_default()),
        FaultKind::Close => Break::Close,
        FaultKind::Reset => Break::Reset,
        FaultKind::Truncate => Break::Truncate,
        FaultKind::Hang => Break::Hang,
    };
    let mut broken = answer.unwrap_or_default();
    broken.extensions_mut().insert(how);
    shared.end(call, broken)
}

//! Serves the vendor's operations: checks requests, performs their operations, and injects faults.

mod call;
mod operations;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::{Method, Response, StatusCode};
use axum::routing::on;

use crate::fault::{Drawn, Fault, FaultKind, Moment};
use crate::http::wrong_host;
use crate::operation::Operation;
use crate::read;
use crate::refusal::{Problem, Refusal};
use crate::response;
use crate::shared::{Shared, SharedState, lock};
use crate::spec::Described;
use call::Call;

/// The routes of the operations. Requests to other paths, or with other methods, are refused, and recorded without an
/// operation.
pub(crate) fn router() -> Router<Arc<Shared>> {
    let of = |operation| move |State(shared): SharedState, request: Request| respond(shared, operation, request);
    let described = Operation::ALL.into_iter().filter_map(|operation| Some((operation, operation.described()?)));
    let routes = described.fold(Router::new(), |routes, (operation, Described { path, method, .. })| {
        routes.route(path, on(method, of(Ok(operation))))
    });
    let no_method = (StatusCode::METHOD_NOT_ALLOWED, "This path does not support this method.");
    let no_path = (StatusCode::NOT_FOUND, "This path does not exist.");
    routes.method_not_allowed_fallback(of(Err(no_method))).fallback(of(Err(no_path)))
}

/// Responds to a request: checks its host and key, performs its operation, and injects faults before or after the
/// operation. If no operation matches, `operation` is the status and message of the refusal.
async fn respond(
    shared: Arc<Shared>,
    operation: Result<Operation, (StatusCode, &'static str)>,
    request: Request,
) -> Response<Body> {
    let (mut request, _) = request.into_parts();
    let path = RawPathParams::from_request_parts(&mut request, &()).await;
    let mut call = Call::begin(shared.clone(), operation.ok(), &request);
    // The customer is recorded first, so that refused requests have a customer too.
    if let Ok(path) = &path {
        let customer = path.iter().find(|(name, _)| *name == "customer_id");
        call.received.customer = customer.map(|(_, id)| id.to_owned());
    }
    if let Some(reason) = wrong_host(&shared, &request) {
        let message = "The sandbox does not accept requests for this host.";
        let refusal = Refusal::new(StatusCode::MISDIRECTED_REQUEST, message).because(Problem::new("host", reason));
        return call.refuse(refusal);
    }
    let operation = match operation {
        Ok(operation) => operation,
        Err((status, message)) => return call.refuse(Refusal::new(status, message)),
    };
    if let Err(refusal) = read::authorize(shared.settings.key.as_deref(), &request.headers) {
        return call.refuse(refusal);
    }
    // A HEAD request changes nothing, and no fault hits it.
    let is_peek = request.method == Method::HEAD;
    let drawn = if is_peek {
        Drawn::default()
    } else {
        lock(&shared.state).injector.next(operation, read::validates(operation, &request))
    };
    let (wait, late) = drawn.latency(Moment::Before);
    call.plays(late);
    shared.clock.wait(wait).await;
    if let Some(fault) = drawn.fault().filter(|fault| fault.moment == Moment::Before) {
        return play(call, fault, None).await;
    }
    match operations::perform(&mut call, operation, &request, path, is_peek) {
        Ok(response) => {
            lock(&shared.state).injector.was_processed(&drawn);
            let (wait, late_after) = drawn.latency(Moment::After);
            call.plays(late.or(late_after));
            shared.clock.wait(wait).await;
            match drawn.fault() {
                Some(fault) => play(call, fault, Some(response)).await,
                None if call.times_out => time_out(call).await,
                None => call.end(response, None),
            }
        }
        Err(refusal) => call.refuse(refusal),
    }
}

async fn time_out(call: Call) -> Response<Body> {
    call.shared.clock.wait(call.shared.settings.timeout).await;
    let response = response::timed_out(call.id());
    call.end(response, None)
}

/// Injects a fault. `response` is the response without the fault, if the request was processed.
async fn play(mut call: Call, fault: Fault, response: Option<Response<Bytes>>) -> Response<Body> {
    call.plays(Some(fault));
    let response = match fault.kind {
        FaultKind::Status(status) => {
            let refusal = Refusal::new(status_code(status), "The sandbox injected this fault.");
            response::refused(&refusal, call.id())
        }
        FaultKind::Html(status) => response::page(status_code(status)),
        FaultKind::RateLimit(seconds) => response::rate_limited(seconds, call.id()),
        FaultKind::Timeout => return time_out(call).await,
        kind => return call.end(response.unwrap_or_default(), Some(kind)),
    };
    call.end(response, None)
}

/// Converts the status of a fault. A `Fault` has only valid statuses, so the default is never used.
fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

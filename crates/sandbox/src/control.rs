//! The control API, which `control.yaml` specifies: it shows what arrived and changes what happens next.

mod call;
mod handlers;
mod requests;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{MethodFilter, any, get, on};

use crate::console;
use crate::http::{Peer, is_own_origin, wrong_host};
use crate::refusal::Refusal;
use crate::response;
use crate::shared::Shared;
use call::Call;

type HandlerResult = Result<Response<Bytes>, Refusal>;
type Handler = fn(&Shared, &Call) -> HandlerResult;

/// All operations except the listing of requests, which is async because it can wait for a request.
const OPERATIONS: [(MethodFilter, &str, Handler); 19] = [
    (MethodFilter::GET, "health", handlers::health),
    (MethodFilter::DELETE, "requests", requests::clear),
    (MethodFilter::GET, "accounts", handlers::accounts),
    (MethodFilter::PATCH, "accounts/{id}", handlers::set_status),
    (MethodFilter::DELETE, "accounts/{id}", handlers::forget),
    (MethodFilter::GET, "faults", handlers::faults),
    (MethodFilter::PUT, "faults", handlers::set_faults),
    (MethodFilter::POST, "faults", handlers::add_fault),
    (MethodFilter::DELETE, "faults", handlers::clear_faults),
    (MethodFilter::DELETE, "faults/{id}", handlers::remove_fault),
    (MethodFilter::GET, "fault-kinds", handlers::fault_kinds),
    (MethodFilter::GET, "outcomes", handlers::outcomes),
    (MethodFilter::PUT, "outcomes", handlers::set_outcomes),
    (MethodFilter::DELETE, "outcomes", handlers::clear_outcomes),
    (MethodFilter::GET, "clock", handlers::clock),
    (MethodFilter::POST, "clock", handlers::advance),
    (MethodFilter::POST, "reset", handlers::reset),
    (MethodFilter::GET, "snapshot", handlers::snapshot),
    (MethodFilter::PUT, "snapshot", handlers::restore),
];

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let requests = Router::new().route("/_sandbox/requests", get(requests::list));
    let routes = OPERATIONS.into_iter().fold(requests, |routes, (method, path, handler)| {
        let handle = async move |State(shared): State<Arc<Shared>>, request: Request| {
            respond(handler(&shared, &Call::new(request)))
        };
        routes.route(&format!("/_sandbox/{path}"), on(method, handle))
    });
    let no_method = || async { refuse(StatusCode::METHOD_NOT_ALLOWED, "This path does not support this method.") };
    let no_path = || async { refuse(StatusCode::NOT_FOUND, "This path does not exist.") };
    // Catches all other paths below `/_sandbox/`, so that they do not reach the vendor's operations.
    routes
        .merge(console::routes())
        .method_not_allowed_fallback(no_method)
        .route("/_sandbox/{*rest}", any(no_path))
        .layer(from_fn_with_state(shared.clone(), only_local))
}

/// Refuses requests for other hosts, from other machines, and from web pages of other origins.
async fn only_local(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(reason) = wrong_host(&shared, &parts) {
        return refuse(StatusCode::MISDIRECTED_REQUEST, format!("host: {reason}"));
    }
    if !parts.extensions.get::<Peer>().is_some_and(|peer| peer.is_local()) {
        return refuse(StatusCode::FORBIDDEN, "Only programs on the same machine can control the sandbox.");
    }
    if parts.headers.get(ORIGIN).is_some_and(|origin| !is_own_origin(&shared, origin, &parts)) {
        let message = "A web page of another origin cannot control the sandbox. Start the sandbox with --allow-origin and this origin.";
        return refuse(StatusCode::FORBIDDEN, message);
    }
    next.run(Request::from_parts(parts, body)).await
}

fn respond(result: HandlerResult) -> Response<Body> {
    let response = result.unwrap_or_else(|Refusal { status, message, .. }| {
        response::json(status, &serde_json::json!({ "message": message }))
    });
    response.map(Body::from)
}

fn refuse(status: StatusCode, message: impl Into<String>) -> Response<Body> {
    respond(Err(Refusal::new(status, message)))
}

#[expect(clippy::unnecessary_wraps, reason = "handlers return a `Result`")]
fn json(value: &impl serde::Serialize) -> HandlerResult {
    Ok(response::json(StatusCode::OK, value))
}

/// An empty response with status 204.
#[expect(clippy::unnecessary_wraps, reason = "handlers return a `Result`")]
fn done() -> HandlerResult {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

//! The control API that `control.yaml` specifies: what arrived, and what happens next.

mod accounts;
mod behavior;
mod query;
mod refused;
mod requests;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, any, on};

use crate::console;
use crate::http::{Peer, is_own_origin, wrong_host};
use crate::response;
use crate::shared::Shared;
use refused::{Asked, Refused};

type Answer = Result<Response<Bytes>, Refused>;

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let routes = Router::new()
        .route("/_sandbox/health", get(state::health))
        .route("/_sandbox/requests", on(MethodFilter::GET, requests::list).merge(delete(requests::clear)))
        .route("/_sandbox/accounts", get(accounts::list))
        .route("/_sandbox/accounts/{id}", patch(accounts::set_status).merge(delete(accounts::forget)))
        .route(
            "/_sandbox/faults",
            get(behavior::faults)
                .merge(put(behavior::set_faults))
                .merge(post(behavior::add_fault))
                .merge(delete(behavior::clear_faults)),
        )
        .route("/_sandbox/faults/{id}", delete(behavior::remove_fault))
        .route("/_sandbox/fault-kinds", get(behavior::fault_kinds))
        .route(
            "/_sandbox/outcomes",
            get(behavior::outcomes).merge(put(behavior::set_outcomes)).merge(delete(behavior::clear_outcomes)),
        )
        .route("/_sandbox/clock", get(behavior::clock).merge(post(behavior::advance)))
        .route("/_sandbox/reset", post(state::reset))
        .route("/_sandbox/snapshot", get(state::snapshot).merge(put(state::restore)))
        .merge(console::routes());
    // A path below `/_sandbox/` is never one of the vendor's.
    routes
        .method_not_allowed_fallback(|| async {
            refused::response(StatusCode::METHOD_NOT_ALLOWED, "the path has no such method")
        })
        .route("/_sandbox/{*rest}", any(|| async { refused::response(StatusCode::NOT_FOUND, "there is no such path") }))
        .layer(from_fn_with_state(shared.clone(), only_local))
}

/// Refuses requests from other machines, and requests from web pages of other origins.
async fn only_local(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let is_foreign = || parts.headers.get(ORIGIN).is_some_and(|origin| !is_own_origin(&shared, origin, &parts));
    if let Some(reason) = wrong_host(&shared, &parts) {
        return refused::response(StatusCode::MISDIRECTED_REQUEST, &format!("host: {reason}"));
    }
    if !parts.extensions.get::<Peer>().is_some_and(|peer| peer.is_local()) {
        return refused::response(StatusCode::FORBIDDEN, "only programs on the same machine can control the sandbox");
    }
    if is_foreign() {
        let message = "a web page of another origin cannot control the sandbox; start it with --allow-origin";
        return refused::response(StatusCode::FORBIDDEN, message);
    }
    next.run(Request::from_parts(parts, body)).await
}

type Handler = fn(&Shared, &Asked) -> Answer;

fn handle(filter: MethodFilter, handler: Handler) -> MethodRouter<Arc<Shared>> {
    on(filter, async move |State(shared): State<Arc<Shared>>, request: Request| {
        let asked = Asked::new(request);
        refused::answer(handler(&shared, &asked))
    })
}

fn get(handler: Handler) -> MethodRouter<Arc<Shared>> {
    handle(MethodFilter::GET, handler)
}

fn put(handler: Handler) -> MethodRouter<Arc<Shared>> {
    handle(MethodFilter::PUT, handler)
}

fn post(handler: Handler) -> MethodRouter<Arc<Shared>> {
    handle(MethodFilter::POST, handler)
}

fn patch(handler: Handler) -> MethodRouter<Arc<Shared>> {
    handle(MethodFilter::PATCH, handler)
}

fn delete(handler: Handler) -> MethodRouter<Arc<Shared>> {
    handle(MethodFilter::DELETE, handler)
}

#[expect(clippy::unnecessary_wraps, reason = "what a handler returns")]
fn json(value: &impl serde::Serialize) -> Answer {
    Ok(response::json(StatusCode::OK, value))
}

/// An empty response with status 204.
#[expect(clippy::unnecessary_wraps, reason = "what a handler returns")]
fn done() -> Answer {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

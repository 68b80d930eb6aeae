//! The control API, which `control.yaml` specifies: it shows what arrived and changes what happens next.

mod handlers;
mod input;
mod requests;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::ORIGIN;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, patch, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::http::{IsLocal, is_own_origin, wrong_host};
use crate::refusal::Refusal;
use crate::shared::{Shared, SharedState};
use crate::{console, spec};

type Shown = Result<Json<Value>, Refusal>;

pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    use handlers as of;
    let no_method =
        || async { Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not support this method.") };
    let no_path = || async { Refusal::not_found("This path does not exist.") };
    Router::new()
        .route("/_sandbox/health", get(of::health))
        .route("/_sandbox/requests", get(requests::list).delete(requests::clear))
        .route("/_sandbox/accounts", get(of::accounts))
        .route("/_sandbox/accounts/{id}", patch(of::set_status).delete(of::forget))
        .route("/_sandbox/faults", get(of::faults).put(of::set_faults).post(of::add_fault).delete(of::clear_faults))
        .route("/_sandbox/faults/{id}", delete(of::remove_fault))
        .route("/_sandbox/fault-kinds", get(of::fault_kinds))
        .route("/_sandbox/outcomes", get(of::outcomes).put(of::set_outcomes).delete(of::clear_outcomes))
        .route("/_sandbox/clock", get(of::clock).post(of::advance))
        .route("/_sandbox/reset", post(of::reset))
        .route("/_sandbox/snapshot", get(of::snapshot).put(of::restore))
        .merge(console::routes())
        .merge(spec::routes())
        .method_not_allowed_fallback(no_method)
        // The last route catches all other paths below `/_sandbox/`, so that they do not reach the vendor's operations.
        .route("/_sandbox/{*rest}", any(no_path))
        .layer(from_fn_with_state(shared.clone(), guard))
}

/// Refuses requests for hosts that are not allowed. Everybody can read the spec of the vendor's operations. Everything
/// else is only for programs on this machine; a web page must also have the sandbox's own origin or an allowed one.
async fn guard(State(shared): SharedState, request: Request, next: Next) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if let Some(reason) = wrong_host(&shared, &parts) {
        return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, format!("host: {reason}")));
    }
    if parts.uri.path().starts_with("/_sandbox") {
        if parts.extensions.get() != Some(&IsLocal(true)) {
            let message = "Only programs on the same machine can control the sandbox.";
            return Err(Refusal::new(StatusCode::FORBIDDEN, message));
        }
        if parts.headers.get(ORIGIN).is_some_and(|origin| !is_own_origin(&shared, origin, &parts)) {
            let message = "A web page of another origin cannot control the sandbox. To allow this origin, start the sandbox with --allow-origin.";
            return Err(Refusal::new(StatusCode::FORBIDDEN, message));
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}

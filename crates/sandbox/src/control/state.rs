use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use serde_json::json as value;

use super::call::Call;
use super::{HandlerResult, done, json};
use crate::refusal::Refusal;
use crate::response;
use crate::shared::{Shared, lock};
use crate::snapshot::Snapshot;

pub(super) fn health(shared: &Shared, _: &Call) -> HandlerResult {
    let state = lock(&shared.state);
    let (accounts, faults) = (state.store.len(), state.injector.rules.len());
    drop(state);
    json(&value!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "requests": shared.requests.load(Ordering::Relaxed),
        "in_flight": shared.in_flight.load(Ordering::Relaxed),
        "accounts": accounts,
        "faults": faults,
        "strict": shared.settings.strict,
        "state_error": *lock(&shared.save_error),
    }))
}

pub(super) fn reset(shared: &Shared, _: &Call) -> HandlerResult {
    shared.reset();
    done()
}

#[expect(clippy::unnecessary_wraps, reason = "handlers return a `Result`")]
pub(super) fn snapshot(shared: &Shared, _: &Call) -> HandlerResult {
    Ok(response::with_type(StatusCode::OK, "application/json", Snapshot::of(shared).to_json()))
}

pub(super) fn restore(shared: &Shared, call: &Call) -> HandlerResult {
    let snapshot = Snapshot::from_json(call.body()?).map_err(|error| Refusal::bad_request(error.to_string()))?;
    snapshot.restore(shared);
    done()
}

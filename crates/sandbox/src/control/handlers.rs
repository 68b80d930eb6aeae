//! The operations of the control API, except those in `requests.rs`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, Uri};
use juspay_accounts::ValidationStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Shown;
use super::input::{Body, Query, id};
use crate::fault::{Fault, KINDS};
use crate::outcome::Outcome;
use crate::plan::{self, MOST_MS};
use crate::refusal::Refusal;
use crate::shared::{SharedState, lock};
use crate::snapshot::{MAX_SAFE, MOST_FAULTS, MOST_OUTCOMES, Snapshot};
use crate::{json, masking};

/// The response to a call that has nothing to return.
const DONE: StatusCode = StatusCode::NO_CONTENT;

pub(super) async fn accounts(State(shared): SharedState, query: RawQuery) -> Shown {
    let query = Query::new(query, &["customer_id", "limit"])?;
    let customer = query.customer()?;
    let limit = query.number("limit", 1..=10_000)?.unwrap_or(1000);
    let mut accounts = shared.accounts();
    accounts.retain(|held| customer.is_none_or(|customer| held.customer_id.as_str() == customer));
    let latest = &accounts[accounts.len().saturating_sub(limit)..];
    Ok(Json(json!({ "accounts": masking::shown(latest) })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"status\": \"ACTIVE\"}")]
struct StatusChange {
    #[serde(deserialize_with = "plan::status")]
    status: ValidationStatus,
}

pub(super) async fn set_status(State(shared): SharedState, path: Uri, body: Body) -> Shown {
    let StatusChange { status } = body.json()?;
    let held = shared.set_status(id(&path), status).ok_or_else(no_such_account)?;
    Ok(Json(masking::shown(&held)))
}

pub(super) async fn forget(State(shared): SharedState, path: Uri) -> Result<StatusCode, Refusal> {
    if shared.change().store.remove(id(&path)) { Ok(DONE) } else { Err(no_such_account()) }
}

fn no_such_account() -> Refusal {
    Refusal::not_found("No account has this id.")
}

pub(super) async fn faults(State(shared): SharedState) -> Json<impl Serialize> {
    let state = lock(&shared.state);
    Json(json!({ "faults": state.injector.rules, "seed": state.injector.seed }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"faults\": [{\"kind\": \"close\"}]}")]
struct FaultList {
    #[serde(deserialize_with = "json::objects")]
    faults: Vec<Fault>,
    #[serde(default, deserialize_with = "json::optional")]
    seed: Option<u64>,
}

pub(super) async fn set_faults(shared: SharedState, body: Body) -> Result<Json<impl Serialize>, Refusal> {
    let FaultList { faults: new, seed } = body.json()?;
    if new.len() > MOST_FAULTS {
        return Err(Refusal::bad_request(format!("At most {MOST_FAULTS} faults can be set.")));
    }
    if seed.is_some_and(|seed| seed > MAX_SAFE) {
        return Err(Refusal::bad_request(format!("seed must be a whole number from 0 to {MAX_SAFE}.")));
    }
    shared.set_faults(&new, seed);
    Ok(faults(shared).await)
}

pub(super) async fn add_fault(State(shared): SharedState, body: Body) -> Result<Json<impl Serialize>, Refusal> {
    let new = body.json()?;
    let mut state = shared.change();
    if state.injector.rules.len() >= MOST_FAULTS {
        let message = format!("At most {MOST_FAULTS} faults can be set. Remove one first.");
        return Err(Refusal::new(StatusCode::CONFLICT, message));
    }
    Ok(Json(state.injector.add(new)))
}

pub(super) async fn clear_faults(State(shared): SharedState) -> StatusCode {
    shared.set_faults(&[], None);
    DONE
}

pub(super) async fn remove_fault(State(shared): SharedState, path: Uri) -> Result<StatusCode, Refusal> {
    let is_removed = id(&path).parse().is_ok_and(|id| shared.change().injector.remove(id));
    if is_removed { Ok(DONE) } else { Err(Refusal::not_found("No fault has this id.")) }
}

pub(super) async fn fault_kinds() -> Json<impl Serialize> {
    Json(json!({ "kinds": KINDS }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"outcomes\": [{\"statuses\": [\"FAILURE\"]}]}")]
struct Outcomes {
    #[serde(deserialize_with = "json::objects")]
    outcomes: Vec<Outcome>,
}

pub(super) async fn outcomes(State(shared): SharedState) -> Json<impl Serialize> {
    Json(json!({ "outcomes": masking::shown(&lock(&shared.state).script) }))
}

pub(super) async fn set_outcomes(shared: SharedState, body: Body) -> Result<Json<impl Serialize>, Refusal> {
    let Outcomes { outcomes: new } = body.json()?;
    if new.len() > MOST_OUTCOMES {
        return Err(Refusal::bad_request(format!("At most {MOST_OUTCOMES} outcomes can be scripted.")));
    }
    shared.change().script = new;
    Ok(outcomes(shared).await)
}

pub(super) async fn clear_outcomes(State(shared): SharedState) -> StatusCode {
    shared.change().script.clear();
    DONE
}

pub(super) async fn clock(State(shared): SharedState) -> Json<impl Serialize> {
    Json(json!({ "now": shared.clock.now(), "advanced_ms": shared.clock.advanced_ms() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object such as {\"advance_ms\": 1000}")]
struct Advance {
    advance_ms: u64,
}

pub(super) async fn advance(shared: SharedState, body: Body) -> Result<Json<impl Serialize>, Refusal> {
    let Advance { advance_ms } = body.json()?;
    if advance_ms > MOST_MS {
        return Err(Refusal::bad_request(format!("advance_ms must be a whole number from 0 to {MOST_MS}.")));
    }
    shared.advance(Duration::from_millis(advance_ms));
    Ok(clock(shared).await)
}

pub(super) async fn health(State(shared): SharedState) -> Json<impl Serialize> {
    let state = lock(&shared.state);
    let (accounts, faults) = (state.store.accounts.len(), state.injector.rules.len());
    drop(state);
    Json(json!({
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

pub(super) async fn reset(State(shared): SharedState) -> StatusCode {
    shared.reset();
    DONE
}

pub(super) async fn snapshot(State(shared): SharedState) -> Json<impl Serialize> {
    Json(Snapshot::of(&shared))
}

pub(super) async fn restore(State(shared): SharedState, body: Body) -> Result<StatusCode, Refusal> {
    let snapshot = Snapshot::from_json(&body.0).map_err(|error| Refusal::bad_request(error.to_string()))?;
    snapshot.restore(&shared);
    Ok(DONE)
}

//! The operations of the control API, except those in `requests.rs`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use juspay_accounts::{Payee, ValidationStatus, mask_json};
use juspay_accounts_validation::{BankAccount, mask};
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::call::{Call, Query};
use super::{HandlerResult, done, json};
use crate::account::Held;
use crate::fault::{Fault, KINDS, Set};
use crate::outcome::Outcome;
use crate::plan::{self, MOST_MS};
use crate::refusal::Refusal;
use crate::shared::{Shared, lock};
use crate::snapshot::{MAX_SAFE, MOST_FAULTS, MOST_OUTCOMES, Snapshot};
use crate::{json as input, masking, response};

pub(super) fn accounts(shared: &Shared, call: &Call) -> HandlerResult {
    let query = Query::new(call.request.uri.query(), &["customer_id", "limit"])?;
    let customer = query.customer()?;
    let limit = query.number("limit", 1..=10_000)?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
    let mut accounts = shared.accounts();
    accounts.retain(|held| customer.is_none_or(|customer| held.customer_id.as_str() == customer));
    let latest = &accounts[accounts.len().saturating_sub(limit)..];
    json(&value!({ "accounts": latest.iter().map(account).collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusChange {
    #[serde(deserialize_with = "plan::status")]
    status: ValidationStatus,
}

pub(super) fn set_status(shared: &Shared, call: &Call) -> HandlerResult {
    let StatusChange { status } = call.json()?;
    let held = shared.set_status(call.id(), status).ok_or_else(no_such_account)?;
    json(&account(&held))
}

pub(super) fn forget(shared: &Shared, call: &Call) -> HandlerResult {
    if shared.change().store.remove(call.id()) { done() } else { Err(no_such_account()) }
}

fn no_such_account() -> Refusal {
    Refusal::not_found("No account has this id.")
}

/// Converts an account to masked JSON.
fn account(held: &Held) -> Value {
    let mut shown = value!({
        "id": held.id,
        "customer_id": masking::customer(held.customer_id.as_str()),
        "status": held.status.as_str(),
        "upcoming": held.upcoming,
        "validations": held.validations,
        "date_created": held.created,
        "last_validated": held.validated,
    });
    if let Some(name) = held.holder() {
        shown["name_at_bank"] = mask::name(name.as_str()).to_string().into();
    }
    match &held.payee.0 {
        Payee::BankAccount(BankAccount { ifsc, account, name }) => {
            shown["type"] = "bank_account".into();
            shown["ifsc"] = ifsc.as_str().into();
            shown["account"] = mask::account(account.as_str()).to_string().into();
            if let Some(name) = name {
                shown["name"] = mask::name(name.as_str()).to_string().into();
            }
        }
        Payee::Upi(vpa) => {
            shown["type"] = "upi".into();
            shown["vpa"] = mask::vpa(vpa.as_str()).to_string().into();
        }
    }
    shown
}

pub(super) fn faults(shared: &Shared, _: &Call) -> HandlerResult {
    let state = lock(&shared.state);
    let faults: Vec<_> = state.injector.rules.iter().map(fault).collect();
    json(&value!({ "faults": faults, "seed": state.injector.seed }))
}

fn fault(set: &Set) -> Value {
    let Set { id, fault, requests, played } = set;
    value!({ "id": id, "rule": fault, "text": fault.to_string(), "requests": requests, "played": played })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultList {
    faults: Vec<Fault>,
    #[serde(default, deserialize_with = "input::optional")]
    seed: Option<u64>,
}

pub(super) fn set_faults(shared: &Shared, call: &Call) -> HandlerResult {
    let FaultList { faults: new, seed } = call.json()?;
    if new.len() > MOST_FAULTS {
        return Err(Refusal::bad_request(format!("At most {MOST_FAULTS} faults can be set.")));
    }
    if seed.is_some_and(|seed| seed > MAX_SAFE) {
        return Err(Refusal::bad_request(format!("seed must be a whole number from 0 to {MAX_SAFE}.")));
    }
    shared.set_faults(&new, seed);
    faults(shared, call)
}

pub(super) fn add_fault(shared: &Shared, call: &Call) -> HandlerResult {
    let new = call.json()?;
    let mut state = shared.change();
    if state.injector.rules.len() >= MOST_FAULTS {
        let message = format!("At most {MOST_FAULTS} faults can be set. Remove one first.");
        return Err(Refusal::new(StatusCode::CONFLICT, message));
    }
    json(&fault(&state.injector.add(new)))
}

pub(super) fn clear_faults(shared: &Shared, _: &Call) -> HandlerResult {
    shared.set_faults(&[], None);
    done()
}

pub(super) fn remove_fault(shared: &Shared, call: &Call) -> HandlerResult {
    let is_removed = call.id().parse().is_ok_and(|id| shared.change().injector.remove(id));
    if is_removed { done() } else { Err(Refusal::not_found("No fault has this id.")) }
}

pub(super) fn fault_kinds(_: &Shared, _: &Call) -> HandlerResult {
    let kinds = KINDS.iter().map(|kind| {
        let number = kind.value.as_ref().map(|(unit, limits, example)| {
            value!({ "unit": unit, "minimum": limits.start(), "maximum": limits.end(), "example": example })
        });
        value!({ "kind": kind.name, "description": kind.description, "moments": kind.moments, "value": number })
    });
    json(&value!({ "kinds": kinds.collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

pub(super) fn outcomes(shared: &Shared, _: &Call) -> HandlerResult {
    let mut shown = value!({ "outcomes": lock(&shared.state).script });
    for outcome in shown["outcomes"].as_array_mut().into_iter().flatten() {
        if let Some(account) = outcome.get_mut("account") {
            mask_json(account);
        }
        // `mask_json` does not know this key, because requests and responses do not have it.
        if let Some(Value::String(name)) = outcome.get_mut("name_at_bank") {
            *name = mask::name(name).to_string();
        }
    }
    json(&shown)
}

pub(super) fn set_outcomes(shared: &Shared, call: &Call) -> HandlerResult {
    let Outcomes { outcomes: new } = call.json()?;
    if new.len() > MOST_OUTCOMES {
        return Err(Refusal::bad_request(format!("At most {MOST_OUTCOMES} outcomes can be scripted.")));
    }
    shared.change().script = new;
    outcomes(shared, call)
}

pub(super) fn clear_outcomes(shared: &Shared, _: &Call) -> HandlerResult {
    shared.change().script.clear();
    done()
}

pub(super) fn clock(shared: &Shared, _: &Call) -> HandlerResult {
    let advanced = u64::try_from(shared.clock.advanced().as_millis()).unwrap_or(u64::MAX);
    json(&value!({ "now": shared.clock.now(), "advanced_ms": advanced }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

pub(super) fn advance(shared: &Shared, call: &Call) -> HandlerResult {
    let Advance { advance_ms } = call.json()?;
    if advance_ms > MOST_MS {
        return Err(Refusal::bad_request(format!("advance_ms must be a whole number from 0 to {MOST_MS}.")));
    }
    shared.advance(Duration::from_millis(advance_ms));
    clock(shared, call)
}

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

use std::time::Duration;

use axum::http::StatusCode;
use juspay_accounts::mask_json;
use juspay_accounts_validation::mask;
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::call::Call;
use super::{HandlerResult, done, json};
use crate::fault::{Fault, KINDS, Set};
use crate::optional;
use crate::outcome::Outcome;
use crate::plan::MOST_MS;
use crate::refusal::Refusal;
use crate::shared::{Shared, lock};
use crate::snapshot::{MAX_SAFE, MOST_FAULTS, MOST_OUTCOMES};

pub(super) fn faults(shared: &Shared, _: &Call) -> HandlerResult {
    let state = lock(&shared.state);
    let faults: Vec<_> = state.injector.rules.iter().map(shown).collect();
    json(&value!({ "faults": faults, "seed": state.injector.seed }))
}

fn shown(set: &Set) -> Value {
    let Set { id, fault, requests, played } = set;
    value!({ "id": id, "rule": fault, "text": fault.to_string(), "requests": requests, "played": played })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultList {
    faults: Vec<Fault>,
    #[serde(default, deserialize_with = "optional::value")]
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
    let fault = call.json()?;
    if lock(&shared.state).injector.rules.len() >= MOST_FAULTS {
        let message = format!("At most {MOST_FAULTS} faults can be set. Remove one first.");
        return Err(Refusal::new(StatusCode::CONFLICT, message));
    }
    json(&shown(&shared.change().injector.add(fault)))
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

//! The control API for faults, outcomes and the clock.

use std::time::Duration;

use axum::http::StatusCode;
use juspay_accounts::mask_json;
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::refused::{Asked, Refused};
use super::{Answer, done, json};
use crate::fault::{Fault, KINDS, Set};
use crate::optional;
use crate::outcome::Outcome;
use crate::plan::MOST_MS;
use crate::shared::{Shared, lock};
use crate::snapshot::{MAX_SAFE, MOST_FAULTS, MOST_OUTCOMES};

pub(super) fn faults(shared: &Shared, _: &Asked) -> Answer {
    let state = lock(&shared.state);
    let faults: Vec<_> = state.injector.rules().iter().map(shown).collect();
    json(&value!({ "faults": faults, "seed": state.injector.seed() }))
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

pub(super) fn set_faults(shared: &Shared, asked: &Asked) -> Answer {
    let FaultList { faults: new, seed } = asked.json()?;
    if new.len() > MOST_FAULTS {
        return Err(Refused::invalid(format!("at most {MOST_FAULTS} faults can be set")));
    }
    if seed.is_some_and(|seed| seed > MAX_SAFE) {
        return Err(Refused::invalid(format!("seed is a whole number from 0 to {MAX_SAFE}")));
    }
    shared.set_faults(&new, seed);
    faults(shared, asked)
}

pub(super) fn add_fault(shared: &Shared, asked: &Asked) -> Answer {
    let fault = asked.json()?;
    if lock(&shared.state).injector.rules().len() >= MOST_FAULTS {
        let message = format!("at most {MOST_FAULTS} faults can be set; remove one");
        return Err(Refused::new(StatusCode::CONFLICT, message));
    }
    json(&shown(&shared.add_fault(fault)))
}

pub(super) fn clear_faults(shared: &Shared, _: &Asked) -> Answer {
    shared.set_faults(&[], None);
    done()
}

pub(super) fn remove_fault(shared: &Shared, asked: &Asked) -> Answer {
    let is_removed = asked.id().parse().is_ok_and(|id| shared.remove_fault(id));
    if is_removed { done() } else { Err(Refused::not_found("there is no fault with this id")) }
}

pub(super) fn fault_kinds(_: &Shared, _: &Asked) -> Answer {
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

pub(super) fn outcomes(shared: &Shared, _: &Asked) -> Answer {
    let outcomes = lock(&shared.state).script.outcomes().to_vec();
    let mut shown = value!({ "outcomes": outcomes });
    mask_json_of_outcomes(&mut shown);
    json(&shown)
}

/// The keys of an outcome differ from those of a request.
fn mask_json_of_outcomes(shown: &mut Value) {
    for outcome in shown["outcomes"].as_array_mut().into_iter().flatten() {
        if let Some(account) = outcome.get_mut("account") {
            mask_json(account);
        }
        if let Some(name) = outcome.get_mut("name_at_bank") {
            let mut named = value!({ "name": name });
            mask_json(&mut named);
            *name = named["name"].take();
        }
    }
}

pub(super) fn set_outcomes(shared: &Shared, asked: &Asked) -> Answer {
    let Outcomes { outcomes: new } = asked.json()?;
    if new.len() > MOST_OUTCOMES {
        return Err(Refused::invalid(format!("at most {MOST_OUTCOMES} outcomes can be scripted")));
    }
    shared.set_outcomes(new);
    outcomes(shared, asked)
}

pub(super) fn clear_outcomes(shared: &Shared, _: &Asked) -> Answer {
    shared.set_outcomes(Vec::new());
    done()
}

pub(super) fn clock(shared: &Shared, _: &Asked) -> Answer {
    let advanced = u64::try_from(shared.clock.advanced().as_millis()).unwrap_or(u64::MAX);
    json(&value!({ "now": shared.clock.now(), "advanced_ms": advanced }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u64,
}

pub(super) fn advance(shared: &Shared, asked: &Asked) -> Answer {
    let Advance { advance_ms } = asked.json()?;
    if advance_ms > MOST_MS {
        return Err(Refused::invalid(format!("advance_ms is a whole number from 0 to {MOST_MS}")));
    }
    shared.advance(Duration::from_millis(advance_ms));
    clock(shared, asked)
}

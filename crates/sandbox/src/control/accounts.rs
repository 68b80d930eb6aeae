use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{BankAccount, mask};
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::call::{Call, Query};
use super::{HandlerResult, done, json};
use crate::account::Held;
use crate::masking;
use crate::plan;
use crate::refusal::Refusal;
use crate::shared::Shared;

pub(super) fn list(shared: &Shared, call: &Call) -> HandlerResult {
    let query = Query::new(call.request.uri.query(), &["customer_id", "limit"])?;
    let customer = query.customer()?;
    let limit = query.number("limit", 1..=10_000)?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
    let mut accounts = shared.accounts();
    accounts.retain(|held| customer.is_none_or(|customer| held.customer_id.as_str() == customer));
    let latest = &accounts[accounts.len().saturating_sub(limit)..];
    json(&value!({ "accounts": latest.iter().map(shown).collect::<Vec<_>>() }))
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
    json(&shown(&held))
}

pub(super) fn forget(shared: &Shared, call: &Call) -> HandlerResult {
    if shared.change().store.remove(call.id()) { done() } else { Err(no_such_account()) }
}

fn no_such_account() -> Refusal {
    Refusal::not_found("No account has this id.")
}

/// Converts an account to masked JSON.
fn shown(held: &Held) -> Value {
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

//! The control API for accounts.

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{BankAccount, mask};
use serde::{Deserialize, Serialize};

use super::query::Query;
use super::refused::{Asked, Refused};
use super::{Answer, done, json};
use crate::account::Held;
use crate::masking;
use crate::plan::{self, Step};
use crate::shared::Shared;

pub(super) fn list(shared: &Shared, asked: &Asked) -> Answer {
    let query = Query::new(asked.request.uri.query(), &["customer_id", "limit"])?;
    let customer = query.customer()?;
    let limit = query.number("limit", 1..=10_000)?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
    let mut accounts = shared.accounts();
    accounts.retain(|held| customer.is_none_or(|customer| held.customer.as_str() == customer));
    let latest = &accounts[accounts.len().saturating_sub(limit)..];
    json(&serde_json::json!({ "accounts": latest.iter().map(Shown::new).collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusChange {
    #[serde(deserialize_with = "plan::status")]
    status: ValidationStatus,
}

pub(super) fn set_status(shared: &Shared, asked: &Asked) -> Answer {
    let StatusChange { status } = asked.json()?;
    let held = shared.set_status(asked.id(), status).ok_or_else(no_such_account)?;
    json(&Shown::new(&held))
}

pub(super) fn forget(shared: &Shared, asked: &Asked) -> Answer {
    if shared.forget(asked.id()) { done() } else { Err(no_such_account()) }
}

fn no_such_account() -> Refused {
    Refused::not_found("there is no account with this id")
}

/// An account as the control API shows it.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    customer_id: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ifsc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_at_bank: Option<String>,
    status: &'a str,
    upcoming: Vec<&'a Step>,
    validations: u32,
    date_created: jiff::Timestamp,
    last_validated: jiff::Timestamp,
}

impl<'a> Shown<'a> {
    fn new(held: &'a Held) -> Self {
        let mut shown = Self {
            id: &held.id,
            customer_id: masking::customer(held.customer.as_str()),
            r#type: "upi",
            ifsc: None,
            account: None,
            vpa: None,
            name: None,
            name_at_bank: held.holder().map(|name| mask::name(name.as_str()).to_string()),
            status: held.status.as_str(),
            upcoming: held.upcoming.iter().collect(),
            validations: held.validations,
            date_created: held.created,
            last_validated: held.validated,
        };
        match &held.payee {
            Payee::BankAccount(BankAccount { ifsc, account, name }) => {
                shown.r#type = "bank_account";
                shown.ifsc = Some(ifsc.as_str());
                shown.account = Some(mask::account(account.as_str()).to_string());
                shown.name = name.as_ref().map(|name| mask::name(name.as_str()).to_string());
            }
            Payee::Upi(vpa) => shown.vpa = Some(mask::vpa(vpa.as_str()).to_string()),
        }
        shown
    }
}

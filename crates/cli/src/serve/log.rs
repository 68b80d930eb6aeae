//! The line that the sandbox prints for each request.

use juspay_accounts_sandbox::Received;
use serde::Serialize;
use serde_json::Value;

use crate::console::Console;
use crate::text::{clean, count};

/// A request, as JSON.
#[derive(Serialize)]
struct Request<'a> {
    id: &'a str,
    method: String,
    path: String,
    status: Option<u16>,
    changed_accounts: bool,
    bank_accounts: usize,
    upi: usize,
}

pub(super) fn log(console: Console, received: &Received) {
    let details = received.form.iter().find(|(name, _)| name == "account_details");
    let details: Value = details.and_then(|(_, json)| serde_json::from_str(json).ok()).unwrap_or_default();
    let entries = |list: &str| details.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    let request = Request {
        id: &received.request_id,
        method: clean(&received.method),
        path: clean(&received.masked_path()),
        status: received.status(),
        changed_accounts: received.changed_accounts,
        bank_accounts: entries("bank_account"),
        upi: entries("upi"),
    };
    console.event("request", &request, || {
        let Request { id, method, path, status, changed_accounts, bank_accounts, upi } = &request;
        let status = status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
        let changed = if *changed_accounts { "accounts changed" } else { "no account changed" };
        let bank_accounts = count(*bank_accounts, "bank account", "bank accounts");
        let upi = count(*upi, "UPI address", "UPI addresses");
        format!("{id} {method} {path}: {status}, {changed}; {bank_accounts}, {upi}")
    });
}

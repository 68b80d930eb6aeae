//! `--dry-run`: the request as it would be sent, for people to look at.
//!
//! It is put together from the same checked request, and a test holds it against what arrives at a server.

use std::io::{self, Write};

use juspay_accounts::AccountsRequest;
use juspay_accounts_validation::{BankAccount, Parts, Vpa};
use progenitor_client::encode_path;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::connect::Target;
use crate::console::{Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::Failure;

/// A request to look at.
#[derive(Serialize)]
struct Shown {
    method: &'static str,
    url: String,
    headers: Map<String, Value>,
    form: Map<String, Value>,
}

pub(super) fn run(
    request: AccountsRequest,
    target: &Target,
    unmasked: bool,
    console: Console,
) -> Result<Exit, Failure> {
    let shown = Shown::new(request, target.base_url(), unmasked);
    console
        .print(|out| match console.format {
            Format::Table => shown.write(out),
            Format::Json => json_line(out, &shown),
        })
        .map_err(|error| Failure::caused(Exit::Usage, "the request cannot be printed", &error))?;
    console.note(format_args!("not sent, as this is a dry run; it would be sent to {}", target.describe()));
    if let Some(missing) = target.missing() {
        console.warn(format_args!("{}: {}", missing.at, missing.problem));
    }
    Ok(Exit::Active)
}

impl Shown {
    fn new(request: AccountsRequest, base_url: &str, unmasked: bool) -> Self {
        // Taken apart by name: a value that is added later has to be shown before this compiles again.
        let Parts {
            customer_id,
            routing_id,
            bank_code,
            bank_accounts,
            upi,
            gateway_id,
            gateway_reference_id,
            preferred_gateway,
            validation_amount,
        } = request.into_parts();
        let url = format!("{base_url}/customers/{}/accounts", encode_path(customer_id.as_str()));
        let headers = [
            ("accept", "application/json"),
            ("authorization", "Basic ****"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", concat!("juspay-accounts/", env!("CARGO_PKG_VERSION"))),
            ("x-routing-id", routing_id.as_str()),
        ];
        let form = [
            ("account_details", Some(details(&bank_accounts, &upi, unmasked))),
            ("bank_code", Some(bank_code.as_str().into())),
            ("command", Some("validate".into())),
            ("customer_id", Some(customer_id.as_str().into())),
            ("gateway_id", gateway_id.map(|id| id.as_str().into())),
            ("gateway_reference_id", gateway_reference_id.map(|id| id.as_str().into())),
            ("preferred_ifsc_validation_gateway", preferred_gateway.map(|gateway| gateway.as_str().into())),
            ("validation_amount", validation_amount.map(|amount| amount.to_string().into())),
        ];
        Self {
            method: "POST",
            url,
            headers: headers.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect(),
            form: form.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(out, "{name}: {}", text(value))?;
        }
        writeln!(out)?;
        for (name, value) in &self.form {
            writeln!(out, "{name}={}", text(value))?;
        }
        Ok(())
    }
}

/// A text without quotes, and anything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The field `account_details`, without the lists and values that are not sent.
fn details(bank_accounts: &[BankAccount], upi: &[Vpa], unmasked: bool) -> Value {
    let shown = |clear: &str, masked: String| if unmasked { clear.to_owned() } else { masked };
    let bank_account = |BankAccount { ifsc, account, name }: &BankAccount| {
        let mut entry = json!({ "account": shown(account.as_str(), account.to_string()), "ifsc": ifsc });
        if let Some(name) = name {
            entry["name"] = shown(name.as_str(), name.to_string()).into();
        }
        entry
    };
    let mut details = Map::new();
    if !bank_accounts.is_empty() {
        details.insert("bank_account".to_owned(), bank_accounts.iter().map(bank_account).collect());
    }
    if !upi.is_empty() {
        let entries = upi.iter().map(|vpa| json!({ "vpa": shown(vpa.as_str(), vpa.to_string()) }));
        details.insert("upi".to_owned(), entries.collect());
    }
    details.into()
}

//! The documented call for two accounts, against a server on this machine: no key, no network, no money.
//!
//! Run it with `cargo run --example first_call`.

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use httpmock::MockServer;
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount};
use juspay_accounts_mock::MockServerExt;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What stands in for Juspay here. With `Environment::Sandbox` in place of its address, the rest is a real call.
    let answer = documented_answer()?;
    let server = MockServer::start_async().await;
    server.create_and_validate_customer_account(|_, then| drop(then.ok(&answer)));

    let client = Client::new(server.base_url().parse::<BaseUrl>()?, ApiKey::new("no-key-needed-here")?)?;
    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
        .upi("9164326296@upi")
        .bank_account("YESB0000262", "026291800001191")
        .gateway_id("800")
        .gateway_reference_id("testing")
        .build()?;
    let accounts = client.validate(request).await?;

    println!("Answered by a server on this machine ({}); no money moved.", server.address());
    println!("{}", table(accounts.as_slice()));
    Ok(())
}

/// The accounts for a person to read. Numbers and addresses are masked, as they are wherever they are printed.
fn table(accounts: &[CustomerAccount]) -> Table {
    let text = |value: Option<&dyn std::fmt::Display>| value.map_or_else(|| "-".to_owned(), ToString::to_string);
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(["customer account", "kind", "account", "IFSC", "name", "amount", "status"]);
    for account in accounts {
        let details = account.account_details.clone().unwrap_or_default();
        let number = details.account.as_ref().map(|number| number as &dyn std::fmt::Display);
        let vpa = details.vpa.as_ref().map(|vpa| vpa as &dyn std::fmt::Display);
        table.add_row([
            text(account.customer_account_id.as_ref().map(|id| id as _)),
            text(account.customer_account_type.as_ref().map(|kind| kind as _)),
            text(number.or(vpa)),
            text(details.ifsc.as_ref().map(|ifsc| ifsc as _)),
            text(details.name.as_ref().map(|name| name as _)),
            text(account.validation_amount.as_ref().map(|amount| amount as _)),
            text(account.validation_status.as_ref().map(|status| status as _)),
        ]);
    }
    table
}

/// An answer in the form of the documented one, for the accounts of the documented request.
fn documented_answer() -> serde_json::Result<Vec<CustomerAccount>> {
    serde_json::from_value(json!([
        {
            "object": "customer_account",
            "customer_account_id": "banh_ePg3dcMBgGnFzoZj",
            "customer_id": "cst_zqqmw0v4exbhvv2l",
            "date_created": "2025-02-24T17:49:53.977288433Z",
            "account_details": { "vpa": "9164326296@upi" },
            "validation_amount": 1,
            "currency": "INR",
            "validation_status": "ACTIVE",
            "last_validated": "2025-02-24T17:49:53.977288433Z",
            "customer_account_type": "UPI"
        },
        {
            "object": "customer_account",
            "customer_account_id": "banh_jhDBzmQanmKTLoZj",
            "customer_id": "cst_zqqmw0v4exbhvv2l",
            "date_created": "2025-02-24T13:19:43.292530547Z",
            "account_details": { "name": "test", "ifsc": "YESB0000262", "account": "026291800001191" },
            "validation_amount": 1,
            "currency": "INR",
            "validation_status": "ACTIVE",
            "last_validated": "2025-02-24T13:19:43.292530547Z",
            "customer_account_type": "SAVINGS"
        }
    ]))
}

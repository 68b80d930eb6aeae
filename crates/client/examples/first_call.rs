//! The documented call for two accounts, against a server on this machine: no key, no network, no money.
//!
//! Run it with `cargo run --example first_call`.

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use httpmock::MockServer;
use juspay_accounts::validation::Amount;
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount, ReturnedAccountDetails, ValidationStatus,
};
use juspay_accounts_mock::MockServerExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What stands in for Juspay here. With `Environment::Sandbox` in place of its address, the rest is a real call.
    let server = MockServer::start_async().await;
    server.create_and_validate_customer_account(|_, then| drop(then.ok(&documented_answer())));

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
fn documented_answer() -> Vec<CustomerAccount> {
    let account = |id: &str, kind: &str, details| CustomerAccount {
        object: Some("customer_account".to_owned()),
        customer_account_id: Some(id.to_owned()),
        customer_id: Some("cst_zqqmw0v4exbhvv2l".to_owned()),
        date_created: Some("2025-02-24T17:49:53.977288433Z".to_owned()),
        account_details: Some(details),
        validation_amount: Some(Amount::ONE_RUPEE.into()),
        currency: Some("INR".to_owned()),
        validation_status: Some(ValidationStatus::Active),
        last_validated: Some("2025-02-24T17:49:53.977288433Z".to_owned()),
        customer_account_type: Some(kind.into()),
    };
    vec![
        account(
            "banh_ePg3dcMBgGnFzoZj",
            "UPI",
            ReturnedAccountDetails { vpa: Some("9164326296@upi".into()), ..Default::default() },
        ),
        account(
            "banh_jhDBzmQanmKTLoZj",
            "SAVINGS",
            ReturnedAccountDetails {
                name: Some("test".into()),
                ifsc: Some("YESB0000262".to_owned()),
                account: Some("026291800001191".into()),
                ..Default::default()
            },
        ),
    ]
}

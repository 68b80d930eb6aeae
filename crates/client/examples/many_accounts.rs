//! Validates several accounts in one call, and matches each with its account in the response. The order can differ.
//!
//! `cargo run --example many_accounts`

use juspay_accounts::validation::{AccountNumber, Ifsc, Vpa};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount};
use juspay_accounts_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;

    // Parse once. Values of these types are always well formed.
    let ifsc: Ifsc = "YESB0000262".parse()?;
    let numbers = ["026291800001191", "026291800001190"].map(str::parse::<AccountNumber>);
    let vpa: Vpa = "pending@upi".parse()?;

    let mut builder = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi(vpa.clone());
    for number in numbers.iter().flatten() {
        builder = builder.bank_account(ifsc.clone(), number.clone());
    }
    let request = builder.build()?;
    let accounts = client.validate(&request).await?;

    for matched in accounts.matched(&request) {
        // A payee is printed masked.
        let status = matched.account.and_then(|account| account.validation_status.as_ref());
        println!("{}: {status:?}, match: {}", matched.payee, matched.kind);
    }
    assert!(accounts.iter().any(CustomerAccount::is_pending));
    Ok(())
}

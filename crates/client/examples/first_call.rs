//! A single call for one account.
//!
//! `cargo run --example first_call`

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A local sandbox stands in for Juspay. To call Juspay's own sandbox, use `Environment::Sandbox` instead of the
    // local address, and your key.
    let sandbox = Sandbox::start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;

    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("9164326296@upi").build()?;
    let accounts = client.validate(&request).await?;
    for matched in accounts.matched(&request) {
        println!("{}: active {}, request id {:?}", matched.payee, matched.is_active(), accounts.request_id());
        assert!(matched.is_active());
    }
    Ok(())
}

//! Tests code that pays only validated payees. The sandbox responds, counts requests, and fails on demand.
//!
//! `cargo run --example test_with_sandbox`; in a project, `may_pay` would be its code and `main` its test.

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Matched};
use juspay_accounts_sandbox::{Fault, Sandbox};

/// The code under test: decides whether a payee may be paid.
async fn may_pay(client: &Client, customer: &str, vpa: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let request = AccountsRequest::builder(customer, "JP_HDFC").upi(vpa).build()?;
    Ok(client.validate(&request).await?.matched(&request).iter().all(Matched::is_active))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().api_key("test-key").start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("test-key")?)?;

    assert!(may_pay(&client, "cst_1", "success@upi").await?);
    assert!(!may_pay(&client, "cst_1", "failure@upi").await?);
    assert!(!may_pay(&client, "cst_1", "pending@upi").await?);
    assert!(may_pay(&client, "cst_1", "not an address").await.is_err());
    // The malformed request was not sent.
    assert_eq!(sandbox.requests(), 3);
    assert_eq!(sandbox.upi_validations(&"cst_1".parse()?, &"success@upi".parse()?), 1);

    let failing = Sandbox::builder().fault("status=503".parse::<Fault>()?).start().await?;
    let client = Client::new(failing.url().parse::<BaseUrl>()?, ApiKey::new("test-key")?)?;
    assert!(may_pay(&client, "cst_1", "success@upi").await.is_err());
    println!(
        "{} requests, {} of them to a server that fails",
        sandbox.requests() + failing.requests(),
        failing.requests()
    );
    Ok(())
}

//! Waits for a validation that has not ended when the call returns.
//!
//! `cargo run --example wait_for_pending`

use std::time::Duration;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Customer, WaitOutcome, WaitPolicy};
use juspay_accounts_sandbox::{Pending, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().pending(Pending::ActiveAfter(3)).start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;

    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("pending@upi").build()?;
    let customer = Customer::from(&request);
    let mut accounts = client.validate(&request).await?.into_inner();

    // In production, use the default: the first reading after two seconds, and five minutes in all. A service that may
    // restart between readings uses `wait_once`.
    let policy = WaitPolicy::default().initial_backoff(Duration::from_millis(50)).timeout(Duration::from_secs(30));
    match client.wait(&customer, &mut accounts, policy).await {
        WaitOutcome::Finished => println!("ended: {accounts:?}"),
        other => println!("not ended: {other:?}"),
    }
    Ok(())
}

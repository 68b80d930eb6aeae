//! A validation that has not ended when the call returns is followed until it has.
//!
//! `cargo run --example wait_for_pending`

use std::time::Duration;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Customer, WaitEnd, WaitPolicy};
use juspay_accounts_sandbox::{Pending, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().pending(Pending::ActiveAfter(3)).start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;

    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("pending@upi").build()?;
    let customer = Customer::from(&request);
    let accounts = client.validate(request).await?;

    // In earnest the default is better: the first reading after two seconds, and five minutes in all.
    let policy = WaitPolicy::default().first_wait(Duration::from_millis(50)).deadline(Duration::from_secs(30));
    let waited =
        client.wait_with(&customer, accounts, policy, |accounts| println!("{:?}", accounts[0].validation_status)).await;
    match waited.end {
        WaitEnd::Finished => println!("ended after {} readings", waited.rounds),
        other => println!("not ended: {other:?}"),
    }
    Ok(())
}

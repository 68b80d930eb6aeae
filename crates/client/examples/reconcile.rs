//! The answer was lost on its way. Before anything is paid a second time, it is found out what became of the request.
//!
//! `cargo run --example reconcile`

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Delivery, ReconcileOutcome, ReconcilePolicy};
use juspay_accounts_sandbox::{Fault, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for fault in ["reset@after", "reset@before"] {
        let sandbox = Sandbox::builder().fault(fault.parse::<Fault>()?).start().await?;
        let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;
        let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("success@upi").build()?;

        let sent = SystemTime::now();
        match client.validate(request.clone()).await {
            Err(error) if error.delivery() == Delivery::Unknown => println!("{fault}: {error}"),
            other => return Err(format!("{other:?}").into()),
        }
        sandbox.heal();

        // In earnest the default is better: what is missing is looked for again after three minutes.
        let policy = ReconcilePolicy::default().settle(Duration::from_millis(100));
        for account in client.reconcile(&request, sent, policy).await? {
            match account.outcome {
                ReconcileOutcome::Created(account) => println!("  it was acted on: {:?}", account.validation_status),
                ReconcileOutcome::Absent => {
                    let accounts = client.validate(request.clone()).await?;
                    println!("  it was not acted on; sent again: {}", accounts.all_active());
                }
                ReconcileOutcome::Ambiguous(why, _) => println!("  somebody has to look at it: {why:?}"),
            }
        }
        let paid = sandbox.upi_validations(request.customer_id(), &request.upi()[0]);
        println!("  validated {paid} time");
        assert_eq!(paid, 1);
    }
    Ok(())
}

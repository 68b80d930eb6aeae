//! The response was lost. Before anything is paid a second time, the client determines the outcome of the request.
//!
//! `cargo run --example reconcile`

use std::time::Duration;

use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, Delivery, ReconcileOutcome, ReconcilePolicy, ReconcileState,
};
use juspay_accounts_sandbox::{Fault, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for fault in ["reset@after", "reset@before"] {
        let sandbox = Sandbox::builder().fault(fault.parse::<Fault>()?).start().await?;
        let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;
        let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("success@upi").build()?;

        let error = match client.validate(&request).await {
            Err(error) if error.delivery() == Delivery::Unknown => error,
            other => return Err(format!("{other:?}").into()),
        };
        println!("{fault}: {error}");
        sandbox.heal();

        // In production, use the default, `client.reconcile(&request, &error)`. It checks for missing accounts again
        // after three minutes.
        let policy = ReconcilePolicy::default().settle(Duration::from_millis(100));
        let state = ReconcileState::new(error.sent_at().ok_or("nothing was sent")?, policy);
        for found in client.reconcile(&request, state).await? {
            match found.outcome {
                ReconcileOutcome::Created(account) => println!("  it was processed: {:?}", account.validation_status),
                ReconcileOutcome::Absent => {
                    let accounts = client.validate(&request).await?;
                    println!("  it was not processed, so it was sent again; active: {}", accounts[0].is_active());
                }
                ReconcileOutcome::Ambiguous { reason, .. } => println!("  check it by hand: {}", reason.explanation()),
            }
        }
        let paid = sandbox.upi_validations(&request.parts().customer_id, request.upi().next().ok_or("no UPI address")?);
        println!("  validated {paid} time");
        assert_eq!(paid, 1);
    }
    Ok(())
}

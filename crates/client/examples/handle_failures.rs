//! Ways in which a call can fail, and what to do about each.
//!
//! `cargo run --example handle_failures`

use std::time::Duration;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Delivery, Error, ErrorKind, RetryPolicy};
use juspay_accounts_sandbox::{Fault, Sandbox};

/// Returns what an application should do about an error.
fn decide(error: &Error) -> String {
    match error.delivery() {
        Delivery::NotSent if error.kind() == ErrorKind::InvalidRequest => "fix the program".to_owned(),
        Delivery::NotSent => "send it again later".to_owned(),
        Delivery::Refused => match (error.kind(), error.retry_after()) {
            (ErrorKind::Unauthorized | ErrorKind::Forbidden, _) => "alert somebody who can change the key".to_owned(),
            (ErrorKind::RateLimited, Some(wait)) => format!("send it again after {wait:?}"),
            _ => {
                let fields = error.fields().iter().map(|(name, _)| name.unmasked());
                format!("fix the request: {}", fields.collect::<Vec<_>>().join(", "))
            }
        },
        // Do not send the request again: the penny drop may have been made. See the example `reconcile`.
        Delivery::Unknown => format!("reconcile {:?}", error.request_id()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for fault in
        ["status=400", "status=409", "rate-limit=60", "status=503@after", "html=502", "reset@after", "truncate", "hang"]
    {
        let sandbox = Sandbox::builder().fault(fault.parse::<Fault>()?).start().await?;
        let client = Client::builder(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)
            .attempt_timeout(Duration::from_millis(500))
            .retry(RetryPolicy::disabled())
            .build()?;
        let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("success@upi").build()?;
        match client.validate(&request).await {
            Ok(accounts) => println!("{fault}: {} accounts", accounts.len()),
            Err(error) => println!("{fault}: {error}\n    {}: {}", error.delivery(), decide(&error)),
        }
    }

    // Malformed input is never sent. All problems are reported at once.
    let refused =
        AccountsRequest::builder("cst_1", "JP HDFC").bank_account("YESBO000262", "12").upi("a@b.example").build();
    for problem in refused.err().iter().flat_map(juspay_accounts::validation::InvalidRequest::problems) {
        println!("{problem}");
    }
    Ok(())
}

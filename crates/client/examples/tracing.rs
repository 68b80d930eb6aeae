//! What a call reports to `tracing`: a span for the call, and an event for each attempt.
//!
//! `cargo run --example tracing`

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::{Fault, Sandbox};
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Any subscriber works, for example one that sends spans to OpenTelemetry: the fields have OpenTelemetry's names
    // for HTTP clients.
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_span_events(FmtSpan::CLOSE).init();

    let sandbox = Sandbox::builder().fault("rate-limit=0:0.5".parse::<Fault>()?).seed(3).start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;
    for vpa in ["success@upi", "failure@upi"] {
        let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi(vpa).build()?;
        if let Err(error) = client.validate(&request).await {
            println!("{error}");
        }
    }
    Ok(())
}

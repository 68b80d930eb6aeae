//! Customizes the HTTP client: here, it resolves a host name to a fixed address.
//!
//! `cargo run --example own_http_client`

use std::time::Duration;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let address = "127.0.0.1:1".parse()?;
    let client = Client::builder(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)
        // `.proxy(…)` and `.tls_certs_merge(…)` can be set here too, but timeouts, redirects and retries cannot:
        // `build` overrides them.
        .http(|http| http.resolve("payments.internal", address))
        .attempt_timeout(Duration::from_secs(90))
        .build()?;
    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("success@upi").build()?;
    println!("{}", client.validate(&request).await?[0].is_active());
    Ok(())
}

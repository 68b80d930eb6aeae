//! With an HTTP client of your own: for a proxy, certificates or DNS of your own.
//!
//! `cargo run --example own_http_client`

use std::time::Duration;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;

    let http = reqwest::Client::builder()
        // What this client would set by itself, and now is yours to set.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(30))
        .no_proxy()
        // What it was made for: `.proxy(…)`, `.tls_certs_merge(…)`, `.resolve(…)`.
        .resolve("payments.internal", "127.0.0.1:1".parse()?)
        .build()?;

    let client = Client::builder(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)
        .http_client(http)
        .timeout(Duration::from_secs(90))
        .build()?;
    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("success@upi").build()?;
    println!("{}", client.validate(request).await?.all_active());
    Ok(())
}

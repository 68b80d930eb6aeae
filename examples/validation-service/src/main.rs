//! Runs the service on port 8080, with its table in `validations.json`.
//!
//! `JUSPAY_API_KEY=… JUSPAY_ENV=sandbox cargo run -p validation-service`

use std::path::Path;

use juspay_accounts::{Client, Environment};
use validation_service::{Store, Worker, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment: Environment = std::env::var("JUSPAY_ENV")?.parse()?;
    let client = Client::builder(environment, std::env::var("JUSPAY_API_KEY")?.parse()?).rate_limit(10.0).build()?;
    let worker = Worker::new(client, Store::open(Path::new("validations.json"))?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    worker.resume();
    axum::serve(listener, router(worker)).await?;
    Ok(())
}

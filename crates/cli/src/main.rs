//! The program `juspay-accounts`.

use std::process::ExitCode;

use juspay_accounts_cli::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::read(std::env::args_os()) {
        Ok(cli) => run(cli).await.into(),
        Err(error) => error.exit(),
    }
}

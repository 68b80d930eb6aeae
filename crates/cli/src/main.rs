//! The program `juspay-accounts`.

use std::process::ExitCode;

use juspay_accounts_cli::{Cli, run};

fn main() -> ExitCode {
    match Cli::read(std::env::args_os()) {
        Ok(cli) => run(cli).into(),
        Err(error) => error.exit(),
    }
}

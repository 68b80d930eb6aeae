//! Starts the program `juspay-accounts`, which the library implements.

use std::process::ExitCode;

use juspay_accounts_cli::{Cli, run};

fn main() -> ExitCode {
    match Cli::read(std::env::args_os()) {
        Ok(cli) => run(cli).into(),
        Err(error) => error.exit(),
    }
}

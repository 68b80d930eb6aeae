//! `bench`: builds the program and the benchmarks in `benches/` as users would, and runs the benchmarks.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Builds the program and the benchmarks, then runs the benchmarks with these arguments.
pub fn bench<'a>(root: &Path, arguments: impl Iterator<Item = &'a str>) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    // Two builds: in a single one, each would get the features that the other needs from shared dependencies.
    cmd!(shell, "cargo build --release --package juspay-accounts-cli").run()?;
    cmd!(shell, "cargo build --release --package benches --bins").run()?;
    cmd!(shell, "cargo run --release --quiet --package benches -- {arguments...}").run()?;
    Ok(())
}

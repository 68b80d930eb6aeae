//! `bench`: builds the program and the benchmarks in `benches/` as users would, and runs the benchmarks.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs all benchmarks, or only the group `only`; with fewer repetitions if `quick` is set.
pub fn bench(root: &Path, quick: bool, only: Option<&str>) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    // Two builds: in a single one, each would get the features that the other needs from shared dependencies.
    cmd!(shell, "cargo build --release --package juspay-accounts-cli").run()?;
    cmd!(shell, "cargo build --release --package benches --bins").run()?;
    let quick = quick.then_some("--quick");
    let only = only.into_iter().flat_map(|name| ["--only", name]);
    cmd!(shell, "cargo run --release --quiet --package benches -- {quick...} {only...}").run()?;
    Ok(())
}

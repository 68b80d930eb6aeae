//! `bench`: builds the program and the benchmarks as users would have them, and runs the benchmarks, which are in `benches/`.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs all benchmarks or the group `only`, with fewer repetitions if `quick`.
pub fn bench(root: &Path, quick: bool, only: Option<&str>) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    // One after the other: cargo would give each the features of the dependencies that the other asks for.
    cmd!(shell, "cargo build --release --package juspay-accounts-cli").run()?;
    cmd!(shell, "cargo build --release --package benches --bins").run()?;
    let quick = quick.then_some("--quick");
    let only = only.into_iter().flat_map(|name| ["--only", name]);
    cmd!(shell, "cargo run --release --quiet --package benches -- {quick...} {only...}").run()?;
    Ok(())
}

//! `bench` and `outside`: run the benchmarks, and try the spec with other people's tools.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

fn shell(root: &Path) -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    Ok(shell)
}

/// Builds the program as users would, and the benchmarks in `benches/`, then runs the benchmarks with these arguments.
pub fn bench<'a>(root: &Path, arguments: impl Iterator<Item = &'a str>) -> Result<()> {
    let shell = shell(root)?;
    // Two builds: in a single one, each would get the features of shared dependencies that only the other needs.
    cmd!(shell, "cargo build --release --package juspay-accounts-cli").run()?;
    cmd!(shell, "cargo build --release --package benches --bins").run()?;
    Ok(cmd!(shell, "cargo run --release --quiet --package benches -- {arguments...}").run()?)
}

/// Runs tools of `tests/outside`, which pins their versions: the named tools, or with `all`, every tool; without
/// either, the quick ones. With `require`, a tool that cannot be installed is a failure, and is not skipped.
pub fn outside(root: &Path, all: bool, require: bool, tools: &[String]) -> Result<()> {
    let shell = shell(root)?;
    cmd!(shell, "cargo build --quiet --package juspay-accounts-cli").run()?;
    let (all, require) = (all.then_some("--all"), require.then_some("--require"));
    Ok(cmd!(shell, "tests/outside/run {all...} {require...} {tools...}").run()?)
}

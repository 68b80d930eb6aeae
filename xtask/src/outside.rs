//! `outside`: tries the spec with other people's tools. The scripts are in `tests/outside`, where each version is
//! pinned.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs the named tools, the quick ones if none is named, or `all`. With `require`, no tool may be skipped.
pub fn outside(root: &Path, all: bool, require: bool, tools: &[String]) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    cmd!(shell, "cargo build --quiet --package juspay-accounts-cli").run()?;
    let (all, require) = (all.then_some("--all"), require.then_some("--require"));
    Ok(cmd!(shell, "tests/outside/run {all...} {require...} {tools...}").run()?)
}

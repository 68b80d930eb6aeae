//! `bench`: builds the program `juspay-accounts` and the benchmarks as users would have them, and runs these.
//!
//! What is measured, how, and what is written is theirs (`benches/`): this task knows only how to build them, since a
//! task that linked the workspace's crates could not mend a generation that went wrong.

use std::path::Path;

use crate::cargo::{cargo, run};

/// Builds and runs the benchmarks: all of them, or one group (`only`); less of everything, if it is to be `quick`.
///
/// # Errors
/// Something cannot be built, or fails.
pub fn bench(root: &Path, quick: bool, only: Option<&str>) -> Result<(), String> {
    // One after the other: built together, each would get the features of the dependencies that the other asks for.
    run(cargo(root).args(["build", "--release", "--package", "juspay-accounts-cli"]))?;
    run(cargo(root).args(["build", "--release", "--package", "benches", "--bins"]))?;
    let mut bench = cargo(root);
    bench.args(["run", "--release", "--quiet", "--package", "benches", "--"]);
    bench.args(quick.then_some("--quick"));
    bench.args(only.into_iter().flat_map(|name| ["--only", name]));
    run(&mut bench)
}

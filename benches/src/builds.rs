//! How long people wait for cargo: the build of a program that depends on a crate, CI, and `cargo xtask regen`.

use std::collections::BTreeSet;
use std::process::Command;

use crate::process::run;
use crate::row::{Row, Target, figure, time};
use crate::{Scale, pairs, root};

/// The rows of `build`: the crates that a dependent pulls in, and the time to build them.
pub(crate) fn dependents(scale: Scale) -> Vec<Row> {
    let crates = [("juspay-accounts-validation", Target::AtMost(10.0)), ("juspay-accounts", Target::None)];
    let mut rows = crates.map(|(package, target)| pulled_in(package, target)).to_vec();
    if !scale.quick {
        rows.extend(crates.map(|(package, _)| clean_build(package)));
    }
    rows
}

/// The dependencies of a package with its default features, on this platform.
fn pulled_in(package: &str, target: Target) -> Row {
    let tree = Command::new("cargo")
        .args(["tree", "--locked", "--package", package, "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8_lossy(&tree.stdout);
    // `cargo tree` marks a package that occurs a second time.
    let name = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let names: BTreeSet<_> = text.lines().skip(1).map(name).filter(|name| !name.is_empty()).collect();
    let count = figure(names.len() as u64);
    Row::absolute(&format!("crates pulled in by {package}"), "-".to_owned(), count, "crates", target)
}

fn clean_build(package: &str) -> Row {
    let folder = tempfile::tempdir().expect("a folder");
    let mut build = Command::new("cargo");
    build.args(["build", "--locked", "--quiet", "--package", package, "--target-dir"]).arg(folder.path());
    waited(&format!("clean debug build of {package}"), build.current_dir(root()), Target::None)
}

/// The rows of `ci`: both halves of `.ci/run` in a new clone of the last commit. Each compiles all that it needs.
pub(crate) fn ci(scale: Scale) -> Vec<Row> {
    if scale.quick {
        return Vec::new();
    }
    let half = |half: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        run(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(folder.path()));
        let mut script = Command::new(folder.path().join(".ci/run"));
        waited(&format!(".ci/run {half}, in a new clone"), script.arg(half).current_dir(folder.path()), Target::None)
    };
    ["lint", "test"].map(half).into()
}

/// The rows of `regen`: the task that checks the generated code.
pub(crate) fn regen(_: Scale) -> Vec<Row> {
    let mut command = Command::new("cargo");
    command.args(["xtask", "regen", "--check"]).current_dir(root());
    // The first run builds the task.
    run(&mut command);
    let median = pairs::median((0..5).map(|_| run(&mut command).time.as_secs_f64()).collect());
    vec![Row::absolute("cargo xtask regen --check, built before", time(median), median, "s", Target::AtMost(0.5))]
}

fn waited(what: &str, command: &mut Command, target: Target) -> Row {
    let seconds = run(command).time.as_secs_f64();
    Row::absolute(what, time(seconds), seconds, "s", target)
}

//! The dependencies of the crates, and the time to build them.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;

use crate::row::{Row, Target, time};
use crate::{Scale, regen};

/// The rows of the group.
pub fn measure(scale: Scale) -> Vec<Row> {
    let crates = [("juspay-accounts-validation", Target::AtMost(10.0)), ("juspay-accounts", Target::None)];
    let mut rows: Vec<_> = crates
        .iter()
        .map(|(package, target)| {
            #[allow(clippy::cast_precision_loss, reason = "some hundreds")]
            let count = dependencies(package).len() as f64;
            Row::absolute(&format!("crates pulled in by {package}"), "-".to_owned(), count, "crates", *target)
        })
        .collect();
    if !scale.quick {
        rows.extend(crates.iter().map(|(package, _)| clean_build(package)));
    }
    rows
}

/// The dependencies of a package with its default features, on this platform.
fn dependencies(package: &str) -> BTreeSet<String> {
    let tree = Command::new("cargo")
        .args(["tree", "--locked", "--package", package, "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}"])
        .current_dir(regen::root())
        .output()
        .expect("cargo tree");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8_lossy(&tree.stdout);
    // `cargo tree` marks a package that occurs a second time.
    let name = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    text.lines().skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

fn clean_build(package: &str) -> Row {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let built = Command::new("cargo")
        .args(["build", "--locked", "--quiet", "--package", package, "--target-dir"])
        .arg(folder.path())
        .current_dir(regen::root())
        .status()
        .expect("cargo build");
    assert!(built.success(), "cargo build: {built}");
    let took = began.elapsed().as_secs_f64();
    Row::absolute(&format!("clean debug build of {package}"), time(took), took, "s", Target::None)
}

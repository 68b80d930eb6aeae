//! `semver`: whether the published crates can still be used as their last release could, which is asked of
//! cargo-semver-checks. The last release is the highest tag `v…`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::cargo::{self, Workspace};

/// Compares the crates with a revision, or with the last release. Returns the revision, none if there is no release yet.
///
/// # Errors
/// A tool is missing, or a crate has changed in a way that its version does not tell.
pub fn semver(workspace: &Workspace, baseline: Option<String>) -> Result<Option<String>, String> {
    cargo::installed(&workspace.root, "semver-checks")?;
    let tags = cargo::output(git(&workspace.root).args(["tag", "--list", "v[0-9]*", "--sort=-version:refname"]))?;
    let Some(baseline) = baseline.or_else(|| tags.lines().next().map(str::to_owned)) else {
        return Ok(None);
    };
    let files = cargo::output(git(&workspace.root).args(["ls-tree", "-r", "--name-only", &baseline]))?;
    let files: BTreeSet<_> = files.lines().collect();
    let mut command = cargo::cargo(&workspace.root);
    command.args(["semver-checks", "--baseline-rev", &baseline, "--all-features"]);
    for package in workspace.published() {
        let manifest = package.folder().strip_prefix(&workspace.root).unwrap_or(package.folder()).join("Cargo.toml");
        if files.contains(manifest.to_string_lossy().replace('\\', "/").as_str()) {
            command.args(["--package", &package.name]);
        } else {
            println!("{}: new since {baseline}", package.name);
        }
    }
    cargo::run(&mut command)?;
    Ok(Some(baseline))
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root);
    command
}

//! `public-api`: the public API of each published crate as a text beside it, so that a change of it shows in review.
//!
//! The text is made from rustdoc's JSON, which only a nightly toolchain writes, by cargo-public-api.

use std::path::PathBuf;

use crate::cargo::{self, Package, Workspace};
use openapi_doc::unified_diff;

/// The name of the text in the folder of a crate.
const FILE: &str = "public-api.txt";

/// Writes the texts, or compares them. Returns how they differ, which is empty if they do not.
///
/// # Errors
/// A tool is missing, a crate has no documentation, or a text cannot be read or written.
pub fn public_api(workspace: &Workspace, check: bool) -> Result<String, String> {
    cargo::installed(&workspace.root, "public-api")?;
    let mut differences = String::new();
    for package in workspace.published() {
        let text = text(workspace, package)?;
        let path = path(package);
        let broken = |error: std::io::Error| format!("error: {}: {error}", path.display());
        let old = match std::fs::read_to_string(&path) {
            Ok(text) => text.replace("\r\n", "\n"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(broken(error)),
        };
        if old != text {
            differences.push_str(&unified_diff(&path, &old, &text));
            if !check {
                std::fs::write(&path, &text).map_err(broken)?;
            }
        }
    }
    Ok(differences)
}

fn path(package: &Package) -> PathBuf {
    package.folder().join(FILE)
}

fn text(workspace: &Workspace, package: &Package) -> Result<String, String> {
    let mut command = cargo::cargo(&workspace.root);
    // What follows from the rest is left out: blanket, automatic and derived implementations.
    command.args(["public-api", "--package", &package.name, "--all-features", "-sss", "--color", "never"]);
    cargo::output(&mut command)
}

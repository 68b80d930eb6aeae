//! `package`: packs each crate that is published, and builds what was packed outside of the workspace, as a user would.
//!
//! What is missing from a package (a file, a licence, a dependency that only the workspace knows) shows here and not after
//! the release. The packed crates find each other by path, everything else is what `Cargo.lock` says.

use std::fmt::Write as _;
use std::path::Path;

use crate::cargo::{self, Package, Workspace};

/// What every package holds beside its code.
const FILES: [&str; 4] = ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// The program that is tried.
const PROGRAM: &str = "juspay-accounts-cli";

/// Packs and builds.
///
/// # Errors
/// A crate cannot be packed, lacks a file, or does not build by itself.
pub fn package(workspace: &Workspace) -> Result<(), String> {
    let mut pack = cargo::cargo(&workspace.root);
    // Without building: that is done below, in a place where nothing of the workspace can be found by accident.
    pack.args(["package", "--workspace", "--no-verify", "--locked", "--allow-dirty"]);
    for package in workspace.packages.iter().filter(|package| !package.is_published()) {
        pack.args(["--exclude", &package.name]);
    }
    cargo::run(&mut pack)?;

    let folder = tempfile::tempdir().map_err(|error| format!("error: no temporary folder can be made: {error}"))?;
    let folder = folder.path();
    for package in workspace.published() {
        unpack(workspace, package, folder)?;
    }
    let packages: Vec<_> = workspace.published().collect();
    let manifest = manifest(&packages);
    std::fs::write(folder.join("Cargo.toml"), manifest)
        .and_then(|()| std::fs::copy(workspace.root.join("Cargo.lock"), folder.join("Cargo.lock")))
        .map_err(|error| format!("error: {}: cannot be written: {error}", folder.display()))?;

    let build = |arguments: &[&str]| {
        cargo::run(cargo::cargo(folder).env("CARGO_TARGET_DIR", &workspace.target).args(arguments))
    };
    build(&["build", "--workspace", "--all-features"])?;
    // The READMEs are the documentation of the packed crates, and their code has to run there too.
    build(&["test", "--workspace", "--doc", "--quiet"])?;
    for arguments in [&["--version"][..], &["completions", "bash"], &["man"]] {
        let run = ["run", "--quiet", "--package", PROGRAM, "--"];
        let mut command = cargo::cargo(folder);
        command.env("CARGO_TARGET_DIR", &workspace.target).args(run).args(arguments);
        if cargo::output(&mut command)?.is_empty() {
            return Err(format!("error: the packed program prints nothing for {arguments:?}"));
        }
    }
    for package in packages {
        println!("{} {}: packed, and built outside of the workspace", package.name, package.version);
    }
    Ok(())
}

/// What only a release has to have: a tag that is the version, its section of the changelog, and a public address.
///
/// # Errors
/// All that is missing.
pub fn releasable(workspace: &Workspace, tag: &str, changelog: &str) -> Result<(), String> {
    let mut missing = String::new();
    for package in workspace.published() {
        let Package { name, version, repository, .. } = package;
        if tag.strip_prefix('v') != Some(version) {
            let _ = writeln!(
                missing,
                "error: {name} has the version {version}, and the tag is {tag}: `v{version}` was expected"
            );
        }
        if repository.as_deref().is_none_or(str::is_empty) {
            let _ = writeln!(missing, "error: {name} has no `repository`: set it in [workspace.package] of Cargo.toml");
        }
    }
    let version = tag.trim_start_matches('v');
    let is_section =
        |line: &str| line.strip_prefix("## ").is_some_and(|title| title.split(' ').next() == Some(version));
    if !changelog.lines().any(is_section) {
        let _ = writeln!(missing, "error: CHANGELOG.md has no section `## {version}`");
    }
    if missing.is_empty() { Ok(()) } else { Err(missing.trim_end().to_owned()) }
}

fn unpack(workspace: &Workspace, package: &Package, folder: &Path) -> Result<(), String> {
    let packed = workspace.target.join("package").join(format!("{}.crate", unpacked(package)));
    let mut tar = std::process::Command::new("tar");
    // Packed files are of an old date, and cargo takes what it built of an earlier package for newer: hence `m`.
    cargo::run(tar.arg("-xmzf").arg(&packed).arg("-C").arg(folder))?;
    for file in FILES {
        let path = folder.join(unpacked(package)).join(file);
        if !path.is_file() {
            return Err(format!(
                "error: the package of {} lacks {file}; see `include` in its Cargo.toml",
                package.name
            ));
        }
    }
    Ok(())
}

/// The folder in a package.
fn unpacked(package: &Package) -> String {
    format!("{}-{}", package.name, package.version)
}

/// A workspace of what was unpacked.
fn manifest(packages: &[&Package]) -> String {
    let mut text = String::from("[workspace]\nresolver = \"3\"\nmembers = [\n");
    for package in packages {
        let _ = writeln!(text, "    \"{}\",", unpacked(package));
    }
    text.push_str("]\n\n[patch.crates-io]\n");
    for package in packages {
        let _ = writeln!(text, "{} = {{ path = \"{}\" }}", package.name, unpacked(package));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(version: &str, repository: &str) -> Workspace {
        let package = |name: &str, publish: serde_json::Value| {
            serde_json::json!({
                "name": name, "version": version, "rust_version": "1.95", "repository": repository,
                "publish": publish, "manifest_path": format!("/project/{name}/Cargo.toml"),
            })
        };
        let packages = [package("cars", serde_json::Value::Null), package("tasks", serde_json::json!([]))];
        let json = serde_json::json!({
            "workspace_root": "/project", "target_directory": "/project/target", "packages": packages,
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_release_has_the_version_of_its_tag_an_address_and_a_section_of_the_changelog() {
        let complete = workspace("1.2.0", "https://forge.example/cars");
        assert_eq!(releasable(&complete, "v1.2.0", "# Changelog\n\n## 1.2.0 (2026-01-31)\n"), Ok(()));

        let all = releasable(&workspace("1.2.0", ""), "v1.3.0", "# Changelog\n\n## 1.2.0\n").unwrap_err();
        insta::assert_snapshot!(all, @"
        error: cars has the version 1.2.0, and the tag is v1.3.0: `v1.2.0` was expected
        error: cars has no `repository`: set it in [workspace.package] of Cargo.toml
        error: CHANGELOG.md has no section `## 1.3.0`
        ");
    }

    #[test]
    fn packed_crates_find_each_other_and_nothing_that_is_not_published() {
        let workspace = workspace("1.2.0", "");
        let packages: Vec<_> = workspace.published().collect();
        insta::assert_snapshot!(manifest(&packages), @r#"
        [workspace]
        resolver = "3"
        members = [
            "cars-1.2.0",
        ]

        [patch.crates-io]
        cars = { path = "cars-1.2.0" }
        "#);
    }
}

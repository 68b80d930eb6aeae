//! `release`: checks that everything is ready for a release with a given tag. Builds and publishes nothing.

use anyhow::{Result, bail};
use cargo_metadata::Metadata;

/// Checks the version and the `repository` of each published crate, and the changelog.
pub fn check(workspace: &Metadata, tag: &str, changelog: &str) -> Result<()> {
    let Some(version) = tag.strip_prefix('v') else {
        bail!("{tag} is not a tag of a release; expected a version after a `v`, such as v1.2.0");
    };
    let mut missing = Vec::new();
    for package in workspace.workspace_packages().into_iter().filter(|package| package.publish.is_none()) {
        let name = &package.name;
        if package.version.to_string() != version {
            missing.push(format!("{name} has version {}; expected the tag v{0}, not {tag}", package.version));
        }
        if package.repository.as_deref().is_none_or(str::is_empty) {
            missing.push(format!("{name} has no `repository`; set it in [workspace.package] of Cargo.toml"));
        }
    }
    let titles = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    if !titles.into_iter().any(|title| title.split(' ').next() == Some(version)) {
        missing.push(format!("CHANGELOG.md has no section `## {version}`"));
    }
    if !missing.is_empty() {
        bail!("this cannot be released as {tag}:\n{}", missing.join("\n"));
    }
    Ok(())
}

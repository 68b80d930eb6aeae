//! `release`: whether everything is in place for a release with a given tag. Nothing is built and nothing is published.

use anyhow::{Result, bail};
use cargo_metadata::Metadata;

/// Checks the version of each published crate, the project's address, and the changelog.
///
/// # Errors
/// Lists everything that is missing.
pub fn check(workspace: &Metadata, tag: &str, changelog: &str) -> Result<()> {
    let version = tag.strip_prefix('v').unwrap_or_default();
    let mut missing = Vec::new();
    for package in workspace.workspace_packages().into_iter().filter(|package| package.publish.is_none()) {
        let name = &package.name;
        if package.version.to_string() != version {
            missing.push(format!("{name} has version {}, expected the tag v{0}, not {tag}", package.version));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace of one published crate and one that is not.
    fn workspace(repository: &str) -> Metadata {
        let package = |name: &str, publish: serde_json::Value| {
            serde_json::json!({
                "name": name, "version": "1.2.0", "id": name, "repository": repository, "publish": publish,
                "manifest_path": format!("/project/{name}/Cargo.toml"), "dependencies": [], "targets": [],
                "features": {},
            })
        };
        serde_json::from_value(serde_json::json!({
            "packages": [package("cars", serde_json::Value::Null), package("tasks", serde_json::json!([]))],
            "workspace_members": ["cars", "tasks"], "workspace_root": "/project", "target_directory": "/project/target",
            "resolve": null, "metadata": null, "version": 1,
        }))
        .unwrap()
    }

    #[test]
    fn release_needs_the_version_of_its_tag_an_address_and_a_section_of_the_changelog() {
        let complete = workspace("https://forge.example/cars");
        check(&complete, "v1.2.0", "# Changelog\n\n## 1.2.0 (2026-01-31)\n").unwrap();

        let all = check(&workspace(""), "v1.3.0", "# Changelog\n\n## 1.2.0\n").unwrap_err();
        insta::assert_snapshot!(all, @"
        this cannot be released as v1.3.0:
        cars has version 1.2.0, expected the tag v1.2.0, not v1.3.0
        cars has no `repository`; set it in [workspace.package] of Cargo.toml
        CHANGELOG.md has no section `## 1.3.0`
        ");
        assert!(check(&complete, "1.2.0", "## 1.2.0\n").is_err(), "a tag starts with v");
    }
}

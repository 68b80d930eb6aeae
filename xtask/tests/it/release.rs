//! Tests the checks before a release.

use cargo_metadata::Metadata;
use serde_json::json;
use xtask::release::check;

fn workspace(repository: &str) -> Metadata {
    let package = |name: &str, publish: Option<[(); 0]>| {
        json!({
            "name": name, "version": "1.2.0", "id": name, "repository": repository, "publish": publish, "features": {},
            "manifest_path": format!("/project/{name}/Cargo.toml"), "dependencies": [], "targets": [],
        })
    };
    let workspace = json!({
        "packages": [package("cars", None), package("tasks", Some([]))], "workspace_members": ["cars", "tasks"],
        "workspace_root": "/project", "target_directory": "/project/target", "resolve": null, "metadata": null, "version": 1,
    });
    serde_json::from_value(workspace).unwrap()
}

#[test]
fn release_needs_the_version_of_its_tag_an_address_and_a_section_of_the_changelog() {
    let complete = workspace("https://forge.example/cars");
    check(&complete, "v1.2.0", "# Changelog\n\n## 1.2.0 (2026-01-31)\n").unwrap();

    let all = check(&workspace(""), "v1.3.0", "# Changelog\n\n## 1.2.0\n").unwrap_err();
    insta::assert_snapshot!(all, @"
    this cannot be released as v1.3.0:
    cars has version 1.2.0; expected the tag v1.2.0, not v1.3.0
    cars has no `repository`; set it in [workspace.package] of Cargo.toml
    CHANGELOG.md has no section `## 1.3.0`
    ");
    let tag = check(&complete, "1.2.0", "## 1.2.0\n").unwrap_err();
    insta::assert_snapshot!(tag, @"1.2.0 is not a tag of a release; expected a version after a `v`, such as v1.2.0");
}

//! The workflows of the forge: the commands that they run exist, they have few permissions, and they use the promised
//! Rust.

use std::fs;

use contract_tests::commands::{Extent, Workspace};
use contract_tests::{markdown, root};
use serde_yaml::Value;

struct Workflow {
    name: String,
    content: Value,
}

fn workflows() -> Vec<Workflow> {
    let names: Vec<_> = markdown::paths().into_iter().filter(|path| path.starts_with(".github/workflows/")).collect();
    assert!(!names.is_empty());
    names
        .into_iter()
        .map(|name| {
            let content = serde_yaml::from_str(&fs::read_to_string(root().join(&name)).unwrap()).unwrap();
            Workflow { name, content }
        })
        .collect()
}

impl Workflow {
    fn jobs(&self) -> impl Iterator<Item = (&str, &Value)> {
        let jobs = self.content["jobs"].as_mapping().unwrap();
        jobs.iter().map(|(name, job)| (name.as_str().unwrap(), job))
    }

    fn steps(&self) -> impl Iterator<Item = &Value> {
        self.jobs().flat_map(|(_, job)| job["steps"].as_sequence().unwrap())
    }
}

/// One of our commands, without the shell syntax around it.
fn command(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("if ").trim_end_matches("; then");
    ["cargo ", ".ci/", ".github/"].iter().any(|start| line.starts_with(start)).then_some(line)
}

#[test]
fn commands_in_workflows_exist() {
    let workspace = Workspace::load();
    let mut count = 0;
    for workflow in workflows() {
        for script in workflow.steps().filter_map(|step| step["run"].as_str()) {
            for line in script.lines().filter_map(command) {
                assert_eq!(workspace.check(line, Extent::Whole), Ok(()), "{}", workflow.name);
                count += 1;
            }
        }
    }
    assert!(count > 10, "only {count} commands were found");
}

#[test]
fn workflows_only_read_except_for_known_jobs() {
    let mut writing = Vec::new();
    for workflow in workflows() {
        let name = &workflow.name;
        let permissions = workflow.content["permissions"].as_mapping().unwrap_or_else(|| panic!("{name}: permissions"));
        assert_eq!(permissions.len(), 1, "{name}");
        assert_eq!(workflow.content["permissions"]["contents"], "read", "{name}");
        for (job, content) in workflow.jobs() {
            assert!(content["timeout-minutes"].is_number(), "{name}: {job} can run for hours");
            for (what, how) in content["permissions"].as_mapping().into_iter().flatten() {
                writing.push(format!("{job}: {} {}", what.as_str().unwrap(), how.as_str().unwrap()));
            }
        }
    }
    writing.sort();
    assert_eq!(writing, ["attach: contents write", "report: issues write"]);
}

#[test]
fn actions_have_a_version_and_a_checkout_leaves_no_token_behind() {
    for workflow in workflows() {
        for step in workflow.steps() {
            let Some(action) = step["uses"].as_str() else { continue };
            let version = action.split_once("@v").map(|(_, version)| version);
            assert!(version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit())), "{action}");
            if action.starts_with("actions/checkout@") {
                assert_eq!(step["with"]["persist-credentials"], false, "{}", workflow.name);
            }
        }
    }
}

#[test]
fn workflows_use_the_promised_version_of_rust() {
    let promised = env!("CARGO_PKG_RUST_VERSION");
    for workflow in workflows() {
        assert_eq!(workflow.content["env"]["RUSTUP_TOOLCHAIN"], promised, "{}", workflow.name);
    }
}

#[test]
fn programs_are_built_for_the_systems_that_deny_toml_checks() {
    let workflows = workflows();
    let release = workflows.iter().find(|workflow| workflow.name.ends_with("/release.yml")).unwrap();
    let (_, build) = release.jobs().find(|(name, _)| *name == "build").unwrap();
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    for target in build["strategy"]["matrix"]["include"].as_sequence().unwrap() {
        let target = target["target"].as_str().unwrap();
        assert!(deny.contains(&format!("    \"{target}\",\n")), "deny.toml does not ask about {target}");
    }
}

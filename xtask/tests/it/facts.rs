//! The task `ingest`, and all that is asked of the project's spec.

use std::path::{Path, PathBuf};
use std::process::Output;

use docfacts::ingest::ingest;
use docfacts::store::load;
use openapi_doc::{Document, sha256};
use serde_json::{Value, json};
use xtask::project;

use crate::commands::{text, xtask};

fn file(name: &str) -> String {
    std::fs::read_to_string(crate::workspace().join("xtask/docfacts/tests/pages").join(name)).unwrap()
}

const PAGE: &str = "fill-a-tank.md";

/// What is found in a spec that agrees with its pages, after an edit of it; one line for each.
fn found(edit: impl Fn(&mut Value)) -> String {
    let texts = ["fill-a-tank", "list-tanks"].map(|page| (page, file(&format!("{page}.md"))));
    let sum = |spec: String, (page, text): &(&str, String)| {
        spec.replace(&format!("SHA256-OF-{page}"), &sha256(text.as_bytes()))
    };
    let spec = texts.iter().fold(file("openapi.yaml"), sum);
    let mut document = Document::parse(&PathBuf::from("openapi.yaml"), spec.as_bytes()).unwrap();
    edit(&mut document.value);
    let pages = texts.map(|(_, text)| ingest(text.as_bytes()).page);
    let problems = project::check(&document, &pages).map_or_else(|problems| problems.to_string(), |_| String::new());
    let lines = problems.lines().map(|line| line.split_once(" at ").unwrap().1);
    lines.collect::<Vec<_>>().join("\n")
}

const FILLING: &str = "/components/schemas/Filling/properties";
const TANKS: &str = "/paths/~1depots~1{depot_id}~1tanks/get";

fn set(spec: &mut Value, at: &str, value: Value) {
    *spec.pointer_mut(at).unwrap() = value;
}

#[test]
fn spec_is_checked_for_facts_examples_and_gaps_together() {
    assert_eq!(found(|_| {}), "");
    insta::assert_snapshot!(found(|spec| {
        set(spec, &format!("{TANKS}/summary"), json!(""));
        set(spec, &format!("{TANKS}/parameters/2/schema"), json!({"type": "string", "enum": ["true"]}));
    }), @r#"
    /paths/~1depots~1{depot_id}~1tanks/get/parameters/2/example: the example does not match its schema: true is not of type "string"
    /paths/~1depots~1{depot_id}~1tanks/get/parameters/2/example: the example does not match its schema: true is not one of "true"
    /paths/~1depots~1{depot_id}~1tanks/get/parameters/2/schema: the page documents type `query_parameters.full.type` as `Boolean`, and the type in the spec is string; fix the spec, or add an `x-deviation` with `fact: query_parameters.full.type`
    /paths/~1depots~1{depot_id}~1tanks/get/summary: is missing; expected a text
    "#);
}

#[test]
fn spec_that_cannot_be_generated_is_reported_before_everything_else() {
    let found = found(|spec| {
        set(spec, &format!("{TANKS}/summary"), json!(""));
        set(spec, &format!("{FILLING}/note"), json!({"type": "object"}));
    });
    assert!(found.starts_with(&format!("{FILLING}/note: ")) && found.lines().count() == 1, "{found}");
}

/// Runs the task in a folder of its own.
fn run(folder: &Path, page: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("page.md"), page).unwrap();
    xtask(folder, &[&["ingest", "page.md", "--out", "facts"], arguments].concat())
}

#[test]
fn facts_are_written_and_then_compared() {
    let folder = tempfile::tempdir().unwrap();
    let page = file(PAGE);
    let unknown = run(folder.path(), &page, &["--check"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(!folder.path().join("facts").exists(), "--check writes nothing");

    let written = run(folder.path(), &page, &[]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert!(text(&written.stdout).contains("note: page.md:61: a shell reads the sample"));
    let stored_at = folder.path().join("facts/fill-a-tank.yaml");
    let stored = std::fs::read_to_string(&stored_at).unwrap();
    assert_eq!(load(&stored_at).unwrap(), ingest(page.as_bytes()).page);

    let same = run(folder.path(), &page, &["--check"]);
    assert_eq!(same.status.code(), Some(0));
    assert!(text(&same.stdout).ends_with("fill-a-tank: nothing has changed\n"), "{}", text(&same.stdout));

    let reworded = run(folder.path(), &page.replace("For the driver", "For whoever drives"), &["--check"]);
    assert_eq!(reworded.status.code(), Some(0), "wording is no fact");
    assert!(text(&reworded.stdout).contains("| cosmetic | text "));

    let changed = run(folder.path(), &page.replace("“fill”", "“refill”"), &["--check"]);
    assert_eq!(changed.status.code(), Some(1));
    let table = text(&changed.stdout);
    let row = table.lines().last().unwrap();
    let cells: Vec<_> = row.split('|').map(str::trim).collect();
    assert_eq!(cells[1..7], ["breaking", "fixed value", "changed", "body_parameters.command.fixed", "fill", "refill"]);
    assert_eq!(std::fs::read_to_string(&stored_at).unwrap(), stored, "--check writes nothing");
}

#[test]
fn a_page_that_is_not_understood_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["--check"]] {
        let page = file(PAGE).replace("String, Optional", "String, Beta");
        let output = run(folder.path(), &page, arguments);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.contains("error: page.md:137: the tag `Beta` of `note` is not known"), "{told}");
        assert!(told.contains("2 parts of the page were not understood"), "{told}");
        assert!(!folder.path().join("facts").exists());
    }
}

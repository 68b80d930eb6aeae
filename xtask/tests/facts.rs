//! Pages and a spec together: the task `ingest`, and what is asked of a spec besides its agreement with the pages.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Output;

use docfacts::ingest::ingest;
use docfacts::store::load;
use openapi_doc::{Document, sha256};
use serde_json::{Value, json};
use xtask::project;

mod common;
use common::text;

fn file(name: &str) -> String {
    std::fs::read_to_string(common::workspace().join("xtask/docfacts/tests/pages").join(name)).unwrap()
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
const DONE: &str = "/components/schemas/Done/properties";
const TANKS: &str = "/paths/~1depots~1{depot_id}~1tanks/get";

fn set(spec: &mut Value, at: &str, value: Value) {
    *spec.pointer_mut(at).unwrap() = value;
}

#[test]
fn examples_that_do_not_match_their_schemas_are_reported() {
    assert_eq!(found(|_| {}), "");
    let too_long = json!({"type": "string", "maxLength": 1, "example": "B7"});
    let of_a_schema = found(|spec| set(spec, &format!("{DONE}/pump/properties/grade"), too_long.clone()));
    let other = json!({"type": "string", "pattern": "^x"});
    let of_a_parameter = found(|spec| set(spec, "/components/parameters/Depot/schema", other.clone()));
    let of_a_request = found(|spec| {
        set(spec, "/components/schemas/Order/properties/fuel/items/properties/litres/pattern", json!("^[0-9]{3}$"));
    });
    let of_a_response = found(|spec| {
        let content = format!("{TANKS}/responses/200/content/application~1json");
        set(spec, &format!("{content}/schema/properties/list/items/properties/tank_code"), json!({"type": "string"}));
        set(spec, &format!("{content}/examples/success/value/list/0/tank_code"), json!(null));
    });
    insta::assert_snapshot!([of_a_schema, of_a_parameter, of_a_request, of_a_response].join("\n\n"));
}

#[test]
fn null_is_an_example_of_what_can_be_null() {
    let schema = json!({"type": "string", "nullable": true, "enum": ["a"], "example": null});
    assert_eq!(found(|spec| spec["components"]["schemas"]["Error"]["properties"]["hint"] = schema.clone()), "");
}

#[test]
fn what_cannot_be_generated_is_reported_before_everything_else() {
    let found = found(|spec| {
        set(spec, &format!("{TANKS}/summary"), json!(""));
        set(spec, &format!("{FILLING}/note"), json!({"type": "object"}));
    });
    assert!(found.starts_with(&format!("{FILLING}/note: ")) && found.lines().count() == 1, "{found}");
}

/// Runs the task in a folder of its own.
fn run(folder: &Path, page: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("page.md"), page).unwrap();
    common::xtask(folder, &[&["ingest", "page.md", "--out", "facts"], arguments].concat())
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

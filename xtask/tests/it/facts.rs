//! Tests the task `ingest`, and all checks of the project's spec.

use std::path::Path;

use docfacts::ingest::ingest;
use docfacts::store::{load, load_all};
use json_patch::Patch;
use openapi_doc::Document;
use serde_json::{Value, json};
use xtask::project;

use crate::commands::xtask;

/// The page that the tests of docfacts read.
fn page() -> String {
    std::fs::read_to_string(crate::workspace().join("xtask/docfacts/tests/pages/fill-a-tank.md")).unwrap()
}

/// The problems of the project's spec after an edit.
fn found(edit: Value) -> String {
    let document = Document::load(&crate::workspace().join("spec/openapi.yaml")).unwrap();
    let mut document = Document { file: "openapi.yaml".into(), ..document };
    json_patch::patch(&mut document.value, &serde_json::from_value::<Patch>(edit).unwrap()).unwrap();
    project::check(&document, &load_all(&crate::workspace().join("spec/documented")).unwrap()).unwrap_err().to_string()
}

const CREATE: &str = "/paths/~1customers~1{customer_id}~1accounts/post";

#[test]
fn spec_is_checked_for_facts_examples_and_gaps_together() {
    insta::assert_snapshot!(found(json!([
        { "op": "add", "path": format!("{CREATE}/summary"), "value": "" },
        { "op": "add", "path": format!("{CREATE}/externalDocs/description"), "value": "Create" },
        { "op": "add", "path": "/components/parameters/RoutingId/example", "value": 7 },
    ])), @r#"
    error: openapi.yaml: at /components/parameters/RoutingId/example: the example does not match its schema: 7 is not of type "string"
    error: openapi.yaml: at /paths/~1customers~1{customer_id}~1accounts/post/externalDocs/description: the page documents title `title` as `Create and Validate Customer Account`, but `externalDocs` has `Create`; fix the spec, or add an `x-deviation` with `fact: title`
    error: openapi.yaml: at /paths/~1customers~1{customer_id}~1accounts/post/summary: is missing or blank; expected a short description
    "#);
}

#[test]
fn spec_that_cannot_be_generated_is_reported_before_everything_else() {
    let found = found(json!([
        { "op": "add", "path": format!("{CREATE}/summary"), "value": "" },
        { "op": "add", "path": "/components/parameters/RoutingId/schema", "value": { "type": "object" } },
    ]));
    insta::assert_snapshot!(found, @"error: openapi.yaml: at /components/parameters/RoutingId/schema: parameter `x-routing-id` is an object; expected a single value in a header");
}

fn run(folder: &Path, page: &str, arguments: &[&str]) -> (i32, String, String) {
    std::fs::write(folder.join("page.md"), page).unwrap();
    let out = if arguments.contains(&"--out") { &[][..] } else { &["--out", "facts"] };
    xtask(folder, &[&["ingest", "page.md"], arguments, out].concat())
}

#[test]
fn facts_are_written_and_then_compared() {
    let folder = tempfile::tempdir().unwrap();
    let page = page();
    assert_eq!(run(folder.path(), &page, &["--check"]).0, 1);
    assert!(!folder.path().join("facts").exists(), "--check writes nothing");

    let (code, printed, errors) = run(folder.path(), &page, &[]);
    assert_eq!(code, 0, "{errors}");
    assert!(printed.contains("note: page.md:61: a shell reads the sample"));
    let stored_at = folder.path().join("facts/fill-a-tank.yaml");
    let stored = std::fs::read_to_string(&stored_at).unwrap();
    assert_eq!(load(&stored_at).unwrap(), ingest(page.as_bytes(), None).page);

    let (code, printed, _) = run(folder.path(), &page, &["--check"]);
    assert!(code == 0 && printed.ends_with("fill-a-tank: nothing has changed\n"), "{printed}");
    let (code, printed, _) = run(folder.path(), &page.replace("For the driver", "For whoever drives"), &["--check"]);
    assert!(code == 0 && printed.contains("| cosmetic | text "), "a change of wording fails: {printed}");
    let (code, table, errors) = run(folder.path(), &page.replace("“fill”", "“refill”"), &["--check"]);
    assert_eq!(code, 1);
    let command = "`cargo xtask ingest page.md --out facts`";
    assert_eq!(errors, format!("error: page.md: facts have changed; update them with {command}\n"));
    let cells: Vec<_> = table.lines().last().unwrap().split('|').map(str::trim).collect();
    assert_eq!(cells[1..7], ["breaking", "fixed value", "changed", "body_parameters.command.fixed", "fill", "refill"]);
    let version = load(&stored_at).unwrap().api_version;
    let (_, _, errors) = run(folder.path(), &page, &["--check", "--api-version", &version, "--out", "new facts"]);
    let command = format!("`cargo xtask ingest page.md --api-version {version} --out 'new facts'`");
    assert!(errors.contains(&command), "{errors}");
    assert_eq!(std::fs::read_to_string(&stored_at).unwrap(), stored, "--check writes nothing");
}

#[test]
fn page_with_unknown_parts_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["--check"]] {
        let (code, _, errors) = run(folder.path(), &page().replace("String, Optional", "String, Beta"), arguments);
        assert_eq!(code, 1);
        assert!(errors.contains("error: page.md:137: unknown tag `Beta` of `note`"), "{errors}");
        assert!(errors.contains("2 parts of the page were not understood"), "{errors}");
        assert!(!folder.path().join("facts").exists());
    }
}

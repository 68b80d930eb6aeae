//! Tests the task `ingest`, and all checks of the project's spec.

use std::path::{Path, PathBuf};

use docfacts::ingest::ingest;
use docfacts::store::load;
use openapi_doc::{Document, sha256};
use serde_json::{Value, json};
use xtask::project;

use crate::commands::xtask;

fn file(name: &str) -> String {
    std::fs::read_to_string(crate::workspace().join("xtask/docfacts/tests/pages").join(name)).unwrap()
}

const PAGE: &str = "fill-a-tank.md";

/// The problems of a spec that agrees with its pages, after an edit; one line each.
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
    /paths/~1depots~1{depot_id}~1tanks/get/parameters/2/schema: the page documents type `query_parameters.full.type` as `Boolean`, but the type in the spec is string; fix the spec, or add an `x-deviation` with `fact: query_parameters.full.type`
    /paths/~1depots~1{depot_id}~1tanks/get/summary: is missing or blank; expected a short description
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

fn run(folder: &Path, page: &str, arguments: &[&str]) -> (i32, String, String) {
    std::fs::write(folder.join("page.md"), page).unwrap();
    let out = if arguments.contains(&"--out") { &[][..] } else { &["--out", "facts"] };
    xtask(folder, &[&["ingest", "page.md"], arguments, out].concat())
}

#[test]
fn facts_are_written_and_then_compared() {
    let folder = tempfile::tempdir().unwrap();
    let page = file(PAGE);
    assert_eq!(run(folder.path(), &page, &["--check"]).0, 1);
    assert!(!folder.path().join("facts").exists(), "--check writes nothing");

    let (code, printed, errors) = run(folder.path(), &page, &[]);
    assert_eq!(code, 0, "{errors}");
    assert!(printed.contains("note: page.md:61: a shell reads the sample"));
    let stored_at = folder.path().join("facts/fill-a-tank.yaml");
    let stored = std::fs::read_to_string(&stored_at).unwrap();
    assert_eq!(load(&stored_at).unwrap(), ingest(page.as_bytes()).page);

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
    let (_, _, errors) = run(folder.path(), &file(PAGE), &["--check", "--api-version", &version, "--out", "new facts"]);
    let command = format!("`cargo xtask ingest page.md --api-version {version} --out 'new facts'`");
    assert!(errors.contains(&command), "{errors}");
    assert_eq!(std::fs::read_to_string(&stored_at).unwrap(), stored, "--check writes nothing");
}

#[test]
fn page_with_unknown_parts_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["--check"]] {
        let (code, _, errors) = run(folder.path(), &file(PAGE).replace("String, Optional", "String, Beta"), arguments);
        assert_eq!(code, 1);
        assert!(errors.contains("error: page.md:137: unknown tag `Beta` of `note`"), "{errors}");
        assert!(errors.contains("2 parts of the page were not understood"), "{errors}");
        assert!(!folder.path().join("facts").exists());
    }
}

//! Tests the additional checks for a project's own spec: are the examples valid, is the spec complete?

use std::collections::BTreeMap;

use json_patch::PatchOperation;
use openapi_doc::{Document, Problem, Problems};

use crate::lint::{incomplete, lint, wrong_examples};

fn tanks() -> Document {
    Document::parse("tanks.yaml".as_ref(), include_bytes!("tanks.yaml")).unwrap()
}

fn found(document: &Document) -> String {
    lint(document).unwrap();
    let problems: Vec<Problem> = [wrong_examples(document), incomplete(document)].concat();
    Problems::new(&document.file, problems).to_string().replace("error: tanks.yaml: at ", "")
}

#[test]
fn complete_spec_has_no_problem() {
    assert_eq!(found(&tanks()), "");
}

fn after(group: &str) -> String {
    let edits: BTreeMap<String, BTreeMap<String, PatchOperation>> =
        serde_yaml::from_str(include_str!("lint_edits.yaml")).unwrap();
    let each = edits[group].iter().map(|(name, edit)| {
        let mut document = tanks();
        json_patch::patch(&mut document.value, std::slice::from_ref(edit)).unwrap();
        let found = found(&document);
        assert!(!found.is_empty(), "nothing is found: {name}");
        format!("{name}:\n  {}\n", found.replace('\n', "\n  "))
    });
    each.collect()
}

#[test]
fn examples_that_do_not_match_their_schema_are_reported() {
    insta::assert_snapshot!(after("examples that do not match their schema"));
}

#[test]
fn missing_parts_are_reported() {
    insta::assert_snapshot!(after("what is missing"));
}

//! Tests the additional checks for a project's own spec: are the examples valid, is the spec complete?

use std::collections::BTreeMap;

use openapi_doc::{Document, Pointer, Problem, Problems};
use serde_json::Value;

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
    let edits = include_str!("lint_edits.yaml").replace("FILL", "/paths/~1tanks~1{tank}/post");
    let edits: BTreeMap<String, Vec<Vec<Value>>> = serde_yaml::from_str(&edits).unwrap();
    let each = edits[group].iter().map(|edit| {
        let mut document = tanks();
        let (name, at) = (edit[0].as_str().unwrap(), edit[1].as_str().unwrap());
        let (parent, key) = Pointer::from_written(at).split_last().unwrap();
        match (document.value.pointer_mut(parent.as_str()).unwrap(), edit.get(2)) {
            (Value::Object(map), None) => drop(map.remove(&key).unwrap()),
            (parent, value) => parent[key] = value.unwrap().clone(),
        }
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

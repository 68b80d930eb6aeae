//! The questions that a project can ask about its own spec in addition: are the examples valid, is all described?

use openapi_doc::{Document, Pointer, Problem, Problems};
use serde_json::{Value, json};

use crate::lint::{incomplete, lint, wrong_examples};

/// Changes one value; `null` removes it.
fn found(edits: &[(&str, Value)]) -> String {
    let mut document = Document::parse("tanks.yaml".as_ref(), include_bytes!("tanks.yaml")).unwrap();
    for (at, value) in edits {
        let (parent, key) = Pointer::from_written(*at).split_last().unwrap();
        let parent = document.value.pointer_mut(parent.as_str()).unwrap();
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            Value::Object(map) if value.is_null() => drop(map.remove(&key).unwrap()),
            other => other[key] = value.clone(),
        }
    }
    lint(&document).unwrap();
    let problems: Vec<Problem> = [wrong_examples(&document), incomplete(&document)].concat();
    Problems::new(&document.file, problems).to_string().replace("error: tanks.yaml: at ", "")
}

const FILL: &str = "/paths/~1tanks~1{tank}/post";

#[test]
fn a_spec_that_is_described_in_full_has_no_problem() {
    assert_eq!(found(&[]), "");
}

/// The problems after each edit alone.
fn after(edits: &[(&str, String, Value)]) -> String {
    let each = edits.iter().map(|(name, at, value)| {
        let found = found(&[(at.as_str(), value.clone())]);
        assert!(!found.is_empty(), "nothing is found: {name}");
        format!("{name}:\n  {}\n", found.replace('\n', "\n  "))
    });
    each.collect()
}

#[test]
fn examples_that_do_not_match_their_schema_are_found_where_they_are() {
    let schemas = "/components/schemas";
    insta::assert_snapshot!(after(&[
        ("of a schema", format!("{schemas}/Fuel/properties/grade/example"), json!("diesel")),
        ("of a parameter", "/components/parameters/Tank/example".to_owned(), json!("T1000")),
        ("of a request, by reference", "/components/examples/Diesel/value/order/fuel/0/grade".to_owned(), json!("b7")),
        ("of a response", format!("{FILL}/responses/200/content/application~1json/example/1/state"), json!("BUSY")),
        ("null where it is not allowed", format!("{schemas}/Done/properties/litres/nullable"), json!(false)),
        ("a value that is not listed", format!("{schemas}/Done/properties/state/example"), json!("BUSY")),
    ]));
}

#[test]
fn what_is_missing_is_found() {
    insta::assert_snapshot!(after(&[
        ("no summary", format!("{FILL}/summary"), json!(null)),
        ("no tags", format!("{FILL}/tags"), json!([])),
        ("no response for a refusal", format!("{FILL}/responses/4XX"), json!(null)),
        ("no response for a failure", format!("{FILL}/responses/5XX"), json!(null)),
        ("no example of a success", format!("{FILL}/responses/200/content/application~1json/example"), json!(null)),
        ("a body that may be left out", format!("{FILL}/requestBody/required"), json!(false)),
        ("an unbounded field", "/components/schemas/Filling/properties/note/maxLength".to_owned(), json!(null)),
        ("an unbounded parameter", "/components/parameters/Tank/schema/maxLength".to_owned(), json!(null)),
        (
            "a format is no bound",
            "/components/schemas/Fuel/properties/grade".to_owned(),
            json!({ "type": "string", "format": "uuid" })
        ),
    ]));
}

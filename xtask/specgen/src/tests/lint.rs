//! The questions that a project can ask about its own spec in addition: are the examples valid, is all described?

use openapi_doc::{Document, Pointer, Problem, Problems};
use serde_json::{Value, json};

use crate::lint::{incomplete, lint, wrong_examples};

const SPEC: &str = "
openapi: 3.0.3
info: {title: Tanks, version: 1.0.0}
paths:
  /tanks/{tank}:
    parameters: [{$ref: '#/components/parameters/Tank'}]
    post:
      operationId: fill
      summary: Fill a tank
      tags: [tanks]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Filling'}
            encoding: {order: {contentType: application/json}}
            examples: {diesel: {$ref: '#/components/examples/Diesel'}, elsewhere: {externalValue: 'https://tanks.example'}}
      responses:
        '200':
          description: Full.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Done'}}
              example: [{state: DONE, litres: null}, {state: OPEN}]
        4XX: {description: Refused.}
        5XX: {description: Failed.}
components:
  parameters:
    Tank: {name: tank, in: path, required: true, schema: {type: string, maxLength: 3}, example: T1}
  examples:
    Diesel: {value: {order: {fuel: [{grade: B7}]}, note: none}}
  schemas:
    Filling:
      required: [order]
      properties:
        order:
          properties:
            fuel: {type: array, items: {$ref: '#/components/schemas/Fuel'}}
        note: {type: string, maxLength: 10}
    Fuel: {properties: {grade: {type: string, pattern: '^[A-Z][0-9]$', example: E5}}}
    Done:
      properties:
        state: {type: string, enum: [OPEN, DONE], example: OPEN}
        litres: {type: number, nullable: true, example: null}
        kind: {type: string, nullable: true, enum: [a], example: null}
        text: {type: string}
";

/// Changes one value; `null` removes it.
fn found(edits: &[(&str, Value)]) -> String {
    let mut document = Document::parse("tanks.yaml".as_ref(), SPEC.as_bytes()).unwrap();
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
    ]), @r#"
    of a schema:
      /components/schemas/Fuel/properties/grade/example: the example does not match its schema: "diesel" does not match "^[A-Z][0-9]$"
    of a parameter:
      /components/parameters/Tank/example: the example does not match its schema: "T1000" is longer than 3 characters
    of a request, by reference:
      /components/examples/Diesel/value/order/fuel/0/grade: the example does not match its schema: "b7" does not match "^[A-Z][0-9]$"
    of a response:
      /paths/~1tanks~1{tank}/post/responses/200/content/application~1json/example/1/state: the example does not match its schema: "BUSY" is not one of "OPEN" or "DONE"
    null where it is not allowed:
      /components/schemas/Done/properties/litres/example: the example does not match its schema: null is not of type "number"
      /paths/~1tanks~1{tank}/post/responses/200/content/application~1json/example/0/litres: the example does not match its schema: null is not of type "number"
    a value that is not listed:
      /components/schemas/Done/properties/state/example: the example does not match its schema: "BUSY" is not one of "OPEN" or "DONE"
    "#);
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
        ("a format is no bound", "/components/schemas/Fuel/properties/grade".to_owned(), json!({ "type": "string", "format": "uuid" })),
    ]), @"
    no summary:
      /paths/~1tanks~1{tank}/post/summary: is missing; expected a text
    no tags:
      /paths/~1tanks~1{tank}/post/tags: is missing; expected at least one tag
    no response for a refusal:
      /paths/~1tanks~1{tank}/post/responses: there is no client-error response; add `4XX`
    no response for a failure:
      /paths/~1tanks~1{tank}/post/responses: there is no server-error response; add `5XX`
    no example of a success:
      /paths/~1tanks~1{tank}/post/responses/200/content/application~1json/examples: is missing; expected at least one example
    a body that may be left out:
      /paths/~1tanks~1{tank}/post/requestBody/required: is missing, although the schema has required properties; add `required: true`
    an unbounded field:
      /components/schemas/Filling/properties/note: unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`
    an unbounded parameter:
      /components/parameters/Tank/schema: unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`
    a format is no bound:
      /components/schemas/Fuel/properties/grade: unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`
    ");
}

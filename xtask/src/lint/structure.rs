//! Is it OpenAPI 3.0 at all? Answered by the schema that the OpenAPI Initiative publishes for its documents (kept in
//! `schemas/openapi-3.0.json`), so that a misspelt keyword is an error here and not a constraint that silently is none.

use jsonschema::Draft;
use serde_json::Value;

use super::explain::explain;
use crate::document::Document;
use crate::problem::{Pointer, Problem};

const OPENAPI_3_0: &str = include_str!("../../schemas/openapi-3.0.json");

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let root = Pointer::default();
    if let Some(problem) = version(&document.value, &root) {
        return vec![problem];
    }
    let schema = match serde_json::from_str(OPENAPI_3_0) {
        Ok(schema) => schema,
        Err(error) => return vec![Problem::file(format!("the schema of OpenAPI cannot be read: {error}"))],
    };
    let validator = match jsonschema::options().with_draft(Draft::Draft4).build(&schema) {
        Ok(validator) => validator,
        Err(error) => return vec![Problem::file(format!("the schema of OpenAPI cannot be used: {error}"))],
    };
    let mut problems = Vec::new();
    for error in validator.iter_errors(&document.value) {
        explain(&schema, &document.value, &error, &mut problems);
    }
    problems
}

fn version(document: &Value, root: &Pointer) -> Option<Problem> {
    let accepted = "accepted is version 3.0, as in `openapi: 3.0.3`";
    if !document.is_object() {
        return Some(Problem::at(
            root,
            format!("is no OpenAPI document, which is an object with `openapi`; {accepted}"),
        ));
    }
    match document.get("openapi") {
        None => Some(Problem::at(root, format!("`openapi`, the version of OpenAPI, is missing; {accepted}"))),
        Some(Value::String(version)) if version.starts_with("3.0.") => None,
        Some(version) => Some(Problem::at(&root.join("openapi"), format!("{version} cannot be used; {accepted}"))),
    }
}

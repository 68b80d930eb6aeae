//! Is it OpenAPI 3.0 at all? Answered by the schema that the OpenAPI Initiative publishes for its documents (kept in
//! `schemas/openapi-3.0.json`), so that a misspelt keyword is an error here and not a constraint that silently is none.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError};
use serde_json::Value;

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
        explain(&document.value, &error, &mut problems);
    }
    problems
}

fn version(document: &Value, root: &Pointer) -> Option<Problem> {
    let accepted = "accepted is a text such as 3.0.3";
    match document.get("openapi") {
        None => Some(Problem::at(root, format!("`openapi`, the version of OpenAPI, is missing; {accepted}"))),
        Some(Value::String(version)) if version.starts_with("3.0.") => None,
        Some(_) => Some(Problem::at(&root.join("openapi"), format!("is not a version that can be used; {accepted}"))),
    }
}

/// "Not one of these" says nothing to a person. The alternative that was meant is the one whose complaints lie deepest,
/// so those are reported in its place; the alternative "or a reference" is meant only where there is a `$ref`.
fn explain(document: &Value, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let pointer = Pointer::from_written(error.instance_path().as_str());
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
        let is_reference = document.pointer(pointer.as_str()).is_some_and(|value| value.get("$ref").is_some());
        let meant = context
            .iter()
            .filter(|branch| is_reference || !branch.iter().any(wants_reference))
            .max_by_key(|branch| branch.iter().map(|e| e.instance_path().as_str().matches('/').count()).max());
        if let Some(branch) = meant.filter(|branch| !branch.is_empty()) {
            for inner in branch {
                explain(document, inner, problems);
            }
            return;
        }
    }
    problems.push(Problem::at(&pointer, error.masked_with("the value").to_string()));
}

fn wants_reference(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Required { property } if property == "$ref")
}

//! Checks that the document is OpenAPI 3.0, with the OpenAPI Initiative's schema (`schemas/openapi-3.0.json`), so
//! that a misspelled keyword is an error, and not a constraint that is silently ignored.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use openapi_doc::{Document, Pointer, Problem};
use serde_json::Value;

use super::explain::explain;

/// The schema and its validator, compiled once per process; or the error.
static OPENAPI_3_0: LazyLock<Result<(Value, Validator), String>> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../schemas/openapi-3.0.json")).map_err(|e| e.to_string())?;
    let validator = jsonschema::options().with_draft(Draft::Draft4).build(&schema).map_err(|e| e.to_string())?;
    Ok((schema, validator))
});

pub(super) fn check(document: &Document) -> Vec<Problem> {
    if let Some(problem) = version(&document.value) {
        return vec![problem];
    }
    let (schema, validator) = match &*OPENAPI_3_0 {
        Ok(compiled) => compiled,
        Err(error) => return vec![Problem::file(format!("the schema of OpenAPI cannot be used: {error}"))],
    };
    let mut problems = Vec::new();
    // Most documents are valid, and `is_valid` takes a fraction of the time of `iter_errors`.
    if !validator.is_valid(&document.value) {
        for error in validator.iter_errors(&document.value) {
            explain(schema, &document.value, &error, &mut problems);
        }
    }
    problems
}

fn version(document: &Value) -> Option<Problem> {
    const EXPECTED: &str = "expected version 3.0, as in `openapi: 3.0.3`";
    let (key, message) = match (document.get("openapi"), document.get("swagger")) {
        _ if !document.is_object() => {
            ("", format!("not an OpenAPI document, which is an object with `openapi`; {EXPECTED}"))
        }
        (None, Some(version)) => (
            "swagger",
            format!("this is Swagger {version}, the predecessor of OpenAPI; convert it to OpenAPI 3.0 first"),
        ),
        (None, None) => ("", format!("`openapi`, the version of OpenAPI, is missing; {EXPECTED}")),
        (Some(Value::String(version)), _) if version.starts_with("3.0.") => return None,
        (Some(version @ Value::String(_)), _) => ("openapi", format!("version {version} is not supported; {EXPECTED}")),
        (Some(_), _) => ("openapi", format!("not a complete version; {EXPECTED}")),
    };
    let keys = Some(key).filter(|key| !key.is_empty());
    Some(Problem::at(&Pointer::default().at(keys.as_slice()), message))
}

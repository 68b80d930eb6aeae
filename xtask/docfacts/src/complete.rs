//! Is each operation described in full? It has an id, a summary, tags, answers for refusals and failures, and examples;
//! and every text that is sent is bounded.

use std::collections::BTreeSet;

use openapi_doc::{
    COMPOSITIONS, Operation, Pointer, Problem, bound, examples_at, items, object, operations, resolve, target,
};
use serde_json::Value;

/// What a spec lacks.
pub fn check(root: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for operation in operations(root) {
        words(&operation, &mut problems);
        responses(root, &operation, &mut problems);
        body(root, &operation, &mut problems);
        inputs(root, &operation, &mut problems);
    }
    problems
}

fn words(operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    for key in ["operationId", "summary"] {
        if operation.value.get(key).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            problems.push(Problem::at(&operation.pointer.join(key), "missing; expected a text"));
        }
    }
    if operation.value.get("tags").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        problems.push(Problem::at(&operation.pointer.join("tags"), "missing; expected one tag or more"));
    }
}

fn responses(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = operation.pointer.join("responses");
    let statuses: Vec<_> = object(operation.value.get("responses")).map(|(status, _)| status.as_str()).collect();
    for (range, what) in [("4XX", "a refusal"), ("5XX", "a failure of the server")] {
        if !statuses.iter().any(|status| *status == range || *status == "default") {
            let message = format!("no response for {what}; add `{range}`");
            problems.push(Problem::at(&at, message));
        }
    }
    for status in statuses.into_iter().filter(|status| status.starts_with('2')) {
        let response = target(root, at.join(status));
        let value = root.pointer(response.as_str());
        with_examples(value, &response, problems);
    }
}

/// A body that is described has an example.
fn with_examples(holder: Option<&Value>, at: &Pointer, problems: &mut Vec<Problem>) {
    for (media, content) in object(holder.and_then(|holder| holder.get("content"))) {
        let at = at.at(&["content", media]);
        if examples_at(content, &at).is_empty() {
            problems.push(Problem::at(&at.join("examples"), "missing; expected one example or more"));
        }
    }
}

fn body(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = target(root, operation.pointer.join("requestBody"));
    let Some(body) = root.pointer(at.as_str()) else { return };
    with_examples(Some(body), &at, problems);
    let needs = object(body.get("content")).any(|(_, media)| {
        let schema = media.get("schema").and_then(|schema| resolve(root, schema));
        schema.and_then(|schema| schema.get("required")?.as_array()).is_some_and(|names| !names.is_empty())
    });
    if needs && body.get("required") != Some(&Value::Bool(true)) {
        let message = "missing, and the schema has required properties; expected `required: true`";
        problems.push(Problem::at(&at.join("required"), message));
    }
}

/// Every text that a request is made of.
fn inputs(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let mut open: Vec<Pointer> = operation.parameters().map(|(at, _)| target(root, at).join("schema")).collect();
    let body = target(root, operation.pointer.join("requestBody")).join("content");
    open.extend(object(root.pointer(body.as_str())).map(|(media, _)| body.at(&[media, "schema"])));
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        let at = target(root, at);
        let Some(schema) = root.pointer(at.as_str()) else { continue };
        if !seen.insert(at.clone()) {
            continue;
        }
        let text = schema.get("type") == Some(&"string".into());
        if text && bound(schema).is_none_or(|keyword| keyword == "format") {
            let message = "unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`";
            problems.push(Problem::at(&at, message));
        }
        open.extend(object(schema.get("properties")).map(|(name, _)| at.at(&["properties", name])));
        for key in COMPOSITIONS {
            open.extend(items(schema.get(key), at.join(key)).map(|(at, _)| at));
        }
        for key in ["items", "additionalProperties"] {
            open.extend(schema.get(key).filter(|inner| inner.is_object()).map(|_| at.join(key)));
        }
    }
}

//! Is each operation described in full? It has an id, a summary, tags, responses for refusals and failures, and examples;
//! and every text that is sent is bounded.

use openapi_doc::{
    Operation, Pointer, Problem, bound, examples_at, object, operations, reach, resolve, schemas, target,
};
use serde_json::Value;

/// What a spec lacks.
pub fn check(root: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for operation in operations(root) {
        words(&operation, &mut problems);
        responses(root, &operation, &mut problems);
        body(root, &operation, &mut problems);
    }
    texts(root, &mut problems);
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
            problems.push(Problem::at(&at, format!("no response for {what}; add `{range}`")));
        }
    }
    for status in statuses.into_iter().filter(|status| status.starts_with('2')) {
        with_examples(root, &target(root, at.join(status)), problems);
    }
}

/// A body that is described has an example.
fn with_examples(root: &Value, holder: &Pointer, problems: &mut Vec<Problem>) {
    let content = holder.join("content");
    for (media, value) in object(root.pointer(content.as_str())) {
        let at = content.join(media);
        if examples_at(value, &at).is_empty() {
            problems.push(Problem::at(&at.join("examples"), "missing; expected one example or more"));
        }
    }
}

fn body(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = target(root, operation.pointer.join("requestBody"));
    let Some(body) = root.pointer(at.as_str()) else { return };
    with_examples(root, &at, problems);
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
fn texts(root: &Value, problems: &mut Vec<Problem>) {
    let inputs = operations(root).into_iter().flat_map(|operation| {
        let own = ["parameters", "requestBody"].map(|key| operation.pointer.join(key));
        own.into_iter().chain([operation.item_pointer.join("parameters")])
    });
    let reached = reach(root, inputs);
    for at in schemas(root) {
        let Some(schema) = root.pointer(at.as_str()) else { continue };
        let unbounded = schema.get("type") == Some(&"string".into()) && matches!(bound(schema), None | Some("format"));
        if unbounded && reached.iter().any(|part| at == *part || at.is_below(part)) {
            let message = "unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`";
            problems.push(Problem::at(&at, message));
        }
    }
}

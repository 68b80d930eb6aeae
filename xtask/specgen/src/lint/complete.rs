//! Checks that each operation is complete: it has an id, a summary, tags, responses for refusals and failures, and
//! examples. A body with required properties must be required, and every string in a request needs a bound.

use openapi_doc::{
    Document, Operation, Pointer, Problem, bound, examples_at, object, operations, reach, resolve, schemas, target,
};
use serde_json::Value;

use super::expect;

/// Returns a problem for each part that an operation lacks, such as a summary or a bound on a string. Code can be
/// generated without these parts.
pub fn incomplete(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let mut problems = Vec::new();
    for operation in operations(root) {
        words(&operation, &mut problems);
        responses(root, &operation, &mut problems);
        body(root, &operation, &mut problems);
    }
    problems.extend(unbounded(root));
    problems
}

fn words(operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    for (key, what) in [("operationId", "an identifier"), ("summary", "a short description")] {
        let text = operation.value.get(key).and_then(Value::as_str).unwrap_or_default();
        let message = format!("is missing or blank; expected {what}");
        expect(problems, !text.trim().is_empty(), &operation.pointer.join(key), message);
    }
    let tagged = operation.value.get("tags").and_then(Value::as_array).is_some_and(|tags| !tags.is_empty());
    expect(problems, tagged, &operation.pointer.join("tags"), "is missing; expected at least one tag");
}

fn responses(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = operation.pointer.join("responses");
    let statuses: Vec<_> = object(operation.value.get("responses")).map(|(status, _)| status.as_str()).collect();
    for (range, what) in [("4XX", "client-error"), ("5XX", "server-error")] {
        let covered = statuses.iter().any(|status| *status == range || *status == "default");
        expect(problems, covered, &at, format!("no response covers all {what} statuses; add `{range}`"));
    }
    for status in statuses.into_iter().filter(|status| status.starts_with('2')) {
        let response = target(root, at.join(status));
        with_examples(root.pointer(response.as_str()), &response, problems);
    }
}

fn with_examples(holder: Option<&Value>, at: &Pointer, problems: &mut Vec<Problem>) {
    for (media, content) in object(holder.and_then(|holder| holder.get("content"))) {
        let at = at.at(&["content", media]);
        let some = !examples_at(content, &at).is_empty();
        expect(problems, some, &at.join("examples"), "is missing; expected at least one example");
    }
}

fn body(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = target(root, operation.pointer.join("requestBody"));
    let Some(body) = root.pointer(at.as_str()) else { return };
    with_examples(Some(body), &at, problems);
    let needed = object(body.get("content")).any(|(_, media)| {
        let schema = media.get("schema").and_then(|schema| resolve(root, schema));
        schema.and_then(|schema| schema.get("required")?.as_array()).is_some_and(|names| !names.is_empty())
    });
    let message = "must be `true`, because the schema has required properties";
    expect(problems, !needed || body.get("required") == Some(&true.into()), &at.join("required"), message);
}

fn unbounded(root: &Value) -> Vec<Problem> {
    let sent = reach(root, operations(root).iter().flat_map(Operation::request));
    let is_sent = |at: &Pointer| sent.iter().any(|part| at == part || at.is_below(part));
    let is_unbounded = |at: &Pointer| {
        let schema = root.pointer(at.as_str()).filter(|schema| schema.get("type") == Some(&"string".into()));
        schema.is_some_and(|schema| bound(schema).is_none_or(|keyword| keyword == "format"))
    };
    let message = "unbounded string in a request; add `pattern`, `minLength`, `maxLength` or `enum`";
    let found = schemas(root).into_iter().filter(|at| is_sent(at) && is_unbounded(at));
    found.map(|at| Problem::at(&at, message)).collect()
}

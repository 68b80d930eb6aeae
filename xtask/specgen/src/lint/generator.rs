//! Does the code that the generator makes work? Here is what compiles and fails at run time, what does not compile, and
//! what is silently ignored. Input that the generator itself refuses is reported by [`crate::generate`].

use std::collections::BTreeSet;

use openapi_doc::{
    Document, FORM, Operation, Pointer, Problem, can_be_null, object, operations, resolve, schemas, target,
};
use serde_json::Value;

use crate::kind::{all_single, kind};
use crate::lower::open_enum;

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let mut problems = Vec::new();
    for (path, item) in object(root.get("paths")) {
        if item.get("$ref").is_some() {
            let at = Pointer::default().at(&["paths", path]);
            problems.push(Problem::at(&at, "a path item by reference is not supported; write it out here"));
        }
    }
    for operation in operations(root) {
        if operation.id().is_empty() {
            let message = "`operationId` is missing; the generated function is named after it";
            problems.push(Problem::at(&operation.pointer, message));
        }
        parameters(root, &operation, &mut problems);
        successes(root, &operation, &mut problems);
        let body = target(root, operation.pointer.join("requestBody")).join("content");
        for (name, media) in object(root.pointer(body.as_str())) {
            request_body(root, name, media, &body.join(name), &mut problems);
        }
    }
    for at in schemas(root) {
        if let Some(schema) = root.pointer(at.as_str()) {
            any_of(root, schema, &at, &mut problems);
            default(schema, &at, &mut problems);
        }
    }
    problems
}

fn parameters(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let in_template: Vec<&str> =
        operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    let mut described = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, parameter) in operation.parameters() {
        let Some(parameter) = resolve(root, parameter) else { continue };
        let list = at.split_last().map(|(list, _)| list);
        let at = target(root, at);
        let text = |key| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, location) = (text("name"), text("in"));
        // A parameter of the operation may replace one of the path; in one list, a name occurs once.
        if !seen.insert((list, name, location)) {
            problems.push(Problem::at(&at.join("name"), format!("parameter `{name}` occurs twice in this {location}")));
        }
        if location == "cookie" {
            let message = format!("parameter `{name}` is in a cookie; expected path, query or header");
            problems.push(Problem::at(&at.join("in"), message));
            continue;
        }
        if parameter.get("schema").is_none() {
            let message = format!("parameter `{name}` has no `schema`; one with `content` is not supported");
            problems.push(Problem::at(&at, message));
        }
        if let Some(reason) = unfit(root, &at.join("schema"), location) {
            let message = format!("parameter `{name}` is {reason}; expected a single value in a {location}");
            problems.push(Problem::at(&at.join("schema"), message));
        }
        if location == "path" {
            described.push(name);
            if !in_template.contains(&name) {
                let message = format!("the path `{}` has no `{{{name}}}`", operation.path);
                problems.push(Problem::at(&at.join("name"), message));
            }
        }
    }
    for name in in_template.into_iter().filter(|name| !described.contains(name)) {
        let message = format!("the path has `{{{name}}}`, and no parameter with `in: path` describes it; add one");
        problems.push(Problem::at(&operation.pointer, message));
    }
}

/// Why a schema does not fit a parameter: a path and a header hold exactly one value, a query a list of values as well.
fn unfit(root: &Value, schema: &Pointer, location: &str) -> Option<&'static str> {
    let at = target(root, schema.clone());
    match kind(root, &at) {
        Some("object") => Some("an object"),
        Some("array") if location != "query" => Some("an array"),
        _ if location != "query" && can_be_null(root.pointer(at.as_str())?) => Some("nullable"),
        _ => None,
    }
}

/// An operation can be generated with one type of success.
fn successes(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = operation.pointer.join("responses");
    let success = object(operation.value.get("responses")).filter(|(status, _)| status.starts_with('2'));
    let content = success.filter_map(|(status, response)| Some((status, resolve(root, response)?.get("content"))));
    let mut types = content.map(|(status, content)| {
        let json = object(content).find(|(media, _)| media.split(';').next() == Some("application/json"));
        (status, (content.is_some(), json.map(|(_, content)| content.get("schema"))))
    });
    let Some((first, expected)) = types.next() else { return };
    for (status, _) in types.filter(|(_, found)| *found != expected) {
        let message = format!("the type differs from that of {first}; only one type of success is supported");
        problems.push(Problem::at(&at.join(status), message));
    }
}

fn request_body(root: &Value, name: &str, media: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let is_form = name.split(';').next().unwrap_or_default().trim() == FORM;
    if !is_form {
        if media.get("encoding").is_some() {
            problems.push(Problem::at(&at.join("encoding"), format!("`encoding` has a meaning for {FORM} only")));
        }
        return;
    }
    let schema = target(root, at.join("schema"));
    let properties = root.pointer(schema.as_str()).and_then(|schema| schema.get("properties"));
    if media.get("schema").is_some() && properties.is_none() {
        problems.push(Problem::at(&schema, "the schema of a form must be an object with `properties`"));
    }
    let encoding = media.get("encoding");
    for (name, entry) in object(encoding) {
        let at = at.at(&["encoding", name]);
        if properties.is_some_and(|properties| properties.get(name).is_none()) {
            let known: Vec<_> = object(properties).map(|(name, _)| format!("`{name}`")).collect();
            problems.push(Problem::at(&at, format!("no property of the form; expected one of {}", known.join(", "))));
        }
        for (key, value) in object(Some(entry)) {
            if !(key == "contentType" && value == "application/json" || key.starts_with("x-")) {
                problems.push(Problem::at(&at.join(key), "only `contentType: application/json` is supported"));
            }
        }
    }
    for (name, _) in object(properties) {
        let property = schema.at(&["properties", name]);
        let is_encoded = encoding.is_some_and(|encoding| encoding.get(name).is_some());
        if let Some(kind @ ("object" | "array")) = kind(root, &property).filter(|_| !is_encoded) {
            let entry = format!("encoding: {{{name}: {{contentType: application/json}}}}");
            let message = format!("a form field cannot hold an {kind}; add `{entry}` to send it as JSON");
            problems.push(Problem::at(&property, message));
        }
    }
}

/// `anyOf` becomes a struct of flattened members, which works for objects only. The lowering rewrites an open enum, and
/// single values.
fn any_of(root: &Value, schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let Some(members) = schema.get("anyOf").and_then(Value::as_array) else { return };
    let at = at.join("anyOf");
    if let Some(values) = open_enum::values(schema) {
        problems.extend(open_enum::variants(&values).err().map(|message| Problem::at(&at, message)));
    } else if !all_single(root, &at, members.len())
        && !(0..members.len()).all(|index| kind(root, &at.join(index)) == Some("object"))
    {
        let message = "`anyOf` is supported for objects and for single values; write other alternatives as `oneOf`";
        problems.push(Problem::at(&at, message));
    }
}

/// The generator reports a default that is not listed at the type around it, if at all.
fn default(schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    if let (Some(default), Some(Value::Array(values))) = (schema.get("default"), schema.get("enum"))
        && !values.contains(default)
    {
        let message = format!("the default {default} is not one of the listed values");
        problems.push(Problem::at(&at.join("enum"), message));
    }
}

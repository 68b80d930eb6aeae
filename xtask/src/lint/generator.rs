//! Can the generator take it, after the lowering passes have done what they can? What is listed here was seen to panic,
//! or to compile and then fail at run time. Whatever slips through is caught, and placed, in `generate`.

use serde_json::Value;

use crate::document::{Document, FORM, Operation, can_be_null, object, operations, resolve, schemas, target};
use crate::lower::open_enum;
use crate::problem::{Pointer, Problem};

/// Request media types of which the generator makes a body.
const REQUEST_MEDIA: [&str; 5] =
    ["application/json", FORM, "application/octet-stream", "text/plain", "text/x-markdown"];

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let mut problems = Vec::new();
    for (path, item) in object(root.get("paths")) {
        if item.get("$ref").is_some() {
            let at = Pointer::default().at(&["paths", path]);
            problems.push(Problem::at(&at, "a path item given by reference cannot be generated; write it out here"));
        }
    }
    let operations = operations(root);
    for operation in &operations {
        if operation.id().is_empty() {
            problems.push(Problem::at(
                &operation.pointer,
                "`operationId` is missing; the generated function is named after it",
            ));
        }
        parameters(root, operation, &mut problems);
        if let Some(body) = operation.value.get("requestBody") {
            let at = target(root, operation.pointer.join("requestBody"));
            request_body(root, body, &at, &mut problems);
        }
        responses(root, operation, &mut problems);
    }
    for pointer in schemas(root) {
        if let Some(schema) = root.pointer(pointer.as_str()) {
            any_of(root, schema, &pointer, &mut problems);
        }
    }
    problems
}

fn parameters(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let in_template: Vec<&str> =
        operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    let mut described = Vec::new();
    for (pointer, parameter) in operation.parameters() {
        let Some(parameter) = resolve(root, parameter) else { continue };
        let pointer = target(root, pointer);
        let text = |key| parameter.get(key).and_then(Value::as_str);
        let name = text("name").unwrap_or_default();
        let (location, default_style) = match text("in") {
            Some("path") => ("path", "simple"),
            Some("query") => ("query", "form"),
            Some("header") => ("header", "simple"),
            other => {
                let message = format!(
                    "parameter `{name}` is in {}; accepted are path, query and header",
                    other.unwrap_or("nothing")
                );
                problems.push(Problem::at(&pointer.join("in"), message));
                continue;
            }
        };
        if text("style").is_some_and(|style| style != default_style) {
            let message = format!("a {location} parameter can be generated with the style `{default_style}` only");
            problems.push(Problem::at(&pointer.join("style"), message));
        }
        if parameter.get("schema").is_none() {
            let message = format!(
                "parameter `{name}` has no `schema`, and one described by `content` cannot be generated; accepted is `schema`"
            );
            problems.push(Problem::at(&pointer, message));
        }
        if let Some(message) = parameter.get("schema").and_then(|schema| unfit(root, schema, location)) {
            let message = format!("parameter `{name}` is {message}");
            problems.push(Problem::at(&pointer.join("schema"), message));
        }
        if location == "path" {
            described.push(name.to_owned());
            if !in_template.contains(&name) {
                let message = format!(
                    "path parameter `{name}` is not in the path `{}`; accepted are the names in its braces",
                    operation.path
                );
                problems.push(Problem::at(&pointer.join("name"), message));
            }
        }
    }
    for name in in_template {
        if !described.iter().any(|known| known == name) {
            let message = format!(
                "the path has `{{{name}}}`, and no parameter with `in: path` and that name describes it; accepted is one under `parameters`"
            );
            problems.push(Problem::at(&operation.pointer, message));
        }
    }
}

/// What makes a schema unfit for a parameter: a path and a header hold one value and nothing else.
fn unfit(root: &Value, schema: &Value, location: &str) -> Option<String> {
    let schema = resolve(root, schema)?;
    match kind_of(root, schema) {
        Some("object") => {
            Some(format!("an object, which cannot be generated in a {location}; accepted are single values"))
        }
        Some("array") if location != "query" => {
            Some(format!("an array, which cannot be generated in a {location}; accepted are single values"))
        }
        _ if location != "query" && can_be_null(schema) => Some(format!(
            "nullable, and null cannot stand in a {location}; accepted are schemas without `nullable: true`"
        )),
        _ => None,
    }
}

fn request_body(root: &Value, body: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let Some(body) = resolve(root, body) else { return };
    let content: Vec<_> = object(body.get("content")).collect();
    let at = at.join("content");
    let [(name, media)] = content.as_slice() else {
        let message = format!("has {} media types; a request body can be generated with exactly one", content.len());
        problems.push(Problem::at(&at, message));
        return;
    };
    let at = at.join(name);
    let bare = name.split(';').next().unwrap_or_default().trim();
    if !REQUEST_MEDIA.contains(&bare) {
        let message =
            format!("the media type cannot be generated as a request; accepted are {}", REQUEST_MEDIA.join(", "));
        problems.push(Problem::at(&at, message));
        return;
    }
    let Some(schema) = media.get("schema") else {
        problems.push(Problem::at(&at, "`schema` is missing; the type of the body is made from it"));
        return;
    };
    if bare == FORM {
        form(root, media, schema, &at, problems);
    } else if media.get("encoding").is_some() {
        problems.push(Problem::at(&at.join("encoding"), format!("`encoding` has a meaning for {FORM} only")));
    }
}

fn form(root: &Value, media: &Value, schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let schema_at = target(root, at.join("schema"));
    let properties = resolve(root, schema).and_then(|schema| schema.get("properties"));
    if properties.is_none() {
        problems.push(Problem::at(&schema_at, "the schema of a form must be an object with `properties`"));
    }
    let encoding = media.get("encoding");
    for (name, entry) in object(encoding) {
        let at = at.at(&["encoding", name]);
        if properties.is_some_and(|properties| properties.get(name).is_none()) {
            let known: Vec<_> = object(properties).map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("the form has no property `{name}`; accepted are {}", known.join(", "));
            problems.push(Problem::at(&at, message));
        }
        for (key, value) in object(Some(entry)) {
            if key == "contentType" && value == "application/json" || key.starts_with("x-") {
                continue;
            }
            problems.push(Problem::at(
                &at.join(key),
                "an encoding can be generated with `contentType: application/json` only",
            ));
        }
    }
    for (name, property) in object(properties) {
        if encoding.is_some_and(|encoding| encoding.get(name).is_some()) {
            continue;
        }
        if let Some(kind @ ("object" | "array")) = kind_of(root, property) {
            let message = format!(
                "an {kind} has no form in a field of {FORM}; say how it is written with `encoding: {{{name}: {{contentType: application/json}}}}`"
            );
            problems.push(Problem::at(&schema_at.at(&["properties", name]), message));
        }
    }
}

/// The type of a schema, or that of what it is made of.
fn kind_of<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a str> {
    // A schema can be made of itself.
    const MAX_DEPTH: usize = 10;
    kind_within(root, schema, MAX_DEPTH)
}

fn kind_within<'a>(root: &'a Value, schema: &'a Value, depth: usize) -> Option<&'a str> {
    let depth = depth.checked_sub(1)?;
    let schema = resolve(root, schema)?;
    let said = schema.get("type").and_then(Value::as_str);
    let implied = || ["properties", "additionalProperties"].iter().any(|key| schema.get(*key).is_some());
    said.or_else(|| implied().then_some("object")).or_else(|| schema.get("items").map(|_| "array")).or_else(|| {
        let members = |keyword: &str| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        let kinds = || {
            ["allOf", "oneOf", "anyOf"]
                .into_iter()
                .flat_map(members)
                .filter_map(|member| kind_within(root, member, depth))
        };
        // One member that is no single value is enough to make a mixture none.
        kinds().find(|kind| matches!(*kind, "object" | "array")).or_else(|| kinds().next())
    })
}

fn responses(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = operation.pointer.join("responses");
    let mut successes = Vec::new();
    for (status, value) in object(operation.value.get("responses")) {
        let Some(value) = resolve(root, value) else { continue };
        let json = object(value.get("content")).find(|(media, _)| media.split(';').next() == Some("application/json"));
        if let Some((media, content)) = json
            && content.get("schema").is_none()
        {
            let at = target(root, at.join(status)).at(&["content", media]);
            problems.push(Problem::at(&at, "`schema` is missing; the type of the answer is made from it"));
        }
        if status.starts_with('2') {
            let kind = json.map(|(_, content)| content.get("schema"));
            successes.push((status, kind, value.get("content").is_some()));
        }
    }
    if let Some((first, rest)) = successes.split_first() {
        for other in rest {
            if (first.1, first.2) != (other.1, other.2) {
                let message = format!(
                    "answers with another type than {}; one operation can be generated with one type of success",
                    first.0
                );
                problems.push(Problem::at(&at.join(other.0), message));
            }
        }
    }
}

/// `anyOf` becomes a struct of flattened options, which holds for objects alone. An open enum is lowered before.
fn any_of(root: &Value, schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let Some(members) = schema.get("anyOf").and_then(Value::as_array) else { return };
    let at = at.join("anyOf");
    match open_enum::values(schema) {
        Some(values) => {
            if let Err(message) = open_enum::variants(&values) {
                problems.push(Problem::at(&at, message));
            }
        }
        None if members.iter().all(|member| kind_of(root, member) == Some("object")) => {}
        None => problems.push(Problem::at(
            &at,
            "`anyOf` can be generated for objects, and for an open enum (a string with `enum` and a string without); write alternatives as `oneOf`",
        )),
    }
}

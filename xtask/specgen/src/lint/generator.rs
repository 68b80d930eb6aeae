//! Checks that the generated code works. Reports input that leads to code that does not compile or fails at run time,
//! and input that is silently ignored. Input that the generator itself rejects is reported by [`crate::generate`].

use std::collections::{BTreeMap, BTreeSet};

use openapi_doc::{
    COMPOSITIONS, Document, FORM, Operation, Pointer, Problem, can_be_null, items, members, object, operations,
    resolve, schemas, target,
};
use serde_json::Value;

use super::expect;
use crate::kind::{all_single, kind};
use crate::lower::open_enum;

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let mut problems = Vec::new();
    for (path, item) in object(root.get("paths")) {
        let message = "a path item by reference is not supported; write it out here";
        let at = Pointer::default().at(&["paths", path]);
        expect(&mut problems, item.get("$ref").is_none(), &at, message);
        let message = "a path must not contain a query or a fragment; describe a query as parameters";
        expect(&mut problems, !path.contains(['?', '#']), &at, message);
    }
    for operation in operations(root) {
        let message = "`operationId` is missing; the generated function is named after it";
        expect(&mut problems, !operation.id().is_empty(), &operation.pointer, message);
        let message = format!("the method `{}` is not supported; remove the operation", operation.method);
        expect(&mut problems, !matches!(operation.method, "options" | "trace"), &operation.pointer, message);
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
            let at_members = at.join("allOf");
            let parts = items(schema.get("allOf"), at_members.clone());
            let mut parts = parts.flat_map(|(part, _)| members(root, &part, &COMPOSITIONS, |_| true));
            let message = "the schema is composed of itself; the members of `allOf` must not lead back to it";
            expect(&mut problems, parts.all(|(part, _)| part != at), &at_members, message);
            default(schema, &at, &mut problems);
        }
    }
    problems
}

fn parameters(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let in_template: Vec<&str> =
        operation.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    let mut described = Vec::new();
    let (mut seen, mut locations) = (BTreeSet::new(), BTreeMap::new());
    for (at, parameter) in operation.parameters() {
        let Some(parameter) = resolve(root, parameter) else { continue };
        let list = at.split_last().map(|(list, _)| list);
        let at = target(root, at);
        let text = |key| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, location) = (text("name"), text("in"));
        // An operation may override a parameter of its path. Within one list, a name may occur only once in each
        // location.
        let message = format!("parameter `{name}` occurs twice in the {location}");
        expect(problems, seen.insert((list, name, location)), &at.join("name"), message);
        let other = *locations.entry(name).or_insert(location);
        let message = format!(
            "parameter `{name}` is in the {location}, and one of the same name in the {other}; the generator would \
             lose one of them, so remove one"
        );
        expect(problems, other == location, &at.join("name"), message);
        if location == "cookie" {
            let message = format!("parameter `{name}` is in a cookie; expected path, query or header");
            problems.push(Problem::at(&at.join("in"), message));
            continue;
        }
        let message = format!("parameter `{name}` has no `schema`; a parameter with `content` is not supported");
        expect(problems, parameter.get("schema").is_some(), &at, message);
        if let Some(reason) = unfit(root, &at.join("schema"), location) {
            let message = format!("parameter `{name}` is {reason}; expected a single value in a {location}");
            problems.push(Problem::at(&at.join("schema"), message));
        }
        let is_joined = location == "query" && parameter.get("explode") == Some(&Value::Bool(false));
        let message =
            "`explode: false` is not supported: each item would become a parameter; describe the list as one string";
        expect(problems, !is_joined || kind(root, &at.join("schema")) != Some("array"), &at.join("explode"), message);
        let is_media_type = location == "header" && name.eq_ignore_ascii_case("content-type");
        let message = format!("the media type of the body is sent as `{name}`; remove this parameter");
        expect(problems, !is_media_type, &at.join("name"), message);
        if location == "path" {
            described.push(name);
            let message = format!("the path `{}` has no `{{{name}}}`", operation.path);
            expect(problems, in_template.contains(&name), &at.join("name"), message);
        }
    }
    for name in in_template.into_iter().filter(|name| !described.contains(name)) {
        let message = format!("the path has `{{{name}}}`, but no parameter with `in: path` describes it; add one");
        problems.push(Problem::at(&operation.pointer, message));
    }
}

/// Why a schema does not fit a parameter: a path and a header contain exactly one value, a query may also contain a
/// list.
fn unfit(root: &Value, schema: &Pointer, location: &str) -> Option<&'static str> {
    let at = target(root, schema.clone());
    match kind(root, &at) {
        Some("object") => Some("an object"),
        Some("array") if location != "query" => Some("an array"),
        _ if location != "query" && can_be_null(root.pointer(at.as_str())?) => Some("nullable"),
        _ => None,
    }
}

/// Checks that all successes of an operation have the same type. The generator supports only one.
fn successes(root: &Value, operation: &Operation<'_>, problems: &mut Vec<Problem>) {
    let at = operation.pointer.join("responses");
    let success = object(operation.value.get("responses")).filter(|(status, _)| status.starts_with('2'));
    let content = success.filter_map(|(status, response)| Some((status, resolve(root, response)?.get("content"))));
    let mut types = content.map(|(status, content)| {
        let json = object(content).find(|(media, _)| media.split(';').next() == Some("application/json"));
        (status, (content.is_some(), json.map(|(_, content)| content.get("schema"))))
    });
    let Some((first, expected)) = types.next() else { return };
    for (status, found) in types {
        let message =
            format!("the type differs from that of {first}; all successful responses must have the same type");
        expect(problems, found == expected, &at.join(status), message);
    }
}

fn request_body(root: &Value, name: &str, media: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let is_form = name.split(';').next().unwrap_or_default().trim() == FORM;
    if !is_form {
        let message = format!("`encoding` applies to {FORM} only");
        return expect(problems, media.get("encoding").is_none(), &at.join("encoding"), message);
    }
    let schema = target(root, at.join("schema"));
    let properties = root.pointer(schema.as_str()).and_then(|schema| schema.get("properties"));
    let message = "the schema of a form must be an object with `properties`";
    expect(problems, media.get("schema").is_none() || properties.is_some(), &schema, message);
    let encoding = media.get("encoding");
    for (name, entry) in object(encoding) {
        let at = at.at(&["encoding", name]);
        let known: Vec<_> = object(properties).map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("not a property of the form; expected one of {}", known.join(", "));
        expect(problems, properties.is_none_or(|properties| properties.get(name).is_some()), &at, message);
        for (key, value) in object(Some(entry)) {
            let fits = key == "contentType" && value == "application/json" || key.starts_with("x-");
            expect(problems, fits, &at.join(key), "only `contentType: application/json` is supported");
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

/// `anyOf` becomes a struct of flattened members, which works for objects only. `lower` rewrites open enums and single
/// values, so they are fine.
fn any_of(root: &Value, schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    let Some(members) = schema.get("anyOf").and_then(Value::as_array) else { return };
    let at = at.join("anyOf");
    if let Some(values) = open_enum::values(schema) {
        problems.extend(open_enum::variants(&values).err().map(|message| Problem::at(&at, message)));
    } else {
        let objects = || (0..members.len()).all(|index| kind(root, &at.join(index)) == Some("object"));
        let message = "`anyOf` is supported for objects and for single values; write other alternatives as `oneOf`";
        expect(problems, all_single(root, &at, members.len()) || objects(), &at, message);
    }
}

/// Checks that a default is listed. The generator reports an unlisted one at the type around it, or not at all.
fn default(schema: &Value, at: &Pointer, problems: &mut Vec<Problem>) {
    if let (Some(default), Some(Value::Array(values))) = (schema.get("default"), schema.get("enum")) {
        let message = format!("the default {default} is not one of the listed values");
        expect(problems, values.contains(default), &at.join("enum"), message);
    }
}

//! Do two names that differ in the description, or a name and one of the generator's own, become one name in the
//! generated code? That would compile to nothing but an error in a file which nobody wrote.

use std::collections::BTreeMap;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use crate::document::{Document, Operation, object, operations, resolve, schemas, target};
use crate::problem::{Pointer, Problem};

/// Functions of the generated client that are no operation.
const OF_THE_CLIENT: [&str; 6] = ["api_version", "exec", "new", "new_with_client", "post", "pre"];

/// Functions and variables of the generated operations that are no parameter. `body` is one only where there is one.
const OF_AN_OPERATION: [&str; 5] = ["body", "body_map", "header_map", "new", "send"];

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let mut problems = Vec::new();
    let operations = operations(root);
    let ids = operations.iter().map(|operation| (operation.id(), operation.pointer.join("operationId")));
    unique("operationId", ids, snake, &OF_THE_CLIENT, &mut problems);
    for operation in &operations {
        let names =
            parameters(root, operation).into_iter().map(|(name, pointer)| (name, target(root, pointer).join("name")));
        let taken = if operation.value.get("requestBody").is_some() { &OF_AN_OPERATION } else { &OF_AN_OPERATION[1..] };
        unique("parameter", names, snake, taken, &mut problems);
    }
    let at = Pointer::default().at(&["components", "schemas"]);
    let names = object(root.pointer(at.as_str())).map(|(name, _)| (name.as_str(), at.join(name)));
    unique("schema", names, ToUpperCamelCase::to_upper_camel_case, &[], &mut problems);
    for pointer in schemas(root) {
        let at = pointer.join("properties");
        let names = object(root.pointer(at.as_str())).map(|(name, _)| (name.as_str(), at.join(name)));
        unique("property", names, snake, &[], &mut problems);
    }
    problems
}

/// The parameters of an operation. One of the operation itself hides one of its path with the same name and place.
fn parameters<'a>(root: &'a Value, operation: &'a Operation<'_>) -> Vec<(&'a str, Pointer)> {
    let mut known: Vec<(&str, Option<&Value>, Pointer)> = Vec::new();
    for (pointer, parameter) in operation.parameters() {
        let Some(parameter) = resolve(root, parameter) else { continue };
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        let place = parameter.get("in");
        let shared = !pointer.is_below(&operation.pointer);
        if !(shared && known.iter().any(|(other, its_place, _)| *other == name && *its_place == place)) {
            known.push((name, place, pointer));
        }
    }
    known.into_iter().map(|(name, _, pointer)| (name, pointer)).collect()
}

/// As the generator does it, with its words for names that have neither letter nor digit.
fn snake(name: &str) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => Some(name.to_snake_case()).filter(|name| !name.is_empty()).unwrap_or_else(|| "x".to_owned()),
    }
}

fn unique<'a>(
    kind: &str,
    names: impl Iterator<Item = (&'a str, Pointer)>,
    generated: impl Fn(&str) -> String,
    taken: &[&str],
    problems: &mut Vec<Problem>,
) {
    let mut seen = BTreeMap::<String, Pointer>::new();
    // A missing name is reported elsewhere.
    for (name, pointer) in names.filter(|(name, _)| !name.is_empty()) {
        let ident = generated(name);
        let is = format!("{kind} `{name}` is `{ident}` in the generated code");
        if taken.contains(&ident.as_str()) {
            let message = format!("{is}, which has something of that name itself; accepted is any other name");
            problems.push(Problem::at(&pointer, message));
        } else if let Some(first) = seen.get(&ident) {
            let accepted = "accepted are names that differ in more than case and separators";
            problems.push(Problem::at(&pointer, format!("{is}, as is the one at {first}; {accepted}")));
        } else {
            seen.insert(ident, pointer);
        }
    }
}

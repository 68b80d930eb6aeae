use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{MAX_DEPTH, Pointer};

/// The kind of a schema.
const SCHEMAS: &str = "schemas";

/// The kind of the objects that a keyword contains: the part of `components` where such objects are, or empty. Also
/// whether the value of the keyword is a map. The author of the spec chose the names in a map, so a name that equals a
/// keyword is not a keyword.
fn keyword(key: &str) -> (&str, bool) {
    match key {
        "properties" | "schemas" => (SCHEMAS, true),
        "additionalProperties" | "allOf" | "anyOf" | "items" | "not" | "oneOf" | "schema" => (SCHEMAS, false),
        "examples" | "headers" | "parameters" | "requestBodies" | "responses" => (key, true),
        "requestBody" => ("requestBodies", false),
        "callbacks" | "encoding" | "links" | "securitySchemes" => ("", true),
        _ => ("", false),
    }
}

/// Follows local references from a value to one that is not a reference. `None` if a reference is dangling, part of a
/// cycle, or not local.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let mut value = value;
    for _ in 0..MAX_DEPTH {
        match value.get("$ref") {
            None => return Some(value),
            Some(reference) => value = document.pointer(reference.as_str()?.strip_prefix('#')?)?,
        }
    }
    None
}

/// Follows local references from `at`, and returns the last place: `at` itself if there is no reference.
pub fn target(document: &Value, at: Pointer) -> Pointer {
    let mut at = at;
    for _ in 0..MAX_DEPTH {
        let reference = document.pointer(at.as_str()).and_then(|value| value.get("$ref")?.as_str()?.strip_prefix('#'));
        match reference {
            None => break,
            Some(local) => at = Pointer::from_written(local),
        }
    }
    at
}

/// Returns the name of the schema component that a reference leads to.
pub fn component_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Visits each object of a document that has OpenAPI keywords as its keys, from the root down, with its kind: the name
/// of the part of `components` for such objects, or empty if there is none. Skips data: examples, defaults, listed
/// values and extensions.
pub fn keyword_objects<'a>(document: &'a Value, mut visit: impl FnMut(&Pointer, &str, &'a Map<String, Value>)) {
    visit_within(document, &Pointer::default(), "", &mut visit);
}

fn visit_within<'a>(
    value: &'a Value,
    at: &Pointer,
    kind: &str,
    visit: &mut impl FnMut(&Pointer, &str, &'a Map<String, Value>),
) {
    match value {
        Value::Object(map) => {
            visit(at, kind, map);
            let is_data = |key: &str| matches!(key, "example" | "value" | "default" | "enum") || key.starts_with("x-");
            for (key, inner) in
                map.iter().filter(|(key, inner)| (inner.is_object() || inner.is_array()) && !is_data(key))
            {
                let (at, (kind, is_map)) = (at.join(key), keyword(key));
                match inner {
                    Value::Object(named) if is_map => {
                        named.iter().for_each(|(name, inner)| visit_within(inner, &at.join(name), kind, visit));
                    }
                    _ => visit_within(inner, &at, kind, visit),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| visit_within(inner, &at.join(index), kind, visit));
        }
        _ => {}
    }
}

/// Returns the pointers of all schemas of a document, references included, outer before inner, components first.
pub fn schemas(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    keyword_objects(document, |at, kind, _| {
        if kind == SCHEMAS {
            found.push(at.clone());
        }
    });
    let components = Pointer::default().at(&["components", SCHEMAS]);
    found.sort_by_key(|at| !at.is_below(&components));
    found
}

/// Returns the places `from`, and all places that references in them lead to, directly or indirectly.
pub fn reach(document: &Value, from: impl IntoIterator<Item = Pointer>) -> BTreeSet<Pointer> {
    let mut open: Vec<Pointer> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(at) = open.pop() {
        if let Some(value) = document.pointer(at.as_str())
            && reached.insert(at.clone())
        {
            visit_within(value, &at, "", &mut |_, _, map| {
                let local = map.get("$ref").and_then(|reference| reference.as_str()?.strip_prefix('#'));
                open.extend(local.map(Pointer::from_written));
            });
        }
    }
    reached
}

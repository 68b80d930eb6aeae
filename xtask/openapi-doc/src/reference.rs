use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{MAX_DEPTH, Pointer};

/// The value of each of these keywords is a map. The author of the spec chose its names, so a name that equals a
/// keyword is not a keyword.
#[rustfmt::skip]
const MAPS_WITH_FREE_KEYS: [&str; 10] = [
    "properties", "schemas", "responses", "parameters", "requestBodies", "headers", "encoding", "callbacks", "links",
    "securitySchemes",
];

/// Follows local references to a value. `None` if a reference is dangling, or part of a cycle.
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

/// Visits each object of a document that has OpenAPI keywords as its keys, from the root down. A map with names as its
/// keys, such as `properties`, is not visited itself, only its values. Skips data: examples, defaults, listed values
/// and extensions. Under `examples`, visits the example objects, because each can be a reference, but not their values.
pub fn keyword_objects<'a>(value: &'a Value, at: &Pointer, visit: &mut impl FnMut(&Pointer, &'a Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(at, map);
            for (key, inner) in map {
                let at = at.join(key);
                match (key.as_str(), inner) {
                    ("examples", Value::Object(examples)) => {
                        for (name, example) in examples {
                            if let Value::Object(example) = example {
                                visit(&at.join(name), example);
                            }
                        }
                    }
                    ("example" | "examples" | "default" | "enum", _) => {}
                    (key, _) if key.starts_with("x-") => {}
                    (key, Value::Object(named)) if MAPS_WITH_FREE_KEYS.contains(&key) => {
                        named.iter().for_each(|(name, inner)| keyword_objects(inner, &at.join(name), visit));
                    }
                    _ => keyword_objects(inner, &at, visit),
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                keyword_objects(inner, &at.join(index), visit);
            }
        }
        _ => {}
    }
}

/// Returns all references in the value `at` a place: the place of each, and its text.
pub fn references<'a>(value: &'a Value, at: &Pointer) -> BTreeMap<Pointer, &'a str> {
    let mut found = BTreeMap::new();
    keyword_objects(value, at, &mut |at, map| {
        if let Some(Value::String(reference)) = map.get("$ref") {
            found.insert(at.clone(), reference.as_str());
        }
    });
    found
}

/// These places, and all places that references in them lead to, directly or indirectly.
pub fn reach(document: &Value, from: impl IntoIterator<Item = Pointer>) -> BTreeSet<Pointer> {
    let mut open: Vec<Pointer> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(at) = open.pop() {
        if let Some(value) = document.pointer(at.as_str())
            && reached.insert(at.clone())
        {
            let local = references(value, &at).into_values().filter_map(|reference| reference.strip_prefix('#'));
            open.extend(local.map(Pointer::from_written));
        }
    }
    reached
}

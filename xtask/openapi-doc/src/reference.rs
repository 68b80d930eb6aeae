use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{MAX_DEPTH, Pointer};

/// Keys whose value is an object with freely chosen names for keys. Such a name may be a keyword, and is none there.
#[rustfmt::skip]
const MAPS_WITH_FREE_KEYS: [&str; 10] = [
    "properties", "schemas", "responses", "parameters", "requestBodies", "headers", "encoding", "callbacks", "links",
    "securitySchemes",
];

/// Follows local references to the value that they lead to. `None` if one is dangling, or part of a cycle.
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

/// Follows local references from `at` to their end: `at` itself if there is no reference.
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

/// The name of the schema component that a reference names.
pub fn component_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Visits the objects of a document whose keys are keywords, from the root down. Left out are maps with free keys, and
/// data: examples, defaults, listed values and extensions. Of `examples`, the example objects are visited and not their
/// values, since each can be a reference.
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

/// All references in a value that is found `at` a place: where each is, and its text.
pub fn references<'a>(value: &'a Value, at: &Pointer) -> BTreeMap<Pointer, &'a str> {
    let mut found = BTreeMap::new();
    keyword_objects(value, at, &mut |at, map| {
        if let Some(Value::String(reference)) = map.get("$ref") {
            found.insert(at.clone(), reference.as_str());
        }
    });
    found
}

/// These places, and all that references in them lead to, at any distance.
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

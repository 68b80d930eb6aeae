//! The curated spec as JSON values.

use std::sync::LazyLock;

use serde_json::Value;

use crate::root;

/// Reads `spec/openapi.yaml` as the maintainer's tools do: with `oneOf` and `anyOf` in place of its extensions.
pub fn load() -> Value {
    static SPEC: LazyLock<Value> =
        LazyLock::new(|| openapi_doc::Document::load(&root().join("spec/openapi.yaml")).unwrap().value);
    SPEC.clone()
}

/// Reads `spec/openapi.yaml` as any other tool does: with its extensions unchanged.
pub fn as_written() -> Value {
    let file = root().join("spec/openapi.yaml");
    openapi_doc::Document::parse_as_written(&file, &std::fs::read(&file).unwrap()).unwrap().value
}

/// Resolves a reference, if the value is one.
pub fn resolve<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            resolve(spec, spec.pointer(reference.trim_start_matches('#')).expect("no dangling reference"))
        }
        None => value,
    }
}

/// A schema from the components.
pub fn component<'a>(spec: &'a Value, name: &str) -> &'a Value {
    spec.pointer(&format!("/components/schemas/{name}")).unwrap_or_else(|| panic!("the spec has no schema {name}"))
}

/// All operations, with their paths.
pub fn operations(spec: &Value) -> Vec<(&str, &Value)> {
    methods(spec).into_iter().map(|(path, _, operation)| (path, operation)).collect()
}

/// All operations, with their paths and methods.
pub fn methods(spec: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = spec["paths"].as_object().unwrap();
    let items = paths.iter().map(|(path, item)| (path.as_str(), item.as_object().unwrap()));
    items
        .flat_map(|(path, item)| item.iter().map(move |(method, operation)| (path, method.as_str(), operation)))
        .filter(|(_, _, operation)| operation.get("operationId").is_some())
        .collect()
}

/// Visits `value` and all values inside it, with their JSON pointers.
pub fn walk<'a>(value: &'a Value, at: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(at, value);
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                walk(inner, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), visit);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk(inner, &format!("{at}/{index}"), visit);
            }
        }
        _ => {}
    }
}

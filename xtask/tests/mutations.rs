//! Whatever stands in a description, it ends in code or in a message.
#![allow(clippy::unwrap_used)]

use std::panic::catch_unwind;
use std::path::Path;

use serde_json::{Value, json};
use xtask::document::Document;
use xtask::regen::other;

mod common;

/// Each place of a description, as a JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                places(inner, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Values that are wrong in most places, and right in some that nobody thought of.
fn strange() -> [Value; 9] {
    [
        Value::Null,
        json!("2 x"),
        json!(-1),
        json!([]),
        json!({}),
        json!({ "type": "array" }),
        json!({ "$ref": "#/components/schemas/Fuel" }),
        json!({ "type": "object", "properties": { "a": { "type": "string" } } }),
        json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "string", "nullable": true }] }),
    ]
}

#[test]
fn no_strange_value_makes_it_panic() {
    let spec = Document::load(&common::tests().join("other/petrol.yaml")).unwrap().value;
    let mut found = Vec::new();
    places(&spec, "", &mut found);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    let mut panics = Vec::new();
    // One value in each place, in turn: all in all places take a minute, and were tried once.
    for (at, value) in found.iter().zip(strange().iter().cycle()) {
        let mut changed = spec.clone();
        *changed.pointer_mut(at).unwrap() = value.clone();
        std::fs::write(&file, changed.to_string()).unwrap();
        if catch_unwind(|| other(&file, Path::new("out")).map(drop)).is_err() {
            panics.push(format!("{at}: {value}"));
        }
    }
    assert!(panics.is_empty(), "{}", panics.join("\n"));
}

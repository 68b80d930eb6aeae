//! Any spec leads to code or to an error.

use std::panic::catch_unwind;

use openapi_doc::{Document, places};
use serde_json::{Value, json};

use crate::regen::client;

/// Returns values that are wrong in most places, and surprisingly right in some.
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

/// The mutations that panic, among every `step`th place from `first`.
fn panics(first: usize, step: usize) -> Vec<String> {
    let petrol = super::petrol();
    let places = places(&petrol.value);
    // Each place gets one value, in turn. All values in all places take a minute, and were tried once.
    let mutations = places.iter().zip(strange().into_iter().cycle()).skip(first).step_by(step);
    let panics = mutations.filter(|(at, value)| {
        let mut mutated = Document { value: petrol.value.clone(), ..petrol.clone() };
        *mutated.value.pointer_mut(at.as_str()).unwrap() = value.clone();
        catch_unwind(|| client(&mutated, "out".as_ref()).map(drop)).is_err()
    });
    panics.map(|(at, value)| format!("{at}: {value}")).collect()
}

#[test]
fn strange_values_do_not_cause_a_panic() {
    let other_half = std::thread::spawn(|| panics(1, 2));
    let mut panics = panics(0, 2);
    panics.extend(other_half.join().unwrap());
    assert!(panics.is_empty(), "{}", panics.join("\n"));
}

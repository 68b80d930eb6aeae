//! Checks what a deviation claims about the spec, as far as a program can read it: the spec must lack a name in
//! backticks after *no*, *not* or *without*, and must have any other name in backticks.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, Problem, object, places, target};
use serde_json::Value;

use crate::deviations::Deviation;

/// Claims that the spec contradicts. `facts` has the places of the facts that the deviation names.
pub(crate) fn contradicted(
    spec: &Value,
    deviation: &Deviation,
    facts: &[Pointer],
    words: &BTreeSet<String>,
) -> Vec<Problem> {
    let at = deviation.at.join("spec");
    let claim = spec.pointer(at.as_str()).and_then(Value::as_str).unwrap_or_default();
    let here: Vec<_> = deviation.holder().into_iter().chain(facts.iter().cloned()).collect();
    let mut problems = Vec::new();
    let mut before = "";
    for (index, part) in claim.split('`').enumerate() {
        if index % 2 == 0 {
            before = part;
            continue;
        }
        let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        let denied = matches!(last.as_str(), "no" | "not" | "without");
        let message = if denied && here.iter().any(|place| has(spec, place, part)) {
            format!("obsolete: the spec has `{part}` here")
        } else if !denied && !words.contains(part) {
            format!("obsolete: the spec has no `{part}`")
        } else {
            continue;
        };
        problems.push(Problem::at(&at, message));
    }
    problems
}

/// Whether the part of the spec at a place has a keyword, a parameter, a response or a property with this name.
fn has(spec: &Value, place: &Pointer, name: &str) -> bool {
    let Some(part) = spec.pointer(target(spec, place.clone()).as_str()) else { return false };
    let within = |key: &str| part.get(key).is_some_and(|inner| inner.get(name).is_some());
    let parameters = part.get("parameters").and_then(Value::as_array).into_iter().flatten();
    part.get(name).is_some()
        || ["responses", "properties", "headers", "content"].into_iter().any(within)
        || parameters.filter_map(|one| one.get("name")).any(|other| other == name)
}

/// All names and values of the spec. Texts of descriptions and examples are included as a whole.
pub(crate) fn words(spec: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let outside = |at: &Pointer| !at.keys().iter().any(|key| key == "x-deviation");
    for at in places(spec).iter().filter(|at| outside(at)) {
        match spec.pointer(at.as_str()) {
            Some(Value::String(text)) => {
                // The last part of a reference is the name of a component.
                words.extend([text.clone(), text.rsplit('/').next().unwrap_or_default().to_owned()]);
            }
            Some(map @ Value::Object(_)) => {
                for (key, value) in object(Some(map)) {
                    words.insert(key.clone());
                    if let Value::String(value) = value {
                        words.insert(format!("{key}={value}"));
                    }
                }
            }
            Some(scalar @ (Value::Number(_) | Value::Bool(_))) => drop(words.insert(scalar.to_string())),
            _ => {}
        }
    }
    words
}

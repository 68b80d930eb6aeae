//! Checks the text `spec` of a deviation, which says what the spec has or lacks, as far as a program can understand
//! that text. A name in backticks after *no*, *not* or *without* must not exist at the place of the deviation or of its
//! facts. Any other name in backticks must exist somewhere in the spec.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, Problem, target};
use serde_json::Value;

use crate::deviations::Deviation;

/// Returns a problem for each claim of a deviation that the spec contradicts. `facts` has the places of the facts that
/// the deviation names, and `words` the names and values of the spec.
pub(crate) fn contradicted(
    spec: &Value,
    deviation: &Deviation,
    facts: &[Pointer],
    words: &BTreeSet<String>,
) -> Vec<Problem> {
    let at = deviation.at.join("spec");
    let claim = spec.pointer(at.as_str()).and_then(Value::as_str).unwrap_or_default();
    let here: Vec<_> = deviation.holder().into_iter().chain(facts.iter().cloned()).collect();
    let parts: Vec<_> = claim.split('`').collect();
    let wrong = parts.chunks(2).filter_map(|pair| {
        let [before, name] = pair else { return None };
        let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        let fact = match last.as_str() {
            "no" | "not" | "without" if here.iter().any(|place| has(spec, place, name)) => format!("`{name}` here"),
            "no" | "not" | "without" => return None,
            _ if words.contains(*name) => return None,
            _ => format!("no `{name}`"),
        };
        Some(Problem::at(&at, format!("obsolete: the spec has {fact}")))
    });
    wrong.collect()
}

/// Whether the part of the spec at a place has a keyword, a parameter, a response, a property, a header or a media type
/// with this name.
fn has(spec: &Value, place: &Pointer, name: &str) -> bool {
    let Some(part) = spec.pointer(target(spec, place.clone()).as_str()) else { return false };
    let within = |key: &str| part.get(key).is_some_and(|inner| inner.get(name).is_some());
    let parameters = part.get("parameters").and_then(Value::as_array).into_iter().flatten();
    part.get(name).is_some()
        || ["responses", "properties", "headers", "content"].into_iter().any(within)
        || parameters.filter_map(|one| one.get("name")).any(|other| other == name)
}

/// All names and values of the spec outside its deviations. A name with a string value is also included as
/// `name=value`. Longer text, such as a description, is included as a whole.
pub(crate) fn words(spec: &Value) -> BTreeSet<String> {
    let (mut words, mut open) = (BTreeSet::new(), vec![spec]);
    while let Some(value) = open.pop() {
        match value {
            // The last part of a reference is a component name.
            Value::String(text) => words.extend([text, text.rsplit('/').next().unwrap_or_default()].map(str::to_owned)),
            Value::Array(items) => open.extend(items),
            Value::Object(map) => {
                for (key, value) in map {
                    words.insert(key.clone());
                    words.extend(value.as_str().map(|value| format!("{key}={value}")));
                    open.extend(Some(value).filter(|_| key != "x-deviation"));
                }
            }
            Value::Null => {}
            Value::Number(_) | Value::Bool(_) => drop(words.insert(value.to_string())),
        }
    }
    words
}

//! The `x-deviation`s of a spec: what each departs from, and which operations it speaks for.
//!
//! `fact` names the documented facts, by path: one, a list, or `null` where the page says nothing, or says it in its prose
//! alone. `absent` names, by the same paths, what the page would have to say for the departure to lose its reason.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{Operation, object, operations};
use crate::problem::{Pointer, Problem};

const KEY: &str = "x-deviation";

/// A departure from a page, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Where it stands.
    pub at: Pointer,
    /// The documented facts that it departs from.
    pub facts: Vec<String>,
    /// What the page does not say.
    pub absent: Vec<String>,
    /// The operations, by pointer, that what it stands at is a part of.
    pub operations: Vec<Pointer>,
}

impl Deviation {
    /// Whether its reason lies in the prose of the page, or in what the page says nowhere.
    pub fn rests_on_prose(&self) -> bool {
        self.facts.is_empty() && self.absent.is_empty()
    }
}

/// All deviations, and what is wrong with how they are written.
pub fn deviations(spec: &Value) -> (Vec<Deviation>, Vec<Problem>) {
    let reaches: Vec<_> =
        operations(spec).iter().map(|operation| (operation.pointer.clone(), reach(spec, operation))).collect();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    walk(spec, &Pointer::default(), &mut |at, value| {
        let list = at.join(KEY);
        let Some(items) = value.as_array() else {
            problems.push(Problem::at(&list, "accepted is a list of deviations"));
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let own = list.join(index);
            match read(item, &own) {
                Err(problem) => problems.push(problem),
                Ok((facts, absent)) => {
                    let speaks = |(_, reach): &&(Pointer, BTreeSet<Pointer>)| {
                        let shared = !["/paths/", "/components/"].iter().any(|part| own.as_str().starts_with(part));
                        shared || reach.iter().any(|part| own.is_below(part))
                    };
                    let operations = reaches.iter().filter(speaks).map(|(operation, _)| operation.clone()).collect();
                    found.push(Deviation { at: own, facts, absent, operations });
                }
            }
        }
    });
    (found, problems)
}

fn read(item: &Value, at: &Pointer) -> Result<(Vec<String>, Vec<String>), Problem> {
    const KEYS: [&str; 5] = ["fact", "absent", "page", "spec", "why"];
    if let Some((unknown, _)) = object(Some(item)).find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(Problem::at(&at.join(unknown), format!("is not known here; accepted are {}", KEYS.join(", "))));
    }
    for key in ["page", "spec", "why"] {
        if item.get(key).and_then(Value::as_str).is_none_or(|text| text.trim().len() < 4) {
            return Err(Problem::at(&at.join(key), "accepted is a sentence"));
        }
    }
    let paths = |key: &str| match item.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(path)) => Ok(vec![path.clone()]),
        Some(Value::Array(paths)) if !paths.is_empty() && paths.iter().all(Value::is_string) => {
            Ok(paths.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        Some(_) => Err(Problem::at(&at.join(key), "accepted is the path of a fact, a list of such paths, or null")),
    };
    if item.get("fact").is_none() {
        return Err(Problem::at(
            &at.join("fact"),
            "is missing; accepted is the path of a fact, a list of such paths, or null",
        ));
    }
    Ok((paths("fact")?, paths("absent")?))
}

/// Everything that an operation is made of: itself, its path item, and all components that these refer to.
fn reach(spec: &Value, operation: &Operation<'_>) -> BTreeSet<Pointer> {
    let mut open = vec![operation.pointer.clone(), operation.item_pointer.join("parameters")];
    // How it is signed is said elsewhere.
    open.push(Pointer::default().at(&["components", "securitySchemes"]));
    let mut reached = BTreeSet::new();
    while let Some(at) = open.pop() {
        if !reached.insert(at.clone()) {
            continue;
        }
        if let Some(value) = spec.pointer(at.as_str()) {
            references(value, &mut open);
        }
    }
    reached
}

fn references(value: &Value, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            if let Some(local) = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#')) {
                found.push(Pointer::from_written(local));
            }
            map.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

/// Visits each place that has deviations.
fn walk(value: &Value, at: &Pointer, visit: &mut impl FnMut(&Pointer, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                if key == KEY { visit(at, inner) } else { walk(inner, &at.join(key), visit) }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| walk(inner, &at.join(index), visit));
        }
        _ => {}
    }
}

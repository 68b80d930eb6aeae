//! The `x-deviation`s of a spec: the facts that each one departs from, and the operations that it belongs to.
//!
//! `fact` names documented facts by path: one fact, a list, or `null` if the page does not mention the subject, or only
//! in prose. `absent` names facts that the page does not have. If such a fact is added to the page, the deviation loses
//! its reason.

use openapi_doc::{Pointer, Problem, object, operations, places, reach};
use serde_json::Value;

/// A departure from a page, and the place of its explanation.
pub(crate) struct Deviation {
    pub(crate) at: Pointer,
    pub(crate) facts: Vec<String>,
    /// Facts that the page does not have.
    pub(crate) absent: Vec<String>,
    /// The operations that use the part of the spec with the deviation; all operations, if that part is neither in
    /// `paths` nor in `components`.
    pub(crate) operations: Vec<Pointer>,
}

impl Deviation {
    /// The part of the spec with the deviation.
    pub(crate) fn holder(&self) -> Option<Pointer> {
        Some(self.at.split_last()?.0.split_last()?.0)
    }

    /// Whether the reason is in the prose of the page, or the page says nothing.
    pub(crate) fn rests_on_prose(&self) -> bool {
        self.facts.is_empty() && self.absent.is_empty()
    }
}

/// Reads all deviations. Also returns a problem for each one that is malformed.
pub(crate) fn deviations(spec: &Value) -> (Vec<Deviation>, Vec<Problem>) {
    let reaches = operations(spec).into_iter().map(|operation| {
        let shared = operation.item_pointer.join("parameters");
        let schemes = Pointer::default().at(&["components", "securitySchemes"]);
        (operation.pointer.clone(), reach(spec, [operation.pointer, shared, schemes]))
    });
    let reaches: Vec<_> = reaches.collect();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for list in places(spec).into_iter().filter(|at| at.as_str().ends_with("/x-deviation")) {
        let Some(Value::Array(items)) = spec.pointer(list.as_str()) else {
            problems.push(Problem::at(&list, "expected a list of deviations"));
            continue;
        };
        for (index, item) in items.iter().enumerate() {
            let own = list.join(index);
            match read(item, &own) {
                Err(problem) => problems.push(problem),
                Ok([facts, absent]) => {
                    let shared = !["/paths/", "/components/"].iter().any(|part| own.as_str().starts_with(part));
                    let users = reaches.iter().filter(|(_, parts)| shared || parts.iter().any(|one| own.is_below(one)));
                    let operations = users.map(|(operation, _)| operation.clone()).collect();
                    found.push(Deviation { at: own, facts, absent, operations });
                }
            }
        }
    }
    (found, problems)
}

fn read(item: &Value, at: &Pointer) -> Result<[Vec<String>; 2], Problem> {
    const KEYS: [&str; 5] = ["fact", "absent", "page", "spec", "why"];
    const EXPECTED: &str = "expected the path of a fact, a list of such paths, or null";
    if let Some((unknown, _)) = object(Some(item)).find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(Problem::at(&at.join(unknown), format!("unknown key; expected one of {}", KEYS.join(", "))));
    }
    for key in ["page", "spec", "why"] {
        if item.get(key).and_then(Value::as_str).is_none_or(|text| text.trim().len() < 4) {
            return Err(Problem::at(&at.join(key), "expected a sentence"));
        }
    }
    if item.get("fact").is_none() {
        return Err(Problem::at(&at.join("fact"), format!("missing; {EXPECTED}")));
    }
    let paths = |key: &str| match item.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(path)) => Ok(vec![path.clone()]),
        Some(Value::Array(paths)) if !paths.is_empty() && paths.iter().all(Value::is_string) => {
            Ok(paths.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        Some(_) => Err(Problem::at(&at.join(key), EXPECTED)),
    };
    Ok([paths("fact")?, paths("absent")?])
}

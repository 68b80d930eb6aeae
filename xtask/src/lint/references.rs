//! Does every `$ref` lead somewhere in this document?

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, resolve};
use crate::problem::{Pointer, Problem};

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let mut found = BTreeMap::new();
    collect(&document.value, &Pointer::default(), &mut found);
    found.iter().filter_map(|(at, reference)| judge(&document.value, at, reference)).collect()
}

/// References stand anywhere but in the parts that are data: examples, defaults, listed values and extensions.
fn collect(value: &Value, at: &Pointer, found: &mut BTreeMap<Pointer, String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                found.insert(at.clone(), reference.clone());
            }
            let named_freely = at.keys().last().is_some_and(|key| key == "properties");
            for (key, inner) in map {
                let data = matches!(key.as_str(), "example" | "examples" | "default" | "enum") || key.starts_with("x-");
                if named_freely || !data {
                    collect(inner, &at.join(key), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, &at.join(index), found);
            }
        }
        _ => {}
    }
}

fn judge(document: &Value, at: &Pointer, reference: &str) -> Option<Problem> {
    let says = |message: String| Some(Problem::at(&at.join("$ref"), message));
    let Some(local) = reference.strip_prefix('#') else {
        return says(format!(
            "`{reference}` is in another file; accepted are references within this one, such as `#/components/schemas/Name`"
        ));
    };
    if document.pointer(local).is_none() {
        return says(format!("`{reference}` leads nowhere: this file has no such value"));
    }
    let target = document.pointer(local)?;
    if resolve(document, target).is_none() {
        return says(format!("`{reference}` leads in a circle of references, with no definition on it"));
    }
    None
}

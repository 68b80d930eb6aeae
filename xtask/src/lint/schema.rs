//! Questions to a schema that a documented fact leads to: where a property stands, which types and values it takes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{items, resolve, target};
use crate::problem::Pointer;

/// Compositions are followed no deeper: a schema can be made of itself.
const MAX_DEPTH: usize = 10;

/// A property, found by its name.
#[derive(Clone, Debug)]
pub(super) struct Property {
    /// Where it stands.
    pub(super) at: Pointer,
    /// Its name there.
    pub(super) name: String,
    /// Whether it must be there.
    pub(super) required: bool,
}

/// The property of a schema, or of the items of an array. One whose name differs in case alone is found too.
pub(super) fn property(spec: &Value, schema: &Pointer, name: &str) -> Option<Property> {
    let of = |same: &dyn Fn(&str) -> bool| property_within(spec, schema, same, MAX_DEPTH);
    of(&|other| other == name).or_else(|| of(&|other| other.eq_ignore_ascii_case(name)))
}

fn property_within(spec: &Value, schema: &Pointer, same: &dyn Fn(&str) -> bool, depth: usize) -> Option<Property> {
    let depth = depth.checked_sub(1)?;
    let at = target(spec, schema.clone());
    let schema = spec.pointer(at.as_str())?;
    if let Some((name, _)) = crate::document::object(schema.get("properties")).find(|(name, _)| same(name)) {
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.is_some_and(|names| names.iter().any(|other| other == name));
        return Some(Property { at: at.at(&["properties", name]), name: name.clone(), required });
    }
    let inner = schema.get("items").map(|_| at.join("items"));
    let members = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| items(schema.get(key), at.join(key)));
    inner.into_iter().chain(members.map(|(at, _)| at)).find_map(|at| property_within(spec, &at, same, depth))
}

/// The JSON types that a schema takes, `null` aside.
pub(super) fn types(spec: &Value, schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    types_within(spec, schema, MAX_DEPTH, &mut found);
    found
}

fn types_within(spec: &Value, schema: &Value, depth: usize, found: &mut BTreeSet<String>) {
    let (Some(depth), Some(schema)) = (depth.checked_sub(1), resolve(spec, schema)) else { return };
    match schema.get("type").and_then(Value::as_str) {
        Some(one) => drop(found.insert(one.to_owned())),
        None => {
            for key in ["allOf", "anyOf", "oneOf"] {
                for member in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                    types_within(spec, member, depth, found);
                }
            }
        }
    }
}

/// The values that a schema lists.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub(super) at: Pointer,
    pub(super) values: Vec<&'a str>,
    /// Whether it takes others too.
    pub(super) open: bool,
}

pub(super) fn listed<'a>(spec: &'a Value, schema: &Pointer) -> Option<Listed<'a>> {
    let at = target(spec, schema.clone());
    let schema = spec.pointer(at.as_str())?;
    let values = |value: &'a Value| value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(list) = schema.get("enum") {
        return Some(Listed { at: at.join("enum"), values: values(list), open: false });
    }
    let mut members = ["anyOf", "oneOf"].into_iter().flat_map(|key| items(schema.get(key), at.join(key)));
    members.find_map(|(at, member)| {
        let at = target(spec, at);
        let list = resolve(spec, member)?.get("enum")?;
        Some(Listed { at: at.join("enum"), values: values(list), open: true })
    })
}

/// What bounds a text, beside its type.
pub(super) fn bound(schema: &Value) -> Option<&'static str> {
    ["pattern", "minLength", "maxLength", "enum", "format"].into_iter().find(|key| schema.get(key).is_some())
}

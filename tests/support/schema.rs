//! The constraints of a schema of the spec, in the terms of a [`Judge`](probe::Judge), so that a test can check
//! whether it tried all of them.

use std::collections::BTreeSet;

use probe::{Constraint, ITEM};
use serde_json::Value;

use crate::spec::resolve;

/// All constraints of a schema and its nested schemas.
pub fn constraints(spec: &Value, schema: &Value) -> BTreeSet<Constraint> {
    let mut found = BTreeSet::new();
    collect(spec, schema, &mut Vec::new(), &mut found);
    found
}

/// Keywords that do not constrain a value, and keywords with nested schemas, which are visited separately.
const NO_CONSTRAINTS: [&str; 15] = [
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "externalDocs",
    "nullable",
    "readOnly",
    "writeOnly",
    "xml",
    "discriminator",
    "properties",
    "items",
    "allOf",
    "format",
];

fn collect(spec: &Value, schema: &Value, at: &mut Vec<String>, found: &mut BTreeSet<Constraint>) {
    let schema = resolve(spec, schema);
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let mut add = |property: Option<&Value>| {
            let property = property.map(|name| name.as_str().unwrap().to_owned());
            found.insert(Constraint { at: at.clone(), keyword: keyword.clone(), property });
        };
        match keyword.as_str() {
            "required" => value.as_array().unwrap().iter().for_each(|name| add(Some(name))),
            "additionalProperties" if *value == true => {}
            // A `Judge` reports these as `minimum` and `maximum`.
            "exclusiveMinimum" | "exclusiveMaximum" => {}
            "uniqueItems" if *value == false => {}
            keyword if keyword.starts_with("x-") || NO_CONSTRAINTS.contains(&keyword) => {}
            _ => add(None),
        }
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let inner =
        properties.map(|(name, inner)| (name.as_str(), inner)).chain(schema.get("items").map(|item| (ITEM, item)));
    for (step, inner) in inner {
        at.push(step.to_owned());
        collect(spec, inner, at, found);
        at.pop();
    }
    for member in schema["allOf"].as_array().into_iter().flatten() {
        collect(spec, member, at, found);
    }
}

/// The schema, and the schemas that it is composed of.
pub fn members<'a>(spec: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(spec, schema);
    let composed = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array()).flatten();
    std::iter::once(schema).chain(composed.flat_map(|member| members(spec, member))).collect()
}

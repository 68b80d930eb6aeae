use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{Pointer, items, object, resolve, target};

/// The keywords that combine other schemas into one.
pub const COMPOSITIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Returns a schema and the schemas that it is composed of, at any depth, outer before inner, with references followed.
/// `keywords` names the compositions to follow: their values are schemas or lists of schemas. The members of a schema
/// are skipped if `descend` returns false. Each schema is returned once, even if it is composed of itself.
pub fn members<'a>(
    document: &'a Value,
    schema: &Pointer,
    keywords: &[&str],
    descend: impl Fn(&Value) -> bool,
) -> Vec<(Pointer, &'a Value)> {
    let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![schema.clone()]);
    while let Some(at) = open.pop() {
        let at = target(document, at);
        let Some(value) = document.pointer(at.as_str()) else { continue };
        if !seen.insert(at.clone()) {
            continue;
        }
        if descend(value) {
            // The member that is pushed last is visited first.
            for keyword in keywords.iter().rev() {
                match value.get(*keyword) {
                    Some(Value::Array(list)) => {
                        open.extend((0..list.len()).rev().map(|index| at.join(keyword).join(index)));
                    }
                    Some(Value::Object(_)) => open.push(at.join(keyword)),
                    _ => {}
                }
            }
        }
        found.push((at, value));
    }
    found
}

/// A property of a schema, found by its name.
#[derive(Clone, Debug)]
pub struct Property {
    /// The place of the property's schema.
    pub at: Pointer,
    /// The name of the property, spelled as in the spec.
    pub name: String,
    /// Whether the property is required.
    pub required: bool,
}

/// Finds a property of a schema, of the schemas that it is composed of, or of the items of an array. If no property has
/// exactly this name, returns one that differs only in case.
pub fn property(document: &Value, schema: &Pointer, name: &str) -> Option<Property> {
    let parts = members(document, schema, &["items", "allOf", "anyOf", "oneOf"], |_| true);
    let find = |same: &dyn Fn(&str) -> bool| {
        parts.iter().find_map(|(at, schema)| {
            let (name, _) = object(schema.get("properties")).find(|(name, _)| same(name))?;
            let required = schema.get("required").and_then(Value::as_array);
            let required = required.is_some_and(|names| names.iter().any(|other| other == name));
            Some(Property { at: at.at(&["properties", name]), name: name.clone(), required })
        })
    };
    find(&|other| other == name).or_else(|| find(&|other| other.eq_ignore_ascii_case(name)))
}

/// Returns the JSON types that a schema allows, apart from `null`.
pub fn types(document: &Value, schema: &Pointer) -> BTreeSet<String> {
    let members = members(document, schema, &COMPOSITIONS, |schema| schema.get("type").is_none());
    members.into_iter().filter_map(|(_, schema)| schema.get("type")?.as_str().map(str::to_owned)).collect()
}

/// The values that a schema lists.
#[derive(Debug)]
pub struct Listed<'a> {
    /// Where the list is.
    pub at: Pointer,
    /// The listed strings.
    pub values: Vec<&'a str>,
    /// Whether other values are allowed too.
    pub open: bool,
}

/// Returns the `enum` of a schema, or the first one among its alternatives.
pub fn listed<'a>(document: &'a Value, schema: &Pointer) -> Option<Listed<'a>> {
    let at = target(document, schema.clone());
    let schema = document.pointer(at.as_str())?;
    let values = |value: &'a Value| value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(list) = schema.get("enum") {
        return Some(Listed { at: at.join("enum"), values: values(list), open: false });
    }
    let choices = ["anyOf", "oneOf"].into_iter().filter(|key| schema.get(key).is_some());
    let mut members = choices.flat_map(|key| items(schema.get(key), at.join(key)));
    members.find_map(|(at, member)| {
        let at = target(document, at);
        let list = resolve(document, member)?.get("enum")?;
        Some(Listed { at: at.join("enum"), values: values(list), open: true })
    })
}

/// Returns the first keyword, other than `type`, that bounds a string.
pub fn bound(schema: &Value) -> Option<&'static str> {
    ["pattern", "minLength", "maxLength", "enum", "format"].into_iter().find(|key| schema.get(key).is_some())
}

/// Whether a schema, or one of its alternatives, allows `null`. References are not followed.
pub fn can_be_null(schema: &Value) -> bool {
    let nullable = |schema: &Value| schema.get("nullable").is_some_and(|nullable| nullable == true);
    let members = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
    nullable(schema) || members("anyOf").chain(members("oneOf")).any(nullable)
}

/// Rewrites `nullable: true` for JSON Schema: `null` becomes one of the types, and one of the listed values if there is
/// an `enum`. Without a `type` next to it, `nullable` means nothing.
pub fn nullable_as_a_type(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true))
                && let Some(Value::String(name)) = map.get("type")
            {
                let types = json!([name, "null"]);
                map.insert("type".to_owned(), types);
                if let Some(Value::Array(values)) = map.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            map.values_mut().for_each(nullable_as_a_type);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable_as_a_type),
        _ => {}
    }
}

/// Returns the type of a value, in the words of JSON Schema.
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{Pointer, items, object, operations, resolve, target};

/// The keywords that combine other schemas into one.
pub const COMPOSITIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Returns the pointers of all schemas of a document, references included, outer before inner.
///
/// No other function knows where a schema can be, so an `example` that looks like a schema is never mistaken for one.
pub fn schemas(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let root = Pointer::default();
    let components = |kind| object(document.get("components").and_then(|components| components.get(kind)));
    for (name, schema) in components("schemas") {
        schema_and_inner(schema, &Pointer::component(name), &mut found);
    }
    for kind in ["parameters", "headers", "requestBodies", "responses"] {
        for (name, holder) in components(kind) {
            schemas_of(holder, &root.at(&["components", kind, name]), &mut found);
        }
    }
    for (path, item) in object(document.get("paths")) {
        schemas_of(item, &root.at(&["paths", path]), &mut found);
    }
    for operation in operations(document) {
        schemas_of(operation.value, &operation.pointer, &mut found);
    }
    found
}

/// The schemas of a path item, operation, parameter, body, media type, response or header.
fn schemas_of(holder: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    for (at, parameter) in items(holder.get("parameters"), at.join("parameters")) {
        schemas_of(parameter, &at, found);
    }
    if let Some(body) = holder.get("requestBody") {
        schemas_of(body, &at.join("requestBody"), found);
    }
    if let Some(schema) = holder.get("schema") {
        schema_and_inner(schema, &at.join("schema"), found);
    }
    for key in ["content", "headers", "responses"] {
        for (name, inner) in object(holder.get(key)) {
            schemas_of(inner, &at.at(&[key, name]), found);
        }
    }
}

fn schema_and_inner(schema: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    found.push(at.clone());
    for (name, property) in object(schema.get("properties")) {
        schema_and_inner(property, &at.at(&["properties", name]), found);
    }
    for keyword in COMPOSITIONS {
        for (pointer, member) in items(schema.get(keyword), at.join(keyword)) {
            schema_and_inner(member, &pointer, found);
        }
    }
    for keyword in ["items", "not", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword).filter(|inner| inner.is_object()) {
            schema_and_inner(inner, &at.join(keyword), found);
        }
    }
}

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
                let inner = at.join(keyword);
                match value.get(*keyword) {
                    Some(Value::Array(list)) => open.extend((0..list.len()).rev().map(|index| inner.join(index))),
                    Some(Value::Object(_)) => open.push(inner),
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
    /// The place of its schema.
    pub at: Pointer,
    /// The name of the property there.
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
    let mut members = ["anyOf", "oneOf"].into_iter().flat_map(|key| items(schema.get(key), at.join(key)));
    members.find_map(|(at, member)| {
        let at = target(document, at);
        let list = resolve(document, member)?.get("enum")?;
        Some(Listed { at: at.join("enum"), values: values(list), open: true })
    })
}

/// Returns the first keyword that bounds a string, apart from its type.
pub fn bound(schema: &Value) -> Option<&'static str> {
    ["pattern", "minLength", "maxLength", "enum", "format"].into_iter().find(|key| schema.get(key).is_some())
}

/// Whether a schema, or one of its alternatives, allows `null`. References are not followed.
pub fn can_be_null(schema: &Value) -> bool {
    let nullable = |schema: &Value| schema.get("nullable").is_some_and(|nullable| nullable == true);
    let members = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
    nullable(schema) || members("anyOf").chain(members("oneOf")).any(nullable)
}

/// Writes `nullable: true` as JSON Schema does. Without a `type` next to it, `nullable` means nothing.
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

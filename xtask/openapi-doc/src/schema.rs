use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Pointer, items, object, operations, resolve, target};

/// The keywords of a schema that is composed of others.
pub const COMPOSITIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Pointers of all schemas of a document, references included, outer before inner.
///
/// This is the only place that knows where a schema can be, so an `example` that looks like a schema is never taken for one.
pub fn schemas(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let root = Pointer::default();
    if let Some(components) = document.get("components") {
        let at = root.join("components");
        for (name, schema) in object(components.get("schemas")) {
            schema_and_inner(schema, &at.at(&["schemas", name]), &mut found);
        }
        for (kind, visit) in [
            ("parameters", parameter as fn(&Value, &Pointer, &mut Vec<Pointer>)),
            ("headers", parameter),
            ("requestBodies", contents),
            ("responses", response),
        ] {
            for (name, value) in object(components.get(kind)) {
                visit(value, &at.at(&[kind, name]), &mut found);
            }
        }
    }
    for (path, item) in object(document.get("paths")) {
        let at = root.at(&["paths", path, "parameters"]);
        for (pointer, value) in items(item.get("parameters"), at) {
            parameter(value, &pointer, &mut found);
        }
    }
    for operation in operations(document) {
        let at = &operation.pointer;
        for (pointer, value) in items(operation.value.get("parameters"), at.join("parameters")) {
            parameter(value, &pointer, &mut found);
        }
        if let Some(body) = operation.value.get("requestBody") {
            contents(body, &at.join("requestBody"), &mut found);
        }
        for (status, value) in object(operation.value.get("responses")) {
            response(value, &at.at(&["responses", status]), &mut found);
        }
    }
    found
}

fn parameter(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    if let Some(schema) = value.get("schema") {
        schema_and_inner(schema, &at.join("schema"), found);
    }
    contents(value, at, found);
}

fn contents(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    for (media, value) in object(value.get("content")) {
        if let Some(schema) = value.get("schema") {
            schema_and_inner(schema, &at.at(&["content", media, "schema"]), found);
        }
    }
}

fn response(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    contents(value, at, found);
    for (name, header) in object(value.get("headers")) {
        parameter(header, &at.at(&["headers", name]), found);
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

/// A schema and those that it is composed of, at any depth, outer before inner, with references followed. The members of
/// a schema are left out if `descend` says so. Each schema is found once, even if it is composed of itself.
pub fn members<'a>(
    document: &'a Value,
    schema: &Pointer,
    descend: impl Fn(&Value) -> bool,
) -> Vec<(Pointer, &'a Value)> {
    parts(document, schema, &COMPOSITIONS, descend)
}

/// The same by way of other keywords, whose values are schemas or lists of them.
fn parts<'a>(
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
            // What is pushed last is visited first.
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
    /// Where its schema is.
    pub at: Pointer,
    /// Its name there.
    pub name: String,
    /// Whether it is required.
    pub required: bool,
}

/// The property of a schema, of what it is composed of, or of the items of an array. If none has exactly this name, one
/// whose name differs only in case is found.
pub fn property(document: &Value, schema: &Pointer, name: &str) -> Option<Property> {
    let parts = parts(document, schema, &["items", "allOf", "anyOf", "oneOf"], |_| true);
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

/// The JSON types that a schema allows, apart from `null`.
pub fn types(document: &Value, schema: &Pointer) -> BTreeSet<String> {
    let members = members(document, schema, |schema| schema.get("type").is_none());
    members.into_iter().filter_map(|(_, schema)| schema.get("type")?.as_str().map(str::to_owned)).collect()
}

/// The values that a schema lists.
#[derive(Debug)]
pub struct Listed<'a> {
    /// Where the list is.
    pub at: Pointer,
    /// The strings in it.
    pub values: Vec<&'a str>,
    /// Whether other values are allowed too.
    pub open: bool,
}

/// The `enum` of a schema, or the first one among its alternatives.
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

/// The first keyword that bounds a string, apart from its type.
pub fn bound(schema: &Value) -> Option<&'static str> {
    ["pattern", "minLength", "maxLength", "enum", "format"].into_iter().find(|key| schema.get(key).is_some())
}

/// Whether a schema, or one of its alternatives, allows `null`. References are not followed.
pub fn can_be_null(schema: &Value) -> bool {
    let nullable = |schema: &Value| schema.get("nullable").is_some_and(|nullable| nullable == true);
    let members = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
    nullable(schema) || members("anyOf").chain(members("oneOf")).any(nullable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_found_by_structure_and_never_in_examples() {
        let document: Value = serde_yaml::from_str(
            "
            paths:
              /a/{b}:
                parameters: [{schema: {type: string}}]
                get:
                  parameters: [{content: {text/plain: {schema: {type: string}}}}]
                  requestBody: {content: {application/json: {schema: {items: {not: {}}}, example: {schema: {}}}}}
                  responses: {'200': {headers: {h: {schema: {}}}, content: {x: {schema: {anyOf: [{}, {}]}}}}}
            components:
              schemas: {S: {properties: {p: {additionalProperties: {}}}, additionalProperties: false, example: {items: {}}}}
            ",
        )
        .unwrap();
        let found: Vec<_> = schemas(&document).iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        /components/schemas/S
        /components/schemas/S/properties/p
        /components/schemas/S/properties/p/additionalProperties
        /paths/~1a~1{b}/parameters/0/schema
        /paths/~1a~1{b}/get/parameters/0/content/text~1plain/schema
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema/items
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema/items/not
        /paths/~1a~1{b}/get/responses/200/content/x/schema
        /paths/~1a~1{b}/get/responses/200/content/x/schema/anyOf/0
        /paths/~1a~1{b}/get/responses/200/content/x/schema/anyOf/1
        /paths/~1a~1{b}/get/responses/200/headers/h/schema
        ");
    }

    fn components(yaml: &str) -> Value {
        serde_json::json!({ "components": { "schemas": serde_yaml::from_str::<Value>(yaml).unwrap() } })
    }

    #[test]
    fn members_are_found_once_even_in_a_cycle() {
        let document = components(
            "
            A: {allOf: [{$ref: '#/components/schemas/B'}, {oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}]}
            B: {type: object, anyOf: [{type: integer}]}
            ",
        );
        let found: Vec<_> =
            members(&document, &Pointer::component("A"), |_| true).into_iter().map(|(at, _)| at.to_string()).collect();
        let b = "/components/schemas/B";
        let inner = "/components/schemas/A/allOf/1";
        assert_eq!(found, ["/components/schemas/A", b, &format!("{b}/anyOf/0"), inner, &format!("{inner}/oneOf/0")]);
        // A schema that has a type of its own is not asked further.
        assert_eq!(Vec::from_iter(types(&document, &Pointer::component("A"))), ["object", "string"]);
    }

    #[test]
    fn a_property_is_found_in_compositions_and_items_and_by_its_exact_name_first() {
        let document = components(
            "
            List: {type: array, items: {$ref: '#/components/schemas/Item'}}
            Item: {allOf: [{properties: {ID: {}, name: {}}}, {required: [id], properties: {id: {}}}]}
            ",
        );
        let find = |name| property(&document, &Pointer::component("List"), name);
        let id = find("id").unwrap();
        assert_eq!(id.at.as_str(), "/components/schemas/Item/allOf/1/properties/id");
        assert!(id.required);
        let name = find("Name").unwrap();
        assert_eq!((name.name.as_str(), name.required), ("name", false));
        assert!(find("other").is_none());
    }

    #[test]
    fn listed_values_are_open_if_they_are_one_alternative() {
        let document = components(
            "
            Closed: {enum: [a]}
            Open: {anyOf: [{type: string}, {$ref: '#/components/schemas/Closed'}]}
            ",
        );
        let found = |name| listed(&document, &Pointer::component(name)).map(|listed| (listed.values, listed.open));
        assert_eq!(found("Closed"), Some((vec!["a"], false)));
        assert_eq!(found("Open"), Some((vec!["a"], true)));
    }
}

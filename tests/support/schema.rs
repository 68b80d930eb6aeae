//! Judging JSON by a schema of the spec.
//!
//! A schema of OpenAPI 3.0 is one of JSON Schema, draft 4, but for `nullable`. What is wrong with a value is told as the
//! constraint that it breaks, in the words of [`constraints`]: so a test can ask whether all of them were tried.

use std::collections::BTreeSet;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use serde_json::{Map, Value, json};

use crate::spec::resolve;

/// A schema that is ready to judge.
pub struct Judge(Validator);

impl Judge {
    /// Of a schema that may refer to the components of the spec.
    pub fn new(spec: &Value, schema: &Value) -> Self {
        let mut document = json!({ "allOf": [schema], "components": { "schemas": spec["components"]["schemas"] } });
        nullable_as_a_type(&mut document);
        Self(jsonschema::draft4::new(&document).unwrap_or_else(|error| panic!("{error}: {schema}")))
    }

    /// Whether the value is as described.
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// The constraints that the value breaks.
    pub fn broken(&self, value: &Value) -> BTreeSet<Constraint> {
        let broken = |error: jsonschema::ValidationError<'_>| {
            let step = |step: LocationSegment<'_>| match step {
                LocationSegment::Property(name) => name.into_owned(),
                LocationSegment::Index(_) => ITEM.to_owned(),
            };
            let property = match error.kind() {
                ValidationErrorKind::Required { property } => property.as_str(),
                _ => None,
            };
            // In draft 4, and in OpenAPI, an exclusive bound is the bound and a flag beside it.
            let keyword = match error.kind().keyword() {
                "exclusiveMinimum" => "minimum",
                "exclusiveMaximum" => "maximum",
                keyword => keyword,
            };
            let at = error.instance_path().iter().map(step).collect();
            Constraint { at, keyword: keyword.to_owned(), property: property.map(str::to_owned) }
        };
        self.0.iter_errors(value).map(broken).collect()
    }
}

/// What stands for the index of an item.
const ITEM: &str = "*";

/// One keyword of a schema at one place of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// The place: keys, and `*` for any item.
    pub at: Vec<String>,
    /// The keyword.
    pub keyword: String,
    /// Of `required`, which property.
    pub property: Option<String>,
}

/// All constraints of a schema, and of the schemas in it.
pub fn constraints(spec: &Value, schema: &Value) -> BTreeSet<Constraint> {
    let mut found = BTreeSet::new();
    collect(spec, schema, &mut Vec::new(), &mut found);
    found
}

/// Keywords that say nothing of a value, or whose schemas are looked into.
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
            // They change what `minimum` and `maximum` mean, and do so only if they are `true`.
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

/// Writes `nullable: true` as JSON Schema does. Without a `type` beside it, it means nothing.
fn nullable_as_a_type(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true))
                && let Some(Value::String(name)) = map.get("type")
            {
                let types = json!([name, "null"]);
                map.insert("type".to_owned(), types);
            }
            map.values_mut().for_each(nullable_as_a_type);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable_as_a_type),
        _ => {}
    }
}

/// The places of a value of which the schema has no description, although it may allow them.
pub fn undescribed(spec: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let schemas = members(spec, schema);
    let inner: Vec<(String, &Value, Vec<&Value>)> = match value {
        Value::Object(map) => {
            let described = |name: &str| schemas.iter().filter_map(|schema| schema["properties"].get(name)).collect();
            map.iter().map(|(name, value)| (name.clone(), value, described(name))).collect()
        }
        Value::Array(items) => {
            let described: Vec<_> = schemas.iter().filter_map(|schema| schema.get("items")).collect();
            items.iter().map(|item| (ITEM.to_owned(), item, described.clone())).collect()
        }
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (step, value, described) in inner {
        match described.first() {
            None => found.push(step),
            Some(schema) => {
                found.extend(undescribed(spec, schema, value).into_iter().map(|rest| format!("{step}.{rest}")));
            }
        }
    }
    found
}

/// The schema, and those that it is composed of.
pub fn members<'a>(spec: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(spec, schema);
    let composed = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array()).flatten();
    std::iter::once(schema).chain(composed.flat_map(|member| members(spec, member))).collect()
}

/// What is in all of some values: their common keys, and the same of their values. The items of a list count as one.
pub fn common(values: &[&Value]) -> Value {
    let maps: Option<Vec<&Map<String, Value>>> = values.iter().map(|value| value.as_object()).collect();
    if let Some([first, rest @ ..]) = maps.as_deref() {
        let shared = first.keys().filter(|key| rest.iter().all(|map| map.contains_key(*key)));
        let of = |key: &String| values.iter().map(|value| &value[key.as_str()]).collect::<Vec<_>>();
        return shared.map(|key| (key.clone(), common(&of(key)))).collect::<Map<_, _>>().into();
    }
    let items: Vec<&Value> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
    if items.is_empty() { Value::Null } else { json!([common(&items)]) }
}

/// The places of [`common`] that a value does not have.
pub fn missing(common: &Value, value: &Value) -> Vec<String> {
    let under =
        |step: &str, rest: Vec<String>| rest.into_iter().map(|rest| format!("{step}.{rest}")).collect::<Vec<_>>();
    match (common, value) {
        (Value::Object(keys), value) => {
            let in_key = |(key, common): (&String, &Value)| match value.get(key) {
                None => vec![key.clone()],
                Some(value) => under(key, missing(common, value)),
            };
            keys.iter().flat_map(in_key).collect()
        }
        (Value::Array(one), Value::Array(items)) => {
            items.iter().flat_map(|item| under(ITEM, missing(&one[0], item))).collect()
        }
        (Value::Array(_), _) => vec![ITEM.to_owned()],
        _ => Vec::new(),
    }
}

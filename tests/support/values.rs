//! Values around a schema, on both sides of each constraint. A [`Judge`](probe::Judge) decides which are valid.

use serde_json::{Map, Value, json};

use crate::schema::members;
use crate::spec::resolve;
use crate::texts;

/// A value with everything that the schema describes, taken from examples or else from the schema.
pub fn whole(spec: &Value, schema: &Value, examples: &[&Value]) -> Value {
    let schema = resolve(spec, schema);
    if let Some(properties) = schema["properties"].as_object() {
        let of = |name: &str| examples.iter().filter_map(|example| example.get(name)).collect::<Vec<_>>();
        let value = |(name, inner): (&String, &Value)| (name.clone(), whole(spec, inner, &of(name)));
        return properties.iter().map(value).collect::<Map<_, _>>().into();
    }
    if let Some(item) = schema.get("items") {
        let mut items: Vec<_> = examples.iter().filter_map(|example| example.as_array()).flatten().collect();
        let count = schema["minItems"].as_u64().unwrap_or(1).max(1);
        let mut next = |_| {
            let value = whole(spec, item, &items);
            // The next value starts with another example.
            if !items.is_empty() {
                items.rotate_left(1);
            }
            value
        };
        return (0..count).map(&mut next).collect();
    }
    let listed = || schema["enum"].get(0).or_else(|| schema.get("minimum")).or_else(|| schema.get("maximum"));
    if let Some(value) = examples.first().copied().or_else(|| schema.get("example")).or_else(listed) {
        return value.clone();
    }
    if let Some(member) = ["allOf", "anyOf", "oneOf"].iter().find_map(|keyword| schema[*keyword].get(0)) {
        return whole(spec, member, &[]);
    }
    match schema["type"].as_str() {
        Some("string") => texts::one(schema).into(),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!({}),
    }
}

/// Returns values around a schema: `base` with one change in each.
pub fn near(spec: &Value, schema: &Value, base: &Value) -> Vec<Value> {
    let mut found =
        vec![json!(null), json!(true), json!(0), json!(1.5), json!(""), json!([]), json!({}), json!([base])];
    for schema in members(spec, schema) {
        match base {
            Value::String(text) => found.extend(texts::near(schema, text).into_iter().map(Value::from)),
            Value::Number(_) => found.extend(numbers(schema)),
            Value::Array(items) => found.extend(lists(spec, schema, items)),
            Value::Object(map) => found.extend(objects(spec, schema, map)),
            Value::Null | Value::Bool(_) => {}
        }
        found.extend(schema["enum"].as_array().into_iter().flatten().cloned());
    }
    found
}

fn numbers(schema: &Value) -> Vec<Value> {
    let bounds = ["minimum", "maximum", "multipleOf"].iter().filter_map(|keyword| schema[*keyword].as_f64());
    let around = |bound: f64| [bound - 1.0, bound * 0.5, bound, bound * 1.5, bound + 1.0];
    let whole = |number: f64| if number.fract() == 0.0 { format!("{number:.0}") } else { number.to_string() };
    bounds.flat_map(around).map(|number| serde_json::from_str(&whole(number)).unwrap()).collect()
}

fn lists(spec: &Value, schema: &Value, items: &[Value]) -> Vec<Value> {
    let Some((first, rest)) = items.split_first() else { return Vec::new() };
    let cycled = |length: usize| items.iter().cycle().take(length).cloned().collect::<Value>();
    let mut found: Vec<_> = lengths(schema, ["minItems", "maxItems"]).map(cycled).collect();
    if let Some(item) = schema.get("items") {
        for changed in near(spec, item, first) {
            // The changed item in place of the first one, and after all items.
            found.push(std::iter::once(&changed).chain(rest).cloned().collect());
            found.push(items.iter().chain([&changed]).cloned().collect());
        }
    }
    found
}

fn objects(spec: &Value, schema: &Value, map: &Map<String, Value>) -> Vec<Value> {
    let required = |key: &str| schema["required"].as_array().into_iter().flatten().any(|name| name == key);
    let only = |keep: &dyn Fn(&str) -> bool| -> Value {
        map.iter()
            .filter(|(key, _)| keep(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    let mut found = vec![only(&required)];
    for key in map.keys() {
        found.push(only(&|other| other != key));
        found.push(only(&|other| other == key || required(other)));
    }
    let with = |key: String, value: Value| {
        let mut map = map.clone();
        map.insert(key, value);
        Value::from(map)
    };
    let names = map.keys().flat_map(|key| [key.to_uppercase(), format!("{key}_")]).chain(["another".to_owned()]);
    found.extend(names.filter(|name| !map.contains_key(name)).map(|name| with(name, json!("text"))));
    for length in lengths(schema, ["minProperties", "maxProperties"]) {
        let more = (map.len()..length).map(|number| (format!("another_{number}"), json!("text")));
        found.push(map.clone().into_iter().chain(more).take(length).collect::<Map<_, _>>().into());
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = map.get(key) {
            found.extend(near(spec, inner, value).into_iter().map(|changed| with(key.clone(), changed)));
        }
    }
    found
}

/// Returns values below, at and above each bound.
fn lengths(schema: &Value, keywords: [&str; 2]) -> impl Iterator<Item = usize> {
    let bounds = keywords.map(|keyword| schema[keyword].as_u64().and_then(|bound| usize::try_from(bound).ok()));
    bounds.into_iter().flatten().flat_map(|bound| [bound.saturating_sub(1), bound, bound + 1])
}

//! The names of generated types.

use heck::ToUpperCamelCase;
use openapi_doc::{Pointer, operations};
use serde_json::Value;

/// The name of the type that the generator creates for a component.
pub(crate) fn type_name(component: &str) -> String {
    let name = component.to_upper_camel_case();
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("X{name}"),
        _ => name,
    }
}

/// A name for a schema without one: the name of the component or operation around it, then the path down to the schema.
pub(crate) fn name_for(document: &Value, at: &Pointer) -> String {
    let keys = at.keys();
    let (mut name, rest) = match keys.as_slice() {
        [components, kind, name, rest @ ..] if components == "components" => {
            let kind = match kind.as_str() {
                "parameters" => "_parameter",
                "requestBodies" => "_body",
                "responses" => "_response",
                "headers" => "_header",
                _ => "",
            };
            (format!("{name}{kind}"), rest)
        }
        _ => {
            let around = operations(document).into_iter().find(|operation| at.is_below(&operation.pointer));
            let skip = around.as_ref().map_or(0, |operation| operation.pointer.keys().len());
            (
                around.map_or_else(String::new, |operation| operation.id().to_owned()),
                keys.get(skip..).unwrap_or_default(),
            )
        }
    };
    let mut steps = rest.iter();
    while let Some(step) = steps.next() {
        match step.as_str() {
            "properties" => name = format!("{name}_{}", steps.next().map_or("", String::as_str)),
            "requestBody" => name.push_str("_body"),
            "responses" => name.push_str("_response"),
            "items" => name.push_str("_item"),
            "parameters" => {
                let parameter = steps.next().map_or("", String::as_str);
                let pointer = at.as_str().split_once("/parameters/").map(|(before, _)| before).unwrap_or_default();
                let named = document.pointer(&format!("{pointer}/parameters/{parameter}/name")).and_then(Value::as_str);
                name = format!("{name}_{}", named.unwrap_or(parameter));
            }
            _ => {}
        }
    }
    name.to_upper_camel_case()
}

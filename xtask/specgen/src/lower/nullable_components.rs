//! Limitation: a component that can be `null` becomes a type around an `Option`, with one more layer at each use. So
//! this pass moves `nullable` from the component to the schemas that refer to it. An optional property needs no
//! `nullable`: it is an `Option` already, and reads `null` as absent.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, can_be_null, component_name, object, schemas};
use serde_json::{Value, json};

use super::Lowered;

pub(super) fn apply(lowered: &mut Lowered) {
    let components = lowered.document.pointer("/components/schemas");
    let nullable: BTreeSet<String> =
        object(components).filter(|(_, schema)| can_be_null(schema)).map(|(name, _)| name.clone()).collect();
    for at in schemas(&lowered.document) {
        let Some(schema) = lowered.document.pointer(at.as_str()) else { continue };
        let can_be_null = component_name(schema).is_some_and(|name| nullable.contains(name));
        if can_be_null && !is_optional(&lowered.document, &at) {
            let wrapped = json!({ "allOf": [schema], "nullable": true });
            if let Some(place) = lowered.document.pointer_mut(at.as_str()) {
                *place = wrapped;
            }
        }
    }
    for name in nullable {
        let at = Pointer::component(&name);
        if let Some(schema) = lowered.schema_mut(&at) {
            schema.remove("nullable");
            if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                values.retain(|value| !value.is_null());
            }
            for keyword in ["anyOf", "oneOf"] {
                for member in schema.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
                    member.as_object_mut().map(|member| member.remove("nullable"));
                }
            }
        }
    }
}

/// Whether the schema at this place belongs to an optional property.
fn is_optional(document: &Value, at: &Pointer) -> bool {
    let Some((properties, name)) = at.split_last() else { return false };
    let Some((schema, _)) = properties.split_last().filter(|(_, key)| key == "properties") else { return false };
    let required = document.pointer(schema.join("required").as_str()).and_then(Value::as_array);
    !required.is_some_and(|names| names.iter().any(|required| *required == name))
}

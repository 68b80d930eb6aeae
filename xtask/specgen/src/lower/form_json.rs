//! Limitation: progenitor stops at `encoding` on a form body, and without it a nested object compiles and fails when it
//! is sent. So a property whose encoding is `application/json` becomes a string in the spec, and a `Json<T>` in
//! the code: a wrapper that writes its value as JSON text and reads it back.

use openapi_doc::{FORM, Pointer, operations, schemas, target};
use serde_json::Value;

use super::Lowered;
use super::lowered::reference;
use crate::names::type_name;
use crate::settings::{MODULE, Replacement};

pub(super) fn apply(lowered: &mut Lowered) {
    let bodies: Vec<Pointer> = operations(&lowered.document)
        .iter()
        .map(|operation| target(&lowered.document, operation.pointer.join("requestBody")).at(&["content", FORM]))
        .collect();
    for at in bodies {
        let Some(media) = lowered.document.pointer(at.as_str()) else { continue };
        let Some(encoding) = media.get("encoding").and_then(Value::as_object) else { continue };
        let json: Vec<String> = encoding
            .iter()
            .filter(|(_, entry)| entry.get("contentType").is_some_and(|kind| kind == "application/json"))
            .map(|(name, _)| name.clone())
            .collect();
        if let Some(media) = lowered.document.pointer_mut(at.as_str()).and_then(Value::as_object_mut) {
            media.remove("encoding");
        }
        let Some(form) = form_schema(lowered, &at.join("schema")) else { continue };
        for name in json {
            wrap(lowered, &form.at(&["properties", &name]));
        }
    }
}

/// Where the schema of the form stands. One that others refer to as well is copied, as only the form has strings in it.
fn form_schema(lowered: &mut Lowered, at: &Pointer) -> Option<Pointer> {
    let form = target(&lowered.document, at.clone());
    if form == *at {
        return Some(form);
    }
    let uses = schemas(&lowered.document)
        .into_iter()
        .filter(|user| *user != form && target(&lowered.document, user.clone()) == form)
        .count();
    if uses > 1 {
        let copy = lowered.document.pointer(form.as_str())?.clone();
        let name = lowered.add_component(&format!("{}Form", form.keys().pop()?), copy);
        *lowered.document.pointer_mut(at.as_str())? = reference(&name);
        return Some(Pointer::component(&name));
    }
    Some(form)
}

fn wrap(lowered: &mut Lowered, property: &Pointer) {
    let Some(inner) = lowered.hoist(property) else { return };
    let replaced = lowered.replacements.iter().find(|replacement| replacement.schema == inner);
    let path = replaced
        .map_or_else(|| format!("{MODULE}::types::{}", type_name(&inner)), |replacement| replacement.path.clone());
    let path = format!("{MODULE}::json::Json<{path}>");
    let known = lowered.replacements.iter().find(|replacement| replacement.path == path);
    let wrapper = if let Some(replacement) = known {
        replacement.schema.clone()
    } else {
        let schema = lowered.add_component(&format!("{inner}Json"), serde_json::json!({ "type": "string" }));
        lowered.replacements.push(Replacement { schema: schema.clone(), path, text: false });
        schema
    };
    lowered.json_fields = true;
    if let Some(value) = lowered.document.pointer_mut(property.as_str()) {
        *value = reference(&wrapper);
    }
}

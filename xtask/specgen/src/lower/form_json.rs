//! Limitation: progenitor panics on `encoding` in a form body. Without `encoding`, the generated code compiles, but a
//! nested object fails when it is sent. So a property with the encoding `application/json` becomes a string in the
//! spec, and a `Json<T>` in the code: a wrapper that writes its value as JSON text and reads it back.

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
        let encoding = lowered.schema_mut(&at).and_then(|media| media.remove("encoding"));
        let Some(Value::Object(encoding)) = encoding else { continue };
        let Some(form) = form_schema(lowered, &at.join("schema")) else { continue };
        let is_json = |entry: &Value| entry.get("contentType").is_some_and(|kind| kind == "application/json");
        for (name, _) in encoding.iter().filter(|(_, entry)| is_json(entry)) {
            wrap(lowered, &form.at(&["properties", name]));
        }
    }
}

/// The place of the form's schema. If other schemas refer to it too, it is copied, because only in the form do its
/// properties become strings.
fn form_schema(lowered: &mut Lowered, at: &Pointer) -> Option<Pointer> {
    let form = target(&lowered.document, at.clone());
    if form == *at {
        return Some(form);
    }
    let uses = |user: &Pointer| *user != form && target(&lowered.document, user.clone()) == form;
    if schemas(&lowered.document).into_iter().filter(uses).count() > 1 {
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
    let generated = || format!("{MODULE}::types::{}", type_name(&inner));
    let path = replaced.map_or_else(generated, |replacement| replacement.path.clone());
    let path = format!("{MODULE}::json::Json<{path}>");
    let known = lowered.replacements.iter().find(|replacement| replacement.path == path);
    let known = known.map(|replacement| replacement.schema.clone());
    let wrapper = known.unwrap_or_else(|| {
        let schema = lowered.add_component(&format!("{inner}Json"), serde_json::json!({ "type": "string" }));
        lowered.replacements.push(Replacement { schema: schema.clone(), path, text: false });
        schema
    });
    lowered.json_fields = true;
    if let Some(value) = lowered.document.pointer_mut(property.as_str()) {
        *value = reference(&wrapper);
    }
}

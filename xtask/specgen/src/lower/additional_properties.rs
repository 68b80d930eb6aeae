//! Limitation: for `additionalProperties: true`, typify (progenitor's generator of types) generates nothing, and the
//! additional properties of such an object are dropped. For `{}`, which means the same, typify generates a field
//! without a default, which a builder requires and `Debug` prints. So this pass adds an optional property to the
//! object: a map. The schema of the map's values is used nowhere else, so `emit/extra_fields.rs` recognizes the map by
//! this schema, and replaces it with the type `Extra`.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use openapi_doc::{Pointer, items, object, schemas, target};
use serde_json::{Value, json};

use super::Lowered;
use super::lowered::{free_name, reference};
use crate::settings::{MODULE, Replacement};

/// The type of the field, within the generated module.
pub(crate) const EXTRA: &str = "extra::Extra";

const DESCRIPTION: &str = "The fields of the object that the spec does not list.";

pub(super) fn apply(lowered: &mut Lowered) {
    let schemas = schemas(&lowered.document);
    let open = keepers(&lowered.document, &schemas);
    if open.is_empty() {
        return;
    }
    let name = free_property(&lowered.document, &schemas);
    let component = lowered.add_component("AdditionalProperty", json!({ "type": "string" }));
    for at in open {
        let Some(schema) = lowered.schema_mut(&at) else { continue };
        schema.remove("additionalProperties");
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            let map = reference(&component);
            let rest = json!({ "type": "object", "description": DESCRIPTION, "additionalProperties": map });
            properties.insert(name.clone(), rest);
        }
    }
    lowered.replacements.push(Replacement { schema: component, path: format!("{MODULE}::{EXTRA}"), text: false });
}

/// Returns the objects that list properties and explicitly allow others of any type, except members of an `anyOf`.
fn keepers(document: &Value, schemas: &[Pointer]) -> Vec<Pointer> {
    // `anyOf` can describe one object several times. Each description would keep the fields of the others as additional
    // ones, and write them again.
    let readings: BTreeSet<String> = schemas
        .iter()
        .map(|at| at.join("anyOf"))
        .flat_map(|at| items(document.pointer(at.as_str()), at))
        .map(|(at, _)| target(document, at).to_string())
        .collect();
    let says_so = |schema: &Value| {
        let open = schema.get("additionalProperties").is_some_and(|rest| *rest == true || *rest == json!({}));
        // Without properties, the whole object is a map.
        open && object(schema.get("properties")).next().is_some()
    };
    let keeps = |at: &&Pointer| document.pointer(at.as_str()).is_some_and(says_so) && !readings.contains(at.as_str());
    schemas.iter().filter(keeps).cloned().collect()
}

/// A name that no property of the document has. If another object had a property with this name, the two could conflict
/// in a composition.
fn free_property(document: &Value, schemas: &[Pointer]) -> String {
    let properties = schemas.iter().filter_map(|at| document.pointer(at.as_str())?.get("properties"));
    let taken: BTreeSet<String> =
        properties.flat_map(|properties| object(Some(properties))).map(|(name, _)| name.to_snake_case()).collect();
    free_name("extra", |name| taken.contains(name))
}

use heck::ToUpperCamelCase;
use openapi_doc::{Pointer, component_name, object};
use serde_json::{Map, Value, json};

use super::open_enum::OpenEnum;
use crate::direction::Received;
use crate::names::name_for;
use crate::settings::Replacement;

/// A spec that the generator can take, and what is emitted beside its output.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The spec.
    pub document: Value,
    /// Types that replace schemas.
    pub replacements: Vec<Replacement>,
    /// Open enums, which the generator cannot emit.
    pub open_enums: Vec<OpenEnum>,
    /// Whether a field of a form holds JSON.
    pub json_fields: bool,
    /// The types that clients receive.
    pub received: Received,
}

impl Lowered {
    /// A spec before the first pass.
    pub(super) fn new(document: Value, replacements: &[Replacement]) -> Self {
        Self {
            document,
            replacements: replacements.to_vec(),
            open_enums: Vec::new(),
            json_fields: false,
            received: Received::default(),
        }
    }

    pub(super) fn schema_mut(&mut self, at: &Pointer) -> Option<&mut Map<String, Value>> {
        self.document.pointer_mut(at.as_str())?.as_object_mut()
    }

    pub(super) fn is_replaced(&self, name: &str) -> bool {
        self.replacements.iter().any(|replacement| replacement.schema == name)
    }

    /// Adds a component under `name`, or under a name derived from it if that is taken. Returns the name.
    pub(super) fn add_component(&mut self, name: &str, schema: Value) -> String {
        // Names are compared as the types that they become.
        let taken: Vec<String> =
            object(self.document.pointer("/components/schemas")).map(|(name, _)| name.to_upper_camel_case()).collect();
        let mut free = name.to_owned();
        let mut count = 2;
        while taken.contains(&free.to_upper_camel_case()) {
            free = format!("{name}{count}");
            count += 1;
        }
        if let Some(root) = self.document.as_object_mut()
            && let Some(components) = root.entry("components").or_insert_with(|| json!({})).as_object_mut()
            && let Some(schemas) = components.entry("schemas").or_insert_with(|| json!({})).as_object_mut()
        {
            schemas.insert(free.clone(), schema);
        }
        free
    }

    /// Moves the schema at `at` into a component of its own, unless it is one or refers to one. Returns the name.
    pub(super) fn hoist(&mut self, at: &Pointer) -> Option<String> {
        if let [components, schemas, name] = at.keys().as_slice()
            && components == "components"
            && schemas == "schemas"
        {
            return Some(name.clone());
        }
        let schema = self.document.pointer(at.as_str())?;
        if let Some(name) = component_name(schema) {
            return Some(name.to_owned());
        }
        let schema = schema.clone();
        let name = self.add_component(&name_for(&self.document, at), schema);
        *self.document.pointer_mut(at.as_str())? = reference(&name);
        Some(name)
    }
}

/// A reference to a schema component.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

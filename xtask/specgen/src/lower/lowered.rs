use heck::ToUpperCamelCase;
use openapi_doc::{Pointer, component_name, object};
use serde_json::{Map, Value, json};

use super::open_enum::OpenEnum;
use crate::direction::{Received, received};
use crate::names::name_for;
use crate::settings::Replacement;

/// A spec that the generator can handle, and additions to the generator's output.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    pub(crate) document: Value,
    pub(crate) replacements: Vec<Replacement>,
    pub(crate) open_enums: Vec<OpenEnum>,
    /// Whether a field of a form contains JSON.
    pub(crate) json_fields: bool,
    pub(crate) received: Received,
}

impl Lowered {
    pub(super) fn new(document: Value, replacements: &[Replacement]) -> Self {
        let (replacements, received) = (replacements.to_vec(), received(&document));
        Self { document, replacements, open_enums: Vec::new(), json_fields: false, received }
    }

    pub(super) fn schema_mut(&mut self, at: &Pointer) -> Option<&mut Map<String, Value>> {
        self.document.pointer_mut(at.as_str())?.as_object_mut()
    }

    pub(super) fn is_replaced(&self, name: &str) -> bool {
        self.replacements.iter().any(|replacement| replacement.schema == name)
    }

    /// Adds a component under `name`, or under a derived name if `name` is taken. Returns the name.
    pub(super) fn add_component(&mut self, name: &str, schema: Value) -> String {
        // Names are compared in upper camel case, as the generator writes the names of types.
        let schemas = object(self.document.pointer("/components/schemas"));
        let taken: Vec<_> = schemas.map(|(name, _)| name.to_upper_camel_case()).collect();
        let free = free_name(name, |name| taken.contains(&name.to_upper_camel_case()));
        if let Some(root) = self.document.as_object_mut()
            && let Some(components) = root.entry("components").or_insert_with(|| json!({})).as_object_mut()
            && let Some(schemas) = components.entry("schemas").or_insert_with(|| json!({})).as_object_mut()
        {
            schemas.insert(free.clone(), schema);
        }
        free
    }

    /// Moves the schema at `at` into its own component, unless the schema is a component or a reference. Returns the
    /// name.
    pub(super) fn hoist(&mut self, at: &Pointer) -> Option<String> {
        if let Some((_, name)) = at.split_last().filter(|(_, name)| Pointer::component(name) == *at) {
            return Some(name);
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

/// The name itself, or else the name with the first number that is not taken.
pub(super) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|count: u32| format!("{name}{count}")));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

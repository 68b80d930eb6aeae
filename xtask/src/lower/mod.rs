//! Turns a true description into one that the generator can take.
//!
//! One small pass for each limitation of progenitor 0.15, named after it. A pass knows OpenAPI and the generator, and
//! no particular API: it has to work on any description. When progenitor learns a feature, its pass is deleted and
//! nothing else changes. Where a schema cannot be expressed at all, a pass puts a plain one in its place and says in
//! [`Lowered::replacements`] which Rust type stands for it.

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use crate::document::{object, operations};
use crate::problem::Pointer;

mod additional_properties;
mod documentation;
mod error_bodies;
mod form_json;
mod nullable_components;
pub(crate) mod open_enum;
mod patterns;
mod text_formats;

pub(crate) use additional_properties::EXTRA;
pub use open_enum::OpenEnum;

/// The module in which generated code expects to be mounted.
pub const MODULE: &str = "crate::generated";

/// What is generated; each takes the description a little differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The client: error bodies are left to the code around it.
    Client,
    /// Matchers and answers for a mock server: error bodies are typed.
    Mock,
}

/// A schema component, and the Rust type that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Name of the component.
    pub schema: String,
    /// Path of the type, as seen from the crate that holds the generated code.
    pub path: String,
    /// Whether the type can be parsed from a string and printed as one.
    pub text: bool,
}

/// A description that the generator can take, and what is to be emitted beside its output.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The description.
    pub document: Value,
    /// Types that stand for schemas.
    pub replacements: Vec<Replacement>,
    /// Open enums, which are emitted by us.
    pub open_enums: Vec<OpenEnum>,
    /// Whether a field of a form holds JSON.
    pub json_fields: bool,
}

/// Runs all passes. The document has passed the lint.
pub fn lower(document: &Value, table: &[Replacement], target: Target) -> Lowered {
    let mut lowered = Lowered {
        document: document.clone(),
        replacements: table.to_vec(),
        open_enums: Vec::new(),
        json_fields: false,
    };
    documentation::apply(&mut lowered);
    text_formats::apply(&mut lowered);
    patterns::apply(&mut lowered);
    additional_properties::apply(&mut lowered);
    form_json::apply(&mut lowered);
    open_enum::apply(&mut lowered);
    nullable_components::apply(&mut lowered);
    if target == Target::Client {
        error_bodies::apply(&mut lowered);
    }
    lowered
}

impl Lowered {
    fn schema_mut(&mut self, at: &Pointer) -> Option<&mut Map<String, Value>> {
        self.document.pointer_mut(at.as_str())?.as_object_mut()
    }

    fn component_mut(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        self.schema_mut(&component_pointer(name))
    }

    fn is_replaced(&self, name: &str) -> bool {
        self.replacements.iter().any(|replacement| replacement.schema == name)
    }

    /// Adds a component under `name`, or under a name derived from it if that is taken. Returns the name.
    fn add_component(&mut self, name: &str, schema: Value) -> String {
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
    fn hoist(&mut self, at: &Pointer) -> Option<String> {
        let keys = at.keys();
        if let [components, schemas, name] = keys.as_slice()
            && components == "components"
            && schemas == "schemas"
        {
            return Some(name.clone());
        }
        let schema = self.document.pointer(at.as_str())?;
        if let Some(name) = crate::document::component_name(schema) {
            return Some(name.to_owned());
        }
        let schema = schema.clone();
        let name = self.add_component(&name_for(&self.document, at), schema);
        *self.document.pointer_mut(at.as_str())? = reference(&name);
        Some(name)
    }
}

/// The name of the type that the generator makes of a component.
pub fn type_name(component: &str) -> String {
    let name = component.to_upper_camel_case();
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("X{name}"),
        _ => name,
    }
}

fn component_pointer(name: &str) -> Pointer {
    Pointer::default().at(&["components", "schemas", name])
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A name for a schema that has none: that of the component or operation around it, then the way down to it.
fn name_for(document: &Value, at: &Pointer) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_that_is_added_takes_no_name_that_is_there() {
        let document = serde_yaml::from_str("components: {schemas: {order_note: {}, OrderNote2: {}}}").unwrap();
        let mut lowered = lower(&document, &[], Target::Client);
        assert_eq!(lowered.add_component("OrderNote", json!({})), "OrderNote3");
        assert_eq!(lowered.add_component("Other", json!({})), "Other");
    }

    #[test]
    fn a_schema_without_a_name_is_named_by_the_way_to_it() {
        let document = serde_yaml::from_str(
            "
            paths:
              /tanks:
                parameters: [{name: shift}]
                post: {operationId: fill_tank, parameters: [{name: litres}]}
            ",
        )
        .unwrap();
        for (at, name) in [
            ("/components/schemas/Tank/properties/level", "TankLevel"),
            ("/components/schemas/Tank/items/properties/level", "TankItemLevel"),
            ("/components/schemas/Tank/properties/items/items", "TankItemsItem"),
            ("/components/parameters/level/schema", "LevelParameter"),
            ("/components/requestBodies/level/content/x/schema", "LevelBody"),
            ("/components/responses/level/content/x/schema", "LevelResponse"),
            ("/components/headers/level/schema", "LevelHeader"),
            ("/paths/~1tanks/post/parameters/0/schema", "FillTankLitres"),
            ("/paths/~1tanks/post/requestBody/content/x/schema", "FillTankBody"),
            ("/paths/~1tanks/post/responses/200/content/x/schema", "FillTankResponse"),
        ] {
            assert_eq!(name_for(&document, &Pointer::from_written(at)), name, "{at}");
        }
    }

    #[test]
    fn bodies_of_errors_are_left_to_the_mock() {
        let document = serde_yaml::from_str(
            "paths: {/tanks: {get: {responses: {'200': {description: ok}, '400': {description: no}}}}}",
        )
        .unwrap();
        let statuses = |target| {
            let lowered = lower(&document, &[], target).document;
            object(lowered.pointer("/paths/~1tanks/get/responses")).count()
        };
        assert_eq!((statuses(Target::Client), statuses(Target::Mock)), (1, 2));
    }

    #[test]
    fn a_component_is_named_as_the_generator_names_its_type() {
        for (component, name) in [("order_note", "OrderNote"), ("self", "Self_"), ("2nd", "X2nd")] {
            assert_eq!(type_name(component), name);
        }
    }
}

#[cfg(test)]
mod testing {
    use super::*;

    /// Runs one pass on a document given as YAML, and returns what it made of it, also as YAML.
    pub(super) fn run(pass: fn(&mut Lowered), yaml: &str) -> (String, Lowered) {
        run_with_table(pass, yaml, &[])
    }

    /// The same, where a table replaces some components.
    pub(super) fn run_with_table(pass: fn(&mut Lowered), yaml: &str, table: &[Replacement]) -> (String, Lowered) {
        let document = serde_yaml::from_str(yaml).unwrap();
        let mut lowered =
            Lowered { document, replacements: table.to_vec(), open_enums: Vec::new(), json_fields: false };
        pass(&mut lowered);
        (serde_yaml::to_string(&lowered.document).unwrap(), lowered)
    }
}

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{ValidationError, Validator};
use openapi_doc::nullable_as_a_type;
use serde_json::{Value, json};

/// The step into any item of an array.
pub const ITEM: &str = "*";

/// A schema, compiled to check values. An OpenAPI 3.0 schema is a JSON Schema of draft 4, except for `nullable`.
pub struct Judge(Validator);

/// One keyword of a schema at one place of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// The place: keys, and [`ITEM`] for any item.
    pub at: Vec<String>,
    /// The keyword, such as `maxLength`.
    pub keyword: String,
    /// For `required`: the missing property.
    pub property: Option<String>,
}

impl Judge {
    /// Compiles a schema, which may refer to the components of a document.
    ///
    /// # Errors
    /// The schema is not valid.
    pub fn new(document: &Value, schema: &Value) -> Result<Self> {
        let schemas = document.pointer("/components/schemas");
        let mut whole = json!({ "allOf": [schema], "components": { "schemas": schemas } });
        nullable_as_a_type(&mut whole);
        jsonschema::draft4::new(&whole).map(Self).with_context(|| format!("not a schema: {schema}"))
    }

    /// Whether a value matches the schema.
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// The constraints that a value breaks.
    pub fn broken(&self, value: &Value) -> BTreeSet<Constraint> {
        self.0.iter_errors(value).map(|error| broken(&error)).collect()
    }
}

fn broken(error: &ValidationError<'_>) -> Constraint {
    let step = |step: LocationSegment<'_>| match step {
        LocationSegment::Property(name) => name.into_owned(),
        LocationSegment::Index(_) => ITEM.to_owned(),
    };
    let property = match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str(),
        _ => None,
    };
    // In draft 4 and in OpenAPI, an exclusive bound is the bound and a flag next to it.
    let keyword = match error.kind().keyword() {
        "exclusiveMinimum" => "minimum",
        "exclusiveMaximum" => "maximum",
        keyword => keyword,
    };
    let at = error.instance_path().iter().map(step).collect();
    Constraint { at, keyword: keyword.to_owned(), property: property.map(str::to_owned) }
}

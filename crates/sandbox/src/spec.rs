//! The spec of the vendor's operations.

use std::sync::LazyLock;

use axum::http::Method;
use axum::routing::MethodFilter;
use serde_json::Value;

/// `cargo xtask regen` generates the files in `generated`.
pub(crate) const YAML: &str = include_str!("generated/openapi.yaml");
pub(crate) const JSON: &str = include_str!("generated/openapi.json");

static SPEC: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(JSON).unwrap_or_default());

/// An operation in the spec.
pub(crate) struct Described {
    pub(crate) path: &'static str,
    pub(crate) method: MethodFilter,
    parameters: [&'static Value; 2],
    form: &'static Value,
}

/// Finds an operation by its `operationId`.
pub(crate) fn operation(id: &str) -> Option<Described> {
    let paths = SPEC["paths"].as_object()?;
    paths.iter().find_map(|(path, item)| {
        let (method, operation) = item.as_object()?.iter().find(|(_, operation)| operation["operationId"] == id)?;
        let method = MethodFilter::try_from(method.to_uppercase().parse::<Method>().ok()?).ok()?;
        let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        Some(Described { path, method, parameters: [&item["parameters"], &operation["parameters"]], form })
    })
}

impl Described {
    /// Whether the form has this field.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        !resolve(self.form)["properties"][name].is_null()
    }

    /// Returns a JSON pointer to the schema of a parameter, of a form field or of a part of `account_details`.
    pub(crate) fn pointer(&self, field: &str) -> Option<&'static str> {
        let mut parameters = self.parameters.iter().flat_map(|list| list.as_array().into_iter().flatten()).map(resolve);
        let schema = match parameters.find(|parameter| parameter["name"] == field) {
            Some(parameter) => &parameter["schema"],
            None => field.split('.').filter_map(|part| part.split('[').next()).fold(self.form, |schema, name| {
                let property = &resolve(schema)["properties"][name];
                property.get("items").unwrap_or(property)
            }),
        };
        Some(schema["$ref"].as_str()?.trim_start_matches('#'))
    }
}

/// Returns the target of a reference, and any other part of the spec unchanged.
fn resolve(part: &'static Value) -> &'static Value {
    let target = part["$ref"].as_str().and_then(|reference| SPEC.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(part)
}

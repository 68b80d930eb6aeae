//! Limitation: in OpenAPI, an `anyOf` of a string with `enum` and a plain string means "these values, and perhaps
//! others later". The generator turns it into a struct that rejects every string. So this pass lowers it to a plain
//! string, and `emit::open_enums` emits the enum with its variant for all other values.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use openapi_doc::{Pointer, can_be_null, schemas};
use serde_json::Value;

use super::Lowered;
use crate::names::type_name;
use crate::settings::{MODULE, Replacement};

/// An enum with a variant for values that the spec does not list.
#[derive(Clone, Debug)]
pub(crate) struct OpenEnum {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) variants: Vec<Variant>,
    /// The name of the variant for all other values.
    pub(crate) other: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// The value in JSON.
    pub(crate) value: String,
    pub(crate) name: String,
}

pub(super) fn apply(lowered: &mut Lowered) {
    for at in schemas(&lowered.document) {
        let Some(schema) = lowered.document.pointer(at.as_str()) else { continue };
        let Some(values) = values(schema) else { continue };
        // The lint has reported values that cannot become variants.
        let Ok((variants, other)) = variants(&values) else { continue };
        let nullable = can_be_null(schema);
        let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
        let Some(name) = lowered.hoist(&at) else { continue };
        if lowered.is_replaced(&name) {
            continue;
        }
        if let Some(schema) = lowered.schema_mut(&Pointer::component(&name)) {
            schema.remove("anyOf");
            schema.insert("type".to_owned(), "string".into());
            if nullable {
                schema.insert("nullable".to_owned(), true.into());
            }
        }
        let name = type_name(&name);
        let path = format!("{MODULE}::open_enums::{name}");
        lowered.replacements.push(Replacement { schema: name.clone(), path, text: true });
        lowered.open_enums.push(OpenEnum { name, description, variants, other });
    }
}

pub(crate) fn values(schema: &Value) -> Option<Vec<String>> {
    let [one, two] = schema.get("anyOf")?.as_array()?.as_slice() else { return None };
    let string = |member: &Value| member.get("type").is_some_and(|kind| kind == "string");
    if !string(one) || !string(two) {
        return None;
    }
    let (listed, free) = if one.get("enum").is_some() { (one, two) } else { (two, one) };
    let constrained = ["enum", "pattern", "minLength", "maxLength"].iter().any(|keyword| free.get(keyword).is_some());
    let values = listed.get("enum")?.as_array()?;
    let values: Vec<_> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    (!constrained && !values.is_empty()).then_some(values)
}

/// Returns names for the variants of these values, and for the variant of all other values.
///
/// # Errors
/// Two values would have the same name, or no name is possible for a value or for the variant of all other values.
pub(crate) fn variants(values: &[String]) -> Result<(Vec<Variant>, &'static str), String> {
    let mut seen = BTreeMap::new();
    let mut variants = Vec::new();
    for value in values {
        let mut name = value.to_upper_camel_case();
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            name.insert(0, 'V');
        }
        if name == "Self" {
            name.push('_');
        }
        if syn::parse_str::<syn::Ident>(&name).is_err() {
            return Err(format!(
                "no variant can be named after the value `{value}`; do not list it: the enum reads it anyway"
            ));
        }
        if let Some(earlier) = seen.insert(name.clone(), value) {
            return Err(format!(
                "the values `{earlier}` and `{value}` both become the variant `{name}`; list only one: the enum reads the other anyway"
            ));
        }
        variants.push(Variant { value: value.clone(), name });
    }
    let other = ["Other", "Unlisted", "AnyOther"].into_iter().find(|name| !seen.contains_key(*name));
    other.map(|other| (variants, other)).ok_or_else(|| {
        "the listed values become the variants `Other`, `Unlisted` and `AnyOther`, so no name is left for the \
             variant of other values; do not list one of them: the enum reads it anyway"
            .to_owned()
    })
}

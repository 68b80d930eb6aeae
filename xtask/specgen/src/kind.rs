//! Which kind of value a schema describes.

use openapi_doc::{COMPOSITIONS, Pointer, members};
use serde_json::Value;

/// The type of a schema, or of the schemas that it is composed of. If they have several types, an object or an array
/// takes precedence, because the whole is then more than a single value.
pub(crate) fn kind<'a>(root: &'a Value, schema: &Pointer) -> Option<&'a str> {
    let kinds = members(root, schema, &COMPOSITIONS, |schema| own_kind(schema).is_none()).into_iter();
    let kinds: Vec<_> = kinds.filter_map(|(_, schema)| own_kind(schema)).collect();
    kinds.iter().find(|kind| matches!(**kind, "object" | "array")).or(kinds.first()).copied()
}

fn own_kind(schema: &Value) -> Option<&str> {
    let has = |keyword| schema.get(keyword).is_some();
    let implied = || {
        let object = (has("properties") || has("additionalProperties")).then_some("object");
        object.or_else(|| has("items").then_some("array"))
    };
    schema.get("type").and_then(Value::as_str).or_else(implied)
}

pub(crate) fn all_single(root: &Value, any_of: &Pointer, count: usize) -> bool {
    let is_single = |kind: &str| matches!(kind, "string" | "number" | "integer" | "boolean");
    (0..count).all(|index| kind(root, &any_of.join(index)).is_some_and(is_single))
}

//! Two extensions that say more than other tools can handle. For a choice between types, several generators make code
//! that does not compile, or that loses a response. So a spec can omit the type for other tools, and put it into an
//! extension for this project's tools:
//!
//! - `x-oneOf` means `oneOf`. Other tools see a value of any type.
//! - `x-extensible-enum` lists known values of a string (the name comes from Zalando's guidelines). It means `anyOf`
//!   with two members: an `enum` with these values, and any string. Other tools see a string.

use serde_json::{Value, json};

use crate::schemas;

pub(crate) fn replace(document: &mut Value) {
    for at in schemas(document) {
        let Some(schema) = document.pointer_mut(at.as_str()).and_then(Value::as_object_mut) else { continue };
        if let Some(members) = schema.remove("x-oneOf") {
            schema.insert("oneOf".to_owned(), members);
        }
        if let Some(values) = schema.remove("x-extensible-enum") {
            let kind = schema.remove("type").unwrap_or_else(|| "string".into());
            let mut other = json!({ "type": kind });
            if let Some(nullable) = schema.remove("nullable") {
                other["nullable"] = nullable;
            }
            schema.insert("anyOf".to_owned(), json!([{ "type": kind, "enum": values }, other]));
        }
    }
}

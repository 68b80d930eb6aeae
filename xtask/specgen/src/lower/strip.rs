//! Limitation: with some keywords, the generator produces bad code. This pass removes them; the comments give the
//! reasons.

use openapi_doc::keyword_objects;
use serde_json::{Map, Value};

use super::Lowered;

fn is_removed(keyword: &str, holder: &Map<String, Value>) -> bool {
    // Examples and extensions are meant for readers of the spec. The generator would copy them into the documentation
    // of the code. It knows three extensions: two make code that needs more crates, and one does nothing.
    let is_for_readers = matches!(keyword, "example" | "examples") || keyword.starts_with("x-");
    // A `pattern` becomes a type that compiles a regular expression at run time, with a crate that every user would
    // have to build. The hand-written type that replaces the schema enforces the pattern instead.
    let is_pattern = keyword == "pattern";
    // A list with a fixed length becomes a Rust array, which serde can read only up to a length of 32.
    let is_length = matches!(keyword, "minItems" | "maxItems");
    // On a string, a `format` becomes a type of another crate that rejects unknown forms: one digit too many in a
    // timestamp would lose the whole response. `binary` is kept, because it decides how a body is sent.
    let is_string = holder.get("type").is_some_and(|kind| kind == "string");
    let is_format = keyword == "format" && is_string && holder["format"] != "binary";
    is_for_readers || is_pattern || is_length || is_format
}

pub(super) fn apply(lowered: &mut Lowered) {
    let mut gone = Vec::new();
    keyword_objects(&lowered.document, |at, _, map| {
        gone.extend(map.keys().filter(|key| is_removed(key, map)).map(|key| (at.clone(), key.clone())));
    });
    for (at, key) in gone {
        // The keyword may already be gone, together with an object around it.
        lowered.schema_mut(&at).map(|map| map.remove(&key));
    }
}

//! Limitation: with some keywords, the generator produces bad code. This pass removes them; the table gives the
//! reasons.

use openapi_doc::keyword_objects;
use serde_json::{Map, Value};

use super::Lowered;

type Keywords = fn(&str) -> bool;
type Holders = fn(&Map<String, Value>) -> bool;

/// The keywords to remove, and the objects to remove them from.
const TABLE: [(Keywords, Holders); 4] = [
    // Examples and extensions are meant for readers of the spec. The generator would copy them into the documentation
    // of the code.
    (is_for_readers, |_| true),
    // A `pattern` becomes a type that compiles a regular expression at run time, with a crate that every user would
    // have to build. The hand-written type that replaces the schema enforces the pattern instead.
    (|keyword| keyword == "pattern", |_| true),
    // A list with a fixed length becomes a Rust array, which serde can read only up to a length of 32.
    (|keyword| matches!(keyword, "minItems" | "maxItems"), |_| true),
    // On a string, a `format` becomes a type of another crate that rejects unknown forms: one digit too many in a
    // timestamp would lose the whole response. `binary` is kept, because it decides how a body is sent.
    (
        |keyword| keyword == "format",
        |schema| schema.get("type").is_some_and(|kind| kind == "string") && schema["format"] != "binary",
    ),
];

/// Whether a keyword is for readers only: an example or an extension. The generator knows three extensions. Two make
/// code that needs more crates, and one does nothing.
fn is_for_readers(keyword: &str) -> bool {
    keyword.starts_with("x-") || keyword == "example" || keyword == "examples"
}

pub(super) fn apply(lowered: &mut Lowered) {
    let mut gone = Vec::new();
    keyword_objects(&lowered.document, |at, _, map| {
        let goes = |key: &&String| TABLE.iter().any(|(keyword, holder)| keyword(key) && holder(map));
        gone.extend(map.keys().filter(goes).map(|key| (at.clone(), key.clone())));
    });
    for (at, key) in gone {
        // The keyword may already be gone, together with an object around it.
        lowered.schema_mut(&at).map(|map| map.remove(&key));
    }
}

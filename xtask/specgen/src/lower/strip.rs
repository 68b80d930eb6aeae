//! Limitation: some keywords make the generator do harm. Here is each, with the reason; all of them are removed.

use openapi_doc::{Pointer, keyword_objects};
use serde_json::{Map, Value};

use super::Lowered;

type Keywords = fn(&str) -> bool;
type Holders = fn(&Map<String, Value>) -> bool;

/// Which keywords go, and from which objects.
const TABLE: [(Keywords, Holders); 3] = [
    // Copied into the documentation of the code, with everything else that is there for readers of the spec.
    (is_for_readers, |_| true),
    // Becomes a type that compiles a regular expression at run time, with a crate that every user would have to build. The
    // hand-written type that replaces the schema enforces the pattern instead.
    (|keyword| keyword == "pattern", |_| true),
    // Of a string, becomes a type of another crate that refuses what it does not know: one digit too many in a
    // timestamp would lose the whole response. `binary` decides how a body is sent.
    (
        |keyword| keyword == "format",
        |schema| schema.get("type").is_some_and(|kind| kind == "string") && schema["format"] != "binary",
    ),
];

/// Examples, and extensions other than those that change what is generated.
fn is_for_readers(keyword: &str) -> bool {
    const KEPT: [&str; 3] = ["x-rust-type", "x-dropshot-pagination", "x-dropshot-websocket"];
    keyword.starts_with("x-") && !KEPT.contains(&keyword) || keyword == "example" || keyword == "examples"
}

pub(super) fn apply(lowered: &mut Lowered) {
    let mut gone = Vec::new();
    keyword_objects(&lowered.document, &Pointer::default(), &mut |at, map| {
        let goes = |key: &&String| TABLE.iter().any(|(keyword, holder)| keyword(key) && holder(map));
        gone.extend(map.keys().filter(goes).map(|key| (at.clone(), key.clone())));
    });
    for (at, key) in gone {
        // It may have gone with what was around it.
        lowered.schema_mut(&at).map(|map| map.remove(&key));
    }
}

//! Limitation: some keywords make the generator do harm. Here is each, with the reason; all of them are removed.

use openapi_doc::{Pointer, keyword_objects};
use serde_json::{Map, Value};

use super::Lowered;

/// Which keywords go, and from which objects.
const TABLE: [(fn(&str) -> bool, fn(&Map<String, Value>) -> bool); 3] = [
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lowered::testing::run;

    #[test]
    fn keywords_go_and_properties_of_the_same_names_stay() {
        let (after, _) = run(
            apply,
            "
            components:
              schemas:
                Example:
                  x-note: gone
                  x-rust-type: {crate: kept}
                  example: {a: 1}
                  default: {example: kept, pattern: kept}
                  properties:
                    example: {type: string, example: gone}
                    x-plan: {type: string, x-note: gone}
                    properties: {type: string, example: gone}
                    pattern: {type: string, pattern: gone, maxLength: 4}
                    format: {type: string, format: uuid}
                  allOf: [{type: object, x-note: gone}]
                Size: {type: integer, format: int64}
                Blob: {type: string, format: binary}
            ",
        );
        insta::assert_snapshot!(after, @"
        components:
          schemas:
            Blob:
              format: binary
              type: string
            Example:
              allOf:
              - type: object
              default:
                example: kept
                pattern: kept
              properties:
                example:
                  type: string
                format:
                  type: string
                pattern:
                  maxLength: 4
                  type: string
                properties:
                  type: string
                x-plan:
                  type: string
              x-rust-type:
                crate: kept
            Size:
              format: int64
              type: integer
        ");
    }
}

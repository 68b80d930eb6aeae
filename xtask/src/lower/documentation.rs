//! Limitation: the generator copies whole schemas into the documentation of its output, extensions and examples too.
//! So what is there for readers of the description is taken out, save for the extensions that the generator acts on.

use serde_json::Value;

use super::Lowered;
use crate::document::is_name_map;

/// Extensions that change what progenitor and typify generate.
const KEPT: [&str; 3] = ["x-rust-type", "x-dropshot-pagination", "x-dropshot-websocket"];

pub(super) fn apply(lowered: &mut Lowered) {
    strip(&mut lowered.document, false);
}

/// `named_freely`: the keys of this object are names that the description chose, and no keywords.
fn strip(value: &mut Value, named_freely: bool) {
    match value {
        Value::Object(map) => {
            if !named_freely {
                map.retain(|key, _| {
                    let extension = key.starts_with("x-") && !KEPT.contains(&key.as_str());
                    !extension && key != "example" && key != "examples"
                });
            }
            for (key, inner) in map.iter_mut() {
                let holds_data = !named_freely && matches!(key.as_str(), "default" | "enum");
                if !holds_data {
                    let freely = is_name_map(key);
                    strip(inner, freely && !named_freely);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::testing::run;

    #[test]
    fn notes_for_readers_go_and_properties_of_the_same_names_stay() {
        let (after, _) = run(
            apply,
            "
            components:
              schemas:
                Example:
                  x-note: gone
                  x-rust-type: {crate: kept}
                  example: {a: 1}
                  default: {example: kept}
                  properties:
                    example: {type: string, example: gone}
                    x-plan: {type: string, x-note: gone}
                    properties: {type: string, example: gone}
                  allOf: [{type: object, x-note: gone}]
            ",
        );
        insta::assert_snapshot!(after, @"
        components:
          schemas:
            Example:
              allOf:
              - type: object
              default:
                example: kept
              properties:
                example:
                  type: string
                properties:
                  type: string
                x-plan:
                  type: string
              x-rust-type:
                crate: kept
        ");
    }
}

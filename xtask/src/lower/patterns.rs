//! Limitation: for a string with a `pattern` typify emits a type that compiles a regular expression at run time, with a
//! crate that every user would have to build. A pattern is enforced by the hand-written type of the table instead; a
//! schema without one becomes a plain string. (The contract tests refuse a pattern that no type enforces.)

use super::Lowered;
use crate::document::schemas;

pub(super) fn apply(lowered: &mut Lowered) {
    for at in schemas(&lowered.document) {
        if let Some(schema) = lowered.schema_mut(&at) {
            schema.remove("pattern");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::testing::run;

    #[test]
    fn a_pattern_goes_a_length_and_a_property_called_pattern_stay() {
        let (after, _) = run(
            apply,
            "
            components:
              schemas:
                Code: {type: string, pattern: '^[A-Z]+$', maxLength: 4}
                Rule: {type: object, properties: {pattern: {type: string, pattern: x}}}
            ",
        );
        insta::assert_snapshot!(after, @"
        components:
          schemas:
            Code:
              maxLength: 4
              type: string
            Rule:
              properties:
                pattern:
                  type: string
              type: object
        ");
    }
}

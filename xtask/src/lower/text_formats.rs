//! Limitation: typify turns strings with the formats `date-time`, `uuid`, `ipv4` and the like into types of other
//! crates, which refuse what they do not know: one digit too many in a timestamp loses the whole answer. Without its
//! format a string is read as it is. `binary` stays, since it selects how a body is sent.

use super::Lowered;
use crate::document::schemas;

pub(super) fn apply(lowered: &mut Lowered) {
    for at in schemas(&lowered.document) {
        if let Some(schema) = lowered.schema_mut(&at)
            && schema.get("type").is_some_and(|kind| kind == "string")
            && schema.get("format").is_some_and(|format| format != "binary")
        {
            schema.remove("format");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::testing::run;

    #[test]
    fn strings_lose_their_format_and_numbers_keep_it() {
        let (after, _) = run(
            apply,
            "
            components:
              schemas:
                When: {type: string, format: date-time}
                Id: {properties: {id: {type: string, format: uuid}}}
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
            Id:
              properties:
                id:
                  type: string
            Size:
              format: int64
              type: integer
            When:
              type: string
        ");
    }
}

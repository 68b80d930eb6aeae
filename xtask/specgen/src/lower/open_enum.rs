//! Limitation: `anyOf` of a string with `enum` and a string without, which is how OpenAPI says "these values, and later
//! others", becomes a struct that rejects every string. So it is lowered to a plain string, and the enum with its
//! variant for all other values is emitted by `emit::open_enums`.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use openapi_doc::{Pointer, can_be_null, schemas};
use serde_json::Value;

use super::Lowered;
use crate::names::type_name;
use crate::settings::{MODULE, Replacement};

/// An enum that has a variant for values which the description does not list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    /// Its name, which is that of the schema component.
    pub name: String,
    /// What the description says of it.
    pub description: Option<String>,
    /// Each listed value with the name of its variant.
    pub variants: Vec<Variant>,
    /// Name of the variant for all other values.
    pub other: &'static str,
}

/// One listed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The value on the wire.
    pub value: String,
    /// The name of the variant.
    pub name: String,
}

pub(super) fn apply(lowered: &mut Lowered) {
    for at in schemas(&lowered.document) {
        let Some(schema) = lowered.document.pointer(at.as_str()) else { continue };
        let Some(values) = values(schema) else { continue };
        // Values that cannot be told apart were reported by the lint.
        let Ok((variants, other)) = variants(&values) else { continue };
        let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
        let Some(name) = lowered.hoist(&at) else { continue };
        if lowered.is_replaced(&name) {
            continue;
        }
        if let Some(component) = lowered.document.pointer_mut(Pointer::component(&name).as_str()) {
            let nullable = can_be_null(component);
            if let Some(schema) = component.as_object_mut() {
                schema.remove("anyOf");
                schema.insert("type".to_owned(), "string".into());
                if nullable {
                    schema.insert("nullable".to_owned(), true.into());
                }
            }
        }
        let name = type_name(&name);
        let path = format!("{MODULE}::open_enums::{name}");
        lowered.replacements.push(Replacement { schema: name.clone(), path, text: true });
        lowered.open_enums.push(OpenEnum { name, description, variants, other });
    }
}

/// The listed values, if the schema is an open enum.
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

/// Names for the variants of these values, and for the variant of all others.
///
/// # Errors
/// Two values that would have the same name, or one that leaves no name.
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
                "the value `{value}` leaves no name for a variant; do not list it, the enum reads it all the same"
            ));
        }
        if let Some(earlier) = seen.insert(name.clone(), value) {
            return Err(format!(
                "the values `{earlier}` and `{value}` both become the variant `{name}`; list one, the enum reads the other all the same"
            ));
        }
        variants.push(Variant { value: value.clone(), name });
    }
    let other = ["Other", "Unlisted", "AnyOther"].into_iter().find(|name| !seen.contains_key(*name));
    other.map(|other| (variants, other)).ok_or_else(|| "leaves no name for the variant of all other values".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lowered::testing::{run, run_with_table};

    #[test]
    fn open_enums_become_strings_and_are_named_after_their_place() {
        let (after, lowered) = run(
            apply,
            "
            paths:
              /a:
                get:
                  operationId: readA
                  parameters: [{name: sort, schema: {anyOf: [{type: string}, {type: string, enum: [up, down]}]}}]
            components:
              schemas:
                State: {description: Where it is., anyOf: [{type: string, enum: [IN_USE, other, '2nd']}, {type: string, nullable: true}]}
                Thing: {properties: {kind: {anyOf: [{type: string, enum: [a]}, {type: string}]}}}
                Closed: {type: string, enum: [a]}
                Objects: {anyOf: [{type: object}, {type: object}]}
            ",
        );
        insta::assert_snapshot!(format!("{after}---\n{:#?}", lowered.open_enums), @r#"
        components:
          schemas:
            Closed:
              enum:
              - a
              type: string
            Objects:
              anyOf:
              - type: object
              - type: object
            ReadASort:
              type: string
            State:
              description: Where it is.
              nullable: true
              type: string
            Thing:
              properties:
                kind:
                  $ref: '#/components/schemas/ThingKind'
            ThingKind:
              type: string
        paths:
          /a:
            get:
              operationId: readA
              parameters:
              - name: sort
                schema:
                  $ref: '#/components/schemas/ReadASort'
        ---
        [
            OpenEnum {
                name: "State",
                description: Some(
                    "Where it is.",
                ),
                variants: [
                    Variant {
                        value: "IN_USE",
                        name: "InUse",
                    },
                    Variant {
                        value: "other",
                        name: "Other",
                    },
                    Variant {
                        value: "2nd",
                        name: "V2nd",
                    },
                ],
                other: "Unlisted",
            },
            OpenEnum {
                name: "ThingKind",
                description: None,
                variants: [
                    Variant {
                        value: "a",
                        name: "A",
                    },
                ],
                other: "Other",
            },
            OpenEnum {
                name: "ReadASort",
                description: None,
                variants: [
                    Variant {
                        value: "up",
                        name: "Up",
                    },
                    Variant {
                        value: "down",
                        name: "Down",
                    },
                ],
                other: "Other",
            },
        ]
        "#);
    }

    #[test]
    fn an_enum_that_does_not_take_every_text_is_not_open() {
        let values = |yaml: &str| values(&serde_yaml::from_str(yaml).unwrap());
        let open = "anyOf: [{type: string, enum: [a]}, {type: string}]";
        assert_eq!(values(open), Some(vec!["a".to_owned()]));
        for closed in [
            "anyOf: [{type: string, enum: [a]}, {type: string, pattern: b}]",
            "anyOf: [{type: string, enum: [a]}, {type: string, maxLength: 3}]",
            "anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]",
            "anyOf: [{type: string, enum: [a]}, {type: integer}]",
            "anyOf: [{type: string, enum: [a]}, {type: string}, {type: string}]",
            "oneOf: [{type: string, enum: [a]}, {type: string}]",
        ] {
            assert_eq!(values(closed), None, "{closed}");
        }
    }

    #[test]
    fn an_open_enum_for_which_a_type_stands_is_not_emitted() {
        let own = Replacement { schema: "State".to_owned(), path: "::shop::State".to_owned(), text: true };
        let yaml = "components: {schemas: {State: {anyOf: [{type: string, enum: [a]}, {type: string}]}}}";
        let (_, lowered) = run_with_table(apply, yaml, &[own]);
        assert_eq!((lowered.open_enums.len(), lowered.replacements.len()), (0, 1));
    }

    #[test]
    fn values_that_are_words_of_rust_or_begin_with_a_digit_have_names() {
        let (variants, other) = variants(&["self".to_owned(), "2nd".to_owned(), "other".to_owned()]).unwrap();
        let names: Vec<_> = variants.iter().map(|variant| variant.name.as_str()).collect();
        assert_eq!((names.as_slice(), other), (["Self_", "V2nd", "Other"].as_slice(), "Unlisted"));
    }

    #[test]
    fn values_that_share_a_name_are_refused() {
        assert!(variants(&["a-b".to_owned(), "a_b".to_owned()]).unwrap_err().contains("`AB`"));
        assert!(variants(&["+".to_owned()]).unwrap_err().contains("no name"));
    }
}

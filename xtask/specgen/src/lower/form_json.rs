//! Limitation: progenitor stops at `encoding` on a form body, and without it a nested object compiles and fails when it
//! is sent. So a property whose encoding is `application/json` becomes a string in the spec, and a `Json<T>` in
//! the code: a wrapper that writes its value as JSON text and reads it back.

use openapi_doc::{FORM, Pointer, operations, schemas, target};
use serde_json::Value;

use super::Lowered;
use super::lowered::reference;
use crate::names::type_name;
use crate::settings::{MODULE, Replacement};

pub(super) fn apply(lowered: &mut Lowered) {
    let bodies: Vec<Pointer> = operations(&lowered.document)
        .iter()
        .map(|operation| target(&lowered.document, operation.pointer.join("requestBody")).at(&["content", FORM]))
        .collect();
    for at in bodies {
        let Some(media) = lowered.document.pointer(at.as_str()) else { continue };
        let Some(encoding) = media.get("encoding").and_then(Value::as_object) else { continue };
        let json: Vec<String> = encoding
            .iter()
            .filter(|(_, entry)| entry.get("contentType").is_some_and(|kind| kind == "application/json"))
            .map(|(name, _)| name.clone())
            .collect();
        if let Some(media) = lowered.document.pointer_mut(at.as_str()).and_then(Value::as_object_mut) {
            media.remove("encoding");
        }
        let Some(form) = form_schema(lowered, &at.join("schema")) else { continue };
        for name in json {
            wrap(lowered, &form.at(&["properties", &name]));
        }
    }
}

/// Where the schema of the form stands. One that others refer to as well is copied, as only the form has strings in it.
fn form_schema(lowered: &mut Lowered, at: &Pointer) -> Option<Pointer> {
    let form = target(&lowered.document, at.clone());
    if form == *at {
        return Some(form);
    }
    let uses = schemas(&lowered.document)
        .into_iter()
        .filter(|user| *user != form && target(&lowered.document, user.clone()) == form)
        .count();
    if uses > 1 {
        let copy = lowered.document.pointer(form.as_str())?.clone();
        let name = lowered.add_component(&format!("{}Form", form.keys().pop()?), copy);
        *lowered.document.pointer_mut(at.as_str())? = reference(&name);
        return Some(Pointer::component(&name));
    }
    Some(form)
}

fn wrap(lowered: &mut Lowered, property: &Pointer) {
    let Some(inner) = lowered.hoist(property) else { return };
    let replaced = lowered.replacements.iter().find(|replacement| replacement.schema == inner);
    let path = replaced
        .map_or_else(|| format!("{MODULE}::types::{}", type_name(&inner)), |replacement| replacement.path.clone());
    let path = format!("{MODULE}::json::Json<{path}>");
    let known = lowered.replacements.iter().find(|replacement| replacement.path == path);
    let wrapper = if let Some(replacement) = known {
        replacement.schema.clone()
    } else {
        let schema = lowered.add_component(&format!("{inner}Json"), serde_json::json!({ "type": "string" }));
        lowered.replacements.push(Replacement { schema: schema.clone(), path, text: false });
        schema
    };
    lowered.json_fields = true;
    if let Some(value) = lowered.document.pointer_mut(property.as_str()) {
        *value = reference(&wrapper);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lowered::testing::{run, run_with_table};

    const FORM_WITH_JSON: &str = "
        paths:
          /orders:
            post:
              operationId: placeOrder
              requestBody:
                content:
                  application/x-www-form-urlencoded:
                    schema: {$ref: '#/components/schemas/Order'}
                    encoding: {basket: {contentType: application/json}, note: {contentType: application/json}}
        components:
          schemas:
            Order: {properties: {basket: {$ref: '#/components/schemas/Basket'}, note: {type: array, items: {type: string}}, id: {type: string}}}
            Basket: {type: object}
    ";

    #[test]
    fn a_json_property_becomes_a_string_and_its_schema_a_component() {
        let (after, lowered) = run(apply, FORM_WITH_JSON);
        let types: Vec<_> = lowered.replacements.iter().map(|r| format!("{} = {}", r.schema, r.path)).collect();
        insta::assert_snapshot!(format!("{after}---\n{}", types.join("\n")), @"
        components:
          schemas:
            Basket:
              type: object
            BasketJson:
              type: string
            Order:
              properties:
                basket:
                  $ref: '#/components/schemas/BasketJson'
                id:
                  type: string
                note:
                  $ref: '#/components/schemas/OrderNoteJson'
            OrderNote:
              items:
                type: string
              type: array
            OrderNoteJson:
              type: string
        paths:
          /orders:
            post:
              operationId: placeOrder
              requestBody:
                content:
                  application/x-www-form-urlencoded:
                    schema:
                      $ref: '#/components/schemas/Order'
        ---
        BasketJson = crate::generated::json::Json<crate::generated::types::Basket>
        OrderNoteJson = crate::generated::json::Json<crate::generated::types::OrderNote>
        ");
    }

    #[test]
    fn a_body_and_a_schema_by_reference_are_followed() {
        let (after, _) = run(
            apply,
            "
            paths:
              /orders:
                post: {operationId: placeOrder, requestBody: {$ref: '#/components/requestBodies/Order'}}
                put: {operationId: changeOrder, requestBody: {$ref: '#/components/requestBodies/Order'}}
            components:
              requestBodies:
                Order:
                  content:
                    application/x-www-form-urlencoded:
                      schema: {$ref: '#/components/schemas/Order'}
                      encoding: {basket: {contentType: application/json}}
              schemas:
                Order: {properties: {basket: {$ref: '#/components/schemas/Basket'}}}
                Basket: {type: object}
            ",
        );
        insta::assert_snapshot!(after, @"
        components:
          requestBodies:
            Order:
              content:
                application/x-www-form-urlencoded:
                  schema:
                    $ref: '#/components/schemas/Order'
          schemas:
            Basket:
              type: object
            BasketJson:
              type: string
            Order:
              properties:
                basket:
                  $ref: '#/components/schemas/BasketJson'
        paths:
          /orders:
            post:
              operationId: placeOrder
              requestBody:
                $ref: '#/components/requestBodies/Order'
            put:
              operationId: changeOrder
              requestBody:
                $ref: '#/components/requestBodies/Order'
        ");
    }

    #[test]
    fn a_property_with_another_encoding_is_left_alone() {
        let other = FORM_WITH_JSON.replace("note: {contentType: application/json}", "note: {contentType: text/csv}");
        let (_, lowered) = run(apply, &other);
        let note = lowered.document.pointer("/components/schemas/Order/properties/note/type");
        assert_eq!(note, Some(&"array".into()));
    }

    #[test]
    fn two_forms_with_one_schema_share_its_wrapper() {
        let second = "
            /returns:
              post:
                operationId: sendBack
                requestBody:
                  content:
                    application/x-www-form-urlencoded:
                      schema: {properties: {basket: {$ref: '#/components/schemas/Basket'}}}
                      encoding: {basket: {contentType: application/json}}
        components:";
        let (_, lowered) = run(apply, &FORM_WITH_JSON.replacen("\n        components:", second, 1));
        let wrappers = lowered.replacements.iter().filter(|replacement| replacement.path.contains("types::Basket>"));
        assert_eq!(wrappers.count(), 1);
    }

    #[test]
    fn a_type_of_the_table_is_what_the_json_holds() {
        let basket = Replacement { schema: "Basket".to_owned(), path: "::shop::Basket".to_owned(), text: false };
        let (_, lowered) = run_with_table(apply, FORM_WITH_JSON, &[basket]);
        assert!(lowered.replacements.iter().any(|r| r.path == "crate::generated::json::Json<::shop::Basket>"));
    }

    #[test]
    fn a_schema_that_is_also_used_elsewhere_is_left_alone() {
        let elsewhere = FORM_WITH_JSON.replace(
            "Basket: {type: object}",
            "Basket: {type: object}\n            Log: {items: {$ref: '#/components/schemas/Order'}}",
        );
        let (_, lowered) = run(apply, &elsewhere);
        let basket = |form: &str| {
            lowered.document.pointer(&format!("/components/schemas/{form}/properties/basket/$ref")).cloned()
        };
        assert_eq!(basket("Order"), Some("#/components/schemas/Basket".into()));
        assert_eq!(basket("OrderForm"), Some("#/components/schemas/BasketJson".into()));
    }
}

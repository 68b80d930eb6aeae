//! Which generated types are sent, and which are received.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, items, object, operations, reach, schemas};
use serde_json::Value;

use crate::names::{name_for, type_name};

/// The types that clients receive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Structs and enums that a response can contain. The server may add to them, so they are `#[non_exhaustive]`.
    pub can_grow: BTreeSet<String>,
    /// Those of all types that no request contains. Nobody builds them, so they have no builder.
    pub only: BTreeSet<String>,
}

/// The received types of a spec, by the names that the generator gives them.
///
/// A type that a request contains stays exhaustive unless it is received as well: if the server starts to require a field,
/// code that does not set it must stop compiling. A component that no operation uses counts as received, since it
/// describes what is read by hand, such as the body of an error.
pub(crate) fn received(spec: &Value) -> Received {
    let (mut requests, mut responses) = (Vec::new(), Vec::new());
    let paths = Pointer::default().join("paths");
    for (path, item) in object(spec.get("paths")) {
        let at = paths.at(&[path, "parameters"]);
        requests.extend(items(item.get("parameters"), at).map(|(at, _)| at));
    }
    for operation in operations(spec) {
        requests.extend(["parameters", "requestBody"].map(|key| operation.pointer.join(key)));
        responses.push(operation.pointer.join("responses"));
    }
    let (sent, received) = (reach(spec, requests), reach(spec, responses));
    let within = |reached: &BTreeSet<Pointer>, at: &Pointer| reached.iter().any(|root| at == root || at.is_below(root));
    let components = Pointer::default().at(&["components", "schemas"]);
    let mut found = Received::default();
    for at in schemas(spec) {
        let is_sent = within(&sent, &at);
        let is_received = within(&received, &at) || !is_sent && at.is_below(&components);
        let Some(schema) = spec.pointer(at.as_str()).filter(|_| is_received) else { continue };
        let name = type_name(&name_for(spec, &at));
        if is_struct_or_enum(schema) {
            found.can_grow.insert(name.clone());
        }
        if !is_sent {
            found.only.insert(name);
        }
    }
    found
}

/// Whether the generator makes a struct with named fields or an enum of it. All else becomes a type around one other type,
/// which never gets a second field.
fn is_struct_or_enum(schema: &Value) -> bool {
    ["properties", "enum", "allOf", "anyOf", "oneOf"].iter().any(|keyword| schema.get(*keyword).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_by_the_direction_in_which_they_are_used() {
        let spec = serde_yaml::from_str(
            "
            paths:
              /tanks/{id}:
                parameters: [{schema: {$ref: '#/components/schemas/Id'}}]
                post:
                  operationId: fillTank
                  requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Form'}}}}
                  responses:
                    '200':
                      content: {application/json: {schema: {properties: {receipt: {$ref: '#/components/schemas/Receipt'}}}}}
            components:
              schemas:
                Id: {type: string, enum: [a]}
                Form: {properties: {tank: {$ref: '#/components/schemas/Tank'}, fuel: {properties: {grade: {type: string}}}}}
                Tank: {properties: {id: {type: string}}}
                Receipt: {properties: {tanks: {items: {$ref: '#/components/schemas/Tank'}}, state: {properties: {sold: {type: string}}}, note: {$ref: '#/components/schemas/Note'}}}
                Note: {type: string, maxLength: 3}
                Refusal: {properties: {why: {type: string}}}
            ",
        )
        .unwrap();
        let Received { can_grow, only } = received(&spec);
        assert_eq!(Vec::from_iter(can_grow), ["FillTankResponse", "Receipt", "ReceiptState", "Refusal", "Tank"]);
        for name in ["FillTankResponse", "Note", "Receipt", "ReceiptState", "Refusal"] {
            assert!(only.contains(name), "{name}");
        }
        for name in ["Id", "Form", "FormFuel", "Tank"] {
            assert!(!only.contains(name), "{name}");
        }
    }
}

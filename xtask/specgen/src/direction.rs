//! Which generated types are sent, and which are received.

use std::collections::BTreeSet;

use openapi_doc::{Operation, Pointer, operations, reach, schemas};
use serde_json::Value;

use crate::names::{name_for, type_name};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// Structs and enums that a response can contain. The server may add to them, so they are `#[non_exhaustive]`.
    pub(crate) can_grow: BTreeSet<String>,
    /// Types that no request contains. Users do not build them, so they have no builder.
    pub(crate) only: BTreeSet<String>,
}

/// The received types of a spec, by the names that the generator gives them.
///
/// A type that is only sent stays exhaustive: if the server starts to require a field, code that does not set the field
/// must stop compiling. A type that is received can grow, even if it is also sent. A component that no operation uses
/// counts as received, because it describes data that hand-written code reads, such as the body of an error.
pub(crate) fn received(spec: &Value) -> Received {
    let operations = operations(spec);
    let sent = reach(spec, operations.iter().flat_map(Operation::request));
    let received = reach(spec, operations.iter().map(|operation| operation.pointer.join("responses")));
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

/// Whether the generator makes a struct with named fields, or an enum, from a schema. Any other schema becomes a type
/// around one other type, which never gets a second field.
fn is_struct_or_enum(schema: &Value) -> bool {
    ["properties", "enum", "allOf", "anyOf", "oneOf"].iter().any(|keyword| schema.get(*keyword).is_some())
}

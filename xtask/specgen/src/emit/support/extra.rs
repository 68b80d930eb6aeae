//! The fields of an object that the spec does not list.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of an object that its type does not have, such as the fields of a later version of the API. They are kept
/// as they were received, and serialized again unchanged.
///
/// They may contain secrets, so `Debug` prints only their number; the map itself is not masked. Do not add to the map a
/// field that the type has: it would be sent a second time.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Extra(pub Map<String, Value>);

/// Prints the number of fields.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "Extra({count} {})", if count == 1 { "field" } else { "fields" })
    }
}

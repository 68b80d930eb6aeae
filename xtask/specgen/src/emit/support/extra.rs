//! The fields of an object that the spec does not name.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of an object that its type does not name: those of a later version, as they were received. They are
/// written back in the same way. A field that the type names must not be among them: it would be written twice.
///
/// `Debug` prints only the number of fields, because their content is unknown. The map itself is not masked.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Extra(pub Map<String, Value>);

/// The number of fields.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "Extra({count} {})", if count == 1 { "field" } else { "fields" })
    }
}

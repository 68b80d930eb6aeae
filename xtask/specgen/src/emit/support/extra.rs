//! The fields of an object that the spec does not list.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of an object that its type does not have, such as those of a later version of the API. They are kept as
/// they were received, and serialized again unchanged.
///
/// They may contain secrets, so `Debug` prints only their number. The functions return them unmasked.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The names and values of the fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no such fields: the type has everything that was received.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All fields. `Debug` of the map prints names and values, so do not log it.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All fields, as a map of your own.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// Fields to send. A field that the type has must be set there: in this map, it would be sent a second time.
impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

/// Prints the number of fields.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "Extra({count} {})", if count == 1 { "field" } else { "fields" })
    }
}

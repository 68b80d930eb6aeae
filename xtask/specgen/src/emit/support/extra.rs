//! What an object holds beyond the fields that the description names.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of an object that its type does not name: those of a later version, as they were received. They are
/// written back in the same way.
///
/// Nobody has said what is in them, so `Debug` prints how many there are, and neither a name nor a value. What the
/// functions give is not masked.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none: the type names all that was received.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them. The map prints names and values: do not log it.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The same by themselves.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// Fields to write. One that the type names has to be set there: here, it would be written a second time.
impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

/// How many there are.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "Extra({count} {})", if count == 1 { "field" } else { "fields" })
    }
}

//! Optional fields in JSON: present with a value, or absent. `null` is refused, as the spec requires.

use serde::{Deserialize, Deserializer};

/// Reads a field that is present, for `#[serde(default, deserialize_with = "…")]`.
pub(crate) fn value<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

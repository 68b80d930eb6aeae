//! Optional fields of JSON: they are there with a value, or not there. `null` is neither, and is refused as the spec says.

use serde::{Deserialize, Deserializer};

/// Reads a field that is there, for `#[serde(default, deserialize_with = "…")]`.
pub(crate) fn value<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

//! Optional fields in JSON have a value or are absent. `null` is refused, as the spec requires.

use serde::{Deserialize, Deserializer};

/// Deserializes an optional field that is present. For absent fields, serde uses `default`.
pub(crate) fn value<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

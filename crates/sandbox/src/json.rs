//! Reads JSON: bodies of the control API, and snapshots.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::invalid::InvalidInput;

/// Parses JSON. An error in a field begins with the path of the field, such as `faults[0].next`.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, InvalidInput> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Deserializes an optional field that is present. For absent fields, serde uses `default`. So a field has a value or
/// is absent, and `null` is refused, as the spec requires.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

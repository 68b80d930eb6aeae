//! Reads JSON: bodies of the control API, and snapshots.

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

use crate::invalid::InvalidInput;

/// Parses a JSON object. An error in a field begins with the path of the field, such as `faults[0].next`.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, InvalidInput> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(NoList(&mut deserializer)).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Deserializes an optional field that is present. For absent fields, serde uses `default`. So a field has a value or
/// is absent, and `null` is refused, as the spec requires.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Deserializes a list of objects.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::<Object<T>>::deserialize(deserializer)?.into_iter().map(|Object(value)| value).collect())
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(NoList(deserializer)).map(Self)
    }
}

/// Refuses a list in place of an object: serde would accept one that has the values of the fields in their order.
struct NoList<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for NoList<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

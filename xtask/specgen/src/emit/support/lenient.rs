//! Reads a string that arrives as a number or a boolean: one value of another type must not make a response unreadable.

// Not every spec needs all of these functions.
#![allow(dead_code)]

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a string, a number or a boolean. The last two become text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    into_text(Value::deserialize(deserializer)?, "a string")
}

/// Reads the same as [`text`], or `null`.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    value.map(|value| into_text(value, "a string")).transpose()
}

/// Reads the same as [`text`] into a type that is made from a string.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    into_text(Value::deserialize(deserializer)?, expected).map(|text| T::from(&text))
}

fn into_text<E: Error>(value: Value, expected: &'static str) -> Result<String, E> {
    let found = match value {
        Value::String(text) => return Ok(text),
        Value::Bool(_) => return Ok(value.to_string()),
        // From 2^53 on, a number that is not an integer of 64 bits may have lost digits. With an exponent, it does not
        // look like an exact one.
        Value::Number(number) => {
            let rounded = number.as_f64().filter(|value| number.is_f64() && value.abs() >= 9_007_199_254_740_992.0);
            return Ok(rounded.map_or_else(|| number.to_string(), |value| format!("{value:e}")));
        }
        Value::Null => Unexpected::Unit,
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    Err(E::invalid_type(found, &expected))
}

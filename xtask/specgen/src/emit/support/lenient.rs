//! Reads a string that arrives as a number or a boolean: one value of another type must not make a response unreadable.

// Not every spec needs all of these functions.
#![allow(dead_code)]

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a string, a number or a boolean. The last two become text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserialize(deserializer, "a string")
}

/// Reads the same as [`text`], or `null`.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Text(String);

    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer).map(Text)
        }
    }

    Ok(Option::<Text>::deserialize(deserializer)?.map(|Text(text)| text))
}

/// Reads the same as [`text`] into a type that is made from a string.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct Lenient<T>(&'static str, PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Lenient<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            Ok(T::from(value))
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
            Ok(T::from(&value.to_string()))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
            Ok(T::from(&value.to_string()))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
            Ok(T::from(&value.to_string()))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            // From 2^53 on, a number may have lost digits. Written with an exponent, it does not look exact.
            let is_exact = value.abs() < 9_007_199_254_740_992.0;
            Ok(T::from(&if is_exact { value.to_string() } else { format!("{value:e}") }))
        }
    }

    deserializer.deserialize_any(Lenient(expected, PhantomData))
}

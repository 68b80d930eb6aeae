//! Reads a string that arrives as a value of another type: one such value must not make a response unreadable.

// Not every spec needs all of these functions.
#![allow(dead_code)]

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a value as text. An array becomes `[…]`, and an object `{…}`.
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

    impl<'de, T: for<'a> From<&'a str>> Visitor<'de> for Lenient<T> {
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

        fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
            IgnoredAny.visit_seq(items).map(|_| T::from("[…]"))
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            IgnoredAny.visit_map(members).map(|_| T::from("{…}"))
        }
    }

    deserializer.deserialize_any(Lenient(expected, PhantomData))
}

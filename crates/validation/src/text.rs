//! What the values that are kept as text have in common: every way in checks, every way out is
//! spelled out, and serde does both.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

use alloc::string::String;

use serde::de::{self, Deserializer, Visitor};

use crate::error::{Kind, ParseError};

/// Conversions for a `struct $Type(String)` that has `fn check(&str) -> Result<(), ParseError>`.
macro_rules! text_conversions {
    ($Type:ident) => {
        impl $Type {
            /// The text as it was given, in clear.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $Type {
            type Error = $crate::error::ParseError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::check(text)?;
                Ok(Self(text.into()))
            }
        }

        /// Keeps the allocation.
        impl TryFrom<alloc::string::String> for $Type {
            type Error = $crate::error::ParseError;

            fn try_from(text: alloc::string::String) -> Result<Self, Self::Error> {
                Self::check(&text)?;
                Ok(Self(text))
            }
        }

        impl core::str::FromStr for $Type {
            type Err = $crate::error::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl AsRef<str> for $Type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        /// The text in clear; keeps the allocation.
        impl From<$Type> for alloc::string::String {
            fn from(value: $Type) -> Self {
                value.0
            }
        }

        /// A string, in clear.
        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        /// A string, which is checked. Errors do not contain it.
        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::text::deserialize(deserializer, $crate::error::Kind::$Type)
            }
        }
    };
}

/// `Display` in clear, for a value that is no secret.
macro_rules! display_in_clear {
    ($Type:ident) => {
        impl core::fmt::Display for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

/// `Debug` as `Type(text)`, for a value that is no secret.
macro_rules! debug_in_clear {
    ($Type:ident) => {
        impl core::fmt::Debug for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple(stringify!($Type)).field(&format_args!("{}", self.0)).finish()
            }
        }
    };
}

/// `Display` and `Debug` through a mask, for a value that must not reach a log.
macro_rules! show_masked {
    ($Type:ident, $mask:path) => {
        /// The masked text. It cannot be parsed back; `as_str` has the text in clear.
        impl core::fmt::Display for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(&$mask(&self.0), f)
            }
        }

        /// The masked text, within the type's name.
        impl core::fmt::Debug for $Type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple(stringify!($Type)).field(&$mask(&self.0)).finish()
            }
        }
    };
}

/// Reads a string and checks it, without ever quoting it.
///
/// A format that finds a number where a string should be says so by quoting the number:
/// "invalid type: integer `26291800001191`, expected …". Formats build that message from the
/// visitor's `expecting`, so a call to it is the sign that the message has to be replaced. Other
/// failures (syntax, I/O) keep the format's own error.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, kind: Kind) -> Result<T, D::Error>
where
    T: TryFrom<String, Error = ParseError> + for<'a> TryFrom<&'a str, Error = ParseError>,
    D: Deserializer<'de>,
{
    let wrong_type = Cell::new(false);
    let visitor = Text { wrong_type: &wrong_type, value: PhantomData };
    match deserializer.deserialize_string(visitor) {
        Ok(parsed) => parsed.map_err(de::Error::custom),
        Err(_) if wrong_type.get() => {
            Err(de::Error::custom(format_args!("{kind}: not a string (accepted: {})", kind.accepted())))
        }
        Err(error) => Err(error),
    }
}

struct Text<'a, T> {
    wrong_type: &'a Cell<bool>,
    value: PhantomData<T>,
}

impl<T> Visitor<'_> for Text<'_, T>
where
    T: TryFrom<String, Error = ParseError> + for<'a> TryFrom<&'a str, Error = ParseError>,
{
    type Value = Result<T, ParseError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wrong_type.set(true);
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::try_from(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(T::try_from(text))
    }
}

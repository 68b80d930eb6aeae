//! Checks text and converts it into values, and converts values back into text.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clean::repair;
use crate::error::ParseError;
use crate::explain::{check, explain};
use crate::kind::Kind;
use crate::{
    AccountNumber, Amount, ApiVersion, BankCode, Cleaned, CustomerAccountId, CustomerId, Gateway, GatewayId,
    GatewayReferenceId, Ifsc, MerchantId, Name, RoutingId, Vpa, amount, mask, rules,
};

/// Implements checks and conversions for types that store their text: `struct $Type(String)`.
macro_rules! text_value {
    ($($Type:ident)*) => {$(
        impl $Type {
            /// Checks a string without creating a value. Does not allocate if the string is valid.
            #[inline]
            pub fn check(text: &str) -> Result<(), ParseError> {
                check(Kind::$Type, text)
            }

            /// Returns the text unmasked.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $Type {
            type Error = ParseError;

            fn try_from(text: &str) -> Result<Self, ParseError> {
                Self::check(text)?;
                Ok(Self(text.into()))
            }
        }

        /// Checks the string, and keeps it without a copy.
        impl TryFrom<String> for $Type {
            type Error = ParseError;

            fn try_from(text: String) -> Result<Self, ParseError> {
                Self::check(&text)?;
                Ok(Self(text))
            }
        }

        impl AsRef<str> for $Type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        /// Returns the text unmasked, without a copy.
        impl From<$Type> for String {
            fn from(value: $Type) -> Self {
                value.0
            }
        }

        /// Prints the text. For an account number, a UPI address or a name, it is masked, so it cannot be parsed back;
        /// `as_str` returns the text unmasked.
        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match Kind::$Type {
                    Kind::AccountNumber | Kind::Vpa | Kind::Name => mask::of(Kind::$Type, &self.0).fmt(f),
                    _ => f.pad(&self.0),
                }
            }
        }

        /// Prints the name of the type and its text, which is masked if it is secret.
        impl fmt::Debug for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($Type)).field(&mask::of(Kind::$Type, &self.0)).finish()
            }
        }

        /// Serializes as a string, unmasked.
        impl Serialize for $Type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )*};
}

/// Implements parsing, deserializing and `clean` for every type.
macro_rules! value {
    ($($Type:ident)*) => {$(
        impl FromStr for $Type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                Self::try_from(text)
            }
        }

        /// Deserializes a string and checks it. Errors do not quote the string.
        impl<'de> Deserialize<'de> for $Type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer, Kind::$Type)
            }
        }

        impl $Type {
            /// Parses a string. If it is invalid, it is repaired first, as [`Change`](crate::Change) describes for this
            /// type. A name is repaired even if it is valid: for example, it loses surrounding spaces.
            ///
            /// # Errors
            /// The string is invalid, and no repair makes it valid. The error describes the string before any repair.
            pub fn clean(text: &str) -> Result<Cleaned<Self>, ParseError> {
                let Cleaned { value, changes } = Kind::$Type.clean(text)?;
                Ok(Cleaned { value: Self::try_from(value)?, changes })
            }
        }
    )*};
}

text_value!(
    Ifsc AccountNumber Vpa Name CustomerId CustomerAccountId RoutingId BankCode GatewayId GatewayReferenceId Gateway
    MerchantId ApiVersion
);
value!(
    Ifsc AccountNumber Vpa Name CustomerId CustomerAccountId RoutingId BankCode GatewayId GatewayReferenceId Gateway
    MerchantId ApiVersion Amount
);

impl Amount {
    /// Checks an amount without creating a value. Does not allocate if the string is valid.
    pub fn check(text: &str) -> Result<(), ParseError> {
        check(Kind::Amount, text)
    }
}

impl TryFrom<&str> for Amount {
    type Error = ParseError;

    fn try_from(text: &str) -> Result<Self, ParseError> {
        amount::parse(text).map_err(|reason| explain(Kind::Amount, text, reason))
    }
}

impl TryFrom<String> for Amount {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::try_from(text.as_str())
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

/// Serializes as a string such as `1.50`, because data formats represent decimal numbers differently.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Kind {
    /// Checks a string without creating a value, like the method `check` of the value's type.
    ///
    /// # Errors
    /// The string is invalid.
    pub fn check(self, text: &str) -> Result<(), ParseError> {
        check(self, text)
    }

    /// Repairs a string without creating a value, like the method `clean` of the value's type.
    ///
    /// # Errors
    /// The string is invalid, and no repair makes it valid.
    pub fn clean(self, text: &str) -> Result<Cleaned<String>, ParseError> {
        let checked = check(self, text).map(|()| Cleaned { value: text.to_owned(), changes: Vec::new() });
        // A name with invisible characters or surrounding spaces is valid, because the vendor documents no format.
        // Nobody types such characters on purpose, so names are always repaired.
        if checked.is_ok() && self != Self::Name {
            return checked;
        }
        let (value, changes) = repair(self, text);
        if rules::check(self, &value).is_ok() { Ok(Cleaned { value, changes }) } else { checked }
    }
}

/// Deserializes a string and checks it. An error never quotes the string.
///
/// A deserializer that finds a number in place of a string quotes the number: "invalid type: integer `26291800001191`,
/// expected …". It builds that message with the visitor's `expecting`. If `expecting` was called, this function
/// therefore replaces the message. Other errors (syntax, I/O) are returned unchanged.
fn deserialize<'de, T, D>(deserializer: D, kind: Kind) -> Result<T, D::Error>
where
    T: TryFrom<String, Error = ParseError> + for<'a> TryFrom<&'a str, Error = ParseError>,
    D: Deserializer<'de>,
{
    let wrong_type = Cell::new(false);
    let visitor = Text { wrong_type: &wrong_type, value: PhantomData };
    match deserializer.deserialize_string(visitor) {
        // The message names the kind of value, because some formats do not name the field.
        Ok(parsed) => parsed.map_err(|error| de::Error::custom(format_args!("{kind}: {error}"))),
        Err(_) if wrong_type.get() => Err(de::Error::custom(format_args!("{kind}: it is not a string"))),
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

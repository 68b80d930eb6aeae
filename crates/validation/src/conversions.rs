//! Conversions into the value types, which check the text, and conversions back to text.

use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

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

/// The methods of a value that is kept as text: a `struct $Type(String)`.
macro_rules! text_value {
    ($($Type:ident)*) => {$(
        impl $Type {
            /// Checks a text without making a value of it. Does not allocate if the text is valid.
            #[inline]
            pub fn check(text: &str) -> Result<(), ParseError> {
                check(Kind::$Type, text)
            }

            /// The text in clear.
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

        /// The unmasked text, without a copy.
        impl From<$Type> for String {
            fn from(value: $Type) -> Self {
                value.0
            }
        }

        /// The name of the type and the text, masked if it is secret.
        impl fmt::Debug for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($Type)).field(&mask::of(Kind::$Type, &self.0)).finish()
            }
        }

        /// A string, in clear.
        impl Serialize for $Type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )*};
}

/// The methods of every value.
macro_rules! value {
    ($($Type:ident)*) => {$(
        impl FromStr for $Type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                Self::try_from(text)
            }
        }

        /// A string, which is checked. Errors do not quote it.
        impl<'de> Deserialize<'de> for $Type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer, Kind::$Type)
            }
        }
    )*};
}

/// `clean` for every value.
macro_rules! clean {
    ($($Type:ident)*) => {$(
        impl $Type {
            /// Parses a text after the repairs of [`Change`](crate::Change) for this type. A valid text is not changed,
            /// except that a name loses surrounding spaces and invisible characters.
            ///
            /// # Errors
            /// The text is invalid, and only a guess could repair it. The error is that of the unrepaired text.
            pub fn clean(text: &str) -> Result<Cleaned<Self>, ParseError> {
                clean(Kind::$Type, text)
            }
        }
    )*};
}

/// `Display` in clear.
macro_rules! display_in_clear {
    ($($Type:ident)*) => {$(
        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

/// `Display` through a mask, for values that must not appear in a log.
macro_rules! display_masked {
    ($($Type:ident)*) => {$(
        /// The masked text. It cannot be parsed back; `as_str` has the text in clear.
        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                mask::of(Kind::$Type, &self.0).fmt(f)
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
clean!(
    Ifsc AccountNumber Vpa Name CustomerId CustomerAccountId RoutingId BankCode GatewayId GatewayReferenceId Gateway
    MerchantId ApiVersion Amount
);
display_in_clear!(
    Ifsc CustomerId CustomerAccountId RoutingId BankCode GatewayId GatewayReferenceId Gateway MerchantId ApiVersion
);
display_masked!(AccountNumber Vpa Name);

impl Amount {
    /// Checks an amount without making a value of it. Does not allocate if the text is valid.
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

/// The canonical text as a string: formats disagree on numbers with decimals.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn clean<T>(kind: Kind, text: &str) -> Result<Cleaned<T>, ParseError>
where
    T: TryFrom<String, Error = ParseError> + for<'a> TryFrom<&'a str, Error = ParseError>,
{
    let parsed = T::try_from(text).map(|value| Cleaned { value, changes: Vec::new() });
    // The vendor documents no format for names, so a name may have invisible characters and spaces around it. Nobody
    // types them on purpose.
    if parsed.is_ok() && kind != Kind::Name {
        return parsed;
    }
    let (repaired, changes) = repair(kind, text);
    match rules::check(kind, &repaired) {
        Ok(()) => T::try_from(repaired).map(|value| Cleaned { value, changes }),
        Err(_) => parsed,
    }
}

/// Reads a string and checks it, without ever quoting it in an error.
///
/// A deserializer that finds a number in place of a string quotes the number: "invalid type: integer
/// `26291800001191`, expected …". It builds that message with the visitor's `expecting`, so a call to `expecting` means
/// that the message has to be replaced. Other failures (syntax, I/O) keep the error of the deserializer.
fn deserialize<'de, T, D>(deserializer: D, kind: Kind) -> Result<T, D::Error>
where
    T: TryFrom<String, Error = ParseError> + for<'a> TryFrom<&'a str, Error = ParseError>,
    D: Deserializer<'de>,
{
    let wrong_type = Cell::new(false);
    let visitor = Text { wrong_type: &wrong_type, value: PhantomData };
    match deserializer.deserialize_string(visitor) {
        // Not every format names the field in its errors, so the kind is named here.
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

//! Enums with one word per value, the same in traces, in JSON, and in a database column; and policies.

/// Defines an enum without fields, and implements `as_str`, `Display`, `FromStr` and serde with one word for each
/// value. More functions of the enum can follow it.
macro_rules! words {
    (
        $(#[$meta:meta])* pub enum $Name:ident { $($(#[$doc:meta])* $Variant:ident = $word:literal,)* }
        $($functions:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $Name { $($(#[$doc])* #[serde(rename = $word)] $Variant,)* }

        impl $Name {
            /// Returns the word for this value in traces and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $word,)* }
            }

            $($functions)*
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $Name {
            type Err = serde::de::value::Error;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                serde::Deserialize::deserialize(serde::de::value::StrDeserializer::new(word))
            }
        }
    };
}

pub(crate) use words;

/// Defines a policy by its fields. Each has a default value, and a setter with its name. More functions can follow.
macro_rules! policy {
    (
        $(#[$meta:meta])* pub struct $Policy:ident { $($(#[$doc:meta])* $field:ident: $Type:ty = $default:expr;)* }
        $($functions:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $Policy { $($field: $Type,)* }

        impl Default for $Policy {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $Policy {
            $($(#[$doc])* #[must_use] pub fn $field(mut self, $field: $Type) -> Self {
                self.$field = $field;
                self
            })*

            $($functions)*
        }
    };
}

pub(crate) use policy;

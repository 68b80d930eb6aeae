//! Enums with one word per value: the same in traces, in JSON, and in a database column.

/// `as_str`, `Display`, `FromStr` and serde for an enum without fields. All use the same word.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $Name:ident { $($(#[$doc:meta])* $Variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $Name { $($(#[$doc])* #[serde(rename = $word)] $Variant,)* }

        impl $Name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)*];

            /// The word that traces and JSON use, and that `FromStr` parses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $word,)* }
            }
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

/// Setters of a policy, named after their fields.
macro_rules! setters {
    ($Policy:ident { $($(#[$doc:meta])* $field:ident: $Type:ty;)* }) => {
        impl $Policy {
            $($(#[$doc])* #[must_use] pub fn $field(mut self, $field: $Type) -> Self {
                self.$field = $field;
                self
            })*
        }
    };
}

pub(crate) use setters;

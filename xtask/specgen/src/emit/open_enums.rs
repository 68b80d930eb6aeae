//! Emits the enums that the generator cannot emit, with listed values as variants and one variant for all later values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Unexpected;
use crate::lower::OpenEnum;

pub(super) fn emit(enums: &[OpenEnum]) -> Result<String, Unexpected> {
    let items = enums.iter().map(one);
    let code = syn::parse2(quote! {
        //! Enums for which the spec lists values, and allows others.
        #(#items)*
    });
    code.map(|code| prettyplease::unparse(&code)).map_err(|_| Unexpected("a name"))
}

fn one(open: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", open.name);
    let other = format_ident!("{}", open.other);
    let doc = open.description.clone().unwrap_or_else(|| format!("Values of `{}`.", open.name));
    let values: Vec<_> = open.variants.iter().map(|variant| &variant.value).collect();
    let variants: Vec<_> = open.variants.iter().map(|variant| format_ident!("{}", variant.name)).collect();
    let docs = values.iter().map(|value| format!("`{value}`"));
    let expecting = format!("a value of {}", open.name);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants,)*
            /// A value that the spec does not list, as it was received.
            #other(::std::string::String),
        }

        impl #name {
            /// The listed values.
            pub const LISTED: &'static [&'static str] = &[#(#values),*];

            /// The value as it is sent and received.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#other(value) => value,
                }
            }

            fn listed(value: &str) -> ::std::option::Option<Self> {
                match value {
                    #(#values => ::std::option::Option::Some(Self::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                Self::listed(value).unwrap_or_else(|| Self::#other(value.to_owned()))
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                Self::listed(&value).unwrap_or(Self::#other(value))
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;
            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl ::std::convert::AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                super::lenient::deserialize(deserializer, #expecting)
            }
        }
    }
}

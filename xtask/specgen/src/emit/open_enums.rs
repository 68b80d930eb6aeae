//! Emits the enums that the generator cannot emit, with listed values as variants and one variant for all other values.

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
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #[serde(rename = #values)] #variants,)*
            /// A value that the spec does not list, as it was received.
            #[serde(untagged)]
            #other(::std::string::String),
        }

        impl #name {
            /// The listed values.
            pub const LISTED: &'static [&'static str] = &[#(#values),*];

            /// Returns the value as it is sent and received.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#other(value) => value,
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    _ => Self::#other(value.to_owned()),
                }
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                super::lenient::deserialize(deserializer, #expecting)
            }
        }
    }
}

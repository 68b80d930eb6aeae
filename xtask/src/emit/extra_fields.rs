//! Limitation: what an object holds beyond its properties can be generated as a plain map alone. Printed by `Debug`, it
//! shows keys and values that nobody has looked at, secrets among them. So the map that stands for it
//! (`lower/additional_properties.rs`) becomes an `Extra`, which prints how many fields it has and nothing of them, and a
//! field of that type is read from and written into the object around it.
//!
//! That is serde's `flatten`: next to it, fields that are known are read straight into their places, as in a struct
//! without it, and only the others are put aside.

use syn::visit_mut::{VisitMut, visit_field_mut, visit_type_mut};

use crate::emit::unexpected;
use crate::lower::EXTRA;
use crate::problem::Problem;

/// Returns whether there is such a field.
pub(super) fn apply(code: &mut syn::File) -> Result<bool, Problem> {
    let mut fields = Fields::default();
    fields.visit_file_mut(code);
    if fields.elsewhere { Err(unexpected("the map of further properties")) } else { Ok(fields.mended) }
}

#[derive(Default)]
struct Fields {
    mended: bool,
    elsewhere: bool,
}

impl VisitMut for Fields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if is_map(&field.ty) {
            // That it may be left out is part of being flattened.
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(syn::parse_quote!(#[serde(flatten)]));
        }
        visit_field_mut(self, field);
    }

    /// Fields of structs and of variants, and what a builder holds and takes for them.
    fn visit_type_mut(&mut self, kind: &mut syn::Type) {
        if is_map(kind) {
            *kind = syn::parse_quote!(crate::generated::extra::Extra);
            self.mended = true;
        } else {
            self.elsewhere |= text(kind) == EXTRA;
            visit_type_mut(self, kind);
        }
    }
}

fn is_map(kind: &syn::Type) -> bool {
    text(kind) == format!("::std::collections::HashMap<::std::string::String,{EXTRA}>")
}

fn text(kind: &syn::Type) -> String {
    quote::quote!(#kind).to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_further_properties_become_fields_of_the_object_and_no_other_maps() {
        let mut code = syn::parse_quote! {
            pub mod types {
                #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
                pub struct Answer {
                    ///What it holds beyond.
                    #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
                    pub extra: ::std::collections::HashMap<::std::string::String, crate::generated::extra::Extra>,
                    #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
                    pub tags: ::std::collections::HashMap<::std::string::String, ::std::string::String>,
                }
                #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
                #[serde(tag = "kind")]
                pub enum Discount {
                    #[serde(rename = "voucher")]
                    Voucher {
                        #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
                        extra: ::std::collections::HashMap<::std::string::String, crate::generated::extra::Extra>,
                    },
                }
                pub mod builder {
                    #[derive(Clone, Debug)]
                    pub struct Answer {
                        extra: ::std::result::Result<
                            ::std::collections::HashMap<::std::string::String, crate::generated::extra::Extra>,
                            ::std::string::String,
                        >,
                    }
                    impl Answer {
                        pub fn extra<T>(mut self, value: T) -> Self
                        where
                            T: ::std::convert::TryInto<
                                ::std::collections::HashMap<::std::string::String, crate::generated::extra::Extra>,
                            >,
                        {
                            self
                        }
                    }
                }
            }
        };
        assert!(apply(&mut code).unwrap());
        insta::assert_snapshot!(prettyplease::unparse(&code), @r#"
        pub mod types {
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
            pub struct Answer {
                ///What it holds beyond.
                #[serde(flatten)]
                pub extra: crate::generated::extra::Extra,
                #[serde(
                    default,
                    skip_serializing_if = ":: std :: collections :: HashMap::is_empty"
                )]
                pub tags: ::std::collections::HashMap<
                    ::std::string::String,
                    ::std::string::String,
                >,
            }
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
            #[serde(tag = "kind")]
            pub enum Discount {
                #[serde(rename = "voucher")]
                Voucher { #[serde(flatten)] extra: crate::generated::extra::Extra },
            }
            pub mod builder {
                #[derive(Clone, Debug)]
                pub struct Answer {
                    extra: ::std::result::Result<
                        crate::generated::extra::Extra,
                        ::std::string::String,
                    >,
                }
                impl Answer {
                    pub fn extra<T>(mut self, value: T) -> Self
                    where
                        T: ::std::convert::TryInto<crate::generated::extra::Extra>,
                    {
                        self
                    }
                }
            }
        }
        "#);
    }

    #[test]
    fn code_without_one_stays_as_it_is() {
        let code: syn::File =
            syn::parse_quote! { pub struct Answer { #[serde(default)] pub id: ::std::string::String } };
        let mut mended = code.clone();
        assert!(!apply(&mut mended).unwrap());
        assert_eq!(prettyplease::unparse(&mended), prettyplease::unparse(&code));
    }

    #[test]
    fn another_generator_is_noticed() {
        let map = "::std::collections::BTreeMap<::std::string::String, crate::generated::extra::Extra>";
        let mut code = syn::parse_str(&format!("pub struct Answer {{ pub extra: {map} }}")).unwrap();
        assert!(apply(&mut code).is_err());
    }
}

//! Limitation: what an object holds beyond its properties can be generated as a plain map only. `Debug` prints its keys and
//! values, among which may be secrets. So the map that `lower/additional_properties.rs` puts there becomes an `Extra`,
//! which prints how many fields it has, and serde flattens it into the object.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_field_mut, visit_type_mut};
use syn::{GenericArgument, PathArguments, Type};

use super::Unexpected;
use crate::lower::EXTRA;
use crate::settings::MODULE;

/// Returns whether there is such a field.
pub(super) fn apply(code: &mut syn::File) -> Result<bool, Unexpected> {
    let mut fields = Fields { extra: format!("{MODULE}::{EXTRA}"), found: false, elsewhere: false };
    fields.visit_file_mut(code);
    if fields.elsewhere { Err(Unexpected("the map of further properties")) } else { Ok(fields.found) }
}

struct Fields {
    extra: String,
    found: bool,
    elsewhere: bool,
}

impl VisitMut for Fields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if self.value_of_map(&field.ty).is_some() {
            // That it may be left out is part of being flattened.
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(syn::parse_quote!(#[serde(flatten)]));
        }
        visit_field_mut(self, field);
    }

    /// Fields of structs and of variants, and what a builder holds and takes for them.
    fn visit_type_mut(&mut self, kind: &mut Type) {
        if let Some(value) = self.value_of_map(kind) {
            *kind = value;
            self.found = true;
        } else {
            self.elsewhere |= text(kind) == self.extra;
            visit_type_mut(self, kind);
        }
    }
}

impl Fields {
    /// `Extra`, if the type is a `HashMap<String, Extra>`.
    fn value_of_map(&self, kind: &Type) -> Option<Type> {
        let Type::Path(path) = kind else { return None };
        let last = path.path.segments.last().filter(|last| last.ident == "HashMap")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        match arguments.args.last()? {
            GenericArgument::Type(value) if text(value) == self.extra => Some(value.clone()),
            _ => None,
        }
    }
}

fn text(kind: &Type) -> String {
    kind.to_token_stream().to_string().replace(' ', "")
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

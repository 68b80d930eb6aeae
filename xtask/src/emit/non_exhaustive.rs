//! Limitation: a struct or enum that is generated can be written out, and matched, in full. A field or a variant that the
//! vendor adds to an answer would then break code that has nothing to do with it. So what is received is `non_exhaustive`.
//!
//! What is sent stays as it is: if the vendor begins to require a field, code that does not set it has to break. A type that
//! is both sent and received counts as received.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::{VisitMut, visit_path_mut};

use crate::emit::unexpected;
use crate::problem::Problem;

/// Marks each type of the module `types` that an answer can hold.
pub(super) fn apply(code: &mut syn::File) -> Result<(), Problem> {
    let Some(types) = module(&code.items, "types").map(<[_]>::to_vec) else { return Ok(()) };
    // Builders of operations: their fields are what is sent, and `send` returns what is received.
    let operations = module(&code.items, "builder").ok_or_else(|| unexpected("operations"))?;
    let mut sent = BTreeSet::new();
    let mut received = BTreeSet::new();
    for item in operations {
        match item {
            syn::Item::Struct(item) => sent.extend(Names::of(|names| names.visit_fields_mut(&mut item.fields.clone()))),
            syn::Item::Impl(item) => {
                let outputs = item.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(function) => Some(function.sig.output.clone()),
                    _ => None,
                });
                for mut output in outputs {
                    received.extend(Names::of(|names| names.visit_return_type_mut(&mut output)));
                }
            }
            _ => {}
        }
    }
    let parts = parts(&types);
    let (sent, received) = (reached(&parts, sent), reached(&parts, received));
    for item in module_mut(&mut code.items, "types").into_iter().flatten() {
        let (attributes, name) = match item {
            // One unnamed field stands for another type, and never becomes two.
            syn::Item::Struct(item) if matches!(item.fields, syn::Fields::Named(_)) => (&mut item.attrs, &item.ident),
            syn::Item::Enum(item) => (&mut item.attrs, &item.ident),
            _ => continue,
        };
        let name = name.to_string();
        // The bodies of errors are read by hand, so no operation names their types.
        if received.contains(&name) || !sent.contains(&name) {
            attributes.push(syn::parse_quote!(#[non_exhaustive]));
        }
    }
    Ok(())
}

fn module<'a>(items: &'a [syn::Item], name: &str) -> Option<&'a [syn::Item]> {
    items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => Some(module.content.as_ref()?.1.as_slice()),
        _ => None,
    })
}

fn module_mut<'a>(items: &'a mut [syn::Item], name: &str) -> Option<&'a mut Vec<syn::Item>> {
    items.iter_mut().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => Some(&mut module.content.as_mut()?.1),
        _ => None,
    })
}

/// The types that each type names in its fields.
fn parts(types: &[syn::Item]) -> BTreeMap<String, BTreeSet<String>> {
    let parts = types.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => {
            Some((item.ident.to_string(), Names::of(|names| names.visit_fields_mut(&mut item.fields.clone()))))
        }
        syn::Item::Enum(item) => {
            let visit = |names: &mut Names| item.variants.clone().iter_mut().for_each(|v| names.visit_variant_mut(v));
            Some((item.ident.to_string(), Names::of(visit)))
        }
        _ => None,
    });
    parts.collect()
}

/// Types, with those that they hold at any depth.
fn reached(parts: &BTreeMap<String, BTreeSet<String>>, first: BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<_> = first.into_iter().collect();
    while let Some(name) = open.pop() {
        if let Some(held) = parts.get(&name)
            && found.insert(name)
        {
            open.extend(held.iter().cloned());
        }
    }
    found
}

/// Names of types of the module `types`: they stand alone within it, and behind its name elsewhere.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn of(visit: impl FnOnce(&mut Self)) -> BTreeSet<String> {
        let mut names = Self::default();
        visit(&mut names);
        names.0
    }
}

impl VisitMut for Names {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let words: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [name] | [.., _, name] = words.as_slice()
            && (words.len() == 1 || words.iter().any(|word| word == "types"))
        {
            self.0.insert(name.clone());
        }
        visit_path_mut(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_holds_can_grow_and_what_is_only_sent_cannot() {
        let mut code = syn::parse_quote! {
            pub mod types {
                pub struct Form {
                    pub tank: Tank,
                    pub fuel: crate::generated::json::Json<crate::generated::types::Fuel>,
                }
                pub struct Fuel { pub grade: Grade }
                pub enum Grade { Diesel, Petrol }
                pub struct Tank { pub id: ::std::string::String }
                pub struct Note(pub ::std::string::String);
                pub struct Receipt { pub tanks: ::std::vec::Vec<Tank>, pub state: ::std::option::Option<State> }
                pub enum State { Full, Sold(Sale) }
                pub struct Sale { pub note: Note }
                pub struct Refusal { pub why: ::std::string::String }
                pub mod builder {
                    pub struct Sale { note: ::std::result::Result<super::Note, ::std::string::String> }
                }
            }
            pub mod builder {
                use super::types;
                pub struct FillTank<'a> {
                    client: &'a super::Client,
                    body: Result<types::builder::Form, String>,
                }
                impl<'a> FillTank<'a> {
                    pub async fn send(self) -> Result<ResponseValue<types::Receipt>, Error<()>> {
                        unimplemented!()
                    }
                }
            }
        };
        apply(&mut code).unwrap();
        let marked = |name: &str| {
            let types = module(&code.items, "types").unwrap();
            types.iter().any(|item| match item {
                syn::Item::Struct(item) => item.ident == name && !item.attrs.is_empty(),
                syn::Item::Enum(item) => item.ident == name && !item.attrs.is_empty(),
                _ => false,
            })
        };
        // `Tank` is sent too, and no operation returns `Refusal`.
        for name in ["Receipt", "Tank", "State", "Sale", "Refusal"] {
            assert!(marked(name), "{name}");
        }
        for name in ["Form", "Fuel", "Grade", "Note"] {
            assert!(!marked(name), "{name}");
        }
    }

    #[test]
    fn code_without_types_stays_as_it_is() {
        let code: syn::File = syn::parse_quote! { pub struct Client; };
        let mut mended = code.clone();
        apply(&mut mended).unwrap();
        assert_eq!(prettyplease::unparse(&mended), prettyplease::unparse(&code));
    }

    #[test]
    fn another_generator_is_noticed() {
        let mut code = syn::parse_quote! { pub mod types { pub struct Tank { pub id: u8 } } };
        assert!(apply(&mut code).is_err());
    }
}

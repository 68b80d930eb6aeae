//! Limitation: a `String` field rejects a number, so an id that becomes numeric would make a whole response unreadable.
//! With this pass, each field that is one string, and the type of each component that is a string, reads values of any
//! type, as text.

use quote::quote;
use syn::Token;
use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_item_enum_mut, visit_item_struct_mut};

use crate::settings::MODULE;

pub(super) fn apply(code: &mut syn::File) {
    Fields.visit_file_mut(code);
}

struct Fields;

impl VisitMut for Fields {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        if is_listed(&item.attrs, "derive", "Deserialize") {
            read_leniently(&mut item.fields);
        }
        visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        // Serde picks the variant of an untagged enum by the types of the fields, so the fields of such an enum stay
        // unchanged. In other enums, only named fields are read leniently.
        if is_listed(&item.attrs, "derive", "Deserialize") && !is_listed(&item.attrs, "serde", "untagged") {
            let named = item.variants.iter_mut().filter(|variant| matches!(variant.fields, syn::Fields::Named(_)));
            named.for_each(|variant| read_leniently(&mut variant.fields));
        }
        visit_item_enum_mut(self, item);
    }
}

/// Whether there is an attribute such as `#[list(…, word, …)]`.
fn is_listed(attributes: &[syn::Attribute], list: &str, word: &str) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(words) = &attribute.meta else { return false };
        attribute.path().is_ident(list) && words.tokens.to_string().contains(word)
    })
}

fn read_leniently(fields: &mut syn::Fields) {
    let [text, optional_text] = ["text", "optional_text"].map(|name| format!("{MODULE}::lenient::{name}"));
    for field in fields {
        let attribute = match super::text(&field.ty).as_str() {
            "::std::string::String" => syn::parse_quote!(#[serde(deserialize_with = #text)]),
            "::std::option::Option<::std::string::String>" => {
                // A required field that can be null already has `deserialize_with`, and stays required. Serde requires
                // any other field that has `deserialize_with`, hence the `default`.
                let default = if field.attrs.iter_mut().any(without_function) { None } else { Some(quote!(default,)) };
                syn::parse_quote!(#[serde(#default deserialize_with = #optional_text)])
            }
            _ => continue,
        };
        field.attrs.retain(|one| !matches!(&one.meta, syn::Meta::List(list) if list.tokens.is_empty()));
        field.attrs.push(attribute);
    }
}

/// Removes `deserialize_with` from a serde attribute. Returns whether the attribute had it.
fn without_function(attribute: &mut syn::Attribute) -> bool {
    let found = is_listed(std::slice::from_ref(attribute), "serde", "deserialize_with");
    if let Ok(all) = attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)
        && found
    {
        let others = all.iter().filter(|one| !one.path().is_ident("deserialize_with"));
        *attribute = syn::parse_quote!(#[serde(#(#others),*)]);
    }
    found
}

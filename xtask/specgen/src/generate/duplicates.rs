//! Checks that the generated code defines each name only once. Names that differ in the spec can become the same name
//! in Rust, such as `foo_bar` and `fooBar`, or a component `ThingKind` and the property `kind` of `Thing`. The
//! generator does not notice.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Ident, ImplItem, Item};

/// Trait methods that the generated client calls on itself. An operation with one of these names would hide the method.
const CLIENT_METHODS: &str = "api_version exec post pre";

/// Types that the generated operations use. An operation with one of these names would hide the type.
const IMPORTED: &str = "ByteStream ClientHooks ClientInfo Error From OperationInfo Option RequestBuilderExt \
                        ResponseValue Result String";

/// A trait that the generated types use.
const DERIVED: &str = "Default";

/// A variable in each generated operation. A parameter with the same name would hide it.
const HEADERS: &str = "header_map";

pub(super) fn check(items: &[Item]) -> Result<(), String> {
    let is_operation = |item: &Item| matches!(item, Item::Struct(item) if !item.generics.params.is_empty());
    let taken = if items.iter().any(is_operation) { IMPORTED } else { DERIVED };
    unique("type", taken, items.iter().filter_map(type_name))?;
    let mut methods = BTreeMap::<String, Vec<&Ident>>::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                let is_operation = !item.generics.params.is_empty();
                let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                unique("variable", HEADERS, fields.clone().filter(|field| is_operation && *field == HEADERS))?;
                unique("field", "", fields)?;
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let of_type = methods.entry(item.self_ty.to_token_stream().to_string()).or_default();
                of_type.extend(item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(function) => Some(&function.sig.ident),
                    _ => None,
                }));
            }
            Item::Mod(module) => check(module.content.as_ref().map_or(&[], |(_, items)| items))?,
            _ => {}
        }
    }
    for (name, methods) in methods {
        let taken = match name.as_str() {
            "Client" => CLIENT_METHODS,
            // The builder of an operation, `Name<'a>`: `emit::requests` adds this method to it.
            name if name.ends_with('>') => "request",
            _ => "",
        };
        unique("method", taken, methods.into_iter())?;
    }
    Ok(())
}

fn type_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

fn unique<'a>(kind: &str, taken: &str, mut names: impl Iterator<Item = &'a Ident>) -> Result<(), String> {
    let mut seen: BTreeSet<String> = taken.split_whitespace().map(str::to_owned).collect();
    let twice = names.find(|name| !seen.insert(name.to_string()));
    let message = |name| {
        format!("it would define the {kind} `{name}` twice; rename a part of the spec that becomes `{name}` in Rust")
    };
    twice.map_or(Ok(()), |name| Err(message(name)))
}

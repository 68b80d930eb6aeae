//! Limitation: every struct gets a builder. Users never build a struct that is only received, and the builder would be
//! most of its code. So this pass removes such builders.

use std::collections::BTreeSet;

use syn::{Item, ItemMod};

pub(super) fn remove(code: &mut syn::File, names: &BTreeSet<String>) {
    let Some(types) = module(&mut code.items, "types") else { return };
    // `impl Tank { pub fn builder() -> builder::Tank { … } }`
    let is_removed = |item: &Item| match item {
        Item::Impl(block) => block.trait_.is_none() && is_builder(block) && names.contains(&last_name(&block.self_ty)),
        _ => false,
    };
    types.retain(|item| !is_removed(item));
    let Some(builders) = module(types, "builder") else { return };
    // The builder itself, its methods, and the conversions to and from the type.
    builders.retain(|item| match item {
        Item::Struct(item) => !names.contains(&item.ident.to_string()),
        Item::Impl(block) => !names.contains(&last_name(&block.self_ty)),
        _ => true,
    });
    if builders.is_empty() {
        types.retain(|item| !matches!(item, Item::Mod(ItemMod { ident, .. }) if ident == "builder"));
    }
}

fn is_builder(block: &syn::ItemImpl) -> bool {
    matches!(block.items.as_slice(), [syn::ImplItem::Fn(function)] if function.sig.ident == "builder")
}

fn last_name(kind: &syn::Type) -> String {
    match kind {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

pub(super) fn module<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => Some(&mut module.content.as_mut()?.1),
        _ => None,
    })
}

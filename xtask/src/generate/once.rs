//! Does the generated code define each name once? The generator makes names of its own for what has none, and does not
//! look whether one is taken: `ThingKind` for the property `kind` of `Thing`, beside a component of that name.

use std::collections::BTreeSet;

use syn::{Ident, Item};

/// Says which name stands twice, if one does.
pub(super) fn check(items: &[Item]) -> Result<(), String> {
    unique("types", items.iter().filter_map(type_name))?;
    for item in items {
        match item {
            Item::Struct(item) => unique("fields", item.fields.iter().filter_map(|field| field.ident.as_ref()))?,
            Item::Mod(module) => check(module.content.as_ref().map_or(&[], |(_, items)| items))?,
            _ => {}
        }
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

fn unique<'a>(kind: &str, names: impl Iterator<Item = &'a Ident>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!(
                "it makes two {kind} `{name}`, since it names what has no name after its place; accepted are names that differ from those"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_stand_twice_in_different_places_and_not_in_one() {
        let check = |code| check(&syn::parse_str::<syn::File>(code).unwrap().items);
        assert_eq!(check("struct A { a: u8 } mod b { struct A { a: u8 } }"), Ok(()));
        assert!(check("mod b { struct A; enum A {} }").unwrap_err().contains("two types `A`"));
        assert!(check("struct A { a: u8, a: u8 }").unwrap_err().contains("two fields `a`"));
    }
}

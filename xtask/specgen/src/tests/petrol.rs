//! The committed code of `petrol`, which its own test uses.

use openapi_doc::Mode;

use crate::regen::client;

#[test]
fn the_code_of_petrol_is_up_to_date() {
    // As `cargo xtask regen --spec xtask/specgen/petrol/petrol.yaml --out xtask/specgen/petrol/src/generated` does.
    let folder = client(&super::petrol(), &super::root().join("petrol/src/generated")).unwrap();
    let names: Vec<_> = folder.files.iter().map(|file| file.name).collect();
    assert_eq!(names, ["mod.rs", "client.rs", "open_enums.rs", "extra.rs", "json.rs", "lenient.rs"]);
    let outcome = folder.ensure(Mode::Check).unwrap();
    assert_eq!(outcome.changed, 0, "{}", outcome.difference);
}

#[test]
fn what_is_received_can_grow_and_has_no_builder() {
    let folder = client(&super::petrol(), "out".as_ref()).unwrap();
    let code: syn::File = syn::parse_str(&folder.files[1].text).unwrap();
    let types = code.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => Some(&module.content.as_ref()?.1),
        _ => None,
    });
    let types = types.unwrap();
    let with_builder = types.iter().filter_map(|item| match item {
        syn::Item::Impl(block) if matches!(&block.items[0], syn::ImplItem::Fn(function) if function.sig.ident == "builder") => {
            Some(quote::ToTokens::to_token_stream(&block.self_ty).to_string())
        }
        _ => None,
    });
    assert_eq!(
        with_builder.collect::<Vec<_>>(),
        ["OrderBodyExtrasItem", "Payment", "StartFillingBody", "Station", "StationPosition"]
    );
    let can_grow = types.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some((&item.ident, &item.attrs)),
        syn::Item::Enum(item) => Some((&item.ident, &item.attrs)),
        _ => None,
    });
    let can_grow = can_grow
        .filter(|(_, attributes)| attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")));
    let can_grow: Vec<_> = can_grow.map(|(name, _)| name.to_string()).collect();
    assert_eq!(
        can_grow,
        [
            "Discount",
            "Filling",
            "FillingReceipt",
            "FillingReceiptTotal",
            "Money",
            "Refusal",
            "Service",
            "Station",
            "StationPosition",
            "StationType"
        ]
    );
}

//! Tests the committed code of `petrol`.

use openapi_doc::Mode;

use crate::regen::client;

#[test]
fn petrol_code_is_up_to_date() {
    // The same as `cargo xtask regen --spec xtask/specgen/petrol/petrol.yaml --out xtask/specgen/petrol/src/generated`.
    let folder = client(&super::petrol(), &super::root().join("petrol/src/generated")).unwrap();
    let names: Vec<_> = folder.files.iter().map(|file| file.name).collect();
    assert_eq!(names, ["mod.rs", "client.rs", "open_enums.rs", "extra.rs", "json.rs", "lenient.rs"]);
    let outcome = folder.ensure(Mode::Check).unwrap();
    assert_eq!(outcome.changed, 0, "{}", outcome.difference);
}

#[test]
fn received_types_are_non_exhaustive_and_have_no_builder() {
    let folder = client(&super::petrol(), "out".as_ref()).unwrap();
    let code = &folder.files[1].text;
    let builders = code.split("pub fn builder() -> builder::").skip(1).filter_map(|rest| rest.split(' ').next());
    assert_eq!(
        builders.collect::<Vec<_>>(),
        ["OrderBodyExtrasItem", "Payment", "StartFillingBody", "Station", "StationPosition"]
    );
    let can_grow =
        code.split("#[non_exhaustive]").skip(1).filter_map(|rest| rest.split("    pub ").nth(1)?.split(' ').nth(1));
    insta::assert_snapshot!(can_grow.collect::<Vec<_>>().join(" "), @"Contact Discount Filling FillingReceipt FillingReceiptTotal Money Refusal Service Station StationPosition StationType");
}

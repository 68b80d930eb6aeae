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

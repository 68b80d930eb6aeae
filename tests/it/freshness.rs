//! The generated code is what the spec says.

use contract_tests::root;
use openapi_doc::Mode;
use xtask::regen;

#[test]
fn generated_code_is_up_to_date() {
    for folder in regen::project(&root()).unwrap_or_else(|problems| panic!("{problems}")) {
        let outcome = folder.ensure(Mode::Check).unwrap();
        assert!(outcome.changed == 0, "{}\nrun `cargo xtask regen`", outcome.difference);
    }
}

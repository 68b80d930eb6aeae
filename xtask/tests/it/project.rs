//! Tests that the project's own spec agrees with the pages, and the committed code with its spec.

use std::collections::BTreeSet;

use openapi_doc::object;
use serde_json::Value;
use xtask::{project, types};

use crate::commands::xtask;
use crate::workspace;

#[test]
fn spec_agrees_with_the_pages_and_generated_code_and_copies_with_the_spec() {
    let petrol = ["--spec", "xtask/specgen/petrol/petrol.yaml", "--out", "xtask/specgen/petrol/src/generated"];
    for spec in [&[][..], &petrol] {
        let (code, difference, error) = xtask(workspace(), &[&["regen", "--check"], spec].concat());
        assert_eq!(code, 0, "{difference}{error}");
    }
}

#[test]
fn bounded_strings_have_a_hand_written_type() {
    let (document, _) = project::check_at(workspace()).unwrap();
    let schemas = object(document.value.pointer("/components/schemas"));
    let is_bounded = |schema: &Value| ["pattern", "minLength", "maxLength"].iter().any(|key| schema.get(key).is_some());
    let constrained = schemas.filter(|(_, schema)| is_bounded(schema)).map(|(name, _)| name.clone());
    let typed = types::table().into_iter().filter(|row| row.text).map(|row| row.schema);
    let (constrained, typed) = (constrained.collect::<BTreeSet<_>>(), typed.collect());
    assert_eq!(constrained, typed, "VALIDATED in xtask/src/types.rs differs from the schemas with a bound");
}

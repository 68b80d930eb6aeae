//! Tests the project's own spec: it agrees with the pages, and the committed code is generated from it.

use std::collections::BTreeSet;

use openapi_doc::{Mode, object};
use serde_json::Value;
use xtask::{project, regen, types};

use crate::workspace;

#[test]
fn spec_agrees_with_the_pages_or_explains_departures() {
    let (_, reports) = project::check_at(workspace()).unwrap_or_else(|problems| panic!("{problems}"));
    let files = std::fs::read_dir(workspace().join("spec/documented")).unwrap();
    let pages: BTreeSet<_> = files.map(|file| file.unwrap().path().file_stem().unwrap().to_owned()).collect();
    assert_eq!(reports.into_iter().map(|report| report.page.into()).collect::<BTreeSet<_>>(), pages);
    let difference = project::examples(workspace(), Mode::Check).unwrap();
    assert_eq!(difference, "", "`cargo xtask regen` writes the samples into the spec");
}

#[test]
fn generated_code_is_up_to_date() {
    for folder in regen::project(workspace()).unwrap() {
        let outcome = folder.ensure(Mode::Check).unwrap();
        assert!(outcome.changed == 0, "{}\nrun `cargo xtask regen`", outcome.difference);
    }
}

#[test]
fn sandbox_serves_the_spec() {
    let difference = regen::served(workspace(), Mode::Check).unwrap();
    assert_eq!(difference, "", "run `cargo xtask regen`");
}

#[test]
fn bounded_strings_have_a_hand_written_type() {
    let (document, _) = project::check_at(workspace()).unwrap();
    let schemas = object(document.value.pointer("/components/schemas"));
    let is_bounded = |schema: &Value| ["pattern", "minLength", "maxLength"].iter().any(|key| schema.get(key).is_some());
    let constrained = schemas.filter(|(_, schema)| is_bounded(schema)).map(|(name, _)| name.clone());
    let typed = types::table().into_iter().filter(|row| row.text).map(|row| row.schema);
    assert_eq!(constrained.collect::<BTreeSet<_>>(), typed.collect());
}

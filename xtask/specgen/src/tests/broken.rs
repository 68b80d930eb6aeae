//! Tests the output of `cargo xtask regen` on a broken spec: one line per problem, with its place.

use std::fmt::Write as _;

use openapi_doc::{Place, Problems};

use super::generated;

fn refused(file: &str, spec: &[u8]) -> Problems {
    generated(file, spec).err().unwrap_or_else(|| panic!("{file} is accepted"))
}

/// Errors of the parsers that have no place.
const WITHOUT_PLACE: [&str; 4] =
    ["is not UTF-8", "is nested deeper", "cannot be expressed as JSON", "is not valid YAML: repetition limit exceeded"];

fn printed(problems: &Problems) -> String {
    for problem in problems.list() {
        let placed = problem.place != Place::File || WITHOUT_PLACE.iter().any(|text| problem.message.starts_with(text));
        assert!(placed, "without a place: {problems}");
    }
    problems.to_string()
}

#[test]
fn broken_specs_are_refused_with_the_place_and_what_is_expected() {
    let files = super::files("broken");
    assert!(files.len() > 75, "{} files", files.len());
    let mut all = String::new();
    for (file, spec) in files {
        let printed = printed(&refused(&file, &spec));
        let start = format!("error: {file}:");
        writeln!(all, "## {file}").unwrap();
        for line in printed.lines() {
            writeln!(all, "{}", line.strip_prefix(&start).unwrap().trim_start()).unwrap();
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn invalid_utf_8_is_located_and_nesting_is_limited() {
    let problems = refused("openapi.yaml", b"openapi: 3.0.3\ninfo: {title: caf\xE9}\n");
    insta::assert_snapshot!(printed(&problems), @"error: openapi.yaml: is not UTF-8 after byte 32");

    let nested = |levels: usize| {
        let mut spec = "openapi: 3.0.3\ninfo: {title: Deep, version: 1.0.0}\npaths: {}\nx-deep: ".to_owned();
        write!(spec, "{}{}", "[".repeat(levels), "]".repeat(levels)).unwrap();
        printed(&refused("openapi.yaml", spec.as_bytes()))
    };
    insta::assert_snapshot!(nested(110), @"error: openapi.yaml: is nested deeper than 100 levels");
    insta::assert_snapshot!(nested(150), @"error: openapi.yaml:4:136: is not valid YAML: recursion limit exceeded");
    insta::assert_snapshot!(nested(2_000), @"error: openapi.yaml:4:136: is not valid YAML: recursion limit exceeded");
}

#[test]
fn schemas_of_the_greatest_depth_become_code() {
    let mut spec =
        "openapi: 3.0.3\ninfo: {title: Deep, version: 1.0.0}\npaths: {}\ncomponents: {schemas: {Deep: ".to_owned();
    write!(spec, "{}{{type: string}}{}}}}}", "{type: array, items: ".repeat(90), "}".repeat(90)).unwrap();
    // The generator is recursive too. The program has this stack size, a test a quarter of it.
    let thread = std::thread::Builder::new().stack_size(8 << 20);
    let generated = thread.spawn(move || generated("openapi.yaml", spec.as_bytes()).is_ok()).unwrap();
    assert!(generated.join().unwrap());
}

#[test]
fn folder_and_missing_file_are_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("openapi.yaml")] {
        let error = openapi_doc::Document::load(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("error: {}: cannot be read: ", path.display())), "{error}");
    }
}

//! What a person is told who runs `cargo xtask regen` on a broken description: one line for each problem, with the place
//! and what is accepted there. Each file of `broken/` has a test of its name, and a snapshot of what is printed.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

mod common;

/// Refuses the description in the proper way, and returns what was printed.
fn refusal(folder: &Path, spec: &str) -> String {
    let temporary = tempfile::tempdir().unwrap();
    let out = temporary.path().join("generated");
    let output = common::xtask(folder, &["regen", "--spec", spec, "--out", out.to_str().unwrap()]);
    let printed = common::text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert_eq!(common::text(&output.stdout), "");
    assert!(!out.exists(), "something was written");
    assert!(!printed.is_empty());
    for line in printed.lines() {
        assert!(line.starts_with(&format!("error: {spec}:")), "{line}");
    }
    printed
}

/// The same for a description that no editor would keep as it is.
fn refusal_of(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), bytes).unwrap();
    refusal(folder.path(), "openapi.yaml")
}

macro_rules! refused {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        /// Each is refused, with its place and with what is accepted.
        mod refused {
            $(
                #[test]
                fn $name() {
                    let name = stringify!($name);
                    let printed = super::refusal(&super::common::tests().join("broken"), &format!("{name}.yaml"));
                    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                        insta::assert_snapshot!(name, printed);
                    });
                }
            )*
        }
    };
}

refused! {
    alias_without_anchor
    any_of_that_is_no_open_enum
    closed_enum_values_that_share_a_name
    cookie_parameter
    cookie_parameter_by_reference
    empty
    encoding_other_than_json
    encoding_outside_a_form
    encoding_with_a_style
    encoding_without_property
    form_array_in_a_shared_body
    form_array_without_encoding
    form_object_by_composition
    form_object_without_encoding
    form_that_is_text
    generator_panics_on_a_schema
    generator_panics_on_an_operation
    generator_refuses_a_schema
    html_page
    info_missing
    key_that_is_a_list
    key_twice
    keyword_misspelt_in_a_parameter
    keyword_misspelt_in_a_property
    keyword_misspelt_in_a_request
    keyword_misspelt_in_a_response
    keyword_misspelt_in_a_schema
    keyword_misspelt_in_an_operation
    many_aliases
    open_enum_value_without_letters
    open_enum_values_that_share_a_name
    openapi_3_1
    openapi_as_number
    operation_called_new
    operation_id_missing
    operation_id_twice
    operation_ids_that_differ_in_case_style
    parameter_by_content
    parameter_called_body
    parameter_called_send
    parameter_place_misspelt
    parameter_that_is_an_array_in_a_header
    parameter_that_is_an_object
    parameter_that_is_nullable
    parameter_twice
    parameter_with_a_style
    parameters_of_one_name
    path_item_by_reference
    path_parameter_not_in_the_path
    path_parameter_that_is_optional
    path_parameter_without_description
    paths_missing
    property_names_that_are_one_field
    reference_circle
    reference_into_another_file
    reference_that_leads_nowhere
    reference_to_a_part_of_a_schema
    reference_to_another_kind
    references_among_names_that_are_keywords
    request_media_type_xml
    request_media_types_two
    request_without_schema
    required_as_text
    response_without_schema
    responses_empty
    schema_names_that_are_one_type
    several_problems
    status_misspelt
    success_types_two
    swagger_2
    text_only
    type_list_of_openapi_3_1
    type_misspelt
    type_names_that_the_generator_makes_twice
    version_as_number
    yaml_syntax
}

#[test]
fn every_broken_description_has_a_test() {
    let files = std::fs::read_dir(common::tests().join("broken")).unwrap();
    let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let tested: BTreeSet<_> = TESTED.iter().map(|name| format!("{name}.yaml")).collect();
    assert_eq!(files, tested);
}

#[test]
fn a_file_that_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let printed = refusal(folder.path(), "openapi.yaml");
    assert!(printed.starts_with("error: openapi.yaml: cannot be read: "), "{printed}");
}

#[test]
fn a_folder_in_place_of_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("openapi.yaml")).unwrap();
    let printed = refusal(folder.path(), "openapi.yaml");
    assert!(printed.starts_with("error: openapi.yaml: cannot be read: "), "{printed}");
}

#[test]
fn bytes_that_are_no_utf_8_are_located() {
    let printed = refusal_of(b"openapi: 3.0.3\ninfo: {title: caf\xE9}\n");
    insta::assert_snapshot!(printed, @"error: openapi.yaml: is not UTF-8 after byte 32");
}

#[test]
fn nesting_that_no_description_needs_is_refused_and_not_followed() {
    let nested = |levels: usize| {
        let mut spec = "openapi: 3.0.3\ninfo: {title: Deep, version: 1.0.0}\npaths: {}\nx-deep: ".to_owned();
        write!(spec, "{}{}", "[".repeat(levels), "]".repeat(levels)).unwrap();
        refusal_of(spec.as_bytes())
    };
    insta::assert_snapshot!(nested(110), @"error: openapi.yaml: is nested deeper than 100 levels");
    insta::assert_snapshot!(nested(150), @"error: openapi.yaml:4:136: is not valid YAML: recursion limit exceeded");
    insta::assert_snapshot!(nested(2_000), @"error: openapi.yaml:4:136: is not valid YAML: recursion limit exceeded");
}

#[test]
fn schemas_nested_as_deep_as_is_allowed_end_in_a_message_or_in_code() {
    let mut spec =
        "openapi: 3.0.3\ninfo: {title: Deep, version: 1.0.0}\npaths: {}\ncomponents: {schemas: {Deep: ".to_owned();
    write!(spec, "{}{{type: string}}{}}}}}", "{type: array, items: ".repeat(90), "}".repeat(90)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), spec).unwrap();
    let output = common::xtask(folder.path(), &["regen", "--spec", "openapi.yaml", "--out", "generated"]);
    assert_eq!(output.status.code(), Some(0), "{}", common::text(&output.stderr));
}

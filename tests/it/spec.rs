//! Checks the spec beyond `cargo xtask lint`: above all that it accepts whatever the vendor may return tomorrow.

use std::collections::BTreeSet;

use contract_tests::documented::pages;
use contract_tests::spec::{as_written, component, load, operations, resolve, walk};
use serde_json::Value;

#[test]
fn spec_refuses_a_request_without_an_account() {
    let spec = load();
    let details = component(&spec, "AccountDetails");
    assert_eq!(details["minProperties"], 1);
    for (name, list) in details["properties"].as_object().unwrap() {
        assert_eq!(list["minItems"], 1, "{name}");
    }
    assert_eq!(details["additionalProperties"], false);
}

/// The one-line examples of schemas and parameters are also documented values.
#[test]
fn each_example_of_a_value_is_documented() {
    let mut documented = BTreeSet::new();
    for page in pages() {
        for node in page.tree().all() {
            let Some(text) = &node.value else { continue };
            // Values in a sample are JSON.
            documented.insert(serde_json::from_str::<String>(text).unwrap_or_else(|_| text.clone()));
        }
    }
    let mut count = 0;
    walk(&load(), "", &mut |at, value| {
        if let Some(example) = value.get("example").and_then(Value::as_str) {
            count += 1;
            // Some values in the tables follow words such as "Sample response:".
            let known = documented.iter().any(|value| value == example || value.ends_with(&format!(": {example}")));
            assert!(known, "{example}, at {at}, is on no page");
        }
    });
    assert!(count > 20, "{count} examples");
}

fn response_schemas(spec: &Value) -> Vec<(String, &Value)> {
    let mut open = Vec::new();
    for (path, operation) in operations(spec) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            for (media, content) in resolve(spec, response)["content"].as_object().into_iter().flatten() {
                open.push((format!("{path} {status} {media}"), &content["schema"]));
            }
        }
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some((name, schema)) = open.pop() {
        if let Some(reference) = schema["$ref"].as_str() {
            if seen.insert(reference) {
                open.push((reference.to_owned(), resolve(spec, schema)));
            }
            continue;
        }
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            open.push((format!("{name}.{property}"), inner));
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            open.extend(
                schema[keyword].as_array().into_iter().flatten().map(|inner| (format!("{name} {keyword}"), inner)),
            );
        }
        if schema["items"].is_object() {
            open.push((format!("{name}[]"), &schema["items"]));
        }
        found.push((name, schema));
    }
    found
}

#[test]
fn nothing_in_a_response_is_required_closed_or_constrained() {
    let spec = load();
    let found = response_schemas(&spec);
    assert!(found.len() > 20, "{} schemas", found.len());
    for (name, schema) in found {
        // This distinguishes an object with a list from the envelope of a failure.
        let wraps = name == "#/components/schemas/CustomerAccountsAnswer oneOf";
        assert!(wraps || schema.get("required").is_none(), "{name} has required");
        for keyword in ["pattern", "minLength", "maxLength", "format", "minItems", "maxItems", "minimum", "maximum"] {
            assert!(schema.get(keyword).is_none(), "{name} has {keyword}");
        }
        assert_ne!(schema["additionalProperties"], false, "{name} refuses new fields");
        assert!(schema.get("enum").is_none() || name.ends_with("anyOf"), "{name} is a closed enum");
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            assert!(wraps || can_be_null(&spec, inner), "{name}.{property} cannot be null");
        }
    }
}

/// For a choice between types, several generators produce code that does not compile, or that loses the response.
#[test]
fn responses_have_one_type_each_for_other_tools() {
    let spec = as_written();
    for (name, schema) in response_schemas(&spec) {
        for keyword in ["anyOf", "oneOf", "not", "discriminator", "enum"] {
            assert!(schema.get(keyword).is_none(), "{name} has {keyword}");
        }
    }
    let mut count = 0;
    walk(&spec, "", &mut |_, value| {
        count += ["x-oneOf", "x-extensible-enum"].iter().filter(|keyword| value.get(keyword).is_some()).count();
    });
    assert!(count > 3, "{count} extensions");
}

/// Tools show the request and the response examples with the same name together.
#[test]
fn example_of_a_success_has_the_name_of_its_request() {
    let spec = load();
    let names = |holder: &Value| -> BTreeSet<String> {
        let media = resolve(&spec, holder)["content"].as_object().into_iter().flatten();
        media
            .flat_map(|(_, media)| media["examples"].as_object().into_iter().flatten().map(|(name, _)| name.clone()))
            .collect()
    };
    let mut count = 0;
    for (path, operation) in operations(&spec) {
        let requests = names(&operation["requestBody"]);
        let responses = names(&operation["responses"]["200"]);
        count += responses.len();
        assert!(requests.is_empty() || responses.is_subset(&requests), "{path}: {responses:?}, {requests:?}");
    }
    assert!(count > 6, "{count} examples");
}

#[test]
fn response_has_examples_and_the_headers_of_its_status() {
    let spec = load();
    for (path, operation) in operations(&spec) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = resolve(&spec, response);
            let mut headers: Vec<_> = response["headers"].as_object().unwrap().keys().map(String::as_str).collect();
            headers.sort_unstable();
            let expected: &[_] = match status.as_str() {
                "401" => &["WWW-Authenticate", "x-request-id"],
                "429" => &["Retry-After", "x-request-id"],
                _ => &["x-request-id"],
            };
            assert_eq!(headers, expected, "{path} {status}");
            for (media, content) in response["content"].as_object().unwrap() {
                assert!(!content["examples"].as_object().unwrap().is_empty(), "{path} {status} {media}");
            }
        }
        assert!(operation["responses"].get("429").is_some(), "{path}");
    }
}

fn can_be_null(spec: &Value, schema: &Value) -> bool {
    let schema = resolve(spec, schema);
    let members = |keyword: &str| schema[keyword].as_array().map(Vec::as_slice).unwrap_or_default();
    schema["nullable"] == true
        || members("anyOf").iter().chain(members("oneOf")).any(|member| can_be_null(spec, member))
        || !members("allOf").is_empty() && members("allOf").iter().all(|member| can_be_null(spec, member))
}

/// Fields that a later version adds to an account reach the caller. Of an error, the client reads only what it knows.
#[test]
fn accounts_allow_additional_fields() {
    let spec = load();
    for name in ["CustomerAccount", "CustomerAccountDetails"] {
        assert_eq!(component(&spec, name)["additionalProperties"], true, "{name}");
    }
}

//! The curated spec against the documented facts: its examples are the samples, its departures are real, and it reads
//! whatever the vendor may answer tomorrow.

use std::collections::BTreeSet;

use contract_tests::documented::{Page, pages};
use contract_tests::json;
use contract_tests::spec::{component, load, operations, resolve, walk};
use serde_json::{Map, Value};

const FORM: &str = "application/x-www-form-urlencoded";

fn page_of<'a>(pages: &'a [Page], operation: &Value) -> &'a Page {
    let name = operation["x-documented"].as_str().expect("an operation names its page in x-documented");
    pages.iter().find(|page| page.page == name).unwrap_or_else(|| panic!("there is no page {name}"))
}

#[test]
fn each_page_has_an_operation_at_the_documented_addresses() {
    let (spec, pages) = (load(), pages());
    let mut described = BTreeSet::new();
    for (path, operation) in operations(&spec) {
        let page = page_of(&pages, operation);
        let item = &spec["paths"][path];
        assert_eq!(&item[page.method.to_lowercase()], operation, "the method of {}", page.page);
        let servers: Vec<_> = spec["servers"].as_array().unwrap().iter().map(|s| s["url"].as_str().unwrap()).collect();
        let documented: Vec<_> = page.endpoints.iter().map(|endpoint| endpoint.url.as_str()).collect();
        assert_eq!(servers.iter().map(|server| format!("{server}{path}")).collect::<Vec<_>>(), documented);
        described.insert(page.page.clone());
    }
    assert_eq!(described, pages.iter().map(|page| page.page.clone()).collect());
}

#[test]
fn each_operation_is_signed_and_tells_of_every_kind_of_failure() {
    let (spec, pages) = (load(), pages());
    assert_eq!(spec["security"], serde_json::json!([{ "basicAuth": [] }]));
    let scheme = &spec["components"]["securitySchemes"]["basicAuth"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&"http".into(), &"basic".into()));
    for (_, operation) in operations(&spec) {
        assert!(operation.get("security").is_none(), "no operation is left unsigned");
        assert_eq!(operation["requestBody"]["required"], true);
        let statuses: BTreeSet<_> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        let documented = page_of(&pages, operation).responses.iter().map(|response| response.status.as_str());
        assert_eq!(statuses, documented.chain(["4XX", "5XX"]).collect());
    }
}

#[test]
fn a_request_without_an_account_is_none_that_the_spec_allows() {
    let spec = load();
    let details = component(&spec, "AccountDetails");
    assert_eq!(details["minProperties"], 1);
    for (name, list) in details["properties"].as_object().unwrap() {
        assert_eq!(list["minItems"], 1, "{name}");
    }
    assert_eq!(details["additionalProperties"], false);
}

#[test]
fn the_examples_of_requests_are_the_sample_requests() {
    let (spec, pages) = (load(), pages());
    for (_, operation) in operations(&spec) {
        let page = page_of(&pages, operation);
        let examples = operation["requestBody"]["content"][FORM]["examples"].as_object().unwrap();
        let by_name = by_summary(examples);
        for sample in &page.samples.requests {
            let example =
                by_name.iter().find(|(name, _)| *name == sample.name).unwrap_or_else(|| panic!("{}", sample.name)).1;
            let documented: Map<String, Value> = sample
                .form
                .iter()
                .map(|(name, value)| {
                    let json = name == "account_details";
                    let value = if json { serde_json::from_str(value).unwrap() } else { value.as_str().into() };
                    (name.clone(), value)
                })
                .collect();
            assert_eq!(example.as_object().unwrap(), &documented, "{}", sample.name);
        }
        assert_eq!(by_name.len(), page.samples.requests.len(), "no example but the samples");
    }
}

#[test]
fn the_examples_of_responses_are_the_sample_responses() {
    let (spec, pages) = (load(), pages());
    for (_, operation) in operations(&spec) {
        let page = page_of(&pages, operation);
        let mut examples = Vec::new();
        for (status, response) in operation["responses"].as_object().unwrap() {
            if let Some(found) = response["content"]["application/json"]["examples"].as_object() {
                examples.extend(by_summary(found).into_iter().map(|(name, value)| (status.clone(), name, value)));
            }
        }
        for sample in &page.samples.responses {
            let documented: Value = serde_json::from_str(&sample.body).unwrap();
            let found = examples.iter().find(|(status, name, _)| *status == sample.status && *name == sample.name);
            let example = found.unwrap_or_else(|| panic!("no example for {}", sample.name)).2;
            assert!(json::same(example, &documented), "{}: {example}", sample.name);
        }
        assert_eq!(examples.len(), page.samples.responses.len(), "no example but the samples");
    }
}

/// The one-line examples of schemas and parameters are documented values too.
#[test]
fn each_example_of_a_value_is_documented() {
    let (spec, pages) = (load(), pages());
    let mut documented = BTreeSet::new();
    for page in &pages {
        leaves(&serde_json::to_value(&page.value).unwrap(), &mut documented);
        for sample in &page.samples.responses {
            leaves(&serde_json::from_str(&sample.body).unwrap(), &mut documented);
        }
        for (_, value) in page.samples.requests.iter().flat_map(|sample| &sample.form) {
            leaves(&serde_json::from_str(value).unwrap_or(Value::Null), &mut documented);
        }
    }
    let mut count = 0;
    walk(&spec, "", &mut |at, value| {
        if let Some(example) = value.get("example").and_then(Value::as_str) {
            count += 1;
            // Some values of the tables stand behind words such as "Sample response:".
            let known = documented.iter().any(|value| value == example || value.ends_with(&format!(": {example}")));
            assert!(known, "{example}, at {at}, is on no page");
        }
    });
    assert!(count > 20, "{count} examples");
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    walk(value, "", &mut |_, value| match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Number(number) => drop(found.insert(number.to_string())),
        _ => {}
    });
}

fn by_summary(examples: &Map<String, Value>) -> Vec<(&str, &Value)> {
    examples.values().map(|example| (example["summary"].as_str().unwrap(), &example["value"])).collect()
}

#[test]
fn each_documented_parameter_is_in_the_spec_and_required_if_it_is_mandatory() {
    let (spec, pages) = (load(), pages());
    for (_, operation) in operations(&spec) {
        let page = page_of(&pages, operation);
        let parameters = operation["parameters"].as_array().unwrap();
        let headers = page.headers.iter().filter(|header| header.name != "Content-Type").map(|field| ("header", field));
        for (place, field) in headers.chain(page.path_parameters.iter().map(|field| ("path", field))) {
            let found = parameters.iter().find(|parameter| parameter["name"] == field.name && parameter["in"] == place);
            let found = found.unwrap_or_else(|| panic!("{} is not in the spec", field.name));
            assert_eq!(found["required"] == true, field.is_mandatory(), "{}", field.name);
        }
        let form = resolve(&spec, &operation["requestBody"]["content"][FORM]["schema"]);
        let required = form["required"].as_array().unwrap();
        for field in &page.body_parameters {
            let schema = resolve(&spec, &form["properties"][&field.name]);
            assert!(schema.is_object(), "{} is not in the spec", field.name);
            assert_eq!(required.iter().any(|name| *name == field.name), field.is_mandatory(), "{}", field.name);
            if let Some(fixed) = &field.fixed {
                assert_eq!(schema["enum"], serde_json::json!([fixed]), "{}", field.name);
            }
            nested(&spec, schema, &field.fields);
        }
    }
}

#[test]
fn each_documented_field_of_a_response_is_in_the_spec() {
    let (spec, pages) = (load(), pages());
    for (_, operation) in operations(&spec) {
        for response in &page_of(&pages, operation).responses {
            let schema = &operation["responses"][&response.status]["content"]["application/json"]["schema"];
            nested(&spec, resolve(&spec, schema), &response.fields);
            for field in response.fields.iter().filter(|field| !field.possible_values.is_empty()) {
                let account = resolve(&spec, &resolve(&spec, schema)["items"]);
                let open = resolve(&spec, &account["properties"][&field.name]);
                assert_eq!(open["anyOf"][0]["enum"], serde_json::json!(field.possible_values), "{}", field.name);
            }
        }
    }
}

/// The page spells nested keys with a capital letter, and an array is described by the fields of its items.
fn nested(spec: &Value, schema: &Value, fields: &[contract_tests::documented::Field]) {
    let schema = if schema["type"] == "array" { resolve(spec, &schema["items"]) } else { schema };
    for field in fields {
        let inner = resolve(spec, &schema["properties"][field.name.to_lowercase()]);
        assert!(inner.is_object(), "{} is not in {schema}", field.name);
        nested(spec, inner, &field.fields);
    }
}

/// Where the page is known to contradict itself or its samples.
const CONTRADICTIONS: [&str; 13] = [
    "headers.x-routing-id.tags",
    "samples.requests.With Bank Account.as_pasted",
    "body_parameters.account_details.Upi.tags",
    "body_parameters.account_details.Bank_account.name",
    "responses.200.validation_amount.tags",
    "samples.requests.With UPI.form.customer_id",
    "samples.responses.200 - Success(With UPI)",
    "samples.responses.200 - Success(With Multiple Accounts)",
    "responses.200.account_details.Bank_name.tags",
    "samples.responses.401 - Unauthorized",
    "responses.200.date_created.value",
    "responses.200.customer_id.value",
    "body_parameters.bank_code.tags",
];

/// A departure says what it departs from, and that is still on the page.
#[test]
fn each_deviation_names_a_documented_fact_and_its_reason() {
    let (spec, pages) = (load(), pages());
    let mut facts = BTreeSet::new();
    walk(&spec, "", &mut |at, value| {
        let Some(deviations) = value.get("x-deviation") else { return };
        for deviation in deviations.as_array().unwrap() {
            let keys: Vec<_> = deviation.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["fact", "page", "spec", "why"], "at {at}");
            for key in ["page", "spec", "why"] {
                assert!(deviation[key].as_str().is_some_and(|text| text.len() > 3), "{key} at {at}");
            }
            if let Some(fact) = deviation["fact"].as_str() {
                facts.insert(fact.to_owned());
                assert!(pages.iter().any(|page| is_documented(&page.value, fact)), "{fact}, at {at}, is on no page");
            } else {
                assert!(deviation["fact"].is_null(), "at {at}");
            }
        }
    });
    for known in CONTRADICTIONS {
        assert!(facts.contains(known), "the contradiction at {known} is not explained");
    }
}

/// Whether a path such as `body_parameters.bank_code.tags` leads to a fact. A step is a key, or the `name` or `status` of
/// an item, or the first half of a pair; `fields` is passed over.
fn is_documented(facts: &serde_yaml::Value, path: &str) -> bool {
    let found = path.split('.').try_fold(facts, |facts, step| {
        let named = |item: &&serde_yaml::Value| {
            ["name", "status"].iter().any(|key| item.get(key).is_some_and(|name| name == step))
                || item.get(0).is_some_and(|name| name == step)
        };
        let items = facts.get("fields").unwrap_or(facts).as_sequence();
        items.and_then(|items| items.iter().find(named)).or_else(|| facts.get(step))
    });
    found.is_some()
}

#[test]
fn a_path_to_a_fact_that_is_gone_is_noticed() {
    let page = &pages()[0].value;
    assert!(is_documented(page, "body_parameters.account_details.Upi.Vpa.tags"));
    assert!(is_documented(page, "samples.requests.With UPI.form.customer_id"));
    assert!(!is_documented(page, "body_parameters.account_details.Upi.Vpa.default"));
    assert!(!is_documented(page, "samples.requests.With Cheque"));
}

/// Schemas that a response reaches.
fn response_schemas(spec: &Value) -> Vec<(String, &Value)> {
    let mut open = Vec::new();
    for (path, operation) in operations(spec) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            for (media, content) in response["content"].as_object().into_iter().flatten() {
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
        for keyword in
            ["required", "pattern", "minLength", "maxLength", "format", "minItems", "maxItems", "minimum", "maximum"]
        {
            assert!(schema.get(keyword).is_none(), "{name} has {keyword}");
        }
        assert_ne!(schema["additionalProperties"], false, "{name} refuses new fields");
        assert!(schema.get("enum").is_none() || name.ends_with("anyOf"), "{name} is a closed enum");
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            assert!(can_be_null(&spec, inner), "{name}.{property} cannot be null");
        }
    }
}

fn can_be_null(spec: &Value, schema: &Value) -> bool {
    let schema = resolve(spec, schema);
    let members = |keyword: &str| schema[keyword].as_array().map(Vec::as_slice).unwrap_or_default();
    schema["nullable"] == true
        || members("anyOf").iter().chain(members("oneOf")).any(|member| can_be_null(spec, member))
        || !members("allOf").is_empty() && members("allOf").iter().all(|member| can_be_null(spec, member))
}

/// What a later version adds to an account reaches the caller; of an error, the code around the client takes what it knows.
#[test]
fn an_account_says_that_it_may_hold_more_than_is_described() {
    let spec = load();
    for name in ["CustomerAccount", "ReturnedAccountDetails"] {
        assert_eq!(component(&spec, name)["additionalProperties"], true, "{name}");
    }
}

#[test]
fn every_text_of_a_request_has_a_pattern_or_a_length_or_listed_values() {
    let spec = load();
    let bounded =
        |schema: &Value| ["pattern", "minLength", "maxLength", "enum"].iter().any(|key| schema.get(key).is_some());
    for (path, operation) in operations(&spec) {
        let parameters = operation["parameters"].as_array().unwrap().iter().map(|parameter| &parameter["schema"]);
        let bodies =
            operation["requestBody"]["content"].as_object().into_iter().flatten().map(|(_, media)| &media["schema"]);
        let mut open: Vec<_> = parameters.chain(bodies).collect();
        while let Some(schema) = open.pop() {
            let schema = resolve(&spec, schema);
            assert!(schema["type"] != "string" || bounded(schema), "{path}: {schema}");
            open.extend(schema["properties"].as_object().into_iter().flatten().map(|(_, inner)| inner));
            open.extend(schema.get("items"));
        }
    }
    assert!(bounded(component(&spec, "Ifsc")));
}

//! Checks the code against the documented facts. Each test visits the facts of its part of the page and handles each
//! kind of fact. A kind that the test does not know fails, so that no fact is skipped.

use contract_tests::documented::{Page, RequestSample, pages};
use contract_tests::json;
use contract_tests::spec::load;
use contract_tests::wire::{Received, Recorder};
use docfacts::comparison::{Comparison, compare};
use docfacts::page::is_mandatory;
use docfacts::tree::{Kind, Node};
use httpmock::MockServer;
use juspay_accounts::generated::extra::Extra;
use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, CreateAndValidateForm, ErrorEnvelope};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount, Environment, ValidationStatus};
use openapi_doc::operations;
use serde_json::{Map, Value};

/// The page of the operation that `Client::validate` calls.
fn page() -> Page {
    let page = pages().into_iter().find(|page| page.page == "create-with-validate-customer-account");
    page.expect("the page is among the documented ones")
}

/// A value without the words that precede it on the page, such as "Sample response:".
fn bare(value: &str) -> &str {
    ["Example:- ", "Response: ", "Sample response: ", "Sample Response: "]
        .iter()
        .find_map(|words| value.strip_prefix(words))
        .unwrap_or(value)
}

fn shown<'a>(facts: &'a Node, path: &[&str]) -> &'a str {
    let node =
        path.iter().fold(facts, |node, key| node.child(key).unwrap_or_else(|| panic!("{path:?} is not documented")));
    bare(
        node.child("value").and_then(|value| value.value.as_deref()).unwrap_or_else(|| panic!("{path:?} has no value")),
    )
}

/// A request with every documented field, and with the documented values where they exist.
async fn full_request(facts: &Node) -> Received {
    let details = ["body_parameters", "account_details", "fields"];
    let account = |kind, key| shown(facts, &[&details[..], &[kind, "fields", key]].concat());
    let bank = |key| account("Bank_account", key);
    let request = AccountsRequest::builder(shown(facts, &["path_parameters", "customer_id"]), "JP_HDFC")
        .named_bank_account(bank("Ifsc"), bank("Account"), bank("Name"))
        .upi(account("Upi", "Vpa"))
        .routing_id(shown(facts, &["headers", "x-routing-id"]))
        .gateway_id("800")
        .gateway_reference_id("testing")
        .preferred_gateway("CFGEN")
        .validation_amount("1");
    let server = Recorder::start("200 OK", "[]").await;
    server.client().validate(&request.build().unwrap()).await.unwrap();
    server.request().await
}

async fn least_request() -> Received {
    let server = Recorder::start("200 OK", "[]").await;
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").build().unwrap();
    server.client().validate(&request).await.unwrap();
    server.request().await
}

#[tokio::test]
async fn each_documented_header_and_path_parameter_is_sent() {
    let facts = page().tree();
    let received = full_request(&facts).await;
    for header in &facts.child("headers").unwrap().children {
        let sent = received.header(&header.key().to_lowercase());
        assert_eq!(sent.len(), 1, "{} is sent once", header.key());
        for fact in &header.children {
            match fact.kind {
                Kind::Value | Kind::FixedValue => {
                    assert_eq!(sent, [fact.value.as_deref().unwrap()], "{}", header.key());
                }
                Kind::Type => assert_eq!(fact.value.as_deref(), Some("String")),
                Kind::Required => {
                    assert!(is_mandatory(fact.value.as_deref().unwrap()));
                    assert_eq!(least_request().await.header(header.key()).len(), 1, "{} is always sent", header.key());
                    assert!(!is_sent_without(header.key()).await);
                }
                other => panic!("no test handles a {other:?} of a header"),
            }
        }
    }
    for parameter in &facts.child("path_parameters").unwrap().children {
        for fact in &parameter.children {
            match fact.kind {
                Kind::Value => {
                    assert!(received.target.contains(&format!("/{}/", bare(fact.value.as_deref().unwrap()))));
                }
                Kind::Type => assert_eq!(fact.value.as_deref(), Some("String")),
                Kind::Required => {
                    assert!(is_mandatory(fact.value.as_deref().unwrap()));
                    assert!(!is_sent_without(parameter.key()).await);
                }
                other => panic!("no test handles a {other:?} of a path parameter"),
            }
        }
    }
}

/// Whether the generated operation can be sent without one of its parameters.
async fn is_sent_without(parameter: &str) -> bool {
    let server = Recorder::start("200 OK", "[]").await;
    let client = server.client();
    let details =
        types::AccountDetails { bank_account: vec![], upi: vec![types::UpiAccount { vpa: "a@upi".parse().unwrap() }] };
    let mut operation = client.raw().create_and_validate_customer_account();
    operation = operation.body_map(|form| form.command("validate").bank_code("b").account_details(Json(details)));
    operation = match parameter {
        "customer_id" => operation.x_routing_id("r"),
        "x-routing-id" => operation.customer_id("c"),
        other => panic!("no test handles the parameter {other}"),
    };
    operation.send().await.is_ok()
}

#[tokio::test]
async fn each_documented_parameter_of_the_body_is_sent() {
    let page = page();
    let facts = page.tree();
    let spec = load();
    let operations = operations(&spec);
    let operation = operations.iter().find(|operation| operation.value["x-documented"]["page"] == page.page.as_str());
    let places = compare(&spec, operation.unwrap(), &page);
    let received = full_request(&facts).await;
    let least = least_request().await;
    for parameter in &facts.child("body_parameters").unwrap().children {
        let sent = received.field(parameter.key());
        let form = || received.form().into_keys().filter(|(name, _)| *name != parameter.key());
        for fact in &parameter.children {
            let said = fact.value.as_deref().unwrap_or_default();
            match fact.kind {
                Kind::Value | Kind::FixedValue => assert_eq!(sent, said, "{}", parameter.key()),
                // The client leaves out a default, so that the vendor applies it.
                Kind::DefaultValue => assert!(least.form().into_keys().all(|(name, _)| name != parameter.key())),
                Kind::Type => {
                    assert!(["string", "text"].contains(&said.to_lowercase().as_str()), "{}", parameter.key());
                }
                Kind::Required => {
                    let without = serde_urlencoded::to_string(form().collect::<Vec<_>>()).unwrap();
                    let read = serde_urlencoded::from_str::<CreateAndValidateForm>(&without);
                    assert_eq!(read.is_err(), is_mandatory(said), "{}", parameter.key());
                }
                Kind::Group => {
                    let json: Value = serde_json::from_str(&sent).unwrap();
                    fact.children.iter().for_each(|field| nested(field, &json, &spec, &places));
                }
                other => panic!("no test handles a {other:?} of a parameter"),
            }
        }
    }
}

/// Checks a field in the JSON of a form field. The name and type come from the spec, which records how they differ from
/// the page.
fn nested(field: &Node, around: &Value, spec: &Value, places: &[Comparison]) {
    let around = around.get(0).unwrap_or(around);
    let at = |node: &Node| &places.iter().find(|one| one.path == node.path).unwrap().at;
    let path = &field.path;
    let name = at(field).keys().pop().unwrap();
    let sent = around.get(&name).unwrap_or_else(|| panic!("{path} is not sent"));
    for fact in &field.children {
        match fact.kind {
            Kind::Value => assert_eq!(sent, fact.said(), "{path}"),
            Kind::Type => {
                let expected = spec.pointer(at(fact).as_str()).unwrap()["type"].as_str().unwrap();
                let is = if sent.is_array() {
                    "array"
                } else if sent.is_object() {
                    "object"
                } else {
                    "string"
                };
                assert_eq!(is, expected, "{path}");
            }
            Kind::Group => fact.children.iter().for_each(|field| nested(field, sent, spec, places)),
            other => panic!("no test handles a {other:?} of a field within a parameter"),
        }
    }
}

/// The response that a table describes.
fn object(fields: &[Node]) -> Value {
    let mut map = Map::new();
    for field in fields.iter().filter(|node| matches!(node.kind, Kind::ResponseField | Kind::ErrorField)) {
        // The samples spell keys in lower case.
        let value = match field.child("value") {
            Some(value) => bare(value.value.as_deref().unwrap()).into(),
            None => object(field.within("fields")),
        };
        map.insert(field.key().to_lowercase(), value);
    }
    Value::Object(map)
}

fn read<T: serde::de::DeserializeOwned>(response: &Value) -> T {
    serde_json::from_value(response.clone()).unwrap()
}

/// A field that is written back was read. An account also writes back its unknown fields, so it must not have any.
#[test]
fn each_documented_field_of_a_response_is_read() {
    for response in &page().tree().child("responses").unwrap().children {
        let documented = object(response.within("fields"));
        let written = match response.key() {
            "200" => {
                let account: CustomerAccount = read(&documented);
                let details = account.account_details.as_ref().unwrap();
                assert_eq!((&account.extra, &details.extra), (&Extra::default(), &Extra::default()), "{documented}");
                serde_json::to_value(&account).unwrap()
            }
            "401" => serde_json::to_value(read::<ErrorEnvelope>(&documented)).unwrap(),
            other => panic!("no test handles the response {other}"),
        };
        assert!(json::same(&written, &documented), "{documented} became {written}");
        let check = |node: &Node| match node.kind {
            Kind::Group
            | Kind::Response
            | Kind::ResponseField
            | Kind::ErrorField
            | Kind::Value
            | Kind::PossibleValue => {}
            Kind::Type => assert!(["String", "Object", "JSON"].contains(&node.said()), "{}", node.path),
            Kind::PossibleValues => {
                let field = "responses.200.fields.validation_status.possible_values";
                assert_eq!(node.path.to_string(), field, "no test handles these values");
                let values: Vec<_> = node.children.iter().map(Node::key).collect();
                // The spec also has the values of the other operations.
                assert!(values.iter().all(|value| ValidationStatus::LISTED.contains(value)), "{values:?}");
                for value in values {
                    assert!(!matches!(ValidationStatus::from(value), ValidationStatus::Other(_)), "{value}");
                }
                assert!(matches!(ValidationStatus::from("NEW"), ValidationStatus::Other(_)));
            }
            other => panic!("no test handles {}, which is a {other:?}", node.path),
        };
        response.all().into_iter().for_each(check);
    }
}

#[tokio::test]
async fn the_documented_addresses_are_those_of_the_environments() {
    let page = page();
    let received = least_request().await;
    assert_eq!(received.method, page.method);
    for endpoint in &page.endpoints {
        let environment = match endpoint.name.as_str() {
            "Sandbox" => Environment::Sandbox,
            "Production" => Environment::Production,
            other => panic!("no environment is known for {other}"),
        };
        let path = endpoint.url.strip_prefix(environment.base_url()).unwrap();
        assert_eq!(path.replace("{customer_id}", "cst_1"), received.target, "{}", endpoint.name);
    }
}

/// The sample commands would follow a redirect. A key and account numbers must not go to an address that nobody chose.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    assert!(page().samples.requests.iter().any(|sample: &RequestSample| sample.options == ["--location"]));
    let elsewhere = MockServer::start_async().await;
    let followed = elsewhere.mock(|when, then| {
        when.any_request();
        then.status(200).body("[]");
    });
    for status in [301, 302, 307, 308] {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.any_request();
            then.status(status).header("location", elsewhere.base_url());
        });
        let client = Client::new(server.base_url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
        let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").build().unwrap();
        let error = client.validate(&request).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
    }
    assert_eq!(followed.calls(), 0);
}

/// Every part of a page has a test: the tests above, `calls.rs` for the authorization, `samples.rs`, and the lint for
/// what applies to the whole page.
#[test]
fn parts_of_every_page_are_tested() {
    for page in pages() {
        assert_eq!(page.page, self::page().page, "no test handles this page");
        for part in page.tree().children {
            match part.key() {
                "title" | "metadata_title" | "source" | "api_version" | "see_also" | "method" | "endpoints"
                | "authorization" | "headers" | "path_parameters" | "body_parameters" | "responses" | "samples" => {}
                other => assert!(part.value.is_none() && part.children.is_empty(), "no test handles {other}"),
            }
        }
        for sample in page.samples.requests {
            assert!(sample.options.iter().all(|option| option == "--location"), "{:?}", sample.options);
        }
    }
}

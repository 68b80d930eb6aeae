//! All documented samples. The tests iterate over `spec/documented`, so a new sample is tested automatically, and a
//! sample of a new kind fails until a test handles it.

use std::collections::BTreeSet;
use std::fs;

use contract_tests::documented::{Page, RequestSample, ResponseSample, pages, slug};
use contract_tests::json;
use contract_tests::wire::{Received, Recorder, SIGNED, count};
use juspay_accounts::generated::types::ErrorEnvelope;
use juspay_accounts::{AccountsRequest, CustomerAccount};
use serde_json::Value;

/// The page of the operation that `Client::validate` calls.
const CREATE_AND_VALIDATE: &str = "create-with-validate-customer-account";

/// Headers that HTTP needs, in addition to the documented ones and the two that a client should send.
const OF_HTTP: [&str; 2] = ["host", "content-length"];
const OF_A_CLIENT: [&str; 2] = ["accept", "user-agent"];

fn snapshot_name(page: &Page, kind: &str, sample: &str) -> String {
    format!("{}__{kind}__{}", slug(&page.page), slug(sample))
}

/// The request is the intended one, even if a shell would read the sample differently.
#[tokio::test]
async fn each_sample_request_is_sent_as_documented() {
    for page in pages() {
        for sample in &page.samples.requests {
            let received = send(&page, sample).await;
            let context = format!("{}, {}", page.page, sample.name);
            assert_eq!(received.method, sample.method, "{context}");
            assert_eq!(received.target, path(sample), "{context}");
            headers_are_as_documented(&page, sample, &received);
            assert_eq!(normal(received.form()), normal(count(sample.form.iter().cloned())), "{context}");
            insta::assert_snapshot!(snapshot_name(&page, "request", &sample.name), bytes(&received));
        }
    }
}

fn path(sample: &RequestSample) -> &str {
    let (_, rest) = sample.url.split_once("://").unwrap();
    &rest[rest.find('/').unwrap()..]
}

/// Builds the request of a sample through the public API, from the sample's data, and sends it.
async fn send(page: &Page, sample: &RequestSample) -> Received {
    assert_eq!(page.page, CREATE_AND_VALIDATE, "no test knows how to make the requests of this page");
    let field = |name| sample.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let path: Vec<_> = path(sample).split('/').collect();
    let ["", "customers", customer_id, "accounts"] = path.as_slice() else { panic!("{path:?} is another path") };

    let mut builder = AccountsRequest::builder(*customer_id, field("bank_code").unwrap());
    if let Some((_, routing_id)) = sample.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-routing-id")) {
        builder = builder.routing_id(routing_id.as_str());
    }
    for (name, value) in &sample.form {
        builder = match name.as_str() {
            "account_details" => accounts(builder, &serde_json::from_str(value).unwrap()),
            "gateway_id" => builder.gateway_id(value.as_str()),
            "gateway_reference_id" => builder.gateway_reference_id(value.as_str()),
            "preferred_ifsc_validation_gateway" => builder.preferred_gateway(value.as_str()),
            "validation_amount" => builder.validation_amount(value.as_str()),
            // The builder has these already, or the client adds them. They are checked with the rest of the form.
            "bank_code" | "customer_id" | "command" => builder,
            other => panic!("a request cannot be built with the field {other} of sample {}", sample.name),
        };
    }

    let server = Recorder::start("200 OK", "[]").await;
    server.client().validate(&builder.build().unwrap()).await.unwrap();
    server.request().await
}

fn accounts(
    mut builder: juspay_accounts::validation::RequestBuilder,
    details: &Value,
) -> juspay_accounts::validation::RequestBuilder {
    for (kind, list) in details.as_object().unwrap() {
        for account in list.as_array().unwrap() {
            let text = |key: &str| account[key].as_str().unwrap_or_else(|| panic!("a sample {kind} has no {key}"));
            let fields: Vec<_> = account.as_object().unwrap().keys().map(String::as_str).collect();
            builder = match (kind.as_str(), fields.as_slice()) {
                ("bank_account", ["account", "ifsc"]) => builder.bank_account(text("ifsc"), text("account")),
                ("bank_account", ["account", "ifsc", "name"]) => {
                    builder.named_bank_account(text("ifsc"), text("account"), text("name"))
                }
                ("upi", ["vpa"]) => builder.upi(text("vpa")),
                other => panic!("an account cannot be built from {other:?}"),
            };
        }
    }
    builder
}

fn headers_are_as_documented(page: &Page, sample: &RequestSample, received: &Received) {
    for (name, value) in &sample.headers {
        let sent = received.header(&name.to_lowercase());
        if name.eq_ignore_ascii_case("authorization") {
            // The page masks the key. The end encodes an empty password.
            assert!(value.starts_with("Basic ") && value.ends_with("Og=="));
            assert_eq!(sent, [SIGNED], "the encoded pair of the key and no password");
        } else {
            assert_eq!(sent, [value.as_str()], "header {name} of {}", sample.name);
        }
    }
    let documented = page.headers.iter().map(|header| header.name.to_lowercase());
    let allowed: BTreeSet<String> = documented
        .chain(OF_HTTP.into_iter().chain(OF_A_CLIENT).map(str::to_owned))
        .chain(["authorization".to_owned()])
        .collect();
    let sent: Vec<_> = received.headers.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(sent.iter().cloned().collect::<BTreeSet<_>>(), allowed, "all documented headers, and no other");
    assert_eq!(sent.len(), allowed.len(), "each header once");
}

/// A form with the JSON of `account_details` in a normalized format.
fn normal(form: std::collections::BTreeMap<(String, String), usize>) -> Vec<(String, String, usize)> {
    let write = |((name, value), times): ((String, String), usize)| {
        let json = (name == "account_details").then(|| serde_json::from_str::<Value>(&value).unwrap().to_string());
        (name, json.unwrap_or(value), times)
    };
    form.into_iter().map(write).collect()
}

/// The request as text, with placeholders for what differs between runs.
fn bytes(received: &Received) -> String {
    let text = String::from_utf8(received.bytes.clone()).unwrap();
    let text = text.replace(received.header("host")[0], "<host>").replace(env!("CARGO_PKG_VERSION"), "<version>");
    text.replace("\r\n", "\\r\\n\n")
}

#[test]
fn each_sample_response_is_read_and_written_back_unchanged() {
    for page in pages() {
        for sample in &page.samples.responses {
            let (debug, written) = read(&page, sample);
            let documented: Value = serde_json::from_str(&sample.body).unwrap();
            assert!(json::same(&written, &documented), "{}: {} became {written}", sample.name, sample.body);
            let pretty = serde_json::to_string_pretty(&written).unwrap();
            insta::assert_snapshot!(
                snapshot_name(&page, "response", &sample.name),
                format!("As printed:\n{debug}\n\nAs written back:\n{pretty}")
            );
        }
    }
}

fn read(page: &Page, sample: &ResponseSample) -> (String, Value) {
    fn both<T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug>(body: &str) -> (String, Value) {
        let read: T = serde_json::from_str(body).unwrap();
        (format!("{read:#?}"), serde_json::to_value(&read).unwrap())
    }
    match (page.page.as_str(), sample.status.as_str()) {
        (CREATE_AND_VALIDATE, "200") => both::<Vec<CustomerAccount>>(&sample.body),
        (_, "401") => both::<ErrorEnvelope>(&sample.body),
        other => panic!("no type is known for the sample {} of {other:?}", sample.name),
    }
}

/// A sample without a snapshot was not tested, and a snapshot without a sample is outdated.
#[test]
fn samples_and_snapshots_are_the_same_set() {
    let mut used = BTreeSet::new();
    for page in pages() {
        used.extend(page.samples.requests.iter().map(|sample| snapshot_name(&page, "request", &sample.name)));
        used.extend(page.samples.responses.iter().map(|sample| snapshot_name(&page, "response", &sample.name)));
    }
    let folder = contract_tests::root().join("tests/it/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let snapshots: BTreeSet<_> =
        files.filter_map(|file| Some(file.strip_prefix("it__samples__")?.strip_suffix(".snap")?.to_owned())).collect();
    assert_eq!(used, snapshots);
}

//! The responses of other servers: the recordings of `cargo xtask probe`, the embedded sandbox, and the server in the
//! variable `CONTRACT_BASE_URL`, with the key in `JUSPAY_API_KEY`. Each response must match the spec, and the client
//! must read it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use contract_tests::root;
use contract_tests::spec::load;
use contract_tests::wire::Recorder;
use juspay_accounts::{AccountsRequest, CustomerAccount, Error, Response, RetryPolicy, Revalidation};
use juspay_accounts_sandbox::Sandbox;
use openapi_doc::operations;
use probe::{Exchange, Received, Recording, Responses, Sanitizer};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::probe::{KEY, probed};

type Ended = Result<Vec<CustomerAccount>, Error>;

/// Calls the client's operation on a server that returns the recorded response.
async fn replay(exchange: &Exchange) -> Ended {
    let status = exchange.status.expect("an exchange with a response");
    let body = exchange.body.as_str().map_or_else(|| exchange.body.to_string(), str::to_owned);
    let headers = exchange.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let server = Recorder::with_headers(&format!("{status} Recorded"), headers, body).await;
    let client = server.client().with_retry(RetryPolicy::disabled());
    let customer = juspay_accounts::Customer::new("cst_1".parse().unwrap());
    let id = "banh_kGvx5TGUmkRVC2dH".parse().unwrap();
    let one = |account: Response<CustomerAccount>| vec![account.into_inner()];
    match exchange.operation.as_str() {
        "createAndValidateCustomerAccount" => {
            let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("9164326296@upi").build().unwrap();
            client.validate(&request).await.map(Response::into_inner)
        }
        "listCustomerAccounts" => client.list(&customer).await.map(Response::into_inner),
        "getCustomerAccount" => client.get(&customer, &id).await.map(one),
        "validateCustomerAccount" => client.revalidate(Revalidation::new(customer, id)).await.map(one),
        "deleteCustomerAccount" => client.delete(&customer, &id).await.map(one),
        other => panic!("no test knows how to call {other}"),
    }
}

async fn agrees(name: &str, recording: &Recording) {
    let spec = load();
    let operations = operations(&spec);
    assert!(!recording.exchanges.is_empty(), "{name}");
    for exchange in recording.exchanges.iter().filter(|exchange| exchange.status.is_some()) {
        let context = format!("{name}: {} {}", exchange.operation, exchange.call);
        let operation = operations.iter().find(|one| one.id() == exchange.operation).expect(&context);
        let body = exchange.body.as_str().map_or_else(|| exchange.body.to_string(), str::to_owned).into_bytes();
        let media_type = exchange.headers.get("content-type").map(|value| value.split(';').next().unwrap().to_owned());
        let (status, headers) = (exchange.status.unwrap(), exchange.headers.keys().cloned().collect());
        let received = Received { status, media_type, headers, body };
        let departures = Responses::new(&spec, operation).unwrap().departures(&received);
        assert_eq!(departures, BTreeSet::new(), "{context}");
        match replay(exchange).await {
            Ok(accounts) => {
                assert!((200..300).contains(&status), "{context}");
                let written = serde_json::to_value(&accounts).unwrap();
                let list = exchange.body.get("list").unwrap_or(&exchange.body);
                let list = if list.is_array() { list.clone() } else { json!([list]) };
                assert!(contract_tests::json::same(&written, &list), "{context}: {written} from {list}");
            }
            Err(error) => assert_eq!(error.status(), Some(status), "{context}: {error}"),
        }
    }
}

#[tokio::test]
async fn recordings_agree_with_the_spec_and_the_client_reads_them() {
    let mut count = 0;
    for file in std::fs::read_dir(root().join("spec/observed")).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "json") {
            agrees(&file.display().to_string(), &Recording::load(&file).unwrap().unwrap()).await;
            count += 1;
        }
    }
    assert!(count > 0, "no recording");
}

#[tokio::test]
async fn servers_agree_with_the_spec_and_the_client_reads_them() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let mut servers = vec![(sandbox.url(), KEY.to_owned())];
    if let Ok(url) = std::env::var("CONTRACT_BASE_URL") {
        servers.push((url, std::env::var("JUSPAY_API_KEY").expect("JUSPAY_API_KEY has the key of CONTRACT_BASE_URL")));
    }
    for (url, key) in servers {
        let report = probed(&url, &key, None).await;
        assert!(!report.has_drift(), "{}", report.table(std::path::Path::new("spec/openapi.yaml")));
        agrees(&url, &report.recording).await;
    }
}

static SPEC: LazyLock<Value> = LazyLock::new(load);

/// Generates the texts of a request, and some that look like the replacements in a recording.
fn sent() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{4,35}",
        "[0-9]{4,35}",
        "[A-Z]{4}0[A-Z0-9]{6}",
        "[a-z0-9.]{4,20}@[a-z]{2,8}",
        "[A-Za-z ]{4,40}",
        "0{4,20}",
        "A{4}0{7}",
        "[\\PC]{4,20}",
    ]
}

/// A response that repeats what was sent in every way: alone, in a sentence, as a number, as a key, as a code.
fn repeating(sent: &[String]) -> Value {
    let all = sent.iter().flat_map(|text| {
        let number = text.parse::<u64>().map_or(Value::Null, Value::from);
        [
            json!({ text.as_str(): 1, "status": text, "code": text.to_uppercase(), "id": format!("x-{text}-y") }),
            json!([text.to_lowercase(), format!("account {text} is unknown"), number]),
        ]
    });
    all.collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, value)| [vec![key.clone()], texts(value)].concat()).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(_) | Value::Null => Vec::new(),
    }
}

proptest! {
    #[test]
    fn a_recording_repeats_nothing_that_was_sent(sent in prop::collection::vec(sent(), 1..5)) {
        // The recording keeps words of the spec, and replaces a name by `field_0`.
        let words = format!("{} field_0", *SPEC).to_lowercase();
        prop_assume!(!sent.iter().any(|text| words.contains(&text.to_lowercase())));
        let response = repeating(&sent);
        let recorded = Sanitizer::new(&SPEC, sent.iter().map(String::as_str)).json(&response);
        for text in texts(&recorded) {
            for secret in &sent {
                prop_assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{text:?} repeats {secret:?}");
            }
        }
        same_shape(&response, &recorded);
    }
}

/// Checks that types and lengths do not change.
fn same_shape(one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            assert_eq!(one.len(), other.len());
            let mut types = [one, other].map(|map| map.values().map(std::mem::discriminant).collect::<Vec<_>>());
            let [one, other] = &mut types;
            assert!(one.iter().all(|kind| other.contains(kind)));
        }
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len());
            one.iter().zip(other).for_each(|(one, other)| same_shape(one, other));
        }
        (Value::String(one), Value::String(other)) => assert_eq!(one.chars().count(), other.chars().count()),
        (one, other) => assert_eq!(std::mem::discriminant(one), std::mem::discriminant(other)),
    }
}

#[test]
fn a_recording_keeps_codes_and_shapes() {
    let sanitizer = Sanitizer::new(&SPEC, ["026291800001191", "cst_1"]);
    let response = json!({
        "object": "customer_account", "customer_account_id": "banh_kGvx5TGU", "validation_status": "ACTIVE", "currency": "INR",
        "date_created": "2025-02-24T13:19:43.292Z", "validation_amount": 1.5, "count": 120, "next": null, "fine": true,
        "account_details": { "account": "026291800001191", "name": "Asha Rao", "vpa": "asha@upi", "ifsc": "YESB0000262" },
        "026291800001191": "x", "code": "no account 026291800001191", "status": "Bad request.",
    });
    let expected = json!({
        "object": "customer_account", "customer_account_id": "aaaa_aAaa0AAA", "validation_status": "ACTIVE", "currency": "INR",
        "date_created": "2000-01-01T12:00:00.000Z", "validation_amount": 1.1, "count": 111, "next": null, "fine": true,
        "account_details": { "account": "000000000000000", "name": "Aaaa Aaa", "vpa": "aaaa@aaa", "ifsc": "AAAA0000000" },
        "field_0": "a", "code": "aa aaaaaaa 000000000000000", "status": "Bad request.",
    });
    assert_eq!(sanitizer.json(&response), expected);
}

/// Covers the values of a real run, not only generated ones.
#[tokio::test]
async fn the_recording_of_the_sandbox_repeats_nothing_that_was_sent() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let text = probed(&sandbox.url(), KEY, None).await.recording.text().unwrap();
    let secrets =
        [KEY, "026291800001191", "026291800001190", "YESB0000262", "9164326296", "8668757911", "cst_zqqmw0v4exbhvv2l"];
    for secret in secrets.into_iter().chain(["customer_1122", "JP_HDFC", "testing", "banh_", "sandbox-"]) {
        assert!(!text.contains(secret), "{secret}");
    }
}

//! Tests the sandbox against the spec alone: its examples, and values on both sides of each constraint. The test knows
//! OpenAPI, and of this API only the envelope of a refusal. So it also covers whatever is added to the spec.

use std::collections::{BTreeMap, BTreeSet};

use contract_tests::operation::{FORM, Operation, Wire};
use contract_tests::spec::load;
use contract_tests::values::{near, whole};
use juspay_accounts_sandbox::Sandbox;
use probe::{Constraint, Judge};
use reqwest::Method;
use reqwest::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;

const KEY: &str = "the-key-of-the-sandbox";

/// A sandbox, and a client that sends any request.
struct Tester {
    sandbox: Sandbox,
    client: reqwest::Client,
}

impl Tester {
    async fn start() -> Self {
        Self::with(Sandbox::builder().api_key(KEY).start().await.unwrap())
    }

    fn with(sandbox: Sandbox) -> Self {
        Self { sandbox, client: reqwest::Client::new() }
    }

    fn wire(&self, operation: &Operation, call: &Value) -> Option<Wire> {
        operation.wire(&self.sandbox.url(), &operation.readable(call)?)
    }

    fn example(&self, operation: &Operation) -> Wire {
        self.wire(operation, &operation.examples()[0]).unwrap()
    }

    fn unsigned(&self, operation: &Operation, wire: &Wire) -> reqwest::RequestBuilder {
        let request = self.client.request(operation.method.clone(), wire.url.clone()).headers(wire.headers.clone());
        if wire.form.is_some() { request.body(wire.body()) } else { request }
    }

    /// Sends a request and checks that the response matches the spec.
    async fn send(&self, operation: &Operation<'_>, wire: &Wire) -> (u16, Value) {
        let request = self.unsigned(operation, wire).basic_auth(KEY, Some(""));
        described(operation, request).await.unwrap_or_else(|problem| panic!("{wire:?}: {problem}"))
    }

    /// Checks that the response is a success. If the path differs from the example, the account may not exist.
    async fn is_accepted(&self, operation: &Operation<'_>, wire: &Wire, has_other_path: bool) {
        let (status, body) = self.send(operation, wire).await;
        let is_unknown = has_other_path && status == 404;
        assert!(is_unknown || (200..300).contains(&status), "{status} for what is as described: {wire:?}: {body}");
    }

    /// Checks that the request is refused, and that the envelope names `field`. If the path differs from the example,
    /// the account may not exist.
    async fn is_refused(&self, operation: &Operation<'_>, wire: &Wire, field: Option<&str>, has_other_path: bool) {
        let (status, body) = self.send(operation, wire).await;
        let is_fine = (400..500).contains(&status) && (has_other_path || status != 404);
        assert!(is_fine, "{status} for a request that is not as described: {wire:?}: {body}");
        let fields = body["error_info"]["fields"].as_array().into_iter().flatten();
        let names: Vec<_> = fields.map(|field| field["field_name"].as_str().unwrap()).collect();
        let of = |name: &str, field| name.split(['.', '[']).next() == Some(field);
        if let (Some(field), 400) = (field, status) {
            assert!(names.iter().any(|name| of(name, field)), "{field} is not among {names:?}: {wire:?}");
        }
    }
}

/// The response, if it matches the spec. The sandbox sends every header that the spec lists.
async fn described(operation: &Operation<'_>, request: reqwest::RequestBuilder) -> Result<(u16, Value), String> {
    let response = request.send().await.map_err(|error| format!("there is no response: {error}"))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    if let Some(missing) = operation.headers(status).into_iter().find(|name| !response.headers().contains_key(*name)) {
        return Err(format!("{status} without the header {missing}"));
    }
    let body = response.bytes().await.map_err(|error| format!("the response breaks off: {error}"))?;
    Ok((status, operation.check(status, &headers, &body)?))
}

#[tokio::test]
async fn every_example_is_accepted() {
    let (spec, tester) = (load(), Tester::start().await);
    for operation in Operation::all(&spec) {
        let examples = operation.examples();
        assert!(!examples.is_empty(), "{} has no example", operation.path);
        for example in examples {
            assert!(Judge::new(&spec, &operation.schema()).unwrap().accepts(&example), "{example}");
            // The ids in examples need not exist.
            tester.is_accepted(&operation, &tester.wire(&operation, &example).unwrap(), true).await;
        }
    }
}

/// A successful call of each operation. Operations with more path parameters use the ids from earlier responses.
async fn successes<'a>(spec: &'a Value, tester: &Tester) -> Vec<(Operation<'a>, Value)> {
    let mut operations = Operation::all(spec);
    operations.sort_by_key(|operation| operation.path.matches('{').count());
    let (mut made, mut calls) = (BTreeMap::new(), Vec::new());
    for operation in operations {
        let mut call = operation.examples()[0].clone();
        let parameters = call["path"].as_object_mut().unwrap();
        for (name, value) in parameters.iter_mut() {
            if let Some(made) = made.get(name) {
                *value = Value::clone(made);
            }
        }
        let own: Vec<_> = parameters.keys().cloned().collect();
        let (status, response) = tester.send(&operation, &tester.wire(&operation, &call).unwrap()).await;
        assert!((200..300).contains(&status), "{status} of {}: {response}", operation.path);
        for (name, value) in fields(&response).filter(|(name, _)| !own.contains(name)) {
            made.entry(name.clone()).or_insert_with(|| value.clone());
        }
        calls.push((operation, call));
    }
    calls
}

#[tokio::test]
async fn every_operation_succeeds_with_ids_from_earlier_calls() {
    let (spec, tester) = (load(), Tester::start().await);
    assert_eq!(successes(&spec, &tester).await.len(), Operation::all(&spec).len());
}

fn fields(response: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let objects = response.as_array().map_or(std::slice::from_ref(response), Vec::as_slice);
    objects.iter().filter_map(Value::as_object).flatten()
}

#[tokio::test]
async fn request_is_accepted_exactly_if_it_keeps_every_constraint() {
    let (spec, tester) = (load(), Tester::start().await);
    let successes = successes(&spec, &tester).await;
    let made = tester.sandbox.snapshot();
    for (operation, success) in successes {
        let schema = operation.schema();
        let judge = Judge::new(&spec, &schema).unwrap();
        let examples = operation.examples();
        let mut base = whole(&spec, &schema, &examples.iter().collect::<Vec<_>>());
        base["path"] = success["path"].clone();
        assert!(judge.accepts(&base), "{base}");
        let (mut sent, mut broken): (BTreeSet<_>, BTreeSet<Constraint>) = Default::default();
        for call in near(&spec, &schema, &base) {
            let Some(read) = operation.readable(&call) else { continue };
            let Some(wire) = operation.wire(&tester.sandbox.url(), &read) else { continue };
            if !sent.insert(read.to_string()) {
                continue;
            }
            let breaks = judge.broken(&read);
            let has_other_path = read["path"] != base["path"];
            match breaks.first() {
                None => {
                    tester.is_accepted(&operation, &wire, has_other_path).await;
                    // The accounts that the call created would only make the lists long.
                    tester.sandbox.restore(&made).unwrap();
                }
                Some(Constraint { at, property, .. }) => {
                    let field = at.get(1).or(property.as_ref());
                    tester.is_refused(&operation, &wire, field.map(String::as_str), has_other_path).await;
                }
            }
            broken.extend(breaks);
        }
        let untried: Vec<_> = operation.constraints().into_iter().filter(|one| !broken.contains(one)).collect();
        assert!(untried.is_empty(), "nothing that was sent breaks {untried:#?}");
    }
}

/// The meaning of a form or a JSON document does not depend on how it is written.
#[tokio::test]
async fn other_spellings_of_a_request_are_accepted() {
    let (spec, tester) = (load(), Tester::start().await);
    for (operation, success) in successes(&spec, &tester).await {
        let wire = tester.wire(&operation, &success).unwrap();
        let Some(form) = &wire.form else { continue };
        for media_type in [format!("{FORM}; charset=utf-8"), format!("{FORM};charset=UTF-8"), FORM.to_uppercase()] {
            let mut wire = wire.clone();
            wire.headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
            tester.is_accepted(&operation, &wire, false).await;
        }
        let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
        let body = form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let request = tester.unsigned(&operation, &wire).basic_auth(KEY, Some(""));
        let body = body.rev().collect::<Vec<_>>().join("&");
        let (status, _) = described(&operation, request.body(body)).await.unwrap();
        assert_eq!(status, tester.send(&operation, &wire).await.0, "a different spelling has the same meaning");
        for name in operation.json_fields() {
            for write in [pretty, with_escapes] {
                tester.is_accepted(&operation, &with_field(&wire, name, write), false).await;
            }
        }
    }
}

fn with_field(wire: &Wire, field: &str, change: impl Fn(&str) -> String) -> Wire {
    let mut wire = wire.clone();
    let fields = wire.form.iter_mut().flatten().filter(|(name, _)| name == field);
    fields.for_each(|(_, value)| *value = change(value));
    wire
}

fn pretty(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    format!("\r\n\t{} \n", serde_json::to_string_pretty(&value).unwrap())
}

/// In JSON with only objects, lists and strings, every letter and digit is inside a string.
fn with_escapes(json: &str) -> String {
    let escape = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() => format!("\\u{:04x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    json.chars().map(escape).collect()
}

#[tokio::test]
async fn json_field_that_is_not_json_is_refused() {
    let (spec, tester) = (load(), Tester::start().await);
    for (operation, success) in successes(&spec, &tester).await {
        let wire = tester.wire(&operation, &success).unwrap();
        for name in operation.json_fields() {
            let changes: [fn(&str) -> String; 9] = [
                |_| String::new(),
                |_| "{".to_owned(),
                |_| "NaN".to_owned(),
                |json| json[..json.len() - 1].to_owned(),
                |json| format!("{json}{json}"),
                |json| format!("\u{feff}{json}"),
                |json| format!("{json}\0"),
                |json| json.replace('"', "'"),
                |json| json.replacen(']', ",]", 1),
            ];
            for change in changes {
                tester.is_refused(&operation, &with_field(&wire, name, change), Some(name), false).await;
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let (spec, tester) = (load(), Tester::start().await);
    for (operation, success) in successes(&spec, &tester).await {
        let wire = tester.wire(&operation, &success).unwrap();
        if wire.form.is_none() {
            continue;
        }
        for media_type in
            ["application/json", "text/plain", "multipart/form-data; boundary=x", "", "form", "*/*", "\u{e9}"]
        {
            let mut wire = wire.clone();
            wire.headers.insert(CONTENT_TYPE, HeaderValue::from_bytes(media_type.as_bytes()).unwrap());
            assert_eq!(tester.send(&operation, &wire).await.0, 415, "{media_type}");
        }
        let mut wire = wire.clone();
        wire.headers.remove(CONTENT_TYPE);
        wire.form = Some(vec![("a".to_owned(), "b".to_owned())]);
        tester.is_refused(&operation, &wire, None, false).await;
    }
}

/// Where a body is optional, clients differ in what they send without one: an empty form, with or without its type, or
/// nothing.
#[tokio::test]
async fn body_may_be_missing_or_empty_where_it_is_optional_and_nowhere_else() {
    let (spec, tester) = (load(), Tester::start().await);
    let mut optional = Vec::new();
    for (operation, success) in successes(&spec, &tester).await {
        let mut empty = tester.wire(&operation, &success).unwrap();
        if empty.form.is_none() {
            continue;
        }
        empty.form = Some(Vec::new());
        let mut untyped = empty.clone();
        untyped.headers.remove(CONTENT_TYPE);
        let mut missing = untyped.clone();
        missing.form = None;
        for wire in [empty, untyped, missing] {
            if operation.needs_body() {
                tester.is_refused(&operation, &wire, None, false).await;
            } else {
                tester.is_accepted(&operation, &wire, false).await;
                optional.push(operation.path);
            }
        }
    }
    assert_eq!(optional, ["/customers/{customer_id}/customer-accounts/{customer_account_id}/validate"; 3]);
}

#[tokio::test]
async fn a_request_without_the_key_is_refused_whatever_else_it_is() {
    let (spec, tester) = (load(), Tester::start().await);
    for operation in Operation::all(&spec).into_iter().filter(Operation::is_signed) {
        let wire = tester.example(&operation);
        let mut without_body = wire.clone();
        (without_body.form, without_body.headers) = Default::default();
        let encoded = |pair: &str| format!("Basic {}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, pair));
        let wrong = [
            String::new(),
            "Basic".to_owned(),
            "Basic ".to_owned(),
            "Basic !!!".to_owned(),
            format!("Bearer {KEY}"),
            format!("Basic {KEY}"),
            encoded(""),
            encoded(":"),
            encoded(KEY),
            encoded(&format!(":{KEY}")),
            encoded(&format!("{KEY}2:")),
            encoded(&format!("{}:", KEY.to_uppercase())),
        ];
        for wire in [wire, without_body] {
            let unsigned = || tester.unsigned(&operation, &wire);
            let signed = wrong.iter().map(|value| (value.as_str(), unsigned().header(AUTHORIZATION, value)));
            for (header, request) in std::iter::once(("none", unsigned())).chain(signed) {
                let (status, _) = described(&operation, request).await.unwrap();
                assert_eq!(status, 401, "{header}");
            }
        }
    }
    assert!(tester.sandbox.accounts().is_empty());
}

#[tokio::test]
async fn unknown_method_is_refused_and_the_allowed_ones_are_listed() {
    let (spec, tester) = (load(), Tester::start().await);
    let operations = Operation::all(&spec);
    for operation in &operations {
        let of_path: BTreeSet<_> =
            operations.iter().filter(|other| other.path == operation.path).map(|other| other.method.as_str()).collect();
        let wire = tester.example(operation);
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "post"] {
            if of_path.contains(method) || method == "HEAD" && of_path.contains("GET") {
                continue;
            }
            let request = tester.client.request(method.parse::<Method>().unwrap(), wire.url.clone());
            let response = request.headers(wire.headers.clone()).basic_auth(KEY, Some("")).send().await.unwrap();
            assert_eq!(response.status(), 405, "{method}");
            let allow: BTreeSet<_> = response.headers()[ALLOW].to_str().unwrap().split(',').map(str::trim).collect();
            let allow: BTreeSet<_> = allow.into_iter().filter(|method| *method != "HEAD").collect();
            assert_eq!(allow, of_path, "{method}");
            let headers = response.headers().clone();
            let body = response.bytes().await.unwrap();
            match method {
                "HEAD" => assert!(body.is_empty()),
                _ => drop(operation.check(405, &headers, &body).unwrap()),
            }
        }
    }
}

/// The responses of faults also match the spec.
#[tokio::test]
async fn every_fault_that_is_a_response_matches_the_spec() {
    let spec = load();
    for fault in ["status=400", "status=404", "status=409", "status=500", "status=503", "html=502", "rate-limit=1"] {
        let sandbox = Sandbox::builder().api_key(KEY).fault(fault.parse().unwrap()).start().await.unwrap();
        let tester = Tester::with(sandbox);
        for operation in Operation::all(&spec) {
            let (status, _) = tester.send(&operation, &tester.example(&operation)).await;
            let expected =
                fault.split_once('=').and_then(|(_, status)| status.parse().ok()).filter(|status| *status > 99);
            assert_eq!(status, expected.unwrap_or(429), "{fault}");
        }
    }
}

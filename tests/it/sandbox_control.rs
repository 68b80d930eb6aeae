//! The control API of the sandbox, over HTTP like a program in any language. Every response is checked against its
//! spec.

use std::time::Duration;

use contract_tests::operation::Operation;
use contract_tests::root;
use juspay_accounts::{ValidationStatus, mask_json};
use juspay_accounts_sandbox::{Builder, Sandbox};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

const CUSTOMER: &str = "cst_1";

/// A sandbox, and a client that knows only HTTP.
pub struct Control {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
    spec: Value,
}

impl Control {
    pub async fn start(builder: Builder) -> Self {
        let text = std::fs::read_to_string(root().join("crates/sandbox/control.yaml")).unwrap();
        let spec = serde_yaml::from_str(&text).unwrap();
        Self { sandbox: builder.start().await.unwrap(), http: reqwest::Client::new(), spec }
    }

    /// Calls the control API, and returns the status and the body. Both are checked against its spec.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/_sandbox/{path}", self.sandbox.url());
        let mut request = self.http.request(method.parse::<Method>().unwrap(), &url);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.unwrap();
        if status == 204 {
            assert!(body.is_empty() && !headers.contains_key(CONTENT_TYPE), "{method} {path}");
            return (status, Value::Null);
        }
        let path = path.split('?').next().unwrap();
        let operation = Operation::called(&self.spec, method, &format!("/_sandbox/{path}"));
        let operation = operation.expect("an operation of the spec");
        let body = operation.check(status, &headers, &body);
        (status, body.unwrap_or_else(|problem| panic!("{method} {path}: {problem}")))
    }

    /// Calls the control API, and expects a success.
    pub async fn ok(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, body) = self.call(method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {body}");
        body
    }

    /// Validates a UPI address. Returns the status and the body, if there is a response.
    pub async fn validate(&self, vpa: &str) -> Option<(u16, Value)> {
        let details = json!({ "upi": [{ "vpa": vpa }] }).to_string();
        let form = [("command", "validate"), ("bank_code", "JP_HDFC"), ("account_details", &details)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let url = format!("{}/customers/{CUSTOMER}/accounts", self.sandbox.url());
        let request = self.http.post(url).basic_auth("key", Some("")).header("x-routing-id", CUSTOMER);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, serde_json::from_slice(&response.bytes().await.ok()?).unwrap_or_default()))
    }
}

async fn control() -> Control {
    Control::start(Sandbox::builder()).await
}

#[tokio::test]
async fn requests_are_listed_filtered_waited_for_and_cleared() {
    let control = control().await;
    assert_eq!(control.ok("GET", "requests", None).await, json!({ "requests": [], "last": 0 }));
    let (waited, ()) = tokio::join!(control.ok("GET", "requests?after=0&wait_ms=60000&status=400", None), async {
        control.validate("a@upi").await.unwrap();
        assert_eq!(control.validate("not an address").await.unwrap().0, 400);
    });
    assert_eq!(waited["requests"].as_array().unwrap().len(), 1);
    assert_eq!((&waited["requests"][0]["seq"], &waited["last"]), (&json!(2), &json!(2)));

    control.ok("POST", "faults", Some(json!({ "kind": "status", "value": 503, "next": 1 }))).await;
    assert_eq!(control.validate("b@upi").await.unwrap().0, 503);
    let url = format!("{}/nowhere", control.sandbox.url());
    assert_eq!(control.http.get(url).send().await.unwrap().status(), 404);
    for (query, expected) in [
        ("", vec![1, 2, 3, 4]),
        ("?limit=2", vec![3, 4]),
        ("?after=1", vec![2, 3, 4]),
        ("?after=1&limit=2", vec![2, 3]),
        ("?after=4&wait_ms=1", vec![]),
        ("?operation=createAndValidateCustomerAccount", vec![1, 2, 3]),
        ("?operation=getCustomerAccount", vec![]),
        ("?customer_id=cst_1", vec![1, 2, 3]),
        ("?status=200", vec![1]),
        ("?status=none", vec![]),
        ("?fault=any", vec![3]),
        ("?fault=status&status=503", vec![3]),
        ("?fault=close", vec![]),
        ("?fault=none&after=1", vec![2, 4]),
    ] {
        let listed = control.ok("GET", &format!("requests{query}"), None).await;
        let found: Vec<_> =
            listed["requests"].as_array().unwrap().iter().map(|one| one["seq"].as_u64().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
        let last = if query.contains("after=1&limit=2") { 3 } else { 4 };
        assert_eq!(listed["last"], last, "{query}");
    }
    for query in [
        "?limit=0",
        "?limit=1001",
        "?after=-1",
        "?status=600",
        "?status=2e2",
        "?fault=x",
        "?operation=x",
        "?wait_ms=60001",
        "?customer_id=",
        "?limit=1&limit=1",
        "?Limit=1",
        "?after=+1",
        "?%zz",
    ] {
        assert_eq!(control.call("GET", &format!("requests{query}"), None).await.0, 400, "{query}");
    }
    control.ok("DELETE", "requests", None).await;
    assert_eq!(control.ok("GET", "requests", None).await, json!({ "requests": [], "last": 4 }));
    control.validate("a@upi").await.unwrap();
    assert_eq!(control.ok("GET", "requests", None).await["requests"][0]["seq"], 5);
}

/// A request and its response show everything needed to understand them, but no secrets.
#[tokio::test]
async fn a_request_is_shown_masked_with_its_problems_and_the_place_in_the_spec() {
    let control = control().await;
    let details = r#"{"bank_account":[{"ifsc":"HDFCO000053","account":"026291800001191","name":"Ramesh Kumar"}]}"#;
    let form = [("command", "validate"), ("account_details", details), ("pan", "ABCDE1234F")];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let url = format!("{}/customers/ramesh%40example.com/accounts", control.sandbox.url());
    let request = control.http.post(url).basic_auth("the-key", Some("")).header("x-routing-id", "ramesh@example.com");
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").header("x-secret", "a secret");
    assert_eq!(request.body(body).send().await.unwrap().status(), 400);
    control.validate("9164326296@upi").await.unwrap();
    let listed = control.ok("GET", "requests", None).await;
    let text = listed.to_string();
    for secret in
        ["026291800001191", "9164326296", "Ramesh", "ramesh", "ABCDE1234F", "a secret", "the-key", "dGhlLWtleTo"]
    {
        assert!(!text.contains(secret), "{secret} is shown: {text}");
    }
    let refused = &listed["requests"][0];
    assert_eq!(refused["customer_id"], "****@example.com");
    assert_eq!((&refused["path"], &refused["changed_accounts"]), (&json!("/customers/****/accounts"), &json!(false)));
    assert_eq!(refused["unknown_fields"], json!(["pan"]));
    let problems: Vec<_> =
        refused["problems"].as_array().unwrap().iter().map(|one| (&one["field"], &one["schema"])).collect();
    let expected = [
        ("bank_code", "/components/schemas/BankCode"),
        ("account_details.bank_account[0].ifsc", "/components/schemas/Ifsc"),
    ];
    assert_eq!(json!(problems), json!(expected));
    let spec = control.http.get(format!("{}/openapi.json", control.sandbox.url())).send().await.unwrap();
    let spec: Value = serde_json::from_slice(&spec.bytes().await.unwrap()).unwrap();
    for place in [&refused["problems"], &refused["form"]] {
        for one in place.as_array().unwrap().iter().filter_map(|one| one["schema"].as_str()) {
            assert!(spec.pointer(one).is_some(), "{one} is not in the spec");
        }
    }
    let served = &listed["requests"][1];
    let body: Value = serde_json::from_str(served["response"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body[0]["account_details"]["vpa"], "****@upi");
    let mut again = body.clone();
    mask_json(&mut again);
    assert_eq!(again, body);
    assert_eq!(
        (&served["changed_accounts"], &served["ended_by"], &served["fault"]),
        (&json!(true), &json!("response"), &Value::Null)
    );
}

#[tokio::test]
async fn faults_are_set_while_the_sandbox_runs_and_the_first_response_can_be_lost() {
    let control = control().await;
    let lost =
        json!({ "kind": "close", "moment": "after", "operation": "createAndValidateCustomerAccount", "next": 1 });
    let set = control.ok("PUT", "faults", Some(json!({ "faults": [lost] }))).await;
    assert_eq!(set["faults"][0]["text"], "close@after,on=createAndValidateCustomerAccount,next=1");
    assert_eq!(control.validate("a@upi").await, None);
    assert_eq!(control.validate("a@upi").await.unwrap().0, 200);
    let listed = control.ok("GET", "requests", None).await;
    assert_eq!(listed["requests"][0]["ended_by"], "fault");
    assert_eq!(
        (&listed["requests"][0]["response"], &listed["requests"][0]["changed_accounts"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(control.sandbox.accounts()[0].validations, 2);
    let state = control.ok("GET", "faults", None).await;
    assert_eq!((&state["faults"][0]["requests"], &state["faults"][0]["played"]), (&json!(2), &json!(1)));
    let rules: Vec<_> = state["faults"].as_array().unwrap().iter().map(|fault| fault["rule"].clone()).collect();
    control.ok("PUT", "faults", Some(json!({ "faults": rules, "seed": 7 }))).await;
    let added = control.ok("POST", "faults", Some(json!({ "kind": "html", "value": 502 }))).await;
    assert_eq!(control.validate("a@upi").await, None);
    assert_eq!(control.validate("a@upi").await.unwrap().0, 502);
    control.ok("DELETE", &format!("faults/{}", added["id"]), None).await;
    assert_eq!(control.validate("a@upi").await.unwrap().0, 200);
    assert_eq!(control.call("DELETE", &format!("faults/{}", added["id"]), None).await.0, 404);
    control.ok("DELETE", "faults", None).await;
    assert_eq!(control.ok("GET", "faults", None).await, json!({ "faults": [], "seed": 7 }));
    for wrong in [
        json!({ "kind": "boom" }),
        json!({ "kind": "status" }),
        json!({ "kind": "status", "value": 200 }),
        json!({ "kind": "close", "value": 1 }),
        json!({ "kind": "truncate", "moment": "before" }),
        json!({ "kind": "close", "probability": 2 }),
        json!({ "kind": "close", "once": true }),
        json!([]),
    ] {
        assert_eq!(control.call("POST", "faults", Some(wrong.clone())).await.0, 400, "{wrong}");
    }
    let wrong = json!({ "faults": [{ "kind": "close" }, { "kind": "close", "next": "1" }] });
    let (_, refused) = control.call("PUT", "faults", Some(wrong)).await;
    let message = refused["message"].as_str().unwrap();
    assert!(message.starts_with("faults[1].next: invalid type"), "{message}");
    let kinds = control.ok("GET", "fault-kinds", None).await;
    for kind in kinds["kinds"].as_array().unwrap() {
        let mut rule = json!({ "kind": kind["kind"] });
        if let Some(value) = kind["value"].as_object() {
            rule["value"] = value["example"].clone();
        }
        control.ok("POST", "faults", Some(rule)).await;
    }
}

#[tokio::test]
async fn accounts_are_listed_masked_and_their_status_is_set() {
    let control = control().await;
    control.validate("someone@upi").await.unwrap();
    let listed = control.ok("GET", "accounts?customer_id=cst_1", None).await;
    let own = &listed["accounts"][0];
    assert_eq!((&own["account"]["upi"]["vpa"], &own["status"]), (&json!("****@upi"), &json!("ACTIVE")));
    let path = format!("accounts/{}", own["id"].as_str().unwrap());
    let changed = control.ok("PATCH", &path, Some(json!({ "status": "SUSPENDED" }))).await;
    assert_eq!(changed["status"], "SUSPENDED");
    assert_eq!(control.sandbox.accounts()[0].status, ValidationStatus::from("SUSPENDED"));
    for wrong in
        [json!({ "status": "active" }), json!({ "status": "" }), json!({}), json!({ "status": "A", "name": "x" })]
    {
        assert_eq!(control.call("PATCH", &path, Some(wrong.clone())).await.0, 400, "{wrong}");
    }
    assert_eq!(control.ok("GET", "accounts?customer_id=cst_2", None).await, json!({ "accounts": [] }));
    control.ok("DELETE", &path, None).await;
    assert_eq!(control.call("DELETE", &path, None).await.0, 404);
    assert_eq!(control.call("PATCH", &path, Some(json!({ "status": "ACTIVE" }))).await.0, 404);
    assert!(control.sandbox.accounts().is_empty());
}

#[tokio::test]
async fn outcomes_are_scripted_and_the_clock_ends_waits() {
    let control = control().await;
    let outcomes = json!({ "outcomes": [
        { "account": { "upi": { "vpa": "someone@upi" } }, "name_at_bank": "Ramesh Kumar" },
        { "statuses": ["FAILURE"], "next": 1 },
    ] });
    let set = control.ok("PUT", "outcomes", Some(outcomes)).await;
    assert!(!set.to_string().contains("Ramesh") && !set.to_string().contains("someone"), "{set}");
    let details = control.validate("someone@upi").await.unwrap().1[0]["account_details"].clone();
    assert_eq!(details, json!({ "name": "Ramesh Kumar", "vpa": "someone@upi" }));
    assert_eq!(control.validate("other@upi").await.unwrap().1[0]["validation_status"], "FAILURE");
    assert_eq!(control.validate("other@upi").await.unwrap().1[0]["validation_status"], "ACTIVE");
    assert_eq!(control.ok("GET", "outcomes", None).await["outcomes"].as_array().unwrap().len(), 1);
    control.ok("PUT", "outcomes", Some(json!({ "outcomes": [{ "times_out": true }] }))).await;
    let before = control.ok("GET", "clock", None).await;
    assert_eq!(before["advanced_ms"], 0);
    let (timed_out, ()) = tokio::join!(control.validate("late@upi"), async {
        while control.ok("GET", "health", None).await["in_flight"] == 0 || control.sandbox.accounts().len() < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(control.ok("POST", "clock", Some(json!({ "advance_ms": 30_000 }))).await["advanced_ms"], 30_000);
    });
    assert_eq!(timed_out.unwrap().0, 504);
    control.ok("DELETE", "outcomes", None).await;
    for wrong in [
        json!({ "advance_ms": -1 }),
        json!({ "advance_ms": 1.5 }),
        json!({}),
        json!({ "advance_ms": 315_360_000_001_u64 }),
    ] {
        assert_eq!(control.call("POST", "clock", Some(wrong.clone())).await.0, 400, "{wrong}");
    }
    for wrong in [
        json!({ "outcomes": [{ "statuses": [] }] }),
        json!({ "outcomes": [{ "next": 0 }] }),
        json!({ "outcomes": [{ "account": {} }] }),
    ] {
        assert_eq!(control.call("PUT", "outcomes", Some(wrong.clone())).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn state_is_saved_restored_and_reset() {
    let control = Control::start(Sandbox::builder().fault("latency=0ms".parse().unwrap())).await;
    control.validate("pending@upi").await.unwrap();
    control.ok("PUT", "outcomes", Some(json!({ "outcomes": [{ "statuses": ["FAILURE"] }] }))).await;
    control.ok("POST", "clock", Some(json!({ "advance_ms": 5 }))).await;
    let snapshot = control.ok("GET", "snapshot", None).await;
    assert!(snapshot.to_string().contains("pending@upi"), "a snapshot is unmasked");
    control.ok("POST", "reset", None).await;
    assert!(control.sandbox.accounts().is_empty() && control.sandbox.received().is_empty());
    let fresh = control.ok("GET", "snapshot", None).await;
    assert_eq!(
        (&fresh["outcomes"], &fresh["advanced_ms"], &fresh["faults"]),
        (&json!([]), &json!(0), &snapshot["faults"])
    );
    control.ok("PUT", "snapshot", Some(snapshot.clone())).await;
    assert_eq!(control.ok("GET", "snapshot", None).await, snapshot);
    control.sandbox.restore(&control.sandbox.snapshot()).unwrap();
    assert_eq!(control.ok("GET", "snapshot", None).await, snapshot);
    let mut future = snapshot;
    future["version"] = json!(2);
    assert_eq!(control.call("PUT", "snapshot", Some(future)).await.0, 400);
    assert_eq!(control.call("PUT", "snapshot", Some(json!({}))).await.0, 400);
    assert_eq!(control.ok("GET", "health", None).await["accounts"], 1);
}

#[tokio::test]
async fn control_api_is_separate_from_the_vendors_operations() {
    let control = Control::start(Sandbox::builder().fault("status=503".parse().unwrap())).await;
    let url = |path: &str| format!("{}/_sandbox/{path}", control.sandbox.url());
    assert_eq!(control.http.get(url("nowhere")).send().await.unwrap().status(), 404);
    assert_eq!(control.http.put(url("health")).send().await.unwrap().status(), 405);
    assert_eq!(control.http.put(url("clock")).body("{}").send().await.unwrap().status(), 405);
    assert_eq!(control.http.post(url("clock")).body("{}").send().await.unwrap().status(), 415);
    control.ok("GET", "health", None).await;
    assert_eq!(control.sandbox.requests(), 0);
}

#[tokio::test]
async fn requests_name_their_customer_also_when_they_are_refused_or_hit_by_a_fault() {
    let control = Control::start(Sandbox::builder().api_key("key")).await;
    control.ok("POST", "faults", Some(json!({ "kind": "status", "value": 503 }))).await;
    assert_eq!(control.validate("success@upi").await.unwrap().0, 503);
    let url = format!("{}/customers/{CUSTOMER}/accounts", control.sandbox.url());
    assert_eq!(control.http.post(url).basic_auth("another", Some("")).send().await.unwrap().status(), 401);
    let listed = control.ok("GET", &format!("requests?customer_id={CUSTOMER}"), None).await;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 2, "{listed}");
}

/// The sandbox knows every field of a form, and its place in the spec.
#[tokio::test]
async fn every_field_of_the_spec_is_known_with_its_schema() {
    let (control, spec) = (Control::start(Sandbox::builder().strict()).await, contract_tests::spec::load());
    for (path, method, operation) in contract_tests::spec::methods(&spec) {
        let Some(body) = operation.get("requestBody") else { continue };
        let form =
            contract_tests::spec::resolve(&spec, &body["content"]["application/x-www-form-urlencoded"]["schema"]);
        let fields: Vec<_> = form["properties"].as_object().unwrap().iter().collect();
        let pairs = fields.iter().map(|(name, _)| (name.as_str(), "x"));
        let sent = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let url = format!(
            "{}{}",
            control.sandbox.url(),
            path.replace("{customer_id}", "cst_1").replace("{customer_account_id}", "banh_1")
        );
        let request = control.http.request(method.to_uppercase().parse().unwrap(), url).basic_auth("key", Some(""));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").header("x-routing-id", "r");
        request.body(sent).send().await.unwrap();
        let listed = control.ok("GET", "requests?limit=1", None).await;
        let seen = &listed["requests"][0];
        assert_eq!((&seen["operation"], &seen["unknown_fields"]), (&operation["operationId"], &json!([])));
        for (field, (name, schema)) in seen["form"].as_array().unwrap().iter().zip(&fields) {
            let expected = schema["$ref"].as_str().unwrap().trim_start_matches('#');
            assert_eq!((&field["name"], field["schema"].as_str()), (&json!(name), Some(expected)));
        }
    }
    let known: Vec<_> =
        control.spec["components"]["schemas"]["OperationId"]["enum"].as_array().unwrap().iter().collect();
    let all: Vec<_> =
        contract_tests::spec::methods(&spec).into_iter().map(|(_, _, operation)| &operation["operationId"]).collect();
    assert!(known.len() == all.len() && all.iter().all(|id| known.contains(id)), "{known:?}");
}

//! Runs `cargo xtask probe` against simulated servers: the embedded sandbox, with one change in each.

use std::time::Duration;

use contract_tests::proxy::{Proxy, Response};
use contract_tests::root;
use contract_tests::spec::load;
use contract_tests::wire::Received;
use juspay_accounts_sandbox::Sandbox;
use probe::{Patience, Plan, Recording, Report, Target, TestAccount, run};
use serde_json::{Value, json};

pub(crate) const KEY: &str = "the-key-of-the-sandbox";

pub(crate) fn test_data() -> Vec<TestAccount> {
    TestAccount::load(&root().join("spec/test-data.yaml")).unwrap()
}

/// Probes a server without waiting between reads.
pub(crate) async fn probed(url: &str, key: &str, last: Option<&Recording>) -> Report {
    let spec = load();
    let plan = Plan::new(&spec, &test_data(), None, false);
    let patience = Patience { timeout: Duration::from_secs(30), reads: 20, pause: Duration::ZERO };
    run(&spec, &plan, &Target::new(url).unwrap(), key, patience, last).await.unwrap()
}

fn lines(report: &Report) -> Vec<String> {
    let line = |drift: &probe::Drift| {
        let severity = format!("{:?}", drift.change.severity()).to_lowercase();
        let probe::Drift { change, at, expected, found, .. } = drift;
        format!("{severity}: {change}, {at}: {expected} -> {found}")
    };
    report.drifts.iter().map(line).collect()
}

#[tokio::test]
async fn the_embedded_sandbox_has_no_drift() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let report = probed(&sandbox.url(), KEY, None).await;
    assert_eq!(lines(&report), Vec::<String>::new());
    assert_eq!(report.recording.exchanges.len(), Plan::new(&load(), &test_data(), None, false).cost().requests);
    assert_eq!(lines(&probed(&sandbox.url(), KEY, Some(&report.recording)).await), Vec::<String>::new());
}

#[tokio::test]
async fn accounts_that_time_out_are_sent_on_request_and_followed() {
    let sandbox = Sandbox::builder().api_key(KEY).timeout(Duration::from_millis(20)).start().await.unwrap();
    let spec = load();
    let [without, plan] = [false, true].map(|with_timeouts| Plan::new(&spec, &test_data(), None, with_timeouts));
    assert_eq!(plan.calls.len(), without.calls.len() + 3);
    let patience = Patience { timeout: Duration::from_secs(30), reads: 200, pause: Duration::from_millis(1) };
    let report = run(&spec, &plan, &Target::new(&sandbox.url()).unwrap(), KEY, patience, None).await.unwrap();
    // The sandbox has its own code for a timeout; the vendor does not document one.
    let lines = lines(&report).into_iter().filter(|line| !line.contains("error_info.code"));
    assert_eq!(lines.collect::<Vec<_>>(), Vec::<String>::new());
}

/// The vendor's dummy gateway times out at random.
#[tokio::test]
async fn lost_responses_and_validations_without_an_end_are_not_drift() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let change = |received: &Received, mut response: Response| {
        if received.target.ends_with("/list") {
            json(&mut response, |body| {
                body.as_array_mut().unwrap().iter_mut().for_each(|one| one["validation_status"] = "PENDING".into());
            });
        }
        (!sends(received, "success%40upi")).then_some(response)
    };
    let proxy = Proxy::start(sandbox.url(), change).await;
    let report = probed(&proxy.url(), KEY, None).await;
    let expected = [
        "cosmetic: no response, response: a response -> none",
        "cosmetic: not ended, response: FAILURE -> PENDING",
        "cosmetic: not ended, response: ACTIVE -> PENDING",
    ];
    assert_eq!((lines(&report), report.has_drift()), (expected.map(str::to_owned).to_vec(), false));
}

#[tokio::test]
async fn server_that_cannot_be_reached_is_an_error_without_the_key() {
    let spec = load();
    let plan = Plan::new(&spec, &[], None, false);
    let patience = Patience { timeout: Duration::from_secs(5), reads: 0, pause: Duration::ZERO };
    // The listener is dropped, so nobody listens on its port.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let error = run(&spec, &plan, &Target::new(&url).unwrap(), KEY, patience, None).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("cannot be called") && !error.contains(KEY), "{error}");
}

#[test]
fn production_is_refused_and_so_is_a_key_in_the_clear() {
    for url in [
        "https://api.juspay.in",
        "https://api-ns1.juspay.in",
        "https://api.juspay.io",
        "https://api-ns1.juspay.io/",
        "https://API.Juspay.IN.",
        "https://juspay.in",
        "https://sandbox.api.juspay.in",
        "https://api%2ejuspay.in",
        "https://sandbox.juspay.com",
    ] {
        let error = Target::new(url).unwrap_err().to_string();
        assert!(error.contains("is production"), "{url}: {error}");
    }
    let spec = load();
    for server in spec["servers"].as_array().unwrap() {
        let is_production = server["description"].as_str().unwrap().starts_with("Production");
        assert_eq!(Target::new(server["url"].as_str().unwrap()).is_err(), is_production, "{server}");
    }
    for url in
        ["http://sandbox.juspay.in", "http://192.0.2.1", "ftp://localhost", "localhost:80", "https://key@host", ""]
    {
        assert!(Target::new(url).is_err(), "{url}");
    }
    for url in
        ["https://sandbox.juspay.io", "http://[::1]:8080/", "http://localhost", "https://accounts.example.com/v1"]
    {
        assert!(Target::new(url).is_ok(), "{url}");
    }
}

#[test]
fn cost_counts_what_money_could_move_for() {
    let spec = load();
    let cost = |customer, with_timeouts| Plan::new(&spec, &test_data(), customer, with_timeouts).cost().to_string();
    // Two samples and one request without a key have a bank account each; two more requests validate an account again.
    let samples = Plan::new(&spec, &[], None, false).cost();
    assert_eq!((samples.penny_drops, samples.paise, samples.upi_validations), (5, 500, 3));
    let expected = "20 requests with at most 11 penny drops (11.00 rupees in all) and 6 validations of UPI addresses";
    assert_eq!(cost(Some("cst_another"), false), expected);
    let expected = "23 requests with at most 14 penny drops (14.00 rupees in all) and 6 validations of UPI addresses";
    assert_eq!(cost(None, true), expected);
}

/// The drift of one changed server, without cosmetic differences: a change can hide accounts, so that their validations
/// never seem to end.
async fn drifts(
    last: Option<Recording>,
    change: impl Fn(&Received, &mut Response) + Send + Sync + 'static,
) -> Vec<String> {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let change = move |received: &Received, mut response: Response| {
        change(received, &mut response);
        Some(response)
    };
    let proxy = Proxy::start(sandbox.url(), change).await;
    let report = probed(&proxy.url(), KEY, last.as_ref()).await;
    lines(&report).into_iter().filter(|line| !line.starts_with("cosmetic")).collect()
}

/// Changes the accounts in responses to requests that create accounts.
fn created(change: impl Fn(&mut Vec<Value>) + Send + Sync) -> impl Fn(&Received, &mut Response) + Send + Sync {
    move |received, response| {
        if received.target.ends_with("/accounts") && response.status == 200 {
            json(response, |body| change(body.as_array_mut().unwrap()));
        }
    }
}

fn json(response: &mut Response, change: impl FnOnce(&mut Value)) {
    let mut body = serde_json::from_slice(&response.body).unwrap();
    change(&mut body);
    response.body = serde_json::to_vec(&body).unwrap();
}

fn field(name: &'static str, value: Value) -> impl Fn(&Received, &mut Response) + Send + Sync {
    created(move |accounts| accounts.iter_mut().for_each(|account| account[name] = value.clone()))
}

fn sends(received: &Received, text: &str) -> bool {
    String::from_utf8_lossy(&received.body).contains(text)
}

macro_rules! drift {
    ($name:ident: $change:expr, [$($line:literal),+]) => {
        #[tokio::test]
        async fn $name() {
            assert_eq!(drifts(None, $change).await, [$($line),+]);
        }
    };
}

drift!(new_field: field("risk", json!(1)), ["additive: new field, *.risk: nothing -> number"]);
drift!(new_field_of_a_field: created(|list| list.iter_mut().for_each(|one| one["account_details"]["branch"] = "x".into())), [
    "additive: new field, *.account_details.branch: nothing -> string"
]);
drift!(renamed_field: created(|list| for one in list {
    one["currency_code"] = one.as_object_mut().unwrap().remove("currency").unwrap();
}), ["breaking: renamed field, *.currency: currency -> currency_code"]);
drift!(retyped_field: field("currency", json!(["INR"])), ["breaking: other type, *.currency: string -> array"]);
drift!(text_as_a_number: field("customer_id", json!(7)), ["breaking: other type, *.customer_id: string -> number"]);
drift!(amount_as_a_text: field("validation_amount", json!("1")), [
    "breaking: other type, *.validation_amount: number -> string"
]);
drift!(missing_field: created(|list| for one in list { one.as_object_mut().unwrap().remove("last_validated"); }), [
    "breaking: missing field, *.last_validated: last_validated -> nothing"
]);
drift!(new_status_of_an_account: created(|list| if list.len() == 2 { list[0]["validation_status"] = "VERIFIED".into() }), [
    "additive: new value, *.validation_status: a listed value -> VERIFIED"
]);
drift!(null_in_a_list: created(|list| if list.len() == 2 { list.push(Value::Null) }), [
    "breaking: other type, *: object -> null"
]);
drift!(created_instead_of_ok: |received, response| if received.target.ends_with("/accounts") && response.status == 200 {
    response.status = 201;
}, ["breaking: new status, status: 200, 401, 429, 4XX, 5XX -> 201"]);
drift!(success_without_a_key: |_, response| if response.status == 401 {
    (response.status, response.body) = (200, b"[]".to_vec());
}, [
    "breaking: missing account, response: 1 accounts of the request -> 0",
    "breaking: other status, response: 401 -> 200"
]);
drift!(refused_sample: |received, response| if sends(received, "CFGEN") && received.target.ends_with("/accounts") {
    response.status = 400;
    response.body = json!({
        "status": "error", "error_code": "access_denied", "error_info": {
            "user_message": "", "request_id": "", "href": "", "developer_message": "", "code": "UNAUTHORIZED", "category": "USER_ERROR",
        },
    }).to_string().into();
}, ["breaking: other status, response: a success -> 400"]);
drift!(missing_header: |received, response| if received.target.ends_with("/list") {
    response.headers.retain(|(name, _)| name != "content-type");
}, ["breaking: missing header, header content-type: application/json -> nothing"]);
drift!(new_header: |received, response| if received.target.ends_with("/list") {
    response.headers.push(("x-quota".to_owned(), "7".to_owned()));
}, ["additive: new header, header x-quota: nothing -> x-quota"]);
drift!(other_media_type: |received, response| if received.target.ends_with("/list") {
    for (name, value) in &mut response.headers {
        if name == "content-type" { *value = "text/plain; charset=utf-8".to_owned() }
    }
}, ["breaking: other media type, header content-type: application/json -> text/plain"]);
drift!(body_that_is_not_json: |received, response| if received.target.ends_with("/list") { response.body = b"{".to_vec() }, [
    "breaking: unreadable, body: application/json -> other bytes"
]);
drift!(other_shape_of_an_error: |_, response| if response.status == 401 {
    json(response, |body| body["error_info"] = body["error_info"]["developer_message"].clone());
}, ["breaking: other type, error_info: object -> string"]);
drift!(error_without_a_code: |_, response| if response.status == 401 {
    json(response, |body| drop(body["error_info"].as_object_mut().unwrap().remove("code")));
}, ["breaking: missing field, error_info.code: code -> nothing"]);
drift!(new_code_of_an_error: |_, response| if response.status == 401 {
    json(response, |body| body["error_info"]["code"] = "OBJECT_NOT_FOUND".into());
}, ["additive: new value, error_info.code: a listed value -> OBJECT_NOT_FOUND"]);
drift!(other_shape_of_a_list: |received, response| if received.target.ends_with("/list") {
    json(response, |body| *body = json!({ "accounts": body.take() }));
}, ["additive: new field, accounts: nothing -> array", "breaking: invalid, body: oneOf -> a value that breaks it"]);
drift!(list_instead_of_an_account: |received, response| if received.method == "GET" && !received.target.ends_with("/list") {
    json(response, |body| *body = json!([body.take()]));
}, ["breaking: other type, body: object -> array"]);
drift!(missing_account: created(|list| if list.len() == 2 { list.pop(); }), [
    "breaking: missing account, response: 2 accounts of the request -> 1"
]);
drift!(extra_account: created(|list| if list.len() == 2 {
    list.push(list[0].clone());
    list[2]["account_details"] = json!({ "vpa": "another@upi" });
}), ["breaking: extra account, response: no other account -> 1"]);
drift!(account_of_another_payee: created(|list| if list.len() == 2 {
    list.iter_mut().filter(|one| one["account_details"].get("vpa").is_some()).for_each(|one| one["account_details"]["vpa"] = "another@upi".into());
}), [
    "breaking: missing account, response: 2 accounts of the request -> 1",
    "breaking: extra account, response: no other account -> 1"
]);
drift!(accounts_without_an_id: |received, response| if received.target.ends_with('s') || received.target.ends_with("/list") {
    json(response, |body| for one in body.as_array_mut().into_iter().flatten() {
        one.as_object_mut().unwrap().remove("customer_account_id");
    });
}, [
    "breaking: missing field, *.customer_account_id: customer_account_id -> nothing",
    "breaking: not sent, response: an account that an earlier call created -> none",
    "breaking: not sent, response: an account that an earlier call created -> none",
    "breaking: not sent, response: an account that an earlier call created -> none"
]);
drift!(other_outcome_of_test_data: |received, response| if sends(received, "error%40upi") {
    json(response, |body| body[0]["validation_status"] = "ACTIVE".into());
}, ["breaking: other outcome, response: FAILURE -> ACTIVE"]);

#[tokio::test]
async fn other_order_of_accounts() {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let last = probed(&sandbox.url(), KEY, None).await.recording;
    let orders: Vec<_> =
        last.exchanges.iter().map(|one| one.order.as_slice()).filter(|order| order.len() == 2).collect();
    let [[one, other]] = orders[..] else { panic!("{orders:?}") };
    let line = format!("additive: other order, response: [{one}, {other}] -> [{other}, {one}]");
    assert_eq!(drifts(Some(last.clone()), created(|list| list.reverse())).await, [line]);
}

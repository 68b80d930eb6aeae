//! `cargo xtask probe` against servers that are made up: the embedded sandbox, with one thing changed in each.

use std::time::Duration;

use contract_tests::proxy::{Proxy, Reply};
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

/// Calls a server without waiting between reads.
pub(crate) async fn probed(url: &str, key: &str, last: Option<&Recording>) -> Report {
    let spec = load();
    let plan = Plan::new(&spec, &test_data(), None, false);
    let patience = Patience { timeout: Duration::from_secs(30), reads: 20, pause: Duration::ZERO };
    run(&spec, &plan, &Target::new(url).unwrap(), key, patience, last).await.unwrap()
}

/// A line for each difference.
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
    // The same again, compared with what was recorded.
    assert_eq!(lines(&probed(&sandbox.url(), KEY, Some(&report.recording)).await), Vec::<String>::new());
}

/// The drift of one changed server; without validations that have not ended, since their accounts cannot be read any more.
async fn drifts(
    last: Option<Recording>,
    change: impl Fn(&Received, &mut Reply) + Send + Sync + 'static,
) -> Vec<String> {
    let sandbox = Sandbox::builder().api_key(KEY).start().await.unwrap();
    let change = move |received: &Received, mut reply: Reply| {
        change(received, &mut reply);
        Some(reply)
    };
    let proxy = Proxy::start(sandbox.url(), change).await;
    let report = probed(&proxy.url(), KEY, last.as_ref()).await;
    lines(&report).into_iter().filter(|line| !line.starts_with("cosmetic")).collect()
}

/// Changes the accounts of what creates them.
fn created(change: impl Fn(&mut Vec<Value>) + Send + Sync) -> impl Fn(&Received, &mut Reply) + Send + Sync {
    move |received, reply| {
        if received.target.ends_with("/accounts") && reply.status == 200 {
            json(reply, |body| change(body.as_array_mut().unwrap()));
        }
    }
}

fn json(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    let mut body = serde_json::from_slice(&reply.body).unwrap();
    change(&mut body);
    reply.body = serde_json::to_vec(&body).unwrap();
}

/// Changes a field of each account.
fn field(name: &'static str, value: Value) -> impl Fn(&Received, &mut Reply) + Send + Sync {
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
drift!(created_instead_of_ok: |received, reply| if received.target.ends_with("/accounts") && reply.status == 200 {
    reply.status = 201;
}, ["breaking: new status, status: 200, 401, 429, 4XX, 5XX -> 201"]);
drift!(success_without_a_key: |_, reply| if reply.status == 401 { (reply.status, reply.body) = (200, b"[]".to_vec()) }, [
    "breaking: missing account, response: 1 accounts of the request -> 0",
    "breaking: other status, response: 401 -> 200"
]);
drift!(refused_sample: |received, reply| if sends(received, "CFGEN") && received.target.ends_with("/accounts") {
    reply.status = 400;
    reply.body = json!({
        "status": "error", "error_code": "access_denied", "error_info": {
            "user_message": "", "request_id": "", "href": "", "developer_message": "", "code": "UNAUTHORIZED", "category": "USER_ERROR",
        },
    }).to_string().into();
}, ["breaking: other status, response: a success -> 400"]);
drift!(missing_header: |received, reply| if received.target.ends_with("/list") {
    reply.headers.retain(|(name, _)| name != "content-type");
}, ["breaking: missing header, header content-type: application/json -> nothing"]);
drift!(new_header: |received, reply| if received.target.ends_with("/list") {
    reply.headers.push(("x-quota".to_owned(), "7".to_owned()));
}, ["additive: new header, header x-quota: nothing -> x-quota"]);
drift!(other_media_type: |received, reply| if received.target.ends_with("/list") {
    for (name, value) in &mut reply.headers {
        if name == "content-type" { *value = "text/plain; charset=utf-8".to_owned() }
    }
}, ["breaking: other media type, header content-type: application/json -> text/plain"]);
drift!(body_that_is_not_json: |received, reply| if received.target.ends_with("/list") { reply.body = b"{".to_vec() }, [
    "breaking: unreadable, body: application/json -> other bytes"
]);
drift!(other_shape_of_an_error: |_, reply| if reply.status == 401 {
    json(reply, |body| body["error_info"] = body["error_info"]["developer_message"].clone());
}, ["breaking: other type, error_info: object -> string"]);
drift!(error_without_a_code: |_, reply| if reply.status == 401 {
    json(reply, |body| drop(body["error_info"].as_object_mut().unwrap().remove("code")));
}, ["breaking: missing field, error_info.code: code -> nothing"]);
drift!(new_code_of_an_error: |_, reply| if reply.status == 401 {
    json(reply, |body| body["error_info"]["code"] = "OBJECT_NOT_FOUND".into());
}, ["additive: new value, error_info.code: a listed value -> OBJECT_NOT_FOUND"]);
drift!(other_shape_of_a_list: |received, reply| if received.target.ends_with("/list") {
    json(reply, |body| *body = json!({ "accounts": body.take() }));
}, ["additive: new field, accounts: nothing -> array", "breaking: invalid, body: oneOf -> a value that breaks it"]);
drift!(list_instead_of_an_account: |received, reply| if received.method == "GET" && !received.target.ends_with("/list") {
    json(reply, |body| *body = json!([body.take()]));
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
drift!(other_outcome_of_test_data: |received, reply| if sends(received, "error%40upi") {
    json(reply, |body| body[0]["validation_status"] = "ACTIVE".into());
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

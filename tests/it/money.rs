//! Protects money against servers that make it easy to pay twice, or to treat an account as valid without a validation.

use std::time::Duration;

use contract_tests::behaviours::ok;
use contract_tests::faults::Step::{Keep, Pause, Read};
use contract_tests::faults::{FaultServer, response};
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, ClientBuilder, Customer, CustomerAccount, Delivery, ErrorCode, ErrorKind,
    MatchKind, ReconcileOutcome, ReconcilePolicy, ReconcileState, RetryPolicy, Step, WaitOutcome, WaitPolicy,
    WaitState, test_util,
};
use juspay_accounts_sandbox::{Fault, Pending, Sandbox};
use serde_json::{Value, json};

pub(super) const IFSC: &str = "HDFC0000053";
pub(super) const NUMBER: &str = "00026291800001191";

pub(super) fn request() -> AccountsRequest {
    AccountsRequest::builder("cst_1", "JP_HDFC").bank_account(IFSC, NUMBER).build().unwrap()
}

pub(super) fn builder(url: &str) -> ClientBuilder {
    let quick = RetryPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_secs(5));
    Client::builder(url.parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).retry(quick)
}

pub(super) fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// An account of a response, with a validation date later than any test.
#[allow(clippy::needless_pass_by_value, reason = "callers write it inline")]
pub(super) fn account(details: Value) -> Value {
    json!({
        "customer_account_id": "banh_1", "validation_status": "ACTIVE", "last_validated": "2099-01-01T00:00:00Z",
        "account_details": details,
    })
}

#[test]
fn a_duplicate_is_never_reported_as_refused() {
    let envelope = br#"{"error_info":{"code":"DUPLICATE_REQUEST"}}"#;
    let escaped = br#"{"error_info":{"code":"DUPLICATE\u005fREQUEST"}}"#;
    for status in (300..=599).filter(|status| *status != 304) {
        for envelope in [&envelope[..], escaped] {
            let error = test_util::failure(status, envelope);
            assert_eq!((error.delivery(), error.is_retryable()), (Delivery::Unknown, false), "{status}");
            assert!(error.may_have_moved_money(), "{status}");
        }
    }
    let error = test_util::failure(400, envelope);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Duplicate, Some(&ErrorCode::DuplicateRequest)));
    insta::assert_snapshot!(error, @"another request for the same thing is being processed and may pay; reconcile, or check the customer's accounts, before you send the request again (status 400, code DUPLICATE_REQUEST)");
    insta::assert_snapshot!(test_util::failure(409, b""), @"another request for the same thing is being processed and may pay; reconcile, or check the customer's accounts, before you send the request again (status 409)");
}

/// For any response, a message about an unknown outcome says to check before the request is sent again, and never to
/// fix it.
#[test]
fn no_advice_leads_to_a_second_payment() {
    let codes = ["DUPLICATE_REQUEST", "INVALID_INPUT", "BAD_ORIGIN", "EXPIRED", "UNAUTHORIZED", "FEATURE_NOT_ENABLED"];
    for status in [303, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 599] {
        for code in codes {
            let error = test_util::failure(status, json!({ "error_code": code }).to_string().as_bytes());
            let is_unknown = error.delivery() == Delivery::Unknown;
            for said in [error.to_string(), error.next_step().to_owned()] {
                let is_careful = said.contains("before you send the request") && !said.contains("fix the request");
                assert_eq!(is_careful, is_unknown, "{status} {code}: {said}");
            }
        }
    }
}

#[test]
fn documented_codes_say_what_they_mean_and_what_to_do() {
    for (status, code, words) in [
        (403, "BAD_ORIGIN", ["allow-list", "api-ns1.juspay.in"]),
        (400, "GATEWAY_NOT_FOUND", ["merchant's configuration", "in the dashboard"]),
        (400, "FEATURE_NOT_ENABLED", ["merchant's configuration", "ask the vendor"]),
        (401, "UNAUTHENTICATED", ["wrong, inactive", "check that the key"]),
        (404, "object_not_found", ["does not know this customer", "check that the customer id"]),
    ] {
        let error = test_util::failure(status, json!({ "error_info": { "code": code } }).to_string().as_bytes());
        assert_eq!(error.code().map(ErrorCode::as_str), Some(code));
        assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
    }
    let payout = br#"{"response":{"errorMessage":"m","error":true,"userMessage":"u","errorCode":"E09"},"code":404}"#;
    let error = test_util::failure(404, payout);
    assert_eq!(error.code().map(ErrorCode::as_str), Some("E09"));
    assert_eq!((error.unmasked_user_message(), error.unmasked_developer_message()), (Some("u"), Some("m")));
}

#[tokio::test]
async fn a_single_account_is_active_only_if_it_identifies_the_payee() {
    for (details, kind) in [
        (json!({ "ifsc": IFSC, "account": NUMBER }), MatchKind::Exact),
        (json!({ "ifsc": IFSC, "account": "XXXXXXXXXXXXX1191" }), MatchKind::Partial),
        (json!({ "ifsc": IFSC, "account": 26_291_800_001_191_u64 }), MatchKind::Partial),
        (json!({ "ifsc": "HDFC0XXXXXX", "account": "*************1191" }), MatchKind::Partial),
        (json!({ "ifsc": "UTIB0000053", "account": NUMBER }), MatchKind::Unidentified),
        (json!({ "ifsc": IFSC, "account": "*****************" }), MatchKind::Unidentified),
        (json!({ "ifsc": IFSC }), MatchKind::Unidentified),
        (json!({}), MatchKind::Unidentified),
        (json!({ "ifsc": IFSC, "account": "XXXXXXXXXXXXX1190" }), MatchKind::Missing),
        (json!({ "vpa": "a@upi" }), MatchKind::Missing),
    ] {
        let server = FaultServer::start(vec![ok(json!([account(details.clone())]).to_string())]).await;
        let accounts = client(&server.url()).validate(&request()).await.unwrap();
        let matched = accounts.matched(&request()).remove(0);
        assert_eq!(matched.kind, kind, "{details}");
        assert_eq!(matched.is_active(), matches!(kind, MatchKind::Exact | MatchKind::Partial), "{details}");
    }
}

/// A server that sends each response twice, the second a little late and without any identification. On a reused
/// connection, the next call may read it.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_second_response_is_nobodys_and_never_active() {
    let failure = json!([{ "validation_status": "FAILURE", "account_details": { "ifsc": IFSC, "account": NUMBER } }]);
    let first = response("200 OK", &[], failure.to_string());
    let second = response("200 OK", &[], r#"[{"validation_status":"ACTIVE"}]"#);
    let scripts = (0..400).map(|call: u64| {
        let late = Duration::from_micros(200 + call % 8 * 100);
        vec![Read, first.clone(), Pause(late), second.clone(), Keep]
    });
    let server = FaultServer::start(scripts.collect()).await;
    let client = client(&server.url());
    let mut unidentified = 0;
    for _ in 0..400 {
        // A broken connection is an unknown outcome, and not the subject of this test.
        let Ok(accounts) = client.validate(&request()).await else { continue };
        let matched = accounts.matched(&request()).remove(0);
        assert!(!matched.is_active(), "{accounts:?}");
        unidentified += usize::from(matched.kind == MatchKind::Unidentified);
    }
    println!("{unidentified} of 400 calls read the response of another");
}

fn wait_policy() -> WaitPolicy {
    WaitPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(2))
}

#[tokio::test]
async fn an_id_with_another_customer_or_account_is_a_contradiction() {
    let own = json!({ "customer_account_id": "banh_1", "customer_id": "cst_1", "validation_status": "PENDING",
        "account_details": { "ifsc": IFSC, "account": NUMBER } });
    for (changed, is_taken) in [
        (json!({}), true),
        (json!({ "account_details": { "ifsc": IFSC, "account": "XXXXXXXXXXXXX1191" } }), true),
        (json!({ "customer_id": "CST_1", "account_details": { "account": "26291800001191" } }), true),
        (json!({ "customer_id": "cst_2" }), false),
        (json!({ "account_details": { "ifsc": IFSC, "account": "99999999999" } }), false),
        (json!({ "account_details": { "ifsc": IFSC, "account": "XXXXXXXXXXXXX1192" } }), false),
        (json!({ "account_details": { "vpa": "a@upi" }, "customer_account_type": "UPI" }), true),
    ] {
        let mut read = own.clone();
        read["validation_status"] = "ACTIVE".into();
        read.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        let server = FaultServer::start(vec![ok(read.to_string())]).await;
        let mut known: [CustomerAccount; 1] = [serde_json::from_value(own.clone()).unwrap()];
        let outcome = client(&server.url()).wait(&Customer::from(&request()), &mut known, wait_policy()).await;
        assert_eq!(known[0].is_active(), is_taken, "{changed}");
        assert_eq!(matches!(outcome, WaitOutcome::Contradicted), !is_taken, "{changed}: {outcome:?}");
    }
}

#[tokio::test]
async fn reconcile_and_wait_go_on_after_their_state_was_stored() {
    fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
        serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
    }
    let sandbox = Sandbox::builder().fault("reset".parse::<Fault>().unwrap()).start().await.unwrap();
    let client = client(&sandbox.url());
    let error = client.validate(&request()).await.unwrap_err();
    sandbox.heal();
    let mut state = ReconcileState::new(error.sent_at().unwrap(), ReconcilePolicy::default());
    let Step::CheckAgainAt(moment) = client.reconcile_once(&request(), &mut state).await.unwrap() else { panic!() };
    let mut state = stored(&state);
    let sent = sandbox.requests();
    let early = client.reconcile_once(&request(), &mut state).await.unwrap();
    assert!(matches!(early, Step::CheckAgainAt(again) if again == moment) && sandbox.requests() == sent);
    // Pretend that the state was stored an hour ago.
    let mut aged = serde_json::to_value(state).unwrap();
    let since = aged["missing_since"]["secs_since_epoch"].as_u64().unwrap();
    aged["missing_since"]["secs_since_epoch"] = json!(since - 3600);
    let mut state: ReconcileState = serde_json::from_value(aged).unwrap();
    let Step::Settled(found) = client.reconcile_once(&request(), &mut state).await.unwrap() else { panic!() };
    assert!(matches!(found[0].outcome, ReconcileOutcome::Absent));

    let sandbox = Sandbox::builder().pending(Pending::ActiveAfter(2)).start().await.unwrap();
    let client = self::client(&sandbox.url());
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("pending@upi").build().unwrap();
    let mut accounts = client.validate(&request).await.unwrap().into_inner();
    let (customer, mut state) = (Customer::from(&request), WaitState::new(wait_policy()));
    let outcome = loop {
        (state, accounts) = (stored(&state), stored(&accounts));
        match client.wait_once(&customer, &mut accounts, &mut state).await {
            Step::Settled(outcome) => break outcome,
            Step::CheckAgainAt(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    assert!(matches!(outcome, WaitOutcome::Finished) && accounts[0].is_active() && state.rounds() == 2);
}

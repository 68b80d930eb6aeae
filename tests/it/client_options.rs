//! The options of a client: limits, a rate, headers, and an early stop. Also what a success says about its call.

use std::time::{Duration, SystemTime};

use contract_tests::behaviours::{ACCOUNT, later, ok, status};
use contract_tests::faults::Step::{Read, Send};
use contract_tests::faults::{FaultServer, Full, response};
use juspay_accounts::{
    Customer, CustomerAccount, Delivery, ErrorKind, ReconcilePolicy, ReconcileState, RetryPolicy, WaitOutcome,
    WaitPolicy,
};
use serde_json::{Value, json};

use super::money::{IFSC, NUMBER, account, builder, client, request};

/// Four megabytes of empty objects would become half a gigabyte of accounts.
#[tokio::test]
async fn a_list_of_countless_accounts_is_refused_unread() {
    let server = FaultServer::start(vec![ok(format!("[{}{{}}]", "{},".repeat(1_300_000)))]).await;
    let customer = Customer::from(&request());
    let error = client(&server.url()).list(&customer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "it has far more accounts than expected");

    assert_eq!(error.attempts(), 1, "it would be as long again");

    let many: Vec<_> = (0..4_000).map(|_| account(json!({ "ifsc": IFSC, "account": NUMBER }))).collect();
    let server = FaultServer::start(vec![ok(Value::from(many).to_string())]).await;
    assert_eq!(client(&server.url()).list(&customer).await.unwrap().len(), 4_000);
}

#[tokio::test]
async fn a_stopped_client_sends_nothing_more() {
    let server = FaultServer::start(vec![later("429 Too Many Requests", "3")]).await;
    let client = client(&server.url());
    let (waiting, request) = (client.clone(), request());
    let call = async { waiting.validate(&request).await };
    let stop = async {
        while server.seen().requests.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.stop();
    };
    let began = std::time::Instant::now();
    let (result, ()) = tokio::join!(call, stop);
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.delivery(), error.attempts()), (ErrorKind::Stopped, Delivery::NotSent, 1));
    assert!(error.sent_at().is_some() && began.elapsed() < Duration::from_secs(2));
    let error = client.with_attempt_timeout(Duration::from_secs(1)).validate(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.seen().requests.len()), (ErrorKind::Stopped, 0, 1));

    // An unknown outcome of an earlier attempt stays unknown.
    let server = FaultServer::start(vec![vec![Read]]).await;
    let slow = RetryPolicy::default().initial_backoff(Duration::from_secs(5)).dangerously_retry_unknown_outcomes(true);
    let client = builder(&server.url()).retry(slow).build().unwrap();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        client.stop();
    };
    let error = tokio::join!(client.validate(&request), stop).0.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Stopped, Delivery::Unknown));

    // A stop also ends an attempt to connect, even the last one.
    let full = Full::start(Duration::from_millis(200)).await;
    let client = builder(&full.url()).retry(RetryPolicy::disabled()).build().unwrap();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.stop();
    };
    let error = tokio::join!(client.validate(&request), stop).0.unwrap_err();
    assert_eq!((error.kind(), error.delivery(), error.attempts()), (ErrorKind::Stopped, Delivery::NotSent, 1));
}

/// It does not sleep to the end of the settling time, or until the next reading.
#[tokio::test]
async fn a_stopped_client_ends_reconcile_and_wait() {
    let server = FaultServer::start(vec![ok("[]")]).await;
    let client = client(&server.url());
    let stop = async {
        while server.seen().requests.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        client.stop();
    };
    let (request, policy) = (request(), WaitPolicy::default().initial_backoff(Duration::from_secs(30)));
    let (customer, state) =
        (Customer::from(&request), ReconcileState::new(SystemTime::now(), ReconcilePolicy::default()));
    let pending = r#"{"customer_account_id":"banh_1","validation_status":"PENDING"}"#;
    let mut accounts = [serde_json::from_str::<CustomerAccount>(pending).unwrap()];
    let work = async { tokio::join!(client.reconcile(&request, state), client.wait(&customer, &mut accounts, policy)) };
    let (ended, ()) = tokio::join!(tokio::time::timeout(Duration::from_secs(20), work), stop);
    let (found, outcome) = ended.unwrap();
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Stopped);
    assert!(matches!(&outcome, WaitOutcome::Refused(error) if error.kind() == ErrorKind::Stopped), "{outcome:?}");
    assert_eq!(server.seen().requests.len(), 1);
}

/// The clock jumps from wait to wait. The limit covers retries and clones.
#[tokio::test(start_paused = true)]
async fn the_rate_limit_is_one_for_all_clones_and_attempts() {
    let server = FaultServer::start(vec![later("429 Too Many Requests", "0"), ok(format!("[{ACCOUNT}]"))]).await;
    let client = builder(&server.url()).rate_limit(0.1).build().unwrap();
    let began = tokio::time::Instant::now();
    client.validate(&request()).await.unwrap();
    assert_eq!((began.elapsed().as_secs(), server.seen().requests.len()), (10, 2));
    let (one, other, request) = (client.clone(), client.with_retry(RetryPolicy::disabled()), request());
    let (first, second) = tokio::join!(one.validate(&request), other.validate(&request));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(began.elapsed().as_secs(), 30);
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(builder(&server.url()).rate_limit(rate).build().unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

/// A call may wait for its turn for longer than its time limit. A request that is given up as soon as it is sent could
/// still be paid for.
#[tokio::test(start_paused = true)]
async fn the_time_for_a_call_begins_with_its_turn() {
    let accounts = ok(format!("[{ACCOUNT}]"));
    let server = FaultServer::start(vec![accounts.clone(), later("429 Too Many Requests", "0"), accounts]).await;
    let client = builder(&server.url()).rate_limit(0.001).call_timeout(Duration::from_mins(2)).build().unwrap();
    let request = request();
    let (first, second) = tokio::join!(client.validate(&request), client.validate(&request));
    assert_eq!((first.unwrap().attempts(), second.unwrap().attempts()), (1, 2));
}

#[tokio::test]
async fn headers_of_a_client_and_of_a_call_are_sent_and_ours_are_not_replaced() {
    let server = contract_tests::wire::Recorder::start("200 OK", "[]").await;
    let client =
        builder(&server.url()).merchant_id("shop").api_version("2023-08-01").header("x-trace", "t1").build().unwrap();
    let reseller = client.with_merchant_id("other").unwrap();
    for (client, merchant) in [(&client, "shop"), (&reseller, "other")] {
        client.validate(&request()).await.unwrap();
        let received = server.request().await;
        let sent = ["x-merchantid", "version", "x-trace"].map(|name| received.header(name));
        assert_eq!(sent, [vec![merchant], vec!["2023-08-01"], vec!["t1"]]);
    }
    let raw = client.raw().list_customer_accounts().customer_id("cst_1").x_routing_id("cst_1");
    raw.x_merchantid("third".parse::<juspay_accounts_validation::MerchantId>().unwrap()).send().await.unwrap();
    let received = server.request().await;
    assert_eq!(received.header("x-merchantid"), ["third"], "a header of the call replaces one of the client");
    for (name, value) in [
        ("Authorization", "x"),
        ("x-routing-id", "x"),
        ("host", "x"),
        ("accept-encoding", "gzip"),
        ("a b", "x"),
        ("x-a", "a\nb"),
        ("x-merchantid", "my shop"),
        ("version", ""),
    ] {
        assert_eq!(builder(&server.url()).header(name, value).build().unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert!(client.with_header(name, value).is_err(), "{name}");
    }
    let preview = client.preview(&request()).unwrap();
    assert!(server.saw_nothing().await, "a preview is not sent");
    insta::assert_snapshot!(preview.to_string().replace(&server.url(), "http://server"), @r#"
    POST http://server/customers/cst_1/accounts
    accept: application/json
    authorization: Basic ****
    content-type: application/x-www-form-urlencoded
    user-agent: juspay-accounts/0.1.0
    version: 2023-08-01
    x-merchantid: shop
    x-routing-id: cst_1
    x-trace: ****

    account_details={"bank_account":[{"account":"****1191","ifsc":"HDFC0000053"}]}
    bank_code=JP_HDFC
    command=validate
    customer_id=cst_1
    "#);
    assert!(!format!("{preview:?} {}", serde_json::to_string(&preview).unwrap()).contains("0002629"));
    assert!(preview.unmasked().to_string().contains(NUMBER));
}

#[tokio::test]
async fn a_success_has_its_request_id_and_its_attempts() {
    let with_id = |id: &str| vec![Read, response("200 OK", &[("x-request-id", id)], format!("[{ACCOUNT}]"))];
    let server = FaultServer::start(vec![status("429 Too Many Requests", ""), with_id("req-7")]).await;
    let accounts = client(&server.url()).validate(&request()).await.unwrap();
    assert_eq!((accounts.attempts(), accounts.request_id()), (2, Some("req-7")));
    for secret in [NUMBER, "token-of-a-gateway", "word-of-a-call"] {
        let server = FaultServer::start(vec![with_id(secret), vec![Send(Vec::new())]]).await;
        let client = builder(&server.url()).header("x-gateway", "token-of-a-gateway").build().unwrap();
        let client = client.with_header("x-call", "word-of-a-call").unwrap();
        assert_eq!(client.validate(&request()).await.unwrap().request_id(), None, "{secret}");
    }
}

//! Protects money against servers that make it easy to pay twice, or to treat an account as valid without a validation.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::{Duration, SystemTime};

use contract_tests::behaviours::{ACCOUNT, later, ok, status};
use contract_tests::faults::Step::{Keep, Pause, Read, Send};
use contract_tests::faults::{FaultServer, answer};
use juspay_accounts::{
    AccountsRequest, Ambiguity, ApiKey, BaseUrl, Client, ClientBuilder, Customer, CustomerAccount, Delivery,
    Environment, ErrorCode, ErrorKind, MatchKind, ReconcileOutcome, ReconcilePolicy, ReconcileState, RetryPolicy, Step,
    WaitOutcome, WaitPolicy, WaitState, test_util,
};
use juspay_accounts_sandbox::{Fault, Pending, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const IFSC: &str = "HDFC0000053";
const NUMBER: &str = "00026291800001191";

fn request() -> AccountsRequest {
    AccountsRequest::builder("cst_1", "JP_HDFC").bank_account(IFSC, NUMBER).build().unwrap()
}

fn builder(url: &str) -> ClientBuilder {
    let quick = RetryPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_secs(5));
    Client::builder(url.parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).retry(quick)
}

fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// An account of a response, with a validation date later than any test.
#[allow(clippy::needless_pass_by_value, reason = "it is given as it is written down")]
fn account(details: Value) -> Value {
    json!({
        "customer_account_id": "banh_1", "validation_status": "ACTIVE", "last_validated": "2099-01-01T00:00:00Z",
        "account_details": details,
    })
}

#[test]
fn a_duplicate_is_never_reported_as_refused() {
    let envelope = br#"{"error_info":{"code":"DUPLICATE_REQUEST"}}"#;
    for status in (300..=599).filter(|status| *status != 304) {
        let error = test_util::failure(status, envelope);
        assert_eq!((error.delivery(), error.is_retryable()), (Delivery::Unknown, false), "{status}");
        assert!(error.may_have_moved_money(), "{status}");
    }
    let error = test_util::failure(400, envelope);
    assert_eq!((error.kind(), error.code()), (ErrorKind::Duplicate, Some(&ErrorCode::DuplicateRequest)));
    insta::assert_snapshot!(error, @"another request for the same thing is being processed, and that one may pay; reconcile, or look at the customer's accounts, before you send it again (status 400, code DUPLICATE_REQUEST)");
    insta::assert_snapshot!(test_util::failure(409, b""), @"another request for the same thing is being processed, and that one may pay; reconcile, or look at the customer's accounts, before you send it again (status 409)");
}

/// For any response, a message about an unknown outcome never suggests to send the request again or to fix it.
#[test]
fn no_advice_pays_twice() {
    let codes = ["DUPLICATE_REQUEST", "INVALID_INPUT", "BAD_ORIGIN", "EXPIRED", "UNAUTHORIZED", "FEATURE_NOT_ENABLED"];
    for status in [303, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 599] {
        for code in codes {
            let error = test_util::failure(status, json!({ "error_code": code }).to_string().as_bytes());
            let is_unknown = error.delivery() == Delivery::Unknown;
            for said in [error.to_string(), error.next_step().to_owned()] {
                let is_careful = said.contains("before you send it again") && !said.contains("fix the request");
                assert_eq!(is_careful, is_unknown, "{status} {code}: {said}");
            }
        }
    }
}

#[test]
fn documented_codes_say_what_they_mean_and_what_to_do() {
    for (status, code, words) in [
        (403, "BAD_ORIGIN", ["allow-list", "api-ns1.juspay.in"]),
        (400, "GATEWAY_NOT_FOUND", ["merchant's configuration", "dashboard or vendor"]),
        (400, "FEATURE_NOT_ENABLED", ["merchant's configuration", "ask the vendor"]),
        (401, "UNAUTHENTICATED", ["wrong, inactive", "check the key"]),
        (404, "object_not_found", ["no such customer", "check the customer id"]),
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

async fn reconciled(list: &Value, policy: ReconcilePolicy) -> ReconcileOutcome {
    let server = FaultServer::start(vec![ok(list.to_string())]).await;
    let state = ReconcileState::new(SystemTime::now(), policy.settle(Duration::ZERO));
    client(&server.url()).reconcile(&request(), state).await.unwrap().remove(0).outcome
}

/// Accounts that differ from the payee in each of these ways, and in several at once.
#[tokio::test]
async fn no_account_is_absent_while_a_listed_one_could_be_it() {
    let policy = ReconcilePolicy::default();
    for ifsc in [IFSC, "UTIB0000053", "HDFC0XXXXXX", ""] {
        for number in [NUMBER, "26291800001191", "XXXXXXXXXXXXX1191", "*************", "1191", "tok_5f2c90ab13", ""] {
            let outcome = reconciled(&json!([account(json!({ "ifsc": ifsc, "account": number }))]), policy).await;
            let is_exact = (ifsc, number) == (IFSC, NUMBER);
            match outcome {
                ReconcileOutcome::Created(_) => assert!(is_exact, "{ifsc} {number}"),
                ReconcileOutcome::Ambiguous { reason: Ambiguity::Unidentified, .. } => assert!(!is_exact),
                other => panic!("{ifsc} {number}: {other:?}"),
            }
        }
    }
    // Only an account that clearly differs counts as a different one.
    let other = json!([account(json!({ "ifsc": IFSC, "account": "99999999999" })), account(json!({ "vpa": "a@upi" }))]);
    assert!(matches!(reconciled(&other, policy).await, ReconcileOutcome::Absent));
}

#[tokio::test]
async fn a_bare_array_proves_absence_only_if_it_is_too_short_to_be_a_page() {
    let others = |count: u64| {
        let numbers =
            (0..count).map(|number| account(json!({ "ifsc": IFSC, "account": (5_000_000 + number).to_string() })));
        Value::from(numbers.collect::<Vec<_>>())
    };
    let policy = ReconcilePolicy::default();
    for (list, policy, is_absent) in [
        (others(9), policy, true),
        (others(10), policy, false),
        (others(10), policy.smallest_page(50), true),
        (others(5), policy.smallest_page(5), false),
        (json!({ "list": others(60), "total": 60 }), policy, true),
        (json!({ "list": others(9) }), policy, false),
    ] {
        match reconciled(&list, policy).await {
            ReconcileOutcome::Absent => assert!(is_absent, "{list}"),
            ReconcileOutcome::Ambiguous { reason: Ambiguity::Incomplete, .. } => assert!(!is_absent, "{list}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_only_account_is_matched_by_what_it_shows_and_marked() {
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
    let first = answer("200 OK", &[], failure.to_string());
    let second = answer("200 OK", &[], r#"[{"validation_status":"ACTIVE"}]"#);
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
        let known: CustomerAccount = serde_json::from_value(own.clone()).unwrap();
        let report = client(&server.url()).wait(&Customer::from(&request()), [known], wait_policy()).await;
        assert_eq!(report.accounts[0].is_active(), is_taken, "{changed}");
        assert_eq!(matches!(report.outcome, WaitOutcome::Contradicted), !is_taken, "{changed}: {report:?}");
    }
}

/// A server closes idle connections at an unknown time, so only recently used ones are reused.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_used_again_only_a_moment_later() {
    let account = vec![Read, answer("200 OK", &[], format!("[{ACCOUNT}]")), Keep];
    let server = FaultServer::start(vec![account]).await;
    let client = client(&server.url());
    for (pause, connections) in [(0, 1), (200, 1), (1200, 2), (0, 2), (1200, 3)] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        client.validate(&request()).await.unwrap();
        assert_eq!(server.seen().connections, connections, "after {pause} ms");
        // Gives the client time to return the connection to the pool.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Measures benefit and cost: payments around the time at which a server closes an idle connection.
/// `cargo test -p contract-tests --test it -- --ignored --nocapture idle`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of 25 seconds"]
async fn idle_connections_are_measured() {
    const CLOSED_AFTER: Duration = Duration::from_secs(2);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrived = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = arrived.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = counted.clone();
            tokio::spawn(async move {
                let body = format!("[{ACCOUNT}]");
                let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let mut request = [0; 4096];
                while let Ok(Ok(1..)) = tokio::time::timeout(CLOSED_AFTER, stream.read(&mut request)).await {
                    counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    stream.write_all(response.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let (mut unknown, mut elapsed, calls) = (0, Duration::ZERO, 5_000);
    let clients = (0..calls / 10).map(|client: u64| {
        let made = self::client(&url);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(client * 4)).await;
            let (mut unknown, mut elapsed) = (0, Duration::ZERO);
            for call in 0..10 {
                let began = std::time::Instant::now();
                unknown += usize::from(made.validate(&request()).await.is_err());
                elapsed += began.elapsed();
                let about = CLOSED_AFTER.mul_f64(0.9985) + Duration::from_micros((client * 10 + call) % 97 * 60);
                tokio::time::sleep(about).await;
            }
            (unknown, elapsed)
        })
    });
    for client in clients.collect::<Vec<_>>() {
        let (one, took) = client.await.unwrap();
        unknown += one;
        elapsed += took;
    }
    let arrived = arrived.load(std::sync::atomic::Ordering::Relaxed);
    println!(
        "{calls} payments: {unknown} unknown, {arrived} arrived, {:?} each",
        elapsed / u32::try_from(calls).unwrap()
    );
}

/// The key is sent in clear text to this machine only, whatever a DNS server says.
#[tokio::test]
async fn localhost_is_this_machine_whatever_dns_says() {
    let server = FaultServer::start(vec![ok(format!("[{ACCOUNT}]"))]).await;
    let port = server.url().rsplit_once(':').unwrap().1.parse().unwrap();
    let elsewhere = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port))).await.unwrap();
    let astray = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port));
    let client =
        builder(&format!("http://localhost:{port}")).http(|http| http.resolve("localhost", astray)).build().unwrap();
    client.validate(&request()).await.unwrap();
    assert_eq!(server.seen().requests.len(), 1);
    assert!(tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await.is_err());
}

/// Whether a client for production can be built. The next test runs this one with proxies in its environment.
#[test]
fn a_client_for_production_can_be_made() {
    if let Err(error) = Client::new(Environment::Production, ApiKey::new("key").unwrap()) {
        panic!("{error}: {}", std::error::Error::source(&error).unwrap());
    }
}

#[test]
fn an_unusable_proxy_is_an_error_and_not_a_direct_connection() {
    for (name, value, is_usable) in [
        ("HTTPS_PROXY", "http://proxy.internal:3128", true),
        ("HTTPS_PROXY", "proxy.internal:3128", true),
        ("HTTPS_PROXY", "", true),
        ("HTTPS_PROXY", "http://", false),
        ("https_proxy", "proxy internal", false),
        ("ALL_PROXY", "ftp://proxy.internal", false),
        ("all_proxy", "/etc/proxy", false),
    ] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
            child.env_remove(name);
        }
        let output =
            child.args(["--exact", "money::a_client_for_production_can_be_made"]).env(name, value).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("running 1 test"), "{printed}");
        assert_eq!(output.status.success(), is_usable, "{name}={value}: {printed}");
        assert_eq!(printed.contains(&format!("{name} is not the address of a proxy")), !is_usable, "{printed}");
    }
}

/// Four megabytes of empty objects would become half a gigabyte of accounts.
#[tokio::test]
async fn a_list_of_countless_accounts_is_refused_unread() {
    let server = FaultServer::start(vec![ok(format!("[{}{{}}]", "{},".repeat(1_300_000)))]).await;
    let customer = Customer::from(&request());
    let error = client(&server.url()).list(&customer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "it has far more accounts than were asked for");

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
    let slow = RetryPolicy::default().initial_backoff(Duration::from_secs(5)).dangerously_retry_unknown_outcomes();
    let client = builder(&server.url()).retry(slow).build().unwrap();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        client.stop();
    };
    let error = tokio::join!(client.validate(&request), stop).0.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Stopped, Delivery::Unknown));
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

#[tokio::test]
async fn what_was_validated_since_is_not_paid_for_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox.url());
    let since = SystemTime::now();
    let drops = |ifsc: &str, number: &str| {
        sandbox.penny_drops(&"cst_1".parse().unwrap(), &ifsc.parse().unwrap(), &number.parse().unwrap())
    };
    let first = client.validate_unless(&request(), since).await.unwrap();
    assert!(first.unsent.is_empty() && first.sent.is_some());
    let both = AccountsRequest::builder("cst_1", "JP_HDFC")
        .bank_account(IFSC, NUMBER)
        .bank_account("YESB0000262", "026291800001190");
    let both = both.build().unwrap();
    let second = client.validate_unless(&both, since).await.unwrap();
    assert!(matches!(second.unsent[0].outcome, ReconcileOutcome::Created(_)));
    let (sent, accounts) = second.sent.unwrap();
    assert_eq!((sent.bank_accounts().len(), accounts.matched(&sent)[0].kind), (1, MatchKind::Exact));
    let third = client.validate_unless(&both, since).await.unwrap();
    assert!(third.sent.is_none() && third.unsent.len() == 2);
    assert_eq!([drops(IFSC, NUMBER), drops("YESB0000262", "026291800001190")], [1, 1]);
    // The validation is from before this time, so another one is due.
    let later = SystemTime::now() + Duration::from_mins(2);
    assert!(client.validate_unless(&request(), later).await.unwrap().sent.is_some());

    // An account that may belong to the payee is not paid for.
    let masked = json!([account(json!({ "ifsc": IFSC, "account": "XXXXXXXXXXXXX1191" }))]);
    let server = FaultServer::start(vec![ok(masked.to_string())]).await;
    let unclear = self::client(&server.url()).validate_unless(&request(), since).await.unwrap();
    assert!(unclear.sent.is_none() && server.seen().forms == 0);
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
    assert_eq!(received.header("x-merchantid"), ["third"], "what a call was given itself counts");
    for (name, value) in [
        ("Authorization", "x"),
        ("x-routing-id", "x"),
        ("host", "x"),
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
    let with_id = |id: &str| vec![Read, answer("200 OK", &[("x-request-id", id)], format!("[{ACCOUNT}]"))];
    let server = FaultServer::start(vec![status("429 Too Many Requests", ""), with_id("req-7")]).await;
    let accounts = client(&server.url()).validate(&request()).await.unwrap();
    assert_eq!((accounts.attempts(), accounts.request_id()), (2, Some("req-7")));
    let server = FaultServer::start(vec![with_id(NUMBER), vec![Send(Vec::new())]]).await;
    let accounts = client(&server.url()).validate(&request()).await.unwrap();
    assert_eq!(accounts.request_id(), None);
}

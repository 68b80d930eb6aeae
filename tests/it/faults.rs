//! How the client handles servers that misbehave: the kind of the error, whether the request may have been processed,
//! and above all how often it was sent.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use contract_tests::behaviours::{self, ACCOUNT, TOO_MANY, later, ok, status, text};
use contract_tests::faults::Step::{Hang, Read, ReadSome};
use contract_tests::faults::{FaultServer, Full, response};
use futures_util::{StreamExt as _, stream};
use juspay_accounts::{
    Accounts, AccountsRequest, ApiKey, BaseUrl, Client, ClientBuilder, Delivery, Error, ErrorCode, RetryPolicy,
};

/// For behaviours that end only at this limit. They all run at once, so they take this long together. The limit is long
/// enough for everything before it, even on a busy machine.
const SHORT: Duration = Duration::from_secs(5);

/// For all other behaviours: they end before this limit, even on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// The limit for a call with all its attempts. A call that is still running a while after this never ends.
const DEADLINE: Duration = Duration::from_mins(1);
const NEVER: Duration = Duration::from_secs(90);

const AT_A_TIME: usize = 8;

const CUSTOMER: &str = "cst_of_nobody";

fn request() -> AccountsRequest {
    AccountsRequest::builder(CUSTOMER, "JP_HDFC").bank_account("YESB0000262", "026291800001191").build().unwrap()
}

fn policy() -> RetryPolicy {
    let first = Duration::from_millis(1);
    RetryPolicy::default().initial_backoff(first).max_backoff(Duration::from_secs(3))
}

pub(super) fn builder(url: &str) -> ClientBuilder {
    let key = ApiKey::new("key-for-faults").unwrap();
    let url: BaseUrl = url.parse().unwrap();
    Client::builder(url, key).attempt_timeout(LONG).call_timeout(DEADLINE).max_response_size(64 * 1024).retry(policy())
}

pub(super) async fn call(client: &Client) -> Result<Accounts, Error> {
    tokio::time::timeout(NEVER, client.validate(&request())).await.expect("a call outlived its deadline")
}

fn line(name: &str, result: &Result<Accounts, Error>, requests: usize) -> String {
    match result {
        Ok(accounts) => format!(
            "{name:<52} | ok: {:<15} | {:<8} | {:<6} | {:<5} | {requests}",
            accounts.len(),
            "",
            "",
            accounts.attempts()
        ),
        Err(error) => {
            let status = error.status().map_or_else(|| "-".to_owned(), |status| status.to_string());
            let (kind, delivery) = (format!("{:?}", error.kind()), error.delivery());
            format!("{name:<52} | {kind:<19} | {delivery:<8} | {status:<6} | {:<5} | {requests}", error.attempts())
        }
    }
}

/// Tests every behaviour: what the server does, what the caller sees, and how many requests the server received.
#[tokio::test(flavor = "multi_thread")]
async fn behaviour_has_its_documented_kind_and_nothing_is_sent_twice() {
    let behaviours = behaviours::all();
    let play = async |hangs: bool, limit, at_a_time| {
        let played = behaviours.iter().enumerate().filter(|(_, behaviour)| behaviour.hangs() == hangs);
        let runs = played.map(|(place, behaviour)| async move {
            let server = FaultServer::start(behaviour.scripts.clone()).await;
            let result = call(&builder(&server.url()).attempt_timeout(limit).build().unwrap()).await;
            (place, (result, server.seen()))
        });
        stream::iter(runs).buffered(at_a_time).collect::<Vec<_>>().await
    };
    let mut results = play(true, SHORT, behaviours.len()).await;
    results.extend(play(false, LONG, AT_A_TIME).await);
    results.sort_by_key(|(place, _)| *place);
    let results: Vec<_> = results.into_iter().map(|(_, result)| result).collect();

    let documented = documented();
    let mut table =
        format!("{:<52} | {:<19} | {:<8} | {:<6} | {:<5} | seen\n", "behaviour", "kind", "delivery", "status", "tried");
    let mut retried = BTreeSet::new();
    for (behaviour, (result, seen)) in behaviours.iter().zip(&results) {
        let name = behaviour.name;
        writeln!(table, "{}", line(name, result, seen.requests.len())).unwrap();
        let Some(case) = behaviour.case else {
            assert!(result.is_ok(), "{name}: {result:?}");
            continue;
        };
        let error = result.as_ref().expect_err(name);
        let row = documented.iter().find(|row| row.case == case).unwrap_or_else(|| panic!("no row for {case}"));
        let found = (format!("{:?}", error.kind()), format!("{:?}", error.delivery()));
        assert_eq!(found, (row.kind.clone(), row.delivery.clone()), "{name}: {error:?}");
        assert!(row.retried || seen.connections == 1, "{name}: {seen:?}");
        assert!(row.retried || error.attempts() == 1, "{name}: {error:?}");
        if error.attempts() > 1 {
            retried.insert(case);
        }
        assert!(!format!("{error} {error:?}").contains(CUSTOMER), "{name}: the URL names the customer");
        // The most important rule: nothing is sent twice, except after status 429.
        assert!(seen.requests.len() <= 1 || error.status() == Some(429), "{name}: {seen:?}");
    }
    assert_eq!(retried, BTreeSet::from([TOO_MANY]));
    let names: BTreeSet<_> = behaviours.iter().map(|behaviour| behaviour.name).collect();
    assert_eq!(names.len(), behaviours.len(), "each behaviour is listed once");
    insta::assert_snapshot!(table);
}

struct Row {
    case: String,
    kind: String,
    delivery: String,
    retried: bool,
}

fn documented() -> Vec<Row> {
    let source = include_str!("../../crates/client/src/error.rs");
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix("/// | ")).skip(1);
    let rows = rows.filter(|row| !row.starts_with("---")).map(|row| {
        let cells: Vec<_> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let [case, kind, delivery, retried] = cells[..] else { panic!("{row}") };
        assert!(matches!(retried, "yes" | "no"), "{row}");
        Row {
            case: case.to_owned(),
            kind: kind.trim_matches('`').to_owned(),
            delivery: delivery.trim_matches('`').to_owned(),
            retried: retried == "yes",
        }
    });
    rows.collect()
}

/// Long enough to see that the server accepts no connection.
const CONNECTING: Duration = Duration::from_millis(200);

/// The rows of the docs in which nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn unsent_request_has_its_documented_kind() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let plain = FaultServer::start(vec![vec![ReadSome, text("HTTP/1.1 400 Bad Request\r\n\r\n")]]).await;
    let not_connected = "no connection, or no connection in time";
    let mut cases = vec![
        (not_connected, "nobody listens", format!("http://{free}")),
        (not_connected, "no TLS there", plain.url().replace("http", "https")),
        (not_connected, "no such host", "https://no-such-host.invalid".to_owned()),
    ];
    let full = Full::start(CONNECTING).await;
    cases.push((not_connected, "the connection takes too long", full.url()));

    let documented = documented();
    let mut seen = BTreeSet::new();
    for (case, name, url) in cases {
        let client = builder(&url).connect_timeout(CONNECTING).build().unwrap();
        let error = call(&client).await.unwrap_err();
        let row = documented.iter().find(|row| row.case == case).unwrap();
        assert_eq!(
            (format!("{:?}", error.kind()), format!("{:?}", error.delivery())),
            (row.kind.clone(), row.delivery.clone()),
            "{name}: {error:?}"
        );
        assert_eq!((row.retried, error.attempts(), error.status()), (true, 3, None), "{name}");
        assert!(error.is_retryable(), "{name}");
        assert!(error.to_string().ends_with(" (3 attempts)"), "{name}: {error}");
        seen.insert(case);
    }
    assert_eq!(plain.seen().requests.len(), 0);

    let local = "the request cannot be made";
    let error = builder("http://127.0.0.1:1").header("authorization", "x").build().unwrap_err();
    assert_eq!((error.kind().as_str(), error.delivery(), error.attempts()), ("invalid_request", Delivery::NotSent, 0));
    seen.insert(local);

    let before = "the client was stopped before an attempt";
    let client = builder("http://127.0.0.1:1").build().unwrap();
    client.stop();
    let error = call(&client).await.unwrap_err();
    assert_eq!((error.kind().as_str(), error.delivery(), error.attempts()), ("stopped", Delivery::NotSent, 0));
    seen.insert(before);

    // Together with the behaviours of servers, these cover every row of the docs.
    seen.extend(behaviours::all().iter().filter_map(|behaviour| behaviour.case));
    assert_eq!(seen, documented.iter().map(|row| row.case.as_str()).collect());
}

/// The client waits as long as the server asks, in either format.
#[tokio::test(flavor = "multi_thread")]
async fn the_wait_that_a_server_asks_for_is_observed() {
    let now = std::time::SystemTime::now();
    let date = httpdate::fmt_http_date(now + Duration::from_secs(2));
    for retry_after in ["1", date.as_str()] {
        let account = ok(format!("[{ACCOUNT}]"));
        let server = FaultServer::start(vec![later("429 Too Many Requests", retry_after), account]).await;
        assert!(call(&builder(&server.url()).build().unwrap()).await.unwrap()[0].is_active());
        let requests = server.seen().requests;
        assert_eq!(requests.len(), 2);
        match httpdate::parse_http_date(retry_after) {
            Ok(date) => assert!(std::time::SystemTime::now() >= date),
            Err(_) => assert!(requests[1] - requests[0] >= Duration::from_secs(1), "{requests:?}"),
        }
    }
}

/// The error has what the caller needs, wherever the server put it.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_says_what_the_server_said() {
    let whole = r#"{"status":"error","error_code":"bad_request","error_info":{"code":"INVALID","category":"USER_ERROR",
        "request_id":"req-of-body","user_message":"for the payer","developer_message":"for the developer",
        "fields":[{"field_name":"bank_code","reason":"unknown"}]}}"#;
    let server = FaultServer::start(vec![vec![
        Read,
        response("429 Too Many Requests", &[("x-request-id", "req-of-header"), ("retry-after", "77")], whole),
    ]])
    .await;
    let error = call(&builder(&server.url()).build().unwrap()).await.unwrap_err();
    assert_eq!(error.code().map(ErrorCode::as_str), Some("INVALID"));
    assert_eq!(error.request_id(), Some("req-of-body"));
    assert_eq!(error.unmasked_user_message(), Some("for the payer"));
    assert_eq!(error.unmasked_developer_message(), Some("for the developer"));
    assert_eq!(error.fields(), [("bank_code".into(), "unknown".into())]);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(77)));
    insta::assert_snapshot!(error, @"the server refused the request because there were too many requests; send it again later (status 429, code INVALID, request req-of-body)");
    insta::assert_snapshot!(error.body_excerpt().unwrap(), @"status 429, no known type, 274 bytes: error_code=bad_request, category=USER_ERROR, code=INVALID, status=error");

    for (script, expected) in [
        (status("503 Service Unavailable", ""), "the server failed; the request may have been processed; reconcile"),
        (ok("null"), "the response cannot be read; the request may have been processed; reconcile"),
        (status("303 See Other", ""), "check the base URL); the request may have been processed; reconcile"),
    ] {
        let server = FaultServer::start(vec![script]).await;
        let error = call(&builder(&server.url()).build().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains(expected) && error.may_have_moved_money(), "{error}");
    }

    // If a success cannot be read, the id comes from its headers.
    for script in [
        vec![Read, response("200 OK", &[("x-response-id", "req-of-header")], "<html>Maintenance</html>")],
        vec![Read, text("HTTP/1.1 200 OK\r\nx-response-id: req-of-header\r\ncontent-length: 9\r\n\r\n[")],
    ] {
        let server = FaultServer::start(vec![script]).await;
        let error = call(&builder(&server.url()).build().unwrap()).await.unwrap_err();
        assert_eq!((error.status(), error.request_id()), (Some(200), Some("req-of-header")), "{error:?}");
    }
}

/// A code with a long number is not printed, as the number can be an account. Ids can have long numbers.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_with_a_long_number_is_not_printed() {
    for (code, is_printed) in [("E_1234", true), ("12-34-56", true), ("E_12345", false), ("0002620000012345", false)] {
        let body = format!(r#"{{"error_info":{{"code":"{code}","request_id":"12345678"}}}}"#);
        let server = FaultServer::start(vec![status("400 Bad Request", &body)]).await;
        let error = call(&builder(&server.url()).build().unwrap()).await.unwrap_err();
        assert_eq!(error.unmasked_code(), Some(code));
        for printed in [error.to_string(), format!("{error:?}")] {
            assert_eq!((printed.contains(code), printed.contains("12345678")), (is_printed, true), "{printed}");
        }
    }
}

/// The caller can accept the risk of paying twice, and the error says so.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_processed_is_sent_again_only_at_the_callers_risk() {
    let risky = policy().dangerously_retry_unknown_outcomes(true);
    let close = || vec![Read];
    for (scripts, seen, kind, delivery) in [
        (vec![close()], 3, Some("Interrupted"), Some(Delivery::Unknown)),
        (vec![status("503 Service Unavailable", "")], 3, Some("Server"), Some(Delivery::Unknown)),
        // The last response is a refusal, but the first attempt may still have been processed.
        (vec![close(), status("400 Bad Request", "")], 2, Some("Rejected"), Some(Delivery::Unknown)),
        (vec![close(), status("429 Too Many Requests", "")], 3, Some("RateLimited"), Some(Delivery::Unknown)),
        (vec![status("400 Bad Request", "")], 1, Some("Rejected"), Some(Delivery::Refused)),
        (vec![close(), ok(format!("[{ACCOUNT}]"))], 2, None, None),
        // The status says that the request was processed, and another response would be as unreadable.
        (vec![ok("null")], 1, Some("Undecodable"), Some(Delivery::Unknown)),
        (vec![ok(" ".repeat(64 * 1024 + 1))], 1, Some("Undecodable"), Some(Delivery::Unknown)),
        (vec![ok(format!("[{}{{}}]", "{},".repeat(20_000)))], 1, Some("Undecodable"), Some(Delivery::Unknown)),
    ] {
        let server = FaultServer::start(scripts).await;
        let result = call(&builder(&server.url()).build().unwrap().with_retry(risky)).await;
        let error = result.err();
        assert_eq!(error.as_ref().map(|error| format!("{:?}", error.kind())).as_deref(), kind);
        assert_eq!(error.as_ref().map(Error::delivery), delivery, "{error:?}");
        assert!(!error.as_ref().is_some_and(Error::is_retryable), "{error:?}");
        assert_eq!(server.seen().requests.len(), seen, "{error:?}");
        // The advice for the last attempt, such as to fix the request and to send it again, would be wrong.
        if let Some(message) = error.filter(|error| error.attempts() > 1).map(|error| error.to_string()) {
            let begins = message.starts_with("an earlier attempt may have been processed; reconcile");
            assert!(begins && !message.contains("fix") && !message.contains("later"), "{message}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_given_up_at_the_limit_of_an_attempt_and_at_the_overall_one() {
    let server = FaultServer::start(vec![vec![Read, Hang]]).await;
    let client = builder(&server.url()).build().unwrap();
    let limit = Duration::from_millis(100);
    let deadline = client.with_call_timeout(limit);
    for client in [client.with_attempt_timeout(limit), deadline] {
        let error =
            tokio::time::timeout(LONG, client.validate(&request())).await.expect("the limit is kept").unwrap_err();
        assert_eq!((error.kind().as_str(), error.delivery()), ("timeout", Delivery::Unknown));
    }
    assert_eq!(server.seen().requests.len(), 2);
}

async fn raw(client: &Client) -> juspay_accounts::generated::Error<()> {
    let details = juspay_accounts::generated::types::AccountDetails::default();
    let operation = client.raw().create_and_validate_customer_account().customer_id("c").x_routing_id("r");
    let operation = operation.body_map(|form| {
        form.command("validate").bank_code("b").account_details(juspay_accounts::generated::json::Json(details))
    });
    operation.send().await.unwrap_err()
}

/// If the next attempt were refused, its error would hide that the first may have been processed.
#[tokio::test(flavor = "multi_thread")]
async fn the_raw_operation_takes_no_risk() {
    let risky = policy().dangerously_retry_unknown_outcomes(true);
    for (first, seen) in [
        (vec![Read], 1),
        (status("503 Service Unavailable", ""), 1),
        (status("429 Too Many Requests", behaviours::DUPLICATE_REQUEST), 1),
        (later("429 Too Many Requests", "0"), 2),
    ] {
        let server = FaultServer::start(vec![first, status("400 Bad Request", "")]).await;
        let error = raw(&builder(&server.url()).retry(risky).build().unwrap()).await;
        assert_eq!(server.seen().requests.len(), seen, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_raw_operation_is_bounded_too() {
    let server = FaultServer::start(vec![ok(" ".repeat(64 * 1024 + 1))]).await;
    let error = raw(&builder(&server.url()).build().unwrap()).await;
    assert_eq!(error.to_string(), "Error: its body is larger than the limit");
}

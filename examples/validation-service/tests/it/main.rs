//! Tests the service with a sandbox, with a mock, and across a restart.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::time::Duration;

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, ErrorKind, MatchKind, ReconcilePolicy, ReconcileState, ValidationStatus,
    WaitPolicy, test_util,
};
use juspay_accounts_mock::{MockServerExt, httpmock::MockServer};
use juspay_accounts_sandbox::{Fault, Outcome as Scripted, Sandbox};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use validation_service::{Outcome, Row, Store, Worker};

const IFSC: &str = "YESB0000262";
const NUMBER: &str = "026291800001191";

fn request() -> AccountsRequest {
    AccountsRequest::builder("cst_1", "JP_HDFC").bank_account(IFSC, NUMBER).build().unwrap()
}

fn worker(url: &str, table: &Path) -> Worker {
    let client = Client::new(url.parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
    let reconcile = ReconcilePolicy::default().settle(Duration::from_millis(20));
    let short = Duration::from_millis(5);
    let wait = WaitPolicy::default().initial_backoff(short).max_backoff(short).timeout(10 * short);
    Worker::new(client, Store::open(table).unwrap()).with_policies(reconcile, wait)
}

fn drops(sandbox: &Sandbox) -> u32 {
    sandbox.penny_drops(&"cst_1".parse().unwrap(), &IFSC.parse().unwrap(), &NUMBER.parse().unwrap())
}

async fn outcome(worker: &Worker, outcome: Outcome) -> Outcome {
    worker.store().insert("a", Row { request: Unmasked(request()), outcome }).unwrap();
    tokio::time::timeout(Duration::from_hours(1), worker.spawn("a".to_owned())).await.unwrap().unwrap();
    worker.store().get("a").unwrap().outcome
}

fn is_active(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Validated { status, matched: MatchKind::Exact, .. } if status == "ACTIVE")
}

/// While the table cannot be written, nothing is sent, and no outcome is lost.
#[tokio::test(start_paused = true)]
async fn a_row_waits_until_the_table_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    let worker = worker(&sandbox.url(), &folder.path().join("table.json"));
    let store = worker.store().clone();
    store.insert("a", Row { request: Unmasked(request()), outcome: Outcome::Queued }).unwrap();
    let in_the_way = folder.path().join("table.next");
    std::fs::create_dir(&in_the_way).unwrap();
    let task = worker.spawn("a".to_owned());
    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!((store.get("a").unwrap().outcome, drops(&sandbox)), (Outcome::Queued, 0));
    std::fs::remove_dir(&in_the_way).unwrap();
    task.await.unwrap();
    assert!(is_active(&store.get("a").unwrap().outcome));
    assert_eq!(drops(&sandbox), 1);
}

/// A rate limit ends without anybody's help.
#[tokio::test(start_paused = true)]
async fn a_row_that_comes_too_soon_is_sent_later() {
    let folder = tempfile::tempdir().unwrap();
    let limited: Fault = "rate-limit=1,next=20".parse().unwrap();
    let sandbox = Sandbox::builder().fault(limited).start().await.unwrap();
    let outcome = outcome(&worker(&sandbox.url(), &folder.path().join("table.json")), Outcome::Queued).await;
    assert!(is_active(&outcome), "{outcome:?}");
    assert_eq!(drops(&sandbox), 1);
}

#[test]
fn a_table_that_is_in_use_is_not_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.json");
    let store = Store::open(&table).unwrap();
    assert!(Store::open(&table).is_err());
    drop(store);
    assert!(Store::open(&table).is_ok());
}

/// The clock is paused, and jumps from wait to wait.
#[tokio::test(start_paused = true)]
async fn a_payee_is_validated_once_whatever_happens_to_the_response() {
    let folder = tempfile::tempdir().unwrap();
    for fault in ["", "reset@before", "reset@after", "status=502@after", "status=409@after"] {
        let mut builder = Sandbox::builder();
        if !fault.is_empty() {
            builder = builder.fault(fault.parse::<Fault>().unwrap());
        }
        let sandbox = builder.start().await.unwrap();
        let worker = worker(&sandbox.url(), &folder.path().join(format!("table of {fault}")));
        let healing = async {
            // After the first call has failed, the list can be read.
            while !fault.is_empty() && sandbox.requests() < 1 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            sandbox.heal();
        };
        let (outcome, ()) = tokio::join!(outcome(&worker, Outcome::Queued), healing);
        assert!(is_active(&outcome), "{fault}: {outcome:?}");
        assert_eq!(drops(&sandbox), 1, "{fault}");
    }
}

/// The response says `PENDING`, and a later reading says how the validation ended. If it does not end in time, a person
/// has to check.
#[tokio::test]
async fn a_pending_validation_is_read_until_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let is_manual: fn(&Outcome) -> bool = |outcome| matches!(outcome, Outcome::Manual { .. });
    for (last, is_expected) in
        [(ValidationStatus::Active, is_active as fn(&_) -> _), (ValidationStatus::Pending, is_manual)]
    {
        let scripted =
            Scripted::of_any().statuses([ValidationStatus::Pending, ValidationStatus::Created, last.clone()]);
        let sandbox = Sandbox::builder().outcome(scripted).start().await.unwrap();
        let worker = worker(&sandbox.url(), &folder.path().join(format!("table of {last}")));
        let outcome = outcome(&worker, Outcome::Queued).await;
        assert!(is_expected(&outcome), "{last}: {outcome:?}");
        assert_eq!(drops(&sandbox), 1, "{last}");
    }
}

/// The service stopped after the row was marked as being sent and before the response was stored.
#[tokio::test]
async fn a_row_that_was_being_sent_is_reconciled_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.json");
    let sandbox = Sandbox::start().await.unwrap();
    let at = std::time::SystemTime::now();
    let before = worker(&sandbox.url(), &table);
    before.store().insert("a", Row { request: Unmasked(request()), outcome: Outcome::Sending { at } }).unwrap();
    let client = Client::new(sandbox.url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
    client.validate(&request()).await.unwrap();
    drop(before);

    let after = worker(&sandbox.url(), &table);
    after.resume();
    let row = async {
        while !after.store().unfinished().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        after.store().get("a").unwrap()
    };
    let row = tokio::time::timeout(Duration::from_secs(10), row).await.unwrap();
    assert!(is_active(&row.outcome), "{:?}", row.outcome);
    assert_eq!((drops(&sandbox), row.request.0), (1, request()));
}

/// A folder that cannot be opened cannot be synced. Root opens every folder, so as root nothing fails.
#[cfg(unix)]
#[test]
fn a_row_that_may_not_survive_a_power_loss_is_not_stored() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.json");
    let store = Store::open(&table).unwrap();
    let row = || Row { request: Unmasked(request()), outcome: Outcome::Queued };
    store.insert("a", row()).unwrap();
    let allow = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o300);
    let can_sync = std::fs::File::open(folder.path()).is_ok();
    let at = std::time::SystemTime::now();
    let results = [store.update("a", &Outcome::Sending { at }).is_ok(), store.insert("b", row()).is_ok()];
    allow(0o700);
    assert_eq!(results, [can_sync; 2]);
    let is_unchanged = |store: &Store| [store.get("a").unwrap().outcome == Outcome::Queued, store.get("b").is_none()];
    assert_eq!(is_unchanged(&store), [!can_sync; 2]);
    drop(store);
    assert_eq!(is_unchanged(&Store::open(&table).unwrap()), [!can_sync; 2]);
}

/// The mock matches a whole request. A response that does not name its payee settles nothing.
#[tokio::test]
async fn a_response_that_names_no_payee_is_checked_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let server = MockServer::start_async().await;
    let account = juspay_accounts::CustomerAccount::default();
    let validate = server.create_and_validate_customer_account(|when, then| {
        when.request(&request());
        then.ok(&vec![account.clone()]);
    });
    server.list_customer_accounts(|_, then| drop(then.ok(&vec![account].into())));
    let outcome = outcome(&worker(&server.base_url(), &folder.path().join("table")), Outcome::Queued).await;
    assert!(matches!(outcome, Outcome::Manual { .. }), "{outcome:?}");
    assert_eq!(validate.calls(), 1);
}

/// Starts the service, and returns a function that sends a payee with this reference and these fields to it. The
/// function returns the response, beginning with the status.
async fn service(worker: Worker) -> impl AsyncFn(&str, serde_json::Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, validation_service::router(worker)).into_future());
    async move |reference: &str, payee: serde_json::Value| {
        let mut body = json!({ "customer_id": "cst_1", "bank_code": "JP_HDFC" });
        body.as_object_mut().unwrap().extend(payee.as_object().unwrap().clone());
        let body = body.to_string();
        let head = format!(
            "PUT /validations/{reference} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        connection.write_all([head, body].concat().as_bytes()).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        response.trim_start_matches("HTTP/1.1 ").to_owned()
    }
}

/// A part of a bank account is not left out, because the caller meant to have it validated.
#[tokio::test]
async fn half_a_bank_account_beside_an_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    let worker = worker(&sandbox.url(), &folder.path().join("table"));
    let put = service(worker.clone()).await;
    for (part, status) in [
        (json!({ "vpa": "a@upi", "ifsc": IFSC }), "400"),
        (json!({ "vpa": "a@upi", "account": NUMBER }), "400"),
        (json!({ "vpa": "a@upi" }), "202"),
    ] {
        assert!(worker.store().get("a").is_none());
        let response = put("a", part).await;
        assert!(response.starts_with(status), "{response}");
    }
}

/// A caller that has lost a response sends its payee again, with the same reference.
#[tokio::test]
async fn the_same_reference_is_paid_once_and_a_refused_one_can_be_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().fault("status=400,nth=1".parse::<Fault>().unwrap()).start().await.unwrap();
    let worker = worker(&sandbox.url(), &folder.path().join("table"));
    let (put, store) = (service(worker.clone()).await, worker.store());
    let ended = async || {
        while !store.unfinished().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let payee = json!({ "ifsc": IFSC, "account": NUMBER });
    for (status, paid) in [("202", 0), ("202", 1), ("200", 1), ("200", 1)] {
        let response = put("order-7", payee.clone()).await;
        assert!(response.starts_with(status), "{response}");
        ended().await;
        assert_eq!(drops(&sandbox), paid);
    }
    let response = put("order-7", json!({ "vpa": "a@upi" })).await;
    assert!(response.starts_with("409"), "{response}");
    assert!(is_active(&store.get("order-7").unwrap().outcome));
}

/// Needs no server: the outcome of each kind of failure is stored and read back.
#[test]
fn the_outcome_of_each_failure_is_read_back() {
    for kind in ErrorKind::ALL {
        let error = test_util::error(*kind);
        let state = ReconcileState::from(&error);
        let outcome = Outcome::Unknown { state, request_id: error.request_id().map(str::to_owned) };
        let stored = serde_json::to_string(&outcome).unwrap();
        assert_eq!(serde_json::from_str::<Outcome>(&stored).unwrap(), outcome, "{stored}");
    }
}

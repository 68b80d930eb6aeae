//! The state file of the sandbox, and its Rust API.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use juspay_accounts::{Accounts, AccountsRequest, ApiKey, BaseUrl, Client, Customer, RetryPolicy, ValidationStatus};
use juspay_accounts_sandbox::{Builder, EndedBy, Fault, FaultKind, Operation, Outcome, Received, Sandbox};
use serde_json::{Value, json};

use crate::sandbox_control::Control;

fn client(sandbox: &Sandbox) -> Client {
    let url: BaseUrl = sandbox.url().parse().unwrap();
    Client::builder(url, ApiKey::new("key").unwrap()).retry(RetryPolicy::disabled()).build().unwrap()
}

fn request() -> AccountsRequest {
    AccountsRequest::builder("cst_1", "JP_HDFC").upi("pending@upi").build().unwrap()
}

fn id() -> juspay_accounts_validation::CustomerId {
    "cst_1".parse().unwrap()
}

async fn with(file: &Path) -> Sandbox {
    Sandbox::builder().state_file(file).start().await.unwrap()
}

#[tokio::test]
async fn a_state_file_is_written_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let sandbox = with(&file).await;
    client(&sandbox).validate(&request()).await.unwrap();
    sandbox.advance(Duration::from_hours(1));
    sandbox.set_faults(&["status=503,next=1".parse().unwrap()]);
    // The file is written within a moment, however the program ends afterwards.
    while std::fs::read_to_string(&file).unwrap_or_default() != sandbox.snapshot() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let snapshot = sandbox.snapshot();
    drop(sandbox);
    let sandbox = with(&file).await;
    assert_eq!(sandbox.snapshot(), snapshot);
    let error = client(&sandbox).list(&Customer::new(id())).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    client(&sandbox).validate(&request()).await.unwrap();
    sandbox.save().unwrap();
    assert_eq!(with(&file).await.accounts()[0].validations, 2);
    // Only the owner can read the file, and no temporary file remains.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(sandbox);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// What was asked for at this start wins over what the file has.
#[tokio::test]
async fn faults_outcomes_and_seed_of_the_builder_replace_those_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let start = async |builder: Builder| {
        let sandbox = builder.state_file(&file).start().await.unwrap();
        let state: Value = serde_json::from_str(&sandbox.snapshot()).unwrap();
        let fault = state["faults"].get(0).map_or(Value::Null, |fault| fault["kind"].clone());
        json!([fault, state["seed"], state["outcomes"].as_array().unwrap().len(), sandbox.accounts().len()])
    };
    let plain = Sandbox::builder;
    let fault = |text: &str| text.parse::<Fault>().unwrap();
    let sandbox = plain().fault(fault("close")).seed(3).state_file(&file).start().await.unwrap();
    sandbox.heal();
    client(&sandbox).validate(&request()).await.unwrap();
    drop(sandbox);
    assert_eq!(start(plain().fault(fault("hang"))).await, json!(["hang", 3, 0, 1]));
    assert_eq!(start(plain().outcome(Outcome::of_any())).await, json!(["hang", 3, 1, 1]));
    assert_eq!(start(plain().seed(0)).await, json!(["hang", 0, 1, 1]));
    assert_eq!(start(plain().fault(fault("reset")).seed(9)).await, json!(["reset", 9, 1, 1]));
    assert_eq!(start(plain()).await, json!(["reset", 9, 1, 1]));
}

#[tokio::test]
async fn an_account_that_is_created_again_has_its_current_status() {
    let pending = "2s".parse().unwrap();
    let sandbox = Sandbox::builder().pending(pending).start().await.unwrap();
    let client = client(&sandbox);
    let status = |accounts: Accounts| accounts[0].validation_status.clone().unwrap();
    assert_eq!(status(client.validate(&request()).await.unwrap()), ValidationStatus::Pending);
    sandbox.advance(Duration::from_secs(3));
    assert_eq!(status(client.create(&request()).await.unwrap()), ValidationStatus::Active);
}

#[tokio::test]
async fn an_observer_sees_the_number_of_the_request() {
    let (sender, seen) = std::sync::mpsc::channel();
    let observe = move |received: &Received| drop(sender.send(received.clone()));
    let sandbox = Sandbox::builder().on_request(observe).start().await.unwrap();
    for _ in 0..2 {
        client(&sandbox).list(&Customer::new(id())).await.unwrap();
    }
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), sandbox.received());
}

/// The control API limits these numbers, so a snapshot must be within the limits too.
#[tokio::test]
async fn everything_that_code_can_set_can_be_restored() {
    let close = || Fault::new(FaultKind::Close);
    let any = Outcome::of_any;
    let sandbox = Sandbox::builder()
        .fault(close().nth(u32::MAX))
        .fault(close().next(u32::MAX).nth(0))
        .fault(Fault::new(FaultKind::Status(1000)).with_probability(7.0))
        .fault(Fault::new(FaultKind::Html(200)))
        .fault(Fault::new(FaultKind::RateLimit(u32::MAX)))
        .fault(Fault::new(FaultKind::Latency(Duration::MAX)).on(Operation::Validate))
        .outcome(any().next_calls(u32::MAX))
        .outcome(any().statuses([]))
        .outcome(any().statuses(vec![ValidationStatus::Pending; 101]))
        .start()
        .await
        .unwrap();
    let snapshot = sandbox.snapshot();
    sandbox.restore(&snapshot).unwrap();
    assert_eq!(sandbox.snapshot(), snapshot);
    let state: Value = serde_json::from_str(&snapshot).unwrap();
    let values = [2, 3, 4, 5].map(|fault| state["faults"][fault]["value"].clone());
    assert_eq!(values, [500, 500, 86_400, 86_400_000], "a status is not clamped: 200 would become 300");
}

#[tokio::test]
async fn file_that_is_not_a_state_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    for text in ["", "{}", "my notes", r#"{"version":2,"accounts":[]}"#] {
        std::fs::write(&file, text).unwrap();
        let error = Sandbox::builder().state_file(&file).start().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{text}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
    let nowhere = Sandbox::builder().state_file(folder.path().join("nowhere/state.json"));
    assert_eq!(nowhere.start().await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_handle_does_what_the_control_api_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let customer = Customer::new(id());
    let request = request();
    let (created, seen) = tokio::join!(client.validate(&request), sandbox.next_request(0));
    let created = created.unwrap();
    assert_eq!((seen.seq, seen.operation, seen.ended_by), (1, Some(Operation::CreateAndValidate), EndedBy::Response));
    let own = created[0].id().unwrap();
    assert!(sandbox.set_status(own.as_str(), ValidationStatus::Failure));
    assert_eq!(client.get(&customer, &own).await.unwrap().validation_status, Some(ValidationStatus::Failure));
    assert!(sandbox.forget(own.as_str()) && !sandbox.forget(own.as_str()));
    assert!(!sandbox.set_status(own.as_str(), ValidationStatus::Active));
    let before = sandbox.now();
    sandbox.advance(Duration::from_hours(24));
    assert!(sandbox.now().duration_since(before).unwrap() >= Duration::from_hours(24));
    sandbox.set_faults(&["close".parse().unwrap()]);
    assert!(client.list(&customer).await.is_err());
    let broken = sandbox.next_request(2).await;
    assert_eq!((broken.fault.as_deref(), broken.ended_by, broken.status()), (Some("close"), EndedBy::Fault, None));
    sandbox.reset();
    assert_eq!((sandbox.requests(), sandbox.received().len()), (0, 0));
    client.list(&customer).await.unwrap();
    assert_eq!(sandbox.received()[0].seq, 4, "numbers go on");
    sandbox.clear_requests();
    assert!(sandbox.received().is_empty());
}

/// The account of the spec's examples can be read from the start, until it is forgotten. Lists have it only after a
/// read.
#[tokio::test]
async fn the_account_of_the_examples_exists() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let customer = Customer::new("cst_zqqmw0v4exbhvv2l".parse().unwrap());
    assert!(client.list(&customer).await.unwrap().is_empty());
    let own = "banh_kGvx5TGUmkRVC2dH".parse().unwrap();
    let found = client.get(&customer, &own).await.unwrap();
    assert_eq!(found.date_created.as_deref(), Some("2023-06-06T13:28:20.000000000Z"));
    assert_eq!(client.list(&customer).await.unwrap().len(), 1);
    let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("8668757911@FFSK").build().unwrap();
    assert_eq!(client.validate(&request).await.unwrap()[0].id().unwrap(), own);
    assert!(sandbox.forget(own.as_str()));
    assert_eq!(client.get(&customer, &own).await.unwrap_err().status(), Some(404));
    let again = Sandbox::start().await.unwrap();
    again.restore(&sandbox.snapshot()).unwrap();
    assert_eq!(self::client(&again).get(&customer, &own).await.unwrap_err().status(), Some(404));
    let nobody = Customer::new("cst_2".parse().unwrap());
    assert_eq!(client.get(&nobody, &own).await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_request_is_remembered_if_the_client_hangs_up() {
    let sandbox = Sandbox::builder().fault("latency=1000s@after".parse().unwrap()).start().await.unwrap();
    let client = client(&sandbox).with_attempt_timeout(Duration::from_millis(300));
    assert!(client.validate(&request()).await.is_err());
    let seen = sandbox.next_request(0).await;
    assert_eq!((seen.ended_by, seen.status(), seen.changed_accounts), (EndedBy::Client, None, true));
    assert_eq!(seen.fault.as_deref(), Some("latency=1000000ms@after"));
}

/// A list of the values of an object, in the order of its fields, is not the object.
#[tokio::test]
async fn a_list_in_place_of_an_object_is_refused_with_an_example() {
    let control = Control::start(Sandbox::builder()).await;
    control.validate("a@upi").await.unwrap();
    let account = format!("accounts/{}", control.sandbox.accounts()[0].id);
    for (method, path, body, expected) in [
        ("PATCH", account.as_str(), json!(["FAILURE"]), r#"{"status": "ACTIVE"}"#),
        ("POST", "clock", json!([5]), r#"{"advance_ms": 1000}"#),
        ("POST", "faults", json!(["close"]), r#"{"kind": "close", "next": 1}"#),
        ("PUT", "faults", json!([[]]), r#"{"faults": [{"kind": "close"}]}"#),
        ("PUT", "faults", json!({ "faults": [["close"]] }), r#"{"kind": "close", "next": 1}"#),
        ("PUT", "outcomes", json!([[]]), r#"{"outcomes": [{"statuses": ["FAILURE"]}]}"#),
        ("PUT", "outcomes", json!({ "outcomes": [[]] }), r#"{"statuses": ["FAILURE"]}"#),
    ] {
        let (status, refused) = control.call(method, path, Some(body.clone())).await;
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(
            status == 400 && message.contains("invalid type: sequence, expected a"),
            "{method} {path} {body}: {refused}"
        );
        assert!(message.contains(expected), "{method} {path} {body}: {message}");
    }
    assert_eq!(control.validate("a@upi").await.unwrap().1[0]["validation_status"], "ACTIVE");
}

//! The documented test data of the sandbox, each input through the client: `validate`, `wait` and `reconcile`. The
//! clock is advanced, so nothing sleeps.

use std::time::Duration;

use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, Customer, Delivery, ReconcileOutcome, RetryPolicy, Revalidation,
    ValidationStatus, WaitOutcome, WaitPolicy,
};
use juspay_accounts_sandbox::{Outcome, Pending, Sandbox};
use juspay_accounts_validation::{Name, Payee};

const CUSTOMER: &str = "cst_1";
/// How long accounts are pending, and how long a response is delayed.
const PENDING: Duration = Duration::from_hours(1);
const TIMEOUT: Duration = Duration::from_mins(20);

fn client(sandbox: &Sandbox) -> Client {
    let url: BaseUrl = sandbox.url().parse().unwrap();
    Client::builder(url, ApiKey::new("key").unwrap()).retry(RetryPolicy::disabled()).build().unwrap()
}

async fn sandbox() -> Sandbox {
    Sandbox::builder().pending(Pending::ActiveAfterTime(PENDING)).timeout(TIMEOUT).start().await.unwrap()
}

fn wait_policy() -> WaitPolicy {
    let short = Duration::from_millis(1);
    WaitPolicy::default().initial_backoff(short).max_backoff(short).timeout(Duration::from_mins(1))
}

/// The rows of a table in the README: account, IFSC, outcome.
fn documented(heading: &str) -> Vec<(String, String, String)> {
    let readme = include_str!("../../crates/sandbox/README.md");
    let table = readme.split(heading).nth(1).expect("the heading of the table");
    let rows =
        table.lines().skip_while(|line| !line.starts_with("|---")).skip(1).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let mut cell = || cells.next().unwrap();
        (cell().replace('`', ""), cell().replace('`', ""), cell())
    });
    cells.collect()
}

fn request(account: &str, ifsc: &str) -> AccountsRequest {
    let builder = AccountsRequest::builder(CUSTOMER, "JP_HDFC");
    let builder = if ifsc.is_empty() { builder.upi(account) } else { builder.bank_account(ifsc, account) };
    builder.build().unwrap()
}

/// An outcome as in the table, such as "`PENDING`, then `ACTIVE`".
enum States {
    Ends(ValidationStatus),
    PendingThen(ValidationStatus),
    PendingForEver,
    TimesOutThen(ValidationStatus),
}

impl States {
    fn read(outcome: &str) -> Self {
        let word = |text: &str| ValidationStatus::from(text.split('`').nth(1).unwrap());
        match outcome.split_once(", then ") {
            Some(("`PENDING`", then)) => Self::PendingThen(word(then)),
            Some(("times out", then)) => Self::TimesOutThen(word(then)),
            _ if outcome == "`PENDING` for ever" => Self::PendingForEver,
            _ => Self::Ends(word(outcome)),
        }
    }
}

#[tokio::test]
async fn each_documented_input_goes_through_its_states() {
    let mut seen = [0; 4];
    let rows = documented("## Test data");
    assert_eq!(rows.len(), 12);
    for (account, ifsc, outcome) in rows {
        let (sandbox, request) = (sandbox().await, request(&account, &ifsc));
        let client = client(&sandbox);
        match States::read(&outcome) {
            States::Ends(status) => {
                seen[0] += 1;
                let mut accounts = client.validate(&request).await.unwrap().into_inner();
                assert_eq!(accounts[0].validation_status.as_ref(), Some(&status), "{account}");
                let sent = sandbox.requests();
                let outcome = client.wait(&Customer::from(&request), &mut accounts, wait_policy()).await;
                assert!(matches!(outcome, WaitOutcome::Finished) && sandbox.requests() == sent, "{account}");
            }
            States::PendingThen(status) => {
                seen[1] += 1;
                pending_then(&sandbox, &client, &request, &status).await;
            }
            States::PendingForEver => {
                seen[2] += 1;
                let mut accounts = client.validate(&request).await.unwrap().into_inner();
                sandbox.advance(Duration::from_hours(24 * 365));
                let sent = sandbox.requests();
                let policy = wait_policy().timeout(Duration::from_millis(20));
                let outcome = client.wait(&Customer::from(&request), &mut accounts, policy).await;
                assert!(matches!(outcome, WaitOutcome::TimedOut) && sandbox.requests() > sent, "{account}");
                assert_eq!(accounts[0].validation_status, Some(ValidationStatus::Pending));
            }
            States::TimesOutThen(status) => {
                seen[3] += 1;
                times_out_then(&sandbox, &client, &request, &status).await;
            }
        }
        assert_eq!(sandbox.accounts()[0].validations, 1, "{account}: nothing is paid twice");
    }
    assert_eq!(seen, [6, 2, 1, 3]);
}

async fn pending_then(sandbox: &Sandbox, client: &Client, request: &AccountsRequest, status: &ValidationStatus) {
    let customer = Customer::from(request);
    let mut accounts = client.validate(request).await.unwrap().into_inner();
    let own = client.get(&customer, &accounts[0].id().unwrap()).await.unwrap();
    assert_eq!(own.validation_status, Some(ValidationStatus::Pending));
    sandbox.advance(PENDING);
    let outcome = client.wait(&customer, &mut accounts, wait_policy()).await;
    assert!(matches!(outcome, WaitOutcome::Finished), "{outcome:?}");
    assert_eq!(accounts[0].validation_status.as_ref(), Some(status));
}

async fn times_out_then(sandbox: &Sandbox, client: &Client, request: &AccountsRequest, status: &ValidationStatus) {
    let (validated, ()) = tokio::join!(client.validate(request), async {
        while sandbox.accounts().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(sandbox.accounts()[0].status, ValidationStatus::Pending, "not validated yet");
        sandbox.advance(TIMEOUT);
    });
    let error = validated.unwrap_err();
    assert_eq!((error.delivery(), error.status()), (Delivery::Unknown, Some(504)));
    let found = client.reconcile(request, &error).await.unwrap();
    let [own] = &found[..] else { panic!("{found:?}") };
    let ReconcileOutcome::Created(account) = &own.outcome else { panic!("{own:?}") };
    assert_eq!(account.validation_status.as_ref(), Some(status));
}

#[tokio::test]
async fn additional_inputs_have_their_documented_outcome() {
    for (account, ifsc, outcome) in documented("This crate adds:") {
        let (account, ifsc) = (account.replace('…', "upi"), ifsc.replace("any other", "HDFC0000053"));
        let account = account.replace("any other", "123456789012");
        let (sandbox, request) = (sandbox().await, request(&account, &ifsc));
        let client = client(&sandbox);
        match States::read(&outcome) {
            States::Ends(status) => {
                let accounts = client.validate(&request).await.unwrap();
                assert_eq!(accounts[0].validation_status.as_ref(), Some(&status), "{account}");
                let name = accounts[0].account_details.as_ref().unwrap().name.as_ref();
                let expected = outcome.contains("name at the bank").then_some("RAMESH KUMAR");
                assert_eq!(name.map(juspay_accounts::MaskedName::unmasked), expected, "{account}");
            }
            States::PendingThen(status) => pending_then(&sandbox, &client, &request, &status).await,
            _ => panic!("{outcome}"),
        }
    }
}

#[tokio::test]
async fn pending_ends_with_a_read_or_never() {
    let request = request("pending@upi", "");
    for (pending, expected) in [
        (Pending::ActiveAfter(2), [ValidationStatus::Pending, ValidationStatus::Active]),
        (Pending::FailureAfter(1), [ValidationStatus::Failure, ValidationStatus::Failure]),
        (Pending::Forever, [ValidationStatus::Pending, ValidationStatus::Pending]),
    ] {
        let sandbox = Sandbox::builder().pending(pending).start().await.unwrap();
        let client = client(&sandbox);
        let id = client.validate(&request).await.unwrap()[0].id().unwrap();
        for status in expected {
            let read = client.get(&Customer::from(&request), &id).await.unwrap();
            assert_eq!(read.validation_status, Some(status), "{pending:?}");
        }
    }
    // An outcome that is documented as final is still final.
    let sandbox = Sandbox::builder().pending(Pending::Forever).start().await.unwrap();
    let request = self::request("02014457596968", "CITI0000001");
    let mut accounts = client(&sandbox).validate(&request).await.unwrap().into_inner();
    let outcome = client(&sandbox).wait(&Customer::from(&request), &mut accounts, wait_policy()).await;
    assert!(matches!(outcome, WaitOutcome::Finished) && accounts[0].is_active());
}

/// Like the vendor's gateway: about one validation in six times out with status 504, although it was made.
#[tokio::test]
async fn timeouts_are_random_as_at_the_vendor_and_depend_on_the_seed() {
    let run = async |seed| {
        let builder = Sandbox::builder().as_vendor().seed(seed).timeout(Duration::from_millis(1));
        let sandbox = builder.start().await.unwrap();
        let client = client(&sandbox);
        let mut timeouts = Vec::new();
        for _ in 0..120 {
            let result = client.validate(&request("success@upi", "")).await;
            timeouts.push(result.as_ref().err().map(|error| (error.status(), error.delivery())));
        }
        assert_eq!(sandbox.accounts()[0].validations, 120);
        // Creating an account does not reach the gateway.
        for _ in 0..30 {
            client.create(&request("success@upi", "")).await.unwrap();
        }
        timeouts
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
    let hits: Vec<_> = first.into_iter().flatten().collect();
    assert!((8..=34).contains(&hits.len()), "{hits:?}");
    assert!(hits.iter().all(|hit| *hit == (Some(504), Delivery::Unknown)));
}

/// Only a validation reaches the gateway.
#[tokio::test]
async fn the_gateway_times_out_for_validations_only() {
    let timeout = "timeout".parse().unwrap();
    let sandbox = Sandbox::builder().fault(timeout).timeout(Duration::from_millis(1)).start().await.unwrap();
    let (client, request) = (client(&sandbox), request("success@upi", ""));
    let customer = Customer::from(&request);
    let id = client.create(&request).await.unwrap()[0].id().unwrap();
    assert_eq!(client.validate(&request).await.unwrap_err().status(), Some(504));
    assert_eq!(client.list(&customer).await.unwrap().len(), 1);
    client.get(&customer, &id).await.unwrap();
    let again = Revalidation::new(customer.clone(), id.clone());
    assert_eq!(client.revalidate(again).await.unwrap_err().status(), Some(504));
    client.delete(&customer, &id).await.unwrap();
    assert_eq!(sandbox.accounts()[0].validations, 2);
}

#[tokio::test]
async fn an_outcome_is_scripted_for_an_account_or_for_a_call() {
    let payee = Payee::Upi("someone@upi".parse().unwrap());
    let name: Name = "Ramesh Kumar".parse().unwrap();
    let scripted = Outcome::of(payee).statuses([ValidationStatus::Pending, ValidationStatus::Failure]).holder(name);
    let sandbox = Sandbox::builder().outcome(scripted).start().await.unwrap();
    let client = client(&sandbox);
    let request = request("someone@upi", "");
    let accounts = client.validate(&request).await.unwrap();
    let name = accounts[0].account_details.as_ref().unwrap().name.clone();
    assert_eq!(name.unwrap().unmasked(), "Ramesh Kumar");
    assert_eq!(accounts[0].validation_status, Some(ValidationStatus::Pending));
    let mut accounts = accounts.into_inner();
    client.wait(&Customer::from(&request), &mut accounts, wait_policy()).await;
    assert_eq!(accounts[0].validation_status, Some(ValidationStatus::Failure));

    // The call's own outcome takes precedence.
    let call = client.with_header("x-sandbox-outcome", "CREATED,ACTIVE").unwrap();
    let call = call.with_header("x-sandbox-holder", "R%C3%A9my").unwrap();
    let accounts = call.validate(&request).await.unwrap();
    assert_eq!(accounts[0].validation_status, Some(ValidationStatus::Created));
    assert_eq!(accounts[0].account_details.as_ref().unwrap().name.as_ref().unwrap().unmasked(), "Rémy");
    let own = client.get(&Customer::from(&request), &accounts[0].id().unwrap()).await.unwrap();
    assert!(own.is_active());
    // A snapshot has at most a hundred statuses of an account.
    let many = ["PENDING"; 101].join(",");
    for (header, value) in [
        ("x-sandbox-outcome", "pending"),
        ("x-sandbox-outcome", ""),
        ("x-sandbox-outcome", &many),
        ("x-sandbox-holder", "%FF"),
    ] {
        let error = client.with_header(header, value).unwrap().validate(&request).await.unwrap_err();
        assert_eq!((error.delivery(), error.status()), (Delivery::Refused, Some(400)), "{header}: {value}");
    }
}

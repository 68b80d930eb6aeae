//! After a call: the client waits for the end of a validation, or reconciles an unknown outcome. None of this pays
//! twice.

use std::time::{Duration, SystemTime};

use contract_tests::behaviours::{later, ok, status};
use contract_tests::faults::FaultServer;
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, Customer, CustomerAccount, Delivery, ErrorKind, Payee, ReconcileOutcome,
    ReconcilePolicy, ReconcileState, RetryPolicy, Revalidation, ValidationStatus, WaitOutcome, WaitPolicy,
};
use juspay_accounts_sandbox::{Fault, Pending, Sandbox};
use juspay_accounts_validation::CustomerAccountId;
use tokio::time::Instant;

const CUSTOMER: &str = "cst_1";

fn customer() -> Customer {
    Customer::new(CUSTOMER.parse().unwrap())
}

pub(super) fn request() -> AccountsRequest {
    let builder = AccountsRequest::builder(CUSTOMER, "JP_HDFC").bank_account("YESB0000262", "026291800001191");
    builder.upi("pending@upi").build().unwrap()
}

pub(super) fn client(url: &str) -> Client {
    let url: BaseUrl = url.parse().unwrap();
    let policy = RetryPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(1));
    Client::builder(url, ApiKey::new("key").unwrap()).retry(policy).build().unwrap()
}

pub(super) fn fault(text: &str) -> Fault {
    text.parse().unwrap()
}

pub(super) fn paid(sandbox: &Sandbox) -> (u32, u32) {
    let id = CUSTOMER.parse().unwrap();
    let (ifsc, number) = ("YESB0000262".parse().unwrap(), "026291800001191".parse().unwrap());
    (sandbox.upi_validations(&id, &"pending@upi".parse().unwrap()), sandbox.penny_drops(&id, &ifsc, &number))
}

fn id(account: &CustomerAccount) -> CustomerAccountId {
    account.id().unwrap()
}

fn pending_payee() -> Payee {
    Payee::Upi("pending@upi".parse().unwrap())
}

#[tokio::test]
async fn account_is_read_listed_and_validated_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox.url());
    assert!(client.list(&customer()).await.unwrap().is_empty());
    let created = client.validate(&request()).await.unwrap();
    let listed = client.list(&customer()).await.unwrap();
    assert_eq!((listed.len(), listed.is_complete(), listed.attempts()), (2, true, 1));
    for account in created.iter() {
        let got = client.get(&customer(), &id(account)).await.unwrap();
        assert_eq!(serde_json::to_value(&*got).unwrap(), serde_json::to_value(account).unwrap());
    }
    assert_eq!(paid(&sandbox), (1, 1), "reading costs nothing");

    let upi = created.iter().find(|account| account.may_be_for(&pending_payee())).unwrap();
    let again = Revalidation::new(customer(), id(upi)).validation_amount("2.50".parse().unwrap());
    let again = client.revalidate(again.preferred_gateway("CFGEN".parse().unwrap())).await.unwrap();
    assert_eq!(again.customer_account_id, upi.customer_account_id);
    assert_eq!(again.validation_amount.as_ref().unwrap().paise(), Some(250));
    assert_eq!(paid(&sandbox), (2, 1));
    let form = sandbox.received().last().unwrap().form.clone();
    let expected = [("preferred_ifsc_validation_gateway", "CFGEN"), ("validation_amount", "2.50")];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));

    let nobody = Customer::new("cst_2".parse().unwrap());
    let error = client.get(&nobody, &id(upi)).await.unwrap_err();
    assert_eq!((error.kind(), error.unmasked_code()), (ErrorKind::NotFound, Some("RESOURCE_NOT_FOUND")));
    let error = client.revalidate(Revalidation::new(nobody, id(upi))).await.unwrap_err();
    assert_eq!((error.kind(), paid(&sandbox)), (ErrorKind::NotFound, (2, 1)));
}

/// A request without a validation moves no money: the sandbox validates nothing, and the error does not say otherwise.
#[tokio::test]
async fn creating_and_deleting_moves_no_money() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox.url());
    let request = AccountsRequest::builder(CUSTOMER, "JP_HDFC").upi("pending@upi");
    let request = request.bank_account("YESB0000262", "026291800001191").validation_amount("2").preferred_gateway("G");
    let request = request.build().unwrap();
    let created = client.create(&request).await.unwrap();
    assert_eq!(paid(&sandbox), (0, 0));
    let form = sandbox.received().last().unwrap().form.clone();
    let names: Vec<_> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["account_details", "bank_code", "command", "customer_id"], "no field asks for a validation");
    assert_eq!(form[2].1, "create");
    for matched in created.matched(&request) {
        assert_eq!(matched.account.unwrap().validation_status, Some(ValidationStatus::Created), "{}", matched.payee);
    }

    let id = id(created.iter().find(|account| account.may_be_for(&pending_payee())).unwrap());
    let deleted = client.delete(&customer(), &id).await.unwrap();
    let is_deleted = |account: &CustomerAccount| account.validation_status == Some(ValidationStatus::Deleted);
    assert!(is_deleted(&deleted) && deleted.id() == Some(id.clone()), "{deleted:?}");
    assert!(is_deleted(&client.get(&customer(), &id).await.unwrap()), "the sandbox keeps it; this is undocumented");
    assert_eq!(paid(&sandbox), (0, 0));

    let failing = || vec![status("503 Service Unavailable", "")];
    let server = FaultServer::start(failing()).await;
    let error = self::client(&server.url()).create(&request).await.unwrap_err();
    assert_eq!((error.delivery(), error.may_have_moved_money()), (Delivery::Unknown, false));
    assert!(error.next_step().starts_with("reconcile, or check the customer's accounts"), "{error}");
    assert_eq!(server.seen().requests.len(), 1, "a request that may have been processed is not repeated");
    let server = FaultServer::start(failing()).await;
    let error = self::client(&server.url()).delete(&customer(), &id).await.unwrap_err();
    assert_eq!((error.delivery(), error.may_have_moved_money()), (Delivery::Unknown, false));
    assert_eq!((error.is_read_only(), server.seen().requests.len()), (false, 1));
    assert_eq!(error.next_step(), "check the customer's accounts before you send it again", "it has no payees");
}

/// A deleted account exists, and has ended: the client does not wait for it, and does not report it as absent, which
/// would lead to a second payment.
#[tokio::test(start_paused = true)]
async fn deleted_accounts_have_ended_and_are_never_absent() {
    let account = |more: &str| {
        format!(
            r#"{{"customer_account_id":"banh_1","account_details":{{"vpa":"PENDING@upi"}},"validation_status":"DELETED"{more}}}"#
        )
    };
    let request = AccountsRequest::builder(CUSTOMER, "JP_HDFC").upi("pending@upi").build().unwrap();
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
    for (date, expected) in [
        (r#","last_validated":"2025-02-24T17:50:10Z""#, "created"),
        (r#","last_validated":"2025-01-01T00:00:00Z""#, "Older"),
        ("", "Undated"),
    ] {
        let server = FaultServer::start(vec![ok(format!("[{}]", account(date)))]).await;
        let found = client(&server.url())
            .reconcile(&request, ReconcileState::new(sent, ReconcilePolicy::default()))
            .await
            .unwrap();
        let outcome = match &found[0].outcome {
            ReconcileOutcome::Created(account) if !account.is_active() => "created".to_owned(),
            ReconcileOutcome::Ambiguous { reason, .. } => format!("{reason:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(outcome, expected);
    }
    let mut known: [CustomerAccount; 1] =
        serde_json::from_str(r#"[{"customer_account_id":"banh_1","validation_status":"PENDING"}]"#).unwrap();
    let server = FaultServer::start(vec![ok(account(""))]).await;
    let outcome = client(&server.url()).wait(&customer(), &mut known, policy()).await;
    assert!(matches!(outcome, WaitOutcome::Finished) && server.seen().requests.len() == 1, "{outcome:?}");
    assert_eq!(known[0].validation_status, Some(ValidationStatus::Deleted));
}

/// Requests that only read are retried automatically; requests that pay are not.
#[tokio::test]
async fn reads_are_retried_and_payments_are_not() {
    let account = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE"}"#;
    let id: CustomerAccountId = "banh_1".parse().unwrap();
    let failing = || vec![status("503 Service Unavailable", ""), ok(account)];

    let server = FaultServer::start(failing()).await;
    assert!(client(&server.url()).get(&customer(), &id).await.unwrap().is_active());
    assert_eq!(server.seen().requests.len(), 2);

    let server = FaultServer::start(vec![vec![], ok(format!("[{account}]"))]).await;
    assert!(client(&server.url()).list(&customer()).await.unwrap()[0].is_active());

    let server = FaultServer::start(vec![status("503 Service Unavailable", "")]).await;
    let error = client(&server.url()).list(&customer()).await.unwrap_err();
    assert!(error.is_retryable() && error.attempts() == 3, "{error:?}");
    assert!(!error.may_have_moved_money());
    assert!(error.to_string().starts_with("the server failed; this was a read-only request ("), "{error}");

    let server = FaultServer::start(failing()).await;
    let error = client(&server.url()).revalidate(Revalidation::new(customer(), id)).await.unwrap_err();
    assert_eq!((error.delivery(), error.is_retryable()), (Delivery::Unknown, false));
    assert!(error.may_have_moved_money());
    assert_eq!(error.next_step(), "check the customer's accounts before you send it again", "it has no payees");
    assert_eq!(server.seen().requests.len(), 1);
}

/// The account of a failed validation may explain it like an error. A value with a validation status is an account, and
/// not an envelope.
#[tokio::test]
async fn account_that_contains_an_error_is_read_as_an_account() {
    let id: CustomerAccountId = "banh_1".parse().unwrap();
    for (body, is_account) in [
        (r#"{"validation_status":"FAILURE","error_code":"INVALID_VPA"}"#, true),
        (r#"{"customer_account_id":"banh_1","status":"error","error_code":"INVALID_VPA"}"#, false),
        (r#"{"validation_status":"FAILURE","error_code":"","error_message":"no such account"}"#, true),
        (r#"{"error_code":"","error_message":""}"#, true),
        (r#"{"error_code":"INVALID_VPA"}"#, false),
    ] {
        let server = FaultServer::start(vec![ok(body)]).await;
        let got = client(&server.url()).get(&customer(), &id).await;
        assert_eq!(got.is_ok(), is_account, "{body}: {got:?}");
    }
    let server = FaultServer::start(vec![ok(r#"{"list":[],"status":"error"}"#)]).await;
    let error = client(&server.url()).list(&customer()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Contradictory, "an empty list would be proof that nothing was paid");
}

#[tokio::test]
async fn list_is_read_in_both_forms_and_an_error_envelope_is_refused() {
    let account = r#"{"customer_account_id":"banh_1"}"#;
    for (body, count, complete) in [
        ("[]".to_owned(), 0, true),
        (format!("[{account}]"), 1, true),
        (r#"{"list":[]}"#.to_owned(), 0, false),
        (r#"{"list":[],"total":0}"#.to_owned(), 0, true),
        (format!(r#"{{"object":"list","list":[{account}],"count":1,"offset":0,"total":1}}"#), 1, true),
        (format!(r#"{{"list":[{account}],"total":2}}"#), 1, false),
        (format!(r#"{{"list":[{account}],"total":0}}"#), 1, false),
    ] {
        let server = FaultServer::start(vec![ok(&body)]).await;
        let list = client(&server.url()).list(&customer()).await.unwrap();
        assert_eq!((list.len(), list.is_complete()), (count, complete), "{body}");
    }
    let server = FaultServer::start(vec![ok(r#"{"list":5}"#)]).await;
    let error = client(&server.url()).list(&customer()).await.unwrap_err();
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "its JSON cannot be read");
    let server = FaultServer::start(vec![ok(format!("[{account}]"))]).await;
    let validated = client(&server.url()).validate(&request()).await.unwrap();
    assert!(!validated.is_complete(), "these are the accounts of a request, not of a customer");
    let envelope = r#"{"status":"error","error_info":{"code":"ODD","request_id":"r-1"}}"#;
    let server = FaultServer::start(vec![ok(envelope)]).await;
    let client = client(&server.url());
    let id: CustomerAccountId = "banh_1".parse().unwrap();
    for error in [
        client.list(&customer()).await.unwrap_err(),
        // No field of an account is required, so the envelope could be read as an account.
        client.get(&customer(), &id).await.unwrap_err(),
        client.revalidate(Revalidation::new(customer(), id)).await.unwrap_err(),
    ] {
        assert_eq!(
            (error.kind(), error.unmasked_code(), error.request_id()),
            (ErrorKind::Contradictory, Some("ODD"), Some("r-1"))
        );
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(error.to_string().contains("code ODD, request r-1"), "{error}");
        assert!(error.body_excerpt().is_some_and(|excerpt| excerpt.contains("ODD")), "{error:?}");
    }
}

fn policy() -> WaitPolicy {
    WaitPolicy::default().initial_backoff(Duration::from_secs(10)).max_backoff(Duration::from_secs(20))
}

/// The clock jumps from wait to wait, so this takes only a moment.
#[tokio::test(start_paused = true)]
async fn a_pending_account_is_read_until_it_has_ended_or_the_time_is_over() {
    let deadline = Duration::from_mins(5);
    for (pending, status, rounds) in [
        (Pending::ActiveAfter(1), ValidationStatus::Active, Some(1)),
        (Pending::ActiveAfter(4), ValidationStatus::Active, Some(4)),
        (Pending::FailureAfter(2), ValidationStatus::Failure, Some(2)),
        (Pending::Forever, ValidationStatus::Pending, None),
    ] {
        let sandbox = Sandbox::builder().pending(pending).start().await.unwrap();
        let client = client(&sandbox.url());
        let accounts = client.validate(&request()).await.unwrap().into_inner();
        let (mut waited, sent, began) = (accounts.clone(), sandbox.requests(), Instant::now());
        let outcome = client.wait(&customer(), &mut waited, policy().timeout(deadline)).await;
        let elapsed = began.elapsed();

        let ids = |accounts: &[CustomerAccount]| accounts.iter().map(id).collect::<Vec<_>>();
        assert_eq!(ids(&waited), ids(&accounts), "in the order in which they were given");
        let upi = waited.iter().find(|account| account.may_be_for(&pending_payee())).unwrap();
        assert_eq!(upi.validation_status.as_ref(), Some(&status), "{pending:?}");
        // One validation is pending, so each round is one request.
        let read = sandbox.requests() - sent;
        if let Some(rounds) = rounds {
            assert!(matches!(outcome, WaitOutcome::Finished), "{outcome:?}");
            assert_eq!(read, rounds);
            // The waits are 10, 15, 20, 20 … seconds, each lengthened at random to at most twice as long.
            let least: u64 = (0..rounds).zip([10, 15, 20, 20]).map(|(_, wait)| wait).sum();
            let bounds = Duration::from_secs(least)..=Duration::from_secs(2 * least + 1);
            assert!(bounds.contains(&elapsed), "{pending:?}: {elapsed:?}");
        } else {
            assert!(matches!(outcome, WaitOutcome::TimedOut), "{outcome:?}");
            assert_eq!(elapsed.as_secs(), deadline.as_secs());
            assert!((300 / 40..=300 / 10).contains(&read), "{read}");
        }
        assert_eq!(paid(&sandbox), (1, 1), "waiting costs nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_or_cannot_be_read_is_not_waited_for() {
    let server = FaultServer::start(vec![vec![]]).await;
    let client = client(&server.url());
    let account = |json: &str| serde_json::from_str::<CustomerAccount>(json).unwrap();
    let began = Instant::now();
    let mut ended =
        [account(r#"{"validation_status":"ACTIVE"}"#), account(r#"{"validation_status":"ON_HOLD"}"#), account("{}")];
    assert!(matches!(client.wait(&customer(), &mut ended, policy()).await, WaitOutcome::Finished));
    for id in ["null", r#""list""#, r#""../x""#] {
        let json = format!(r#"{{"validation_status":"PENDING","customer_account_id":{id}}}"#);
        assert!(
            matches!(client.wait(&customer(), &mut [account(&json)], policy()).await, WaitOutcome::WithoutId),
            "{id}"
        );
    }
    assert_eq!((began.elapsed(), server.seen().connections), (Duration::ZERO, 0));
}

/// A failed reading is repeated, and a refused one ends the wait. Everything seen so far is kept.
#[tokio::test]
async fn waiting_outlasts_failures_and_ends_with_refusals() {
    let quick = policy().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(2));
    let response = |body: &str| ok(body);
    let pending = r#"{"customer_account_id":"banh_1","validation_status":"PENDING"}"#;
    let active = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE"}"#;
    let other = r#"{"customer_account_id":"banh_2","validation_status":"ACTIVE"}"#;
    let account = || serde_json::from_str::<CustomerAccount>(pending).unwrap();

    let unwell = vec![
        status("503 Service Unavailable", ""),
        vec![],
        response("null"),
        response(other),
        // It does not say whether the validation has ended.
        response(r#"{"customer_account_id":"banh_1"}"#),
        later("429 Too Many Requests", "9"),
        response(pending),
        response(active),
    ];
    let server = FaultServer::start(unwell).await;
    let once = client(&server.url()).with_retry(RetryPolicy::disabled());
    let mut waited = [account()];
    let outcome = once.wait(&customer(), &mut waited, quick).await;
    assert!(matches!(outcome, WaitOutcome::Finished), "{outcome:?}");
    // The second round has no request that the server read.
    assert!(server.seen().requests.len() == 7 && waited[0].is_active(), "{waited:?}");

    for refusal in ["401 Unauthorized", "403 Forbidden", "404 Not Found"] {
        let server = FaultServer::start(vec![response(pending), status(refusal, "")]).await;
        let mut waited = [account()];
        let outcome = client(&server.url()).wait(&customer(), &mut waited, quick).await;
        let WaitOutcome::Refused(error) = &outcome else { panic!("{outcome:?}") };
        assert_eq!(error.delivery(), Delivery::Refused);
        assert!(server.seen().requests.len() == 2 && waited[0].is_pending(), "{waited:?}");
    }
}

/// The other validations are followed to their end. Then the account that is still pending is the one that cannot be
/// read.
#[tokio::test]
async fn an_account_that_cannot_be_read_does_not_end_the_wait_for_others() {
    let quick = policy().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(2));
    let of = |id: &str, status: &str| format!(r#"{{"customer_account_id":"{id}","validation_status":"{status}"}}"#);
    let other_customer = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE","customer_id":"cst_2"}"#;
    for (unreadable, is_refusal) in [(status("404 Not Found", ""), true), (ok(other_customer), false)] {
        let read = |status: &str| ok(of("banh_2", status));
        let server = FaultServer::start(vec![unreadable.clone(), read("PENDING"), unreadable, read("ACTIVE")]).await;
        let mut accounts: [CustomerAccount; 2] =
            ["banh_1", "banh_2"].map(|id| serde_json::from_str(&of(id, "PENDING")).unwrap());
        accounts[0].customer_id = Some("cst_1".to_owned());
        let outcome = client(&server.url()).wait(&customer(), &mut accounts, quick).await;
        assert!(accounts[0].is_pending() && accounts[1].is_active(), "{outcome:?}: {accounts:?}");
        assert_eq!(matches!(outcome, WaitOutcome::Refused(_)), is_refusal, "{outcome:?}");
        assert_eq!(matches!(outcome, WaitOutcome::Contradicted), !is_refusal, "{outcome:?}");
        assert_eq!(server.seen().requests.len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_can_be_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox.url());
    let mut accounts = client.validate(&request()).await.unwrap().into_inner();
    let customer = customer();
    let waiting = client.wait(&customer, &mut accounts, policy());
    assert!(tokio::time::timeout(Duration::from_secs(45), waiting).await.is_err());
    assert!(sandbox.requests() > 1, "it was read");
    assert_eq!(paid(&sandbox), (1, 1));
}

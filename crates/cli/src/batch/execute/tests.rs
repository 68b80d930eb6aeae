use std::collections::VecDeque;

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Customer};
use juspay_accounts_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

fn executor(sandbox: &Sandbox, log: Log) -> Executor {
    let client = Client::new(sandbox.url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
    Executor { client, log, clock: Clock::default(), salt: Salt::random(), unless_validated_since: None }
}

fn call(upi: &str) -> Call {
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi(upi).build().unwrap();
    let (payee, hash) = (request.payees()[0].clone(), Salt::random().payee("cst_1", upi));
    let entry = Entry { hash, payee, name: None, paise: 0, attempt: 1, after_unknown: false, before: None };
    Call { request, entries: vec![entry] }
}

/// If the program was suspended after it logged a payee and before it sent the request, it logs the payee again.
#[tokio::test]
async fn a_payee_is_logged_again_if_it_was_not_sent_at_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let now = SystemTime::now();
    let [old, future] = [now - Duration::from_mins(6), now + Duration::from_mins(6)];
    for (logged, times, again, outcome) in [
        (Some(now), vec![], 0, Outcome::Active),
        (None, vec![now], 1, Outcome::Active),
        (Some(old), vec![now], 1, Outcome::Active),
        (Some(future), vec![now], 1, Outcome::Active),
        (Some(old), vec![old, future, now], 3, Outcome::Active),
        (Some(old), vec![old; LOGGED_AGAIN], LOGGED_AGAIN, Outcome::NotSent),
    ] {
        let before = sandbox.requests();
        let (log, lines) = Log::at_times(VecDeque::from(times));
        let completion = executor(&sandbox, log).run(Step::Send(Box::new(call("a@upi"))), logged).await;
        let Completion { outcomes, .. } = completion.unwrap();
        assert_eq!(outcomes, [(None, outcome)]);
        assert_eq!(sandbox.requests() - before, u64::from(outcome == Outcome::Active), "{outcome}");
        let lines = lines.join().unwrap();
        assert_eq!(lines, [vec!["send"; again], vec!["end"]].concat());
    }
}

#[tokio::test]
async fn a_stopped_client_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let (log, lines) = Log::at_times(VecDeque::new());
    let executor = executor(&sandbox, log);
    executor.client.stop();
    let completion = executor.run(Step::Send(Box::new(call("a@upi"))), Some(SystemTime::now())).await;
    drop(executor);
    let Completion { outcomes, health, .. } = completion.unwrap();
    assert_eq!((outcomes, sandbox.requests()), (vec![(None, Outcome::NotSent)], 0));
    assert!(matches!(health, Health::Neutral));
    assert_eq!(lines.join().unwrap(), ["end"]);
}

#[test]
fn an_earlier_attempt_that_may_have_been_processed_outweighs_a_later_failure() {
    let entry = |after_unknown: bool| {
        let before = after_unknown.then_some(Outcome::Unknown);
        Entry { after_unknown, before, ..call("a@upi").entries.remove(0) }
    };
    for (outcome, expected) in [
        (Outcome::Active, Outcome::Active),
        (Outcome::Failed, Outcome::Failed),
        (Outcome::Pending, Outcome::Pending),
        (Outcome::NotSent, Outcome::Unknown),
        (Outcome::Refused, Outcome::Unknown),
        (Outcome::Unknown, Outcome::Unknown),
        (Outcome::Skipped, Outcome::Unknown),
    ] {
        let record = Record { again: true, ..Record::because(outcome, "why") };
        assert_eq!(keep_unknown(&entry(false), record.clone()), record);
        let settled = keep_unknown(&entry(true), record);
        assert_eq!(settled.outcome, expected);
        assert_eq!(settled.again, expected != Outcome::Unknown);
    }
}

/// A list proved that the earlier attempt was not processed. If the next list has the account after all, the proof was
/// wrong.
#[test]
fn a_payee_that_appears_after_it_was_absent_is_unknown() {
    let absent = Entry { before: Some(Outcome::Unknown), ..call("a@upi").entries.remove(0) };
    for (outcome, expected) in [(Outcome::Skipped, Outcome::Unknown), (Outcome::NotSent, Outcome::NotSent)] {
        assert_eq!(keep_unknown(&absent, Record::because(outcome, "why")).outcome, expected);
    }
}

/// The screen shows what the results show: a pending account without a status stays pending.
#[tokio::test]
async fn an_account_without_a_status_stays_pending() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let body = r#"{"customer_account_id":"acc_1","account_details":{"vpa":"a@upi"}}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    });
    let (log, lines) = Log::at_times(VecDeque::new());
    let client = Client::new(url.parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
    let clock = Clock::default();
    let executor = Executor { client, log, clock, salt: Salt::random(), unless_validated_since: None };
    let entry = Entry { before: Some(Outcome::Pending), ..call("a@upi").entries.remove(0) };
    let (customer, account_id) = (Customer::new("cst_1".parse().unwrap()), "acc_1".parse().unwrap());
    let pending = Pending { customer, account_id, entry, record: Record::new(Outcome::Pending) };
    let completion = executor.run(Step::Follow(Box::new(pending)), None).await;
    drop(executor);
    let Completion { outcomes, .. } = completion.unwrap();
    assert_eq!(outcomes, [(Some(Outcome::Pending), Outcome::Pending)]);
    assert!(lines.join().unwrap().is_empty(), "nothing is logged");
}

#[test]
fn only_refusals_that_are_not_about_the_payees_are_sent_again() {
    use ErrorKind::{Forbidden, NotFound, RateLimited, Redirected, Unauthorized};
    for kind in [Unauthorized, Forbidden, NotFound, RateLimited, Redirected] {
        assert!(may_be_sent_again(kind), "{kind}");
    }
    for kind in [ErrorKind::Rejected, ErrorKind::Duplicate, ErrorKind::Timeout, ErrorKind::Server] {
        assert!(!may_be_sent_again(kind), "{kind}");
    }
}

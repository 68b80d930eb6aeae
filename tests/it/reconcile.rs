//! After an unknown outcome: the client finds out for each payee whether its account was created, and pays nothing.

use std::time::{Duration, SystemTime};

use contract_tests::behaviours::{ok, status};
use contract_tests::faults::FaultServer;
use juspay_accounts::{
    AccountsRequest, Ambiguity, CustomerAccount, Delivery, ErrorKind, MatchKind, Payee, ReconcileOutcome,
    ReconcilePolicy, ReconcileState,
};
use juspay_accounts_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::following::{self, fault, paid};
use super::money::{IFSC, NUMBER, account, client, request};

fn now() -> ReconcilePolicy {
    ReconcilePolicy::default().settle(Duration::ZERO)
}

/// The call fails before or after the penny drop. The caller still gets the right accounts, each paid once.
#[tokio::test]
async fn unknown_outcome_is_resolved_and_nothing_is_paid_twice() {
    for (broken, acted) in
        [("reset@after", true), ("reset", false), ("truncate", true), ("status=502", false), ("status=502@after", true)]
    {
        let sandbox = Sandbox::builder().fault(fault(broken)).start().await.unwrap();
        let client = following::client(&sandbox.url());
        let error = client.validate(&following::request()).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown, "{broken}");
        assert_eq!(paid(&sandbox), if acted { (1, 1) } else { (0, 0) }, "{broken}");
        sandbox.heal();

        let found = client
            .reconcile(&following::request(), ReconcileState::new(error.sent_at().unwrap(), now()))
            .await
            .unwrap();
        assert_eq!(found.len(), 2);
        assert!(
            matches!(&found[0].payee, Payee::BankAccount(account) if account.account.as_str() == "026291800001191")
        );
        assert!(matches!(&found[1].payee, Payee::Upi(vpa) if vpa.as_str() == "pending@upi"));
        let accounts = if acted {
            let created = found.into_iter().map(|found| match found.outcome {
                ReconcileOutcome::Created(account) => *account,
                other => panic!("{broken}: {other:?}"),
            });
            created.collect()
        } else {
            assert!(found.iter().all(|found| matches!(found.outcome, ReconcileOutcome::Absent)), "{broken}: {found:?}");
            client.validate(&following::request()).await.unwrap().into_inner()
        };
        assert!(accounts.iter().any(CustomerAccount::is_active) && accounts.iter().any(CustomerAccount::is_pending));
        assert_eq!(paid(&sandbox), (1, 1), "{broken}");
    }
}

#[tokio::test(start_paused = true)]
async fn missing_account_is_searched_twice_and_an_old_one_proves_nothing() {
    let empty = || ok("[]");
    let bank = r#""account_details":{"ifsc":"YESB0000262","account":"026291800001191"}"#;
    let upi = r#""account_details":{"vpa":"PENDING@upi"}"#;
    let both =
        |date: &str| ok(format!(r#"[{{"last_validated":"{date}",{bank}}},{{"last_validated":"{date}",{upi}}}]"#));
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
    let policy = ReconcilePolicy::default().settle(Duration::from_secs(40)).clock_tolerance(Duration::from_secs(5));
    let run = async |scripts| {
        let server = FaultServer::start(scripts).await;
        let began = Instant::now();
        let found = following::client(&server.url())
            .reconcile(&following::request(), ReconcileState::new(sent, policy))
            .await
            .unwrap();
        let outcomes = found.into_iter().map(|found| match found.outcome {
            ReconcileOutcome::Created(_) => "created".to_owned(),
            ReconcileOutcome::Absent => "absent".to_owned(),
            ReconcileOutcome::Ambiguous { reason, accounts, .. } => format!("{reason:?} {}", accounts.len()),
        });
        (outcomes.collect::<Vec<_>>(), began.elapsed().as_secs(), server.seen().requests.len())
    };
    assert_eq!(run(vec![both("2025-02-24T17:49:43Z")]).await, (vec!["created".into(), "created".into()], 0, 1));
    assert_eq!(run(vec![both("2025-02-24T17:49:38Z")]).await, (vec!["created".into(), "created".into()], 0, 1));
    assert_eq!(run(vec![both("2025-02-24T17:49:37Z")]).await, (vec!["Older 1".into(), "Older 1".into()], 0, 1));
    assert_eq!(run(vec![empty()]).await, (vec!["absent".into(), "absent".into()], 40, 2));
    let late = run(vec![empty(), both("2025-02-24T17:50:10Z")]).await;
    assert_eq!(late, (vec!["created".into(), "created".into()], 40, 2), "it was slow, not lost");
    // The second list lacks the UPI address that the first one had, so it does not prove that the address is absent.
    let one = |account: &str| ok(format!(r#"[{{"last_validated":"2025-02-24T17:50:10Z",{account}}}]"#));
    let swapped = run(vec![one(upi), one(bank)]).await;
    assert_eq!(swapped, (vec!["created".into(), "Incomplete 0".into()], 40, 2));
    // The first account may be the bank account, and the second one the UPI address.
    let odd = format!(
        r#"[{{"last_validated":"2025-02-24T17:50:10Z","customer_account_type":"SAVINGS",{}}},{{"customer_account_type":"UPI"}}]"#,
        bank.replace(r#""026291800001191""#, "26291800001191")
    );
    assert_eq!(run(vec![ok(odd)]).await, (vec![format!("{:?} 1", Ambiguity::Unidentified); 2], 0, 1));
    for cut in [r#"{"list":[],"total":3}"#, r#"{"list":[],"has_more":true}"#] {
        let cut = run(vec![ok(cut)]).await;
        assert_eq!(cut, (vec![format!("{:?} 0", Ambiguity::Incomplete); 2], 0, 1));
    }
}

async fn reconciled(list: &Value, policy: ReconcilePolicy) -> ReconcileOutcome {
    let server = FaultServer::start(vec![ok(list.to_string())]).await;
    let state = ReconcileState::new(SystemTime::now(), policy.settle(Duration::ZERO));
    client(&server.url()).reconcile(&request(), state).await.unwrap().remove(0).outcome
}

/// The accounts differ from the payee in each of these ways, and in several at once.
#[tokio::test]
async fn no_payee_is_absent_while_a_listed_account_could_be_its_own() {
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
async fn account_validated_since_is_not_paid_for_again() {
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
    assert_eq!((sent.payees().len(), accounts.unwrap().matched(&sent)[0].kind), (1, MatchKind::Exact));
    let third = client.validate_unless(&both, since).await.unwrap();
    assert!(third.sent.is_none() && third.unsent.len() == 2);
    assert_eq!([drops(IFSC, NUMBER), drops("YESB0000262", "026291800001190")], [1, 1]);
    // The validation is from before this time, so another one is due.
    let later = SystemTime::now() + Duration::from_mins(2);
    assert!(client.validate_unless(&request(), later).await.unwrap().sent.is_some());

    // An account that may belong to the payee is not paid for, and neither is one that is pending, or has a validation
    // date that cannot be read.
    let masked = account(json!({ "ifsc": IFSC, "account": "XXXXXXXXXXXXX1191" }));
    let mut pending = account(json!({ "ifsc": IFSC, "account": NUMBER }));
    pending["validation_status"] = "PENDING".into();
    pending["last_validated"] = "2020-01-01T00:00:00Z".into();
    let mut created = pending.clone();
    created["validation_status"] = "CREATED".into();
    let mut undated = pending.clone();
    undated["validation_status"] = "ACTIVE".into();
    undated["last_validated"] = "1 January 2020".into();
    undated["date_created"] = "2020-01-01T00:00:00Z".into();
    for listed in [masked, pending, created, undated] {
        let server = FaultServer::start(vec![ok(json!([listed]).to_string())]).await;
        let unclear = self::client(&server.url()).validate_unless(&request(), since).await.unwrap();
        assert!(unclear.sent.is_none() && server.seen().forms == 0, "{listed}");
    }
}

/// After a failed request, it is known which payees were in it: only those can have been paid for.
#[tokio::test]
async fn what_was_not_sent_is_known_after_a_failure() {
    let listed = |number: &str| {
        let mut account = account(json!({ "ifsc": IFSC, "account": number }));
        account["last_validated"] = "2026-01-01T00:00:00Z".into();
        account
    };
    let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
    let both = AccountsRequest::builder("cst_1", "JP_HDFC").bank_account(IFSC, NUMBER).bank_account(IFSC, "12345678");
    let both = both.build().unwrap();
    let list = || ok(json!([listed(NUMBER)]).to_string());
    let server = FaultServer::start(vec![list(), status("504 Gateway Timeout", ""), list()]).await;
    let client = client(&server.url());
    let found = client.validate_unless(&both, since).await.unwrap();
    assert_eq!(found.unsent[0].payee, both.payees()[0]);
    let (sent, result) = found.sent.unwrap();
    let error = result.unwrap_err();
    assert_eq!((sent.payees(), error.may_have_moved_money()), (&both.payees()[1..], true));
    let found = client.reconcile(&sent, ReconcileState::new(error.sent_at().unwrap(), now())).await.unwrap();
    assert_eq!((found.len(), &found[0].outcome), (1, &ReconcileOutcome::Absent));
}

/// A new customer has no list yet. The vendor says so with a code; a *not found* without one proves nothing.
#[tokio::test]
async fn a_customer_that_the_server_does_not_know_has_no_accounts() {
    let active = || ok(json!([account(json!({ "ifsc": IFSC, "account": NUMBER }))]).to_string());
    for (body, is_sent) in [
        (r#"{"status":"error","error_code":"object_not_found"}"#, true),
        (r#"{"error_info":{"code":"RESOURCE_NOT_FOUND"}}"#, true),
        ("<html>404</html>", false),
        ("", false),
    ] {
        let server = FaultServer::start(vec![status("404 Not Found", body), active()]).await;
        let found = client(&server.url()).validate_unless(&request(), SystemTime::now()).await;
        assert_eq!(found.is_ok_and(|found| found.sent.is_some()), is_sent, "{body}");
        assert_eq!(server.seen().forms, usize::from(is_sent), "{body}");
    }
    // An unknown outcome stays unknown: the customer of the request may be created only now.
    let server = FaultServer::start(vec![status("404 Not Found", r#"{"error_code":"object_not_found"}"#)]).await;
    let state = ReconcileState::new(SystemTime::now(), now());
    assert_eq!(client(&server.url()).reconcile(&request(), state).await.unwrap_err().kind(), ErrorKind::NotFound);
}

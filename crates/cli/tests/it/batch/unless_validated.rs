//! `--unless-validated` leaves out payees with accounts that were, or may have been, validated recently.

use std::fs;
use std::time::{Duration, SystemTime};

use juspay_accounts_sandbox::Sandbox;
use serde_json::json;

use super::support::{HEADER, Place, Ran, rows};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn payees_that_were_validated_recently_are_left_out() {
    let place = Place::new(&[]).await;
    place.input(rows(4));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(rows(6));
    let url = place.sandbox.url();
    let run = |more: &[&str]| {
        let args = ["in.csv", "--out", "new.ndjson", "--pay-again", "--base-url", &url];
        Ran::of(place.program(&[&args[..], more].concat()).output().unwrap())
    };
    let ran = run(&["--unless-validated", "30d"]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(place.validations().values().all(|times| *times == 1), "{:?}", place.validations());
    let results = fs::read_to_string(place.path("new.ndjson")).unwrap();
    let results: Vec<serde_json::Value> = results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<_> = results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["skipped", "skipped", "skipped", "skipped", "active", "active"]);
    assert_eq!((&results[0]["status"], results[0]["customer_account_id"].is_string()), (&json!("ACTIVE"), true));
    assert_eq!(run(&["--resume"]).exit, Some(1));
    assert_eq!(place.validations().values().sum::<u32>(), 6);
    assert_eq!(run(&["--resume", "--retry", "skipped"]).exit, Some(0));
    assert_eq!(place.validations().values().sum::<u32>(), 10);
}

/// The reason says why a payee was left out. An older account that is pending is not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_with_a_pending_account_is_left_out_for_that_reason() {
    let year = SystemTime::now() - Duration::from_hours(365 * 24);
    let place = Place::with(Sandbox::builder().clock(move || year)).await;
    place.input(format!("{HEADER}c1,JP_HDFC,,,,pending@upi,\n"));
    assert_eq!(place.run(&[]).exit, Some(1));
    let url = place.sandbox.url();
    let args = ["in.csv", "--out", "new.ndjson", "--pay-again", "--unless-validated", "30d", "--base-url", &url];
    assert_eq!(Ran::of(place.program(&args).output().unwrap()).exit, Some(1));
    let result: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.path("new.ndjson")).unwrap()).unwrap();
    assert_eq!((&result["outcome"], &result["status"]), (&json!("skipped"), &json!("PENDING")), "{result}");
    assert_eq!(result["reason"], "an earlier validation of the account may not have ended (--unless-validated)");
    assert_eq!(place.validations()["c1"], 1);
}

/// A *not found* of a gateway, without a code, does not show that a customer has no accounts. Then, and if the list
/// cannot be read, nothing is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_read_does_not_prove_that_nothing_was_validated() {
    for (status, exit, outcome, requests) in
        [("404 Not Found", 3, "refused", 2), ("503 Service Unavailable", 5, "not_sent", 6)]
    {
        let server = Server::responding(status, "", "<html>no such page</html>");
        let place = Place::new(&[]).await;
        place.input(rows(2));
        let args = ["in.csv", "--out", "out.ndjson", "--unless-validated", "30d", "--base-url", &server.url];
        let ran = Ran::of(place.program(&args).output().unwrap());
        assert_eq!(ran.exit, Some(exit), "{}", ran.stderr);
        assert_eq!(json!(place.tally()), json!({ outcome: 2 }));
        assert!((0..requests).all(|_| server.request().starts_with("GET ")));
        assert_eq!(server.others(), 0);
    }
}

/// If the request is refused after the list was read, the payees that were left out are not sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_does_not_send_the_payees_that_were_left_out() {
    let place = Place::new(&[]).await;
    let row = |line: u32| format!("cst_1,JP_HDFC,,,,payee{line}@upi,r{line}\n");
    place.input(format!("{HEADER}{}", row(2)));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(format!("{HEADER}{}{}", row(2), row(3)));
    place.sandbox.set_faults(&["status=404,on=createAndValidateCustomerAccount,next=1".parse().unwrap()]);
    let url = place.sandbox.url();
    let args = ["in.csv", "--out", "new.ndjson", "--pay-again", "--base-url", &url];
    let more = ["--rows-per-call", "2", "--unless-validated", "30d"];
    let ran = Ran::of(place.program(&[&args[..], &more].concat()).output().unwrap());
    assert_eq!(ran.exit, Some(3), "{}", ran.stderr);
    assert_eq!(place.validations()["cst_1"], 1, "{:?}", place.sandbox.accounts());
    let results = fs::read_to_string(place.path("new.ndjson")).unwrap();
    let outcomes =
        results.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["outcome"].clone());
    assert_eq!(outcomes.collect::<Vec<_>>(), ["skipped", "refused"]);
}

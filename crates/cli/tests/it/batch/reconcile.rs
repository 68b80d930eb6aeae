//! `--reconcile` determines the outcome of rows with a lost response, and pays for no row twice.

use std::fmt::Write as _;
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use juspay_accounts_sandbox::Sandbox;
use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, signal, start, until};
use crate::support::Server;

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

const RECONCILE: [&str; 4] = ["--resume", "--reconcile", "--settle", "0s"];

/// Each kind of fault hits one request in twenty. Where possible, half of the faults come before the penny drop.
const FAULTS: [&str; 14] = [
    "status=503:0.025",
    "status=500@after:0.025",
    "html=502:0.025",
    "html=504@after:0.025",
    "rate-limit=1:0.05",
    "latency=3ms:0.025",
    "latency=3ms@after:0.025",
    "hang:0.025",
    "hang@after:0.025",
    "close:0.025",
    "close@after:0.025",
    "reset:0.025",
    "reset@after:0.025",
    "truncate:0.05",
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_every_row_gets_its_outcome_and_none_is_paid_for_twice() {
    const ROWS: u64 = 1_000;
    let place = Place::new(&FAULTS).await;
    let mut text = HEADER.to_owned();
    for line in 2..ROWS + 2 {
        let vpa = ["success@upi", "failure@upi", "pending@upi"][usize::try_from(line % 3).unwrap()];
        writeln!(text, "cst_{line},JP_HDFC,,,,{vpa},r{line}").unwrap();
    }
    place.input(text);
    // The lists come from the same server, and are lost as often. A busy machine needs time to process requests that
    // have timed out, or a missing account would prove nothing.
    let call = ["--concurrency", "32", "--timeout", "2s"];
    let again = [&call[..], &["--resume", "--reconcile", "--settle", "4s"]].concat();
    let mut ran = place.run(&call);
    let mut runs = vec![format!("{:?} {:?}", ran.exit, place.tally())];
    let mut lost = 0;
    while matches!(ran.exit, Some(4 | 5)) && runs.len() < 50 {
        lost = lost.max(place.tally().get("unknown").copied().unwrap_or_default());
        ran = place.run(&again);
        runs.push(format!("{:?} {:?}", ran.exit, place.tally()));
    }
    let all = runs.join("\n");
    assert_eq!(ran.exit, Some(1), "{all}\n{}", ran.stderr);
    assert!(lost > 10, "nothing was lost on the way: {all}");

    let outcomes = place.outcomes();
    assert!(outcomes.keys().copied().eq(2..ROWS + 2), "{all}");
    for (line, record) in outcomes {
        let expected = ["active", "failed", "pending"][usize::try_from(line % 3).unwrap()];
        assert_eq!(record["outcome"], expected, "{record}");
    }
    let validations = place.validations();
    assert_eq!(validations.len() as u64, ROWS);
    assert!(validations.values().all(|times| *times == 1), "paid for twice: {validations:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_the_server_is_the_outcome_and_a_missing_one_is_sent() {
    for (fault, attempt) in [("reset@after", 1), ("reset", 2)] {
        let place = Place::new(&[fault]).await;
        place.input(rows(3));
        assert_eq!(place.run(&[]).exit, Some(4));
        place.sandbox.heal();
        assert_eq!(json!(place.tally()), json!({ "unknown": 3 }));
        let ran = place.run(&RECONCILE);
        assert_eq!(ran.exit, Some(0), "{fault}: {}", ran.stderr);
        assert_eq!(json!(place.tally()), json!({ "active": 3 }));
        assert!(place.validations().values().all(|times| *times == 1));
        for record in place.outcomes().into_values() {
            assert_eq!(record["attempt"], attempt, "{record}");
            assert!(record["customer_account_id"].is_string() && record["reason"].is_null(), "{record}");
        }
        let requests = place.sandbox.requests();
        assert_eq!(place.run(&RECONCILE).exit, Some(0));
        assert_eq!(place.sandbox.requests(), requests, "there was nothing to do");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_finds_calls_that_were_in_flight_at_a_kill() {
    let place = Place::new(&["hang@after:0.5", "hang"]).await;
    place.input(rows(8));
    let mut child = start(&mut place.command(&["--concurrency", "8"]));
    until(|| place.sandbox.requests() == 8).await;
    signal(&child, "KILL");
    child.wait().unwrap();
    let acted = place.validations().len();
    assert!((1..8).contains(&acted), "{acted}");
    place.sandbox.heal();
    let ran = place.run(&RECONCILE);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "active": 8 }));
    assert!(place.validations().values().all(|times| *times == 1));
    let first = place.outcomes().into_values().filter(|record| record["attempt"] == 1).count();
    assert_eq!(first, acted);
    assert_eq!(place.logged("send"), 8 + 8 - acted);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_determined_stays_unknown_with_the_reason_and_is_not_sent() {
    // The server's clock stopped at a time long before the call: the account exists, and may be an older one.
    let sandbox = Sandbox::builder().fault("status=500@after".parse().unwrap());
    let place = Place::with(sandbox.clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383))).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(4));
    let first = place.outcomes();
    let requests = place.sandbox.requests();

    // The list cannot be read, so nothing new is known.
    let ran = place.run(&[&RECONCILE[..], &["--concurrency", "1"]].concat());
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert_eq!(place.outcomes(), first);

    place.sandbox.heal();
    let ran = place.run(&RECONCILE);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("the outcome of 2 rows (2, 3) is unknown"), "{}", ran.stderr);
    for (line, record) in place.outcomes() {
        assert_eq!((&record["outcome"], &record["attempt"]), (&json!("unknown"), &json!(1)), "{record}");
        let reason = record["reason"].as_str().unwrap();
        assert!(reason.contains("already had this account"), "{record}");
        assert_eq!(record["request_id"], first[&line]["request_id"], "{record}");
        // The request id of row 2 has as many zeros as the IFSC, so it looks like a part of what was sent, and is not
        // printed.
        assert!(line == 2 || record["request_id"].is_string(), "{record}");
    }
    assert!(place.validations().values().all(|times| *times == 1));
    assert!(place.sandbox.requests() > requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_account_is_not_sent_before_its_call_is_old_enough() {
    let place = Place::new(&["reset"]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(4));
    place.sandbox.heal();
    let requests = place.sandbox.requests();
    // By default, the wait takes minutes.
    let stderr = place.path("stderr");
    let messages = || std::fs::read_to_string(&stderr).unwrap();
    let mut command = place.command(&["--resume", "--reconcile"]);
    command.stdin(Stdio::null()).stderr(File::create(&stderr).unwrap());
    let mut child = command.spawn().unwrap();
    until(|| messages().contains("Ctrl-C is safe\n")).await;
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(4), "{}", messages());
    let messages = messages();
    let (_, waiting) = messages.split_once("note: waiting ").unwrap();
    let (_, why) = waiting.split_once("m ").unwrap();
    assert!(why.contains("s for requests that the vendor may still be processing; Ctrl-C is safe\n"), "{messages}");
    assert!(messages.contains("the outcome of 1 row is still unknown"), "{messages}");
    assert_eq!(place.sandbox.requests(), requests);

    // Pretend that the call ended an hour ago, by a reliable clock.
    let hour_ago = now() - 3_600_000;
    let ended = |at: serde_json::Value, longest: u64| {
        place.edit_log(|events| {
            for event in events {
                if event["end"].is_object() {
                    event["end"]["at"] = at.clone();
                    event["end"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
                }
                if event["run"].is_object() {
                    event["run"]["longest_call"] = longest.into();
                }
            }
        });
    };
    // If the calls of that run could take two hours, the server may still be processing the row. If the recorded end is
    // missing, or in the future, the age of the call is unknown.
    for (at, longest, expected) in [
        (json!(hour_ago), 7200, "note: waiting 1h "),
        (json!(null), 121, "note: waiting 5m "),
        (json!(now() + 3_600_000), 121, "note: waiting 5m "),
    ] {
        ended(at, longest);
        let runs = place.logged("run");
        let child = start(&mut place.command(&["--resume", "--reconcile"]));
        until(|| place.logged("run") > runs).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        signal(&child, "INT");
        let ran = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
        assert!(place.validations().is_empty());
    }
    ended(json!(hour_ago), 121);
    assert_eq!(place.run(&["--resume", "--reconcile"]).exit, Some(0));
    assert_eq!(place.validations().values().sum::<u32>(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_not_old_by_a_clock_that_differs_from_the_servers() {
    let place = Place::new(&["reset"]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(4));
    let server = Server::responding("200 OK", "date: Mon, 01 Jan 2024 00:00:00 GMT\r\n", "[]");
    place.edit_log(|events| {
        events[0]["log"]["target"] = json!(server.url);
        for event in events.iter_mut().filter(|event| event["end"].is_object()) {
            event["end"]["at"] = (now() - 3_600_000).into();
        }
    });
    let args = ["in.csv", "--out", "out.ndjson", "--base-url", &server.url, "--resume", "--reconcile"];
    let child = start(&mut place.program(&args));
    // The program reads a list, to compare the clocks.
    assert!(server.request().starts_with("GET "));
    tokio::time::sleep(Duration::from_millis(500)).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(ran.exit == Some(4) && ran.stderr.contains("note: waiting 5m "), "{}", ran.stderr);
    assert_eq!(server.others(), 0, "nothing is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_that_is_interrupted_reports_unread_rows_as_unknown() {
    let place = Place::new(&["hang@after"]).await;
    place.input(rows(30));
    let mut child = start(&mut place.command(&["--concurrency", "30"]));
    until(|| place.sandbox.requests() == 30).await;
    signal(&child, "KILL");
    child.wait().unwrap();
    // Every list hangs too: the first two are in flight when the run is ended.
    let child = start(&mut place.command(&[&RECONCILE[..], &["--concurrency", "2"]].concat()));
    until(|| place.sandbox.requests() == 32).await;
    signal(&child, "INT");
    tokio::time::sleep(Duration::from_millis(200)).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("the outcome of 30 rows (2, 3, 4"), "{}", ran.stderr);
    place.sandbox.heal();
    assert_eq!(place.run(&RECONCILE).exit, Some(0));
    assert!(place.validations().values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn reconcile_requires_resume_and_settle_requires_reconcile() {
    let place = Place::new(&[]).await;
    place.input(rows(1));
    for (args, expected) in [
        (&["--reconcile"][..], "--resume"),
        (&["--resume", "--settle", "1s"], "--reconcile"),
        (&["--resume", "--reconcile", "--resend-unknown"], "cannot be used with"),
        (&["--resume", "--reconcile", "--settle", "soon"], "for '--settle <TIME>': expected a time with units"),
        (&["--resume", "--reconcile", "--settle", "25h"], "for '--settle <TIME>': expected a time from 0s to 1day"),
    ] {
        let ran = place.run(args);
        assert_eq!(ran.exit, Some(2), "{args:?}");
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(place.sandbox.requests(), 0);
}

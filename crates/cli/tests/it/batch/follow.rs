//! `--follow` determines the outcome of pending rows, and pays for nothing.

use juspay_accounts_sandbox::{Pending, Sandbox};
use serde_json::json;

use super::support::{HEADER, Place, Ran};
use crate::support::Server;

const FOLLOW: [&str; 2] = ["--resume", "--follow"];

fn input() -> String {
    format!("{HEADER}c1,JP_HDFC,,,,pending@upi,\nc2,JP_HDFC,HDFC0000077,007711000031,,,x\nc3,JP_HDFC,,,,success@upi,\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn follow_records_validations_that_have_ended_and_pays_nothing() {
    let place = Place::with(Sandbox::builder().pending(Pending::ActiveAfter(2))).await;
    place.input(input());
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("note: 2 rows are pending: --resume --follow reads"), "{}", ran.stderr);
    let first = place.outcomes();
    assert_eq!(json!(place.tally()), json!({ "active": 1, "pending": 2 }));

    // Without the flag, the program does not ask the server.
    assert_eq!(place.run(&["--resume"]).exit, Some(1));
    assert_eq!(place.sandbox.requests(), 3);
    // The first reading finds no validation that has ended, and logs nothing.
    assert_eq!(place.run(&FOLLOW).exit, Some(1));
    assert_eq!((place.sandbox.requests(), place.logged("end")), (5, 3));

    let ran = place.run(&FOLLOW);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("active ") && !ran.stdout.contains("pending"), "{}", ran.stdout);
    assert_eq!(json!(place.tally()), json!({ "active": 3 }));
    for (line, record) in place.outcomes() {
        for key in ["attempt", "reference", "account", "customer_account_id", "request_id"] {
            assert_eq!(record[key], first[&line][key], "{key}");
        }
    }
    assert!(place.validations().values().all(|times| *times == 1), "nothing was paid for again");
    let requests = place.sandbox.requests();
    assert_eq!(place.run(&FOLLOW).exit, Some(0));
    assert_eq!(place.sandbox.requests(), requests, "there is nothing left to read");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_stays_pending_and_a_server_that_fails_ends_the_run() {
    let place = Place::new(&[]).await;
    let rows: Vec<_> = (0..30).map(|number| format!("c{number},JP_HDFC,,,,pending@upi,\n")).collect();
    place.input(HEADER.to_owned() + &rows.concat());
    let sandbox = Sandbox::start().await.unwrap();
    let url = sandbox.url();
    let run = |more: &[&str]| {
        let args = [&["in.csv", "--out", "out.ndjson", "--base-url", &url, "--concurrency", "5"], more].concat();
        Ran::of(place.program(&args).output().unwrap())
    };
    assert_eq!(run(&[]).exit, Some(1));
    let before = place.records();
    drop(sandbox);
    let ran = run(&FOLLOW);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    // Another server may use the port by now.
    assert!(ran.stderr.contains("nothing more was sent: "), "{}", ran.stderr);
    assert!(ran.stderr.contains(" pending rows could not be read; the last error: "), "{}", ran.stderr);
    assert!(ran.stdout.contains("\npending      30 "), "{}", ran.stdout);
    assert_eq!(place.records(), before);
}

/// Without the id of the account, its status cannot be read, and the advice is different.
#[tokio::test(flavor = "multi_thread")]
async fn a_pending_account_without_an_id_cannot_be_followed() {
    let account = r#"[{"validation_status":"PENDING","account_details":{"vpa":"pending@upi"}}]"#;
    let server = Server::responding("200 OK", "", account);
    let place = Place::new(&[]).await;
    place.input(format!("{HEADER}c1,JP_HDFC,,,,pending@upi,\n"));
    for more in [&[][..], &FOLLOW] {
        let args = [&["in.csv", "--out", "out.ndjson", "--base-url", &server.url], more].concat();
        assert_eq!(Ran::of(place.program(&args).output().unwrap()).exit, Some(1));
        let advice = place.outcomes()[&2]["advice"].as_str().unwrap().to_owned();
        assert!(advice.starts_with("ask the vendor for the status of the account"), "{advice}");
    }
    server.request();
    assert_eq!(server.others(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn follow_requires_resume() {
    let place = Place::new(&[]).await;
    place.input(input());
    let ran = place.run(&["--follow"]);
    assert_eq!(ran.exit, Some(2));
    assert!(ran.stderr.contains("--resume"), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 0);
}

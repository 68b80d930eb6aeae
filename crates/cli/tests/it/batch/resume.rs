//! `--resume` goes on where it is safe, and refuses where it is not.

use std::fs;
use std::io::Write as _;

use serde_json::json;

use super::support::{Place, Ran, rows, signal, start, until};

fn refused(ran: &Ran, why: &str) {
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_paid_for_twice_is_refused() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    refused(&place.run(&["--resume"]), "there is nothing to resume");
    assert_eq!(place.run(&["--concurrency", "1"]).exit, Some(0));
    let [output, journal] = ["out.ndjson", "out.ndjson.journal"].map(|name| place.path(name));
    let before = [&output, &journal].map(|path| fs::read(path).unwrap());

    refused(&place.run(&[]), "out.ndjson is there already");
    fs::rename(&output, place.path("aside")).unwrap();
    refused(&place.run(&[]), "out.ndjson.journal is there already");
    refused(&place.run(&["--resume"]), "out.ndjson is not there, and out.ndjson.journal says that rows were sent");
    fs::rename(place.path("aside"), &output).unwrap();

    for other in [rows(6), rows(2)] {
        place.input(other);
        refused(&place.run(&["--resume"]), "the input is not the one with which");
    }
    place.input(rows(5));
    let mut elsewhere =
        place.program(&["in.csv", "--out", "out.ndjson", "--resume", "--base-url", "http://127.0.0.1:9"]);
    refused(&Ran::of(elsewhere.output().unwrap()), "was begun with another target: http://127.0.0.1:");

    let changed = |path, from: &str, to: &str| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replacen(from, to, 1)).unwrap();
        let ran = place.run(&["--resume"]);
        fs::write(path, text).unwrap();
        ran
    };
    refused(&changed(&journal, "\ns ", "\nx "), "journal is damaged: line 3 is not one that this program wrote");
    refused(&changed(&journal, "journal 1", "journal 2"), "was not written by this version");
    refused(&changed(&journal, "{\"journal\"", "{\"other\""), "journal is damaged: line 1 is");
    refused(&changed(&output, "\"line\":2", "\"line\":200"), "out.ndjson is damaged: line ");
    refused(&changed(&output, "\"line\":2,", "\"line\":3,"), "out.ndjson was changed: what it has of line 2 is not");
    fs::write(&output, b"").unwrap();
    refused(&place.run(&["--resume"]), "out.ndjson was changed");

    fs::write(&output, &before[0]).unwrap();
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!([&output, &journal].map(|path| fs::read(path).unwrap()), before, "there was nothing to do");
    assert_eq!(place.sandbox.requests(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_work_on_one_journal() {
    let place = Place::new(&["hang"]).await;
    place.input(rows(5));
    let mut first = start(&mut place.command(&[]));
    until(|| place.sandbox.requests() > 0).await;
    refused(&place.run(&["--resume"]), "another process is working on out.ndjson.journal");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_torn_is_mended_and_what_is_unknown_is_sent_again_only_on_request() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    let [output, journal] = ["out.ndjson", "out.ndjson.journal"].map(|name| place.path(name));
    // As if the machine had gone between the sending of line 4 and its answer, in the midst of both files.
    assert_eq!(place.run(&["--concurrency", "1"]).exit, Some(0));
    let text = fs::read_to_string(&journal).unwrap();
    let head = text.lines().next().unwrap();
    fs::write(&journal, format!("{head}\ns 2 1 9\ns 3 1 9\nd 2 1\ns 4 1 9\ns 5")).unwrap();
    let text = fs::read_to_string(&output).unwrap();
    let at = text.find("{\"line\":4").unwrap();
    fs::write(&output, &text[..at + 14]).unwrap();

    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("3 bytes at the end of out.ndjson.journal were torn, and are gone"), "{}", ran.stderr);
    assert!(ran.stderr.contains("14 bytes at the end of out.ndjson were torn"), "{}", ran.stderr);
    assert!(ran.stderr.contains("what became of 1 row (line 4)"), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "active": 4, "unknown": 1 }));
    assert_eq!(place.outcomes()[&4]["reason"], "the program was ended before the answer; it may have been acted on");
    // Of lines 5 and 6, which the first run had sent, there was no trace left.
    assert_eq!(place.sandbox.requests(), 5 + 2);

    assert_eq!(place.run(&["--resume"]).exit, Some(4));
    assert_eq!(place.sandbox.requests(), 7, "it stays unknown");
    assert_eq!(place.run(&["--resume", "--resend-unknown"]).exit, Some(0));
    assert_eq!((place.sandbox.requests(), &place.outcomes()[&4]["attempt"]), (8, &json!(2)));
    assert_eq!(place.run(&["--resume", "--resend-unknown"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 8, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_whose_second_attempt_was_cut_off_is_unknown_though_the_first_has_an_outcome() {
    let place = Place::new(&[]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(0));
    let output = place.path("out.ndjson");
    let text = fs::read_to_string(&output).unwrap();
    fs::write(&output, text.replace("\"active\"", "\"not_sent\"").replace("\"again\":false", "\"again\":true"))
        .unwrap();
    let mut journal = fs::File::options().append(true).open(place.path("out.ndjson.journal")).unwrap();
    journal.write_all(b"s 2 2 9\n").unwrap();
    assert_eq!(place.run(&["--resume"]).exit, Some(4));
    assert_eq!((place.sandbox.requests(), json!(place.tally())), (1, json!({ "unknown": 1 })));
    assert_eq!(place.run(&["--resume", "--resend-unknown"]).exit, Some(0));
    assert_eq!((place.sandbox.requests(), &place.outcomes()[&2]["attempt"]), (2, &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_was_cut_off_and_is_sent_again_at_once_counts_for_what_becomes_of_it() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    let mut journal = fs::File::options().append(true).open(place.path("out.ndjson.journal")).unwrap();
    journal.write_all(b"s 2 2 9\n").unwrap();
    let ran = place.run(&["--resume", "--resend-unknown", "--output", "json"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("not known"), "{}", ran.stderr);
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&summary["outcomes"], &summary["left"]), (&json!({ "active": 2 }), &json!(0)), "{summary}");
    let told: Vec<_> = place.records().into_iter().filter(|record| record["line"] == 2).collect();
    let told: Vec<_> = told.iter().map(|record| (&record["attempt"], &record["outcome"])).collect();
    assert_eq!(told, [(&json!(1), &json!("active")), (&json!(2), &json!("unknown")), (&json!(3), &json!("active"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_a_row_that_may_have_been_paid_for_before_settles_nothing() {
    for fault in ["status=401", "status=400", "rate-limit=3600"] {
        let place = Place::new(&[fault]).await;
        place.input(rows(1));
        assert_eq!(place.run(&[]).exit, Some(3), "{fault}");
        let mut journal = fs::File::options().append(true).open(place.path("out.ndjson.journal")).unwrap();
        journal.write_all(b"s 2 2 9\n").unwrap();
        for attempt in [3, 4] {
            // The second time, what is in doubt is in the output.
            let ran = place.run(&["--resume", "--resend-unknown"]);
            assert_eq!(ran.exit, Some(4), "{fault}: {}", ran.stderr);
            let record = &place.outcomes()[&2];
            let told = (&record["outcome"], &record["attempt"], &record["again"]);
            assert_eq!(told, (&json!("unknown"), &json!(attempt), &json!(false)), "{record}");
            let reason = record["reason"].as_str().unwrap();
            assert!(reason.starts_with("an earlier attempt may have been acted on; the last: the server"), "{record}");
        }
        let requests = place.sandbox.requests();
        assert_eq!(place.run(&["--resume"]).exit, Some(4));
        assert_eq!(place.sandbox.requests(), requests, "it is not sent by itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_can_be_restarted_between() {
    let place = Place::new(&["hang:0.3"]).await;
    place.input(rows(30));
    let child = start(&mut place.command(&["--concurrency", "30"]));
    until(|| super::support::lines_with(&place.path("out.ndjson"), "{") >= 10).await;
    signal(&child, "KILL");
    child.wait_with_output().unwrap();
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert_eq!(place.outcomes().len(), 30);
}

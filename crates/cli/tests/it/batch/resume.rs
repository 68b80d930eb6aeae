//! `--resume` continues where it is safe, and refuses where it is not.

use std::fs;
use std::io::Write as _;

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, signal, start, until};

fn refused(ran: &Ran, why: &str) {
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "{why}: {}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_could_pay_twice_is_refused() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    refused(&place.run(&["--resume"]), "there is nothing to resume");
    assert_eq!(place.run(&["--concurrency", "1"]).exit, Some(0));
    let [output, log] = ["out.ndjson", "out.log"].map(|name| place.path(name));
    let before = [&output, &log].map(|path| fs::read(path).unwrap());

    refused(&place.run(&[]), "out.log already exists");
    fs::rename(&output, place.path("aside")).unwrap();
    refused(&place.run(&[]), "out.log already exists");
    fs::rename(place.path("aside"), &output).unwrap();
    fs::rename(&log, place.path("aside")).unwrap();
    refused(&place.run(&[]), "out.ndjson already exists, and its log out.log is missing");
    refused(&place.run(&["--resume"]), "out.log is missing: it is the log of the run that wrote out.ndjson");
    fs::write(&log, b"").unwrap();
    refused(&place.run(&["--resume"]), "out.log is empty; it should contain the log of a run");
    fs::rename(place.path("aside"), &log).unwrap();

    let mut elsewhere =
        place.program(&["in.csv", "--out", "out.ndjson", "--resume", "--base-url", "http://127.0.0.1:9"]);
    refused(&Ran::of(elsewhere.output().unwrap()), "is the log of a run with another server: http://127.0.0.1:");

    let trial = |more: &[&str]| {
        Ran::of(place.program(&[&["in.csv", "--out", "trial.ndjson"], more].concat()).output().unwrap())
    };
    assert_eq!(trial(&[]).exit, Some(0));
    refused(&trial(&["--resume", "--base-url", "http://127.0.0.1:9"]), "that run was a trial");
    let named = Ran::of(place.juspay(&["results", "trial.ndjson"]).output().unwrap());
    refused(&named, "trial.ndjson is not the log of a run\n  next: use the log, trial.log");
    refused(&Ran::of(place.program(&["."]).output().unwrap()), ". cannot be read; nothing was sent");

    let changed = |from: &str, to: &str| {
        let text = fs::read_to_string(&log).unwrap();
        assert!(text.contains(from));
        fs::write(&log, text.replacen(from, to, 1)).unwrap();
        let ran = place.run(&["--resume"]);
        fs::write(&log, text).unwrap();
        ran
    };
    refused(&changed("\"attempt\":1", "\"attempt\":2"), "out.log is damaged: line 3 was changed, or lines are missing");
    refused(&changed("batch log 3", "batch log 4"), "out.log is damaged: line 1 was changed");
    refused(&changed("{\"seq\"", "{\"other\""), "out.log is damaged: line 1 was changed");
    fs::write(&log, "started\n").unwrap();
    refused(&place.run(&["--resume"]), "is not a log that this version of the program can read");
    fs::write(&log, &before[1]).unwrap();

    assert_eq!([&output, &log].map(|path| fs::read(path).unwrap()), before);
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(fs::read(&output).unwrap(), before[0], "there was nothing to do");
    assert_eq!(place.sandbox.requests(), 5);
}

/// Only the log decides what was paid; the results are a view of it.
#[tokio::test(flavor = "multi_thread")]
async fn results_that_were_deleted_or_changed_are_written_again_and_nothing_is_lost() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    assert_eq!(place.run(&[]).exit, Some(0));
    let output = place.path("out.ndjson");
    let good = fs::read_to_string(&output).unwrap();

    fs::remove_file(&output).unwrap();
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("out.ndjson is missing; it will be written again from the log"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&output).unwrap(), good);

    for changed in ["", "notes of mine\n"] {
        fs::write(&output, changed).unwrap();
        let ran = place.run(&["--resume"]);
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        assert!(
            ran.stderr.contains(
                "out.ndjson was changed after the last run, or is another file; it was renamed to out.changed-"
            ),
            "{}",
            ran.stderr
        );
        assert_eq!(fs::read_to_string(&output).unwrap(), good);
    }
    assert_eq!(fs::read_to_string(place.path("out.changed-2.ndjson")).unwrap(), "notes of mine\n");

    // The results can be written at any time, and under any name.
    fs::remove_file(&output).unwrap();
    let command = |args: &[&str]| Ran::of(place.juspay(&[&["results"], args].concat()).output().unwrap());
    let ran = command(&["out.log"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&output).unwrap(), good);
    assert_eq!(command(&["out.log", "--out", "other.ndjson"]).exit, Some(0));
    assert_eq!(fs::read_to_string(place.path("other.ndjson")).unwrap(), good);
    // Results under another name do not make the first ones look changed.
    let ran = command(&["out.log"]);
    assert!(ran.exit == Some(0) && !ran.stderr.contains("was changed"), "{}", ran.stderr);
    fs::rename(place.path("in.csv"), place.path("moved.csv")).unwrap();
    let moved = command(&["out.log"]).stderr;
    assert!(moved.contains("in.csv cannot be read") && moved.contains("with --input if it was moved"), "{moved}");
    assert_eq!(command(&["out.log", "--input", "moved.csv"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_work_on_one_log() {
    let place = Place::new(&["hang"]).await;
    place.input(rows(5));
    let mut first = start(&mut place.command(&[]));
    until(|| place.sandbox.requests() > 0).await;
    refused(&place.run(&["--resume"]), "another process is using out.log");
    first.kill().unwrap();
    first.wait().unwrap();
}

/// A run with a corrected, extended, sorted or otherwise saved file continues where the first run ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_corrected_extended_and_sorted_is_paid_for_only_where_it_is_new() {
    let place = Place::new(&[]).await;
    let row = |number: u32, account: u32| format!("cst_{number},JP_HDFC,HDFC0000001,{account:012},,,r{number}\n");
    place.input(format!("{HEADER}{}{}{}{}", row(1, 111), row(2, 222), row(3, 333), row(4, 444)));
    assert_eq!(place.run(&[]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 4);

    // r2 has another account, r3 is missing, and r5 is new. Columns and rows have another order, and r4 has another
    // bank code, and a name.
    place.input(
        "reference,account,ifsc,bank_code,customer_id,name\r\n\
         r5,000000000555,HDFC0000001,JP_HDFC,cst_5,\r\n\
         r4,000000000444,HDFC0000001,JP_SBI,cst_4,Asha Rao\r\n\r\n\
         r2,000000000223,HDFC0000001,JP_HDFC,cst_2,\r\n\
         r1,\"000000000111\",HDFC0000001,JP_HDFC,cst_1,\r\n",
    );
    let ran = place.run(&["--resume", "--output", "json"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(summary["changes"], json!({ "done": 2, "new": 1, "changed": 1, "removed": 1 }), "{summary}");
    assert!(ran.stderr.contains("1 payee replaces one of the same customer that did not fail"), "{}", ran.stderr);
    // The sum is that of all runs, also for payees that are no longer in the file.
    assert_eq!(summary["paid"], json!({ "penny_drops": 6, "rupees": "6.00" }), "{summary}");
    assert_eq!(place.sandbox.requests(), 6);
    let validations = place.validations();
    assert_eq!(
        validations.into_iter().collect::<Vec<_>>(),
        [1, 2, 3, 4, 5].map(|number| { (format!("cst_{number}"), if number == 2 { 2 } else { 1 }) })
    );
    let references: Vec<_> = place.records().iter().map(|record| record["reference"].clone()).collect();
    assert_eq!(references, ["r5", "r4", "r2", "r1"]);
    // Restore the first file: every row is known.
    place.input(format!("{HEADER}{}{}{}{}", row(1, 111), row(2, 222), row(3, 333), row(4, 444)));
    assert_eq!(place.run(&["--resume"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_log_is_repaired_and_unknown_rows_are_sent_again_only_on_request() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    // Simulate a crash between sending row 4 and its response, while the log entry of row 5 is written.
    assert_eq!(place.run(&["--concurrency", "1"]).exit, Some(0));
    place.edit_log(|events| {
        let payees: Vec<_> =
            events.iter().filter_map(|event| event["send"]["payee"].as_str().map(str::to_owned)).collect();
        events.retain(|event| {
            let payee = ["send", "end"].iter().find_map(|kind| event[kind]["payee"].as_str()).map(str::to_owned);
            let row = payee.and_then(|payee| payees.iter().position(|other| *other == payee)).unwrap_or_default();
            !event["close"].is_object() && (row < 2 || row == 2 && event["send"].is_object())
        });
    });
    fs::OpenOptions::new().append(true).open(place.path("out.log")).unwrap().write_all(b"{\"seq\":7,\"eve").unwrap();

    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("removed an incomplete line (13 bytes) at the end of out.log"), "{}", ran.stderr);
    assert!(ran.stderr.contains("the outcome of row 4 is unknown"), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "active": 4, "unknown": 1 }));
    assert_eq!(
        place.outcomes()[&4]["reason"],
        "the program ended before the response arrived; the payee may have been paid"
    );
    // The log had no trace of rows 5 and 6, which the first run had sent.
    assert_eq!(place.sandbox.requests(), 5 + 2);

    assert_eq!(place.run(&["--resume"]).exit, Some(4));
    assert_eq!(place.sandbox.requests(), 7, "it stays unknown");
    assert_eq!(place.run(&["--resume", "--resend-unknown"]).exit, Some(0));
    assert_eq!((place.sandbox.requests(), &place.outcomes()[&4]["attempt"]), (8, &json!(2)));
    assert_eq!(place.run(&["--resume", "--resend-unknown"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 8, "it is sent again only once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payee_is_unknown_after_a_cut_off_second_attempt_even_if_the_first_has_an_outcome() {
    let place = Place::new(&["status=401"]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(3));
    place.sandbox.heal();
    place.cut_off(2);
    assert_eq!(place.run(&["--resume"]).exit, Some(4));
    assert_eq!((place.sandbox.requests(), json!(place.tally())), (1, json!({ "unknown": 1 })));
    let ran = place.run(&["--resume", "--resend-unknown", "--output", "json"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("unknown,"), "{}", ran.stderr);
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&summary["outcomes"], &summary["left"]), (&json!({ "active": 1 }), &json!(0)), "{summary}");
    assert_eq!((place.sandbox.requests(), &place.outcomes()[&2]["attempt"]), (2, &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_a_payee_that_may_have_been_paid_before_settles_nothing() {
    for fault in ["status=401", "status=400", "rate-limit=3600"] {
        let place = Place::new(&[fault]).await;
        place.input(rows(1));
        assert_eq!(place.run(&[]).exit, Some(3), "{fault}");
        place.cut_off(2);
        for attempt in [3, 4] {
            // The second time, the log records that the outcome is unknown.
            let ran = place.run(&["--resume", "--resend-unknown"]);
            assert_eq!(ran.exit, Some(4), "{fault}: {}", ran.stderr);
            let record = &place.outcomes()[&2];
            let reported = (&record["outcome"], &record["attempt"], &record["again"]);
            assert_eq!(reported, (&json!("unknown"), &json!(attempt), &json!(false)), "{record}");
            let reason = record["reason"].as_str().unwrap();
            assert!(
                reason.starts_with("an earlier attempt may have been processed; the last attempt: the server"),
                "{record}"
            );
        }
        let requests = place.sandbox.requests();
        assert_eq!(place.run(&["--resume"]).exit, Some(4));
        assert_eq!(place.sandbox.requests(), requests, "it is not sent without being asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_can_be_sent_again_by_their_outcome_and_the_cost_is_stated() {
    let place = Place::new(&[]).await;
    place.input(format!(
        "{HEADER}c1,JP_HDFC,YESB0000262,026291800001190,,,\nc2,JP_HDFC,,,,success@upi,\nc3,JP_HDFC,,,,failure@upi,\n"
    ));
    assert_eq!(place.run(&[]).exit, Some(1));
    assert_eq!(place.run(&["--resume", "--retry", "refused,skipped"]).exit, Some(1));
    assert_eq!(place.sandbox.requests(), 3);
    let ran = place.run(&["--resume", "--retry", "failed"]);
    assert!(ran.stderr.contains("2 payees (2 of them again), 1 penny drop, at most 1.00 rupees"), "{}", ran.stderr);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(1), 5));
    assert_eq!(place.run(&["--resume"]).exit, Some(1));
    assert_eq!(place.sandbox.requests(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn resume_after_a_kill_gives_every_row_an_outcome() {
    let place = Place::new(&["hang:0.3"]).await;
    place.input(rows(30));
    let child = start(&mut place.command(&["--concurrency", "30"]));
    until(|| place.logged("end") >= 10).await;
    signal(&child, "KILL");
    child.wait_with_output().unwrap();
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert_eq!(place.outcomes().len(), 30);
}

/// A payee is a customer and an account. If the file has other customer ids, every payee looks new.
#[tokio::test(flavor = "multi_thread")]
async fn payees_are_not_paid_again_under_other_ids_of_their_customers() {
    let place = Place::new(&[]).await;
    let run = |customer: &str, file: &str, more: &[&str]| {
        place.input(file.replace("BANK", "HDFC0000053"));
        let set = format!("customer_id={customer}");
        place.run(&[&["--set", "bank_code=JP_HDFC", "--set", &set], more].concat())
    };
    let first = "Emp Code,Account Number,IFSC Code\nE1,20123456781,BANK\nE2,20123456782,BANK\n";
    assert_eq!(run("{reference}", first, &[]).exit, Some(0));
    // The same column under another name, and the same ids under another header, are the same customers.
    for (customer, file, requests) in [
        ("{Emp Code}", first.to_owned(), 2),
        ("{reference}", first.replace("Emp Code", "Employee Number"), 2),
        ("{Staff}", first.replace("Emp Code", "Staff"), 2),
        ("{reference}", first.to_owned() + "E3,20123456783,BANK\n", 3),
    ] {
        let ran = run(customer, &file, &["--resume"]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(0), requests), "{customer}: {}", ran.stderr);
    }
    // `{reference}` is another column now.
    let columns = "Emp Code,Account Number,IFSC Code,Reference\nE1,20123456781,BANK,R1\nE2,20123456782,BANK,R2\n";
    let ran = run("{reference}", columns, &["--resume"]);
    refused(
        &ran,
        "the accounts of 2 rows (2, 3) were sent under other customer ids, and would be paid again; nothing was sent",
    );
    refused(
        &ran,
        "with --set customer_id='{Emp Code}', and this run reads it with --set customer_id='{Reference}'; use --set",
    );
    assert_eq!(run("{Emp Code}", columns, &["--resume"]).exit, Some(0));
    // The same column has other ids now, in some or in all rows.
    let others = first.replace("\nE", "\nN");
    for (file, rows) in [(first.replace("\nE2", "\nN2"), "row 3"), (others.clone(), "2 rows (2, 3)")] {
        let ran = run("{Emp Code}", &file, &["--resume"]);
        refused(&ran, &format!("the accounts of {rows} were sent under other customer ids"));
        refused(&ran, "next: use the customer ids of the last run");
        let ran = Ran::of(place.juspay(&["results", "out.log"]).output().unwrap());
        let warning =
            format!("warning: the accounts of {rows} were sent under other customer ids, or with more or fewer zeros");
        assert!(ran.stderr.contains(&warning), "{}", ran.stderr);
    }
    assert_eq!(place.sandbox.requests(), 3);
    // A row with another customer and another account is new, and so is a second customer of an account.
    let added = "N4,20123456784,BANK\nN5,20123456781,BANK\n";
    assert_eq!(run("{Emp Code}", &format!("{first}{added}"), &["--resume"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 5);
    assert_eq!(run("{Emp Code}", &others, &["--resume", "--pay-again"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 7);
}

/// A spreadsheet that saves a file can drop the leading zeros of all account numbers.
#[tokio::test(flavor = "multi_thread")]
async fn payees_are_not_paid_again_without_the_leading_zeros_of_their_accounts() {
    let place = Place::new(&[]).await;
    // The second account fails.
    let rows = ["c1,JP_HDFC,HDFC0000001,00123456789,,,", "c2,JP_HDFC,YESB0000262,026291800001190,,,"];
    place.input(format!("{HEADER}{}\n{}\n", rows[0], rows[1]));
    assert_eq!(place.run(&[]).exit, Some(1));
    for number in ["123456789", "0123456789", "000123456789"] {
        place.input(format!("{HEADER}{}\n{}\n", rows[0].replace("00123456789", number), rows[1]));
        refused(&place.run(&["--resume"]), "the accounts of row 2 were sent with more or fewer zeros at the start");
        let ran = Ran::of(place.juspay(&["results", "out.log"]).output().unwrap());
        let warning = "warning: the accounts of row 2 were sent under other customer ids, or with more or fewer zeros";
        assert!(ran.stderr.contains(warning), "{}", ran.stderr);
        let ran = Ran::of(place.juspay(&["results", "out.log", "--rest", "rest.csv"]).output().unwrap());
        refused(&ran, "--rest would have these rows, and a run with that file would pay again");
        assert!(!place.path("rest.csv").exists());
    }
    assert_eq!(place.sandbox.requests(), 2);
    let corrected = rows[1].replace("026291800001190", "26291800001190");
    place.input(format!("{HEADER}{}\n{corrected}\nc3,JP_HDFC,HDFC0000001,23456789,,,\n", rows[0]));
    let ran = place.run(&["--resume"]);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(0), 4), "{}", ran.stderr);
    assert!(!ran.stderr.contains("did not fail"), "the account failed: {}", ran.stderr);
    place.input(format!("{HEADER}{}\n", rows[0].replace("00123456789", "123456789")));
    assert_eq!(place.run(&["--resume", "--pay-again"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 5);
}

/// Another log can have the same accounts under other customer ids.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_run_with_other_customers_asks_before_it_pays_again() {
    let place = Place::new(&[]).await;
    place.input("Emp Code,Account Number,IFSC Code\nE1,20123456781,HDFC0000053\nE2,20123456782,HDFC0000053\n");
    let url = place.sandbox.url();
    let run = |out: &str, customer: &str| {
        let customer = format!("customer_id={customer}");
        let args = ["in.csv", "--out", out, "--base-url", &url, "--set", "bank_code=JP_HDFC", "--set", &customer];
        Ran::of(place.program(&args).output().unwrap())
    };
    assert_eq!(run("one.csv", "payroll").exit, Some(0));
    refused(
        &run("two.csv", "{reference}"),
        "2 payees in this file may have been paid before, in the run that wrote ./one.log",
    );
    let log = fs::read_to_string(place.path("one.log")).unwrap();
    fs::write(place.path("one.log"), log.replacen("\"salt\":", "\"salt\": ", 1)).unwrap();
    refused(&run("two.csv", "payroll"), "./one.log is damaged or of another version, so a run may have sent payees");
    assert_eq!(place.sandbox.requests(), 2);
}

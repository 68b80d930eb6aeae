//! The rules that protect money. Each test repeats a run that once broke a rule.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, start, until};
use crate::support::Server;

/// The rate limits attempts, not only calls.
#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_counts_for_the_rate() {
    let place = Place::new(&["rate-limit=0"]).await;
    place.input(rows(6));
    let began = Instant::now();
    assert_eq!(place.run(&["--rate", "3", "--concurrency", "6"]).exit, Some(3));
    // Each call makes three attempts. The waits between them are shorter than the rate requires.
    assert_eq!(place.sandbox.requests(), 18);
    assert!(began.elapsed() >= Duration::from_secs(17) / 3, "{:?}", began.elapsed());
}

/// If files of a run are missing, empty or damaged, following the advice pays nobody twice, and any advice that leads
/// to a new run states the cost.
#[tokio::test(flavor = "multi_thread")]
async fn no_advice_pays_for_a_payee_again_without_saying_so() {
    let place = Place::new(&[]).await;
    place.input(rows(3));
    assert_eq!(place.run(&[]).exit, Some(0));
    let [log, out] = ["out.log", "out.ndjson"].map(|name| place.path(name));
    let [good_log, good_out] = [&log, &out].map(|path| fs::read(path).unwrap());
    let damaged = String::from_utf8(good_log.clone()).unwrap().replacen("\"attempt\":1", "\"attempt\":9", 1);
    let states: [(&str, [Option<&[u8]>; 2]); 8] = [
        ("nothing is missing", [Some(&good_log), Some(&good_out)]),
        ("the log is missing", [None, Some(&good_out)]),
        ("the log is empty", [Some(b""), Some(&good_out)]),
        ("the log is damaged", [Some(damaged.as_bytes()), Some(&good_out)]),
        ("the log lacks its beginning", [Some(&good_log[200..]), Some(&good_out)]),
        ("the results are missing", [Some(&good_log), None]),
        ("the results are empty", [Some(&good_log), Some(b"")]),
        ("both are missing", [None, None]),
    ];
    let mut advised = Vec::new();
    for (what, [log_bytes, out_bytes]) in states {
        for args in [&[][..], &["--resume"], &["--resume", "--reconcile", "--settle", "0s"]] {
            for (path, bytes) in [(&log, log_bytes), (&out, out_bytes)] {
                let _ = fs::remove_file(path);
                if let Some(bytes) = bytes {
                    fs::write(path, bytes).unwrap();
                }
            }
            if what == "both are missing" && args.is_empty() {
                // This is a new run, and the advice has stated its cost.
                continue;
            }
            let ran = place.run(args);
            if ran.exit == Some(0) {
                assert_eq!(fs::read(&out).unwrap(), good_out, "{what}");
                continue;
            }
            assert_eq!(ran.exit, Some(2), "{what}: {}", ran.stderr);
            let next = ran.stderr.lines().find(|line| line.starts_with("  next: ")).unwrap_or_default().to_owned();
            assert!(!next.is_empty(), "{what} {args:?}: no advice: {}", ran.stderr);
            let leads_to_new_run =
                ["another --out", "new run", "without --resume", "Without"].iter().any(|word| next.contains(word));
            assert!(!leads_to_new_run || next.contains("pays for every payee"), "{what} {args:?}: {next}");
            // Follow the first advice: restore the log, and resume.
            if next.contains("put") || next.contains("restore") {
                fs::write(&log, &good_log).unwrap();
                assert_eq!(place.run(&["--resume"]).exit, Some(0), "{what}");
            }
            if next.contains("--resume") && log.exists() {
                let _ = place.run(&["--resume"]);
            }
            advised.push(format!("{what} {args:?}"));
        }
    }
    assert!(advised.len() > 10, "{advised:?}");
    assert!(place.validations().values().all(|times| *times == 1), "{:?}", place.validations());

    // Starting over under another name needs a confirmation.
    fs::write(&log, &good_log).unwrap();
    let again = ["in.csv", "--out", "again.ndjson", "--base-url", &place.sandbox.url()];
    let ran = Ran::of(place.program(&again).output().unwrap());
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("3 payees in this file may have been paid before, in the run that wrote ./out.log"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("continue that run with --resume"), "{}", ran.stderr);
    assert!(!place.path("again.log").exists() && place.sandbox.requests() == 3);
    // The same applies if only some of the payees may have been paid, and to results in another directory.
    fs::create_dir(place.path("other")).unwrap();
    place.input(rows(4));
    let elsewhere = ["in.csv", "--out", "other/new.ndjson", "--yes", "--base-url", &place.sandbox.url()];
    let ran = Ran::of(place.program(&elsewhere).output().unwrap());
    assert!(
        ran.exit == Some(2) && ran.stderr.contains("3 payees in this file may have been paid before"),
        "{}",
        ran.stderr
    );
    let agreed = [&elsewhere[..], &["--pay-again"]].concat();
    assert_eq!(Ran::of(place.program(&agreed).output().unwrap()).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 7);
}

/// The end of a run reports changes to its files.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_renamed_deleted_or_emptied_during_a_run_are_reported() {
    for (what, exit, message) in [
        (
            "rename log",
            0,
            "out.log was deleted or renamed while it was in use; the program wrote it again, and it is complete",
        ),
        ("delete log", 0, "out.log was deleted or renamed while it was in use"),
        ("empty log", 4, "out.log was changed by another program while it was in use"),
        ("replace log", 4, "out.log was replaced while it was in use"),
        ("delete out", 0, "out.ndjson was deleted or renamed during the run; it will be written again"),
        ("rename out", 0, "out.ndjson was deleted or renamed during the run; it will be written again"),
        (
            "empty out",
            0,
            "out.ndjson was changed after the last run, or is another file; it was renamed to out.changed-1.ndjson",
        ),
    ] {
        let place = Place::new(&[]).await;
        place.input(rows(2));
        assert_eq!(place.run(&[]).exit, Some(0));
        place.input(rows(30));
        let child = start(&mut place.command(&["--resume", "--rate", "40"]));
        until(|| place.sandbox.requests() >= 6).await;
        let path = place.path(if what.ends_with("log") { "out.log" } else { "out.ndjson" });
        match what.split(' ').next().unwrap() {
            "rename" => fs::rename(&path, place.path("moved")).unwrap(),
            "delete" => fs::remove_file(&path).unwrap(),
            "empty" => drop(fs::File::create(&path).unwrap()),
            _ => {
                fs::rename(&path, place.path("moved")).unwrap();
                fs::write(&path, "another file\n").unwrap();
            }
        }
        let ran = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ran.exit, Some(exit), "{what}: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "{what}: {}", ran.stderr);
        assert!(place.validations().values().all(|times| *times == 1), "{what}");
        if exit == 0 {
            assert_eq!(json!(place.tally()), json!({ "active": 30 }), "{what}");
            assert_eq!(place.run(&["--resume"]).exit, Some(0), "{what}");
            assert_eq!(place.sandbox.requests(), 30, "{what}");
        } else {
            let restore =
                if what == "replace log" { "move out.recovered.log back" } else { "restore the log from a backup" };
            assert!(ran.stderr.contains(restore), "{what}: {}", ran.stderr);
            assert_eq!(place.run(&["--resume"]).exit, Some(2), "{what}");
            if what == "replace log" {
                fs::rename(place.path("out.recovered.log"), &path).unwrap();
                assert_eq!(place.run(&["--resume"]).exit, Some(0), "{what}");
                assert_eq!(place.sandbox.requests(), 30, "{what}");
            }
        }
    }
}

/// A backup of the log is older than a log that was only moved.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_renamed_during_a_run_is_to_be_put_back() {
    let place = Place::new(&[]).await;
    let [july, moved] = ["july", "moved"].map(|name| place.path(name));
    fs::create_dir(&july).unwrap();
    fs::write(july.join("in.csv"), rows(30)).unwrap();
    let input = july.join("in.csv");
    let url = place.sandbox.url();
    let args = [input.to_str().unwrap(), "--base-url", &url];
    let child = start(&mut place.program(&[&args[..], &["--rate", "40"]].concat()));
    until(|| place.sandbox.requests() >= 6).await;
    fs::rename(&july, &moved).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    let message =
        "in.results.log was deleted or renamed while it was in use\n  next: put the log back: find where it was moved";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    fs::rename(&moved, &july).unwrap();
    let ran = Ran::of(place.program(&[&args[..], &["--resume"]].concat()).output().unwrap());
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(0), 30), "{}", ran.stderr);
}

/// Another request is being processed, and may pay.
#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_unknown_and_a_plain_resume_does_not_send_it() {
    let duplicate = r#"{"error_code":"DUPLICATE_REQUEST","status":"error"}"#;
    for (status, body) in [("409 Conflict", "{}"), ("400 Bad Request", duplicate), ("409 Conflict", duplicate)] {
        let server = Server::responding(status, "", body);
        let place = Place::new(&[]).await;
        place.input(rows(2));
        let run = |more: &[&str]| {
            let args = [&["in.csv", "--out", "out.ndjson", "--base-url", &server.url], more].concat();
            Ran::of(place.program(&args).output().unwrap())
        };
        let ran = run(&[]);
        assert_eq!(ran.exit, Some(4), "{status}: {}", ran.stderr);
        assert_eq!(json!(place.tally()), json!({ "unknown": 2 }), "{status}");
        assert!(place.records().iter().all(|record| record["again"] == false), "{status}");
        assert_eq!(server.others(), 2);
        assert_eq!(run(&["--resume"]).exit, Some(4));
        assert_eq!(server.others(), 0);
    }
}

/// An id alone does not match an account to a payee.
#[tokio::test(flavor = "multi_thread")]
async fn follow_compares_the_payee_and_the_customer() {
    let account = |status: &str, customer: &str, number: &str| {
        json!({
            "customer_account_id": "acc_1", "customer_id": customer, "validation_status": status,
            "account_details": { "ifsc": "HDFC0000001", "account": number },
        })
    };
    let pending = json!([account("PENDING", "cth_1", "00123456789")]).to_string();
    for (response, outcome) in [
        (account("ACTIVE", "cth_1", "00123456789"), "active"),
        (account("ACTIVE", "cth_1", "XXXXXXX6789"), "active"),
        (account("ACTIVE", "cth_1", "00987654321"), "pending"),
        (account("ACTIVE", "cth_2", "00123456789"), "pending"),
        (account("FAILURE", "cth_2", "00123456789"), "pending"),
    ] {
        let server = Server::bodies(&[&pending, &response.to_string()]);
        let place = Place::new(&[]).await;
        place.input(format!("{HEADER}cst_1,JP_HDFC,HDFC0000001,00123456789,,,\n"));
        let run = |more: &[&str]| {
            let args = [&["in.csv", "--out", "out.ndjson", "--base-url", &server.url], more].concat();
            Ran::of(place.program(&args).output().unwrap())
        };
        assert_eq!(run(&[]).exit, Some(1));
        let ran = run(&["--resume", "--follow"]);
        assert_eq!(place.outcomes()[&2]["outcome"], outcome, "{response}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("is about another account"), outcome == "pending", "{}", ran.stderr);
    }
}

/// In production, nothing is paid unless the user agrees. Nothing leaves this machine, as the proxy does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_production_asks_first_and_states_its_maximum_cost() {
    let place = Place::new(&[]).await;
    place.input(
        "customer_id,bank_code,ifsc,account,vpa,validation_amount\nc1,JP_HDFC,HDFC0000001,00123456789,,2.50\n\
         c2,JP_HDFC,HDFC0000001,00123456780,,\nc3,JP_HDFC,,,a@upi,\n",
    );
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let command = |out: &str, more: &[&str]| {
        let mut command = place.program(&[&["in.csv", "--out", out, "--env", "production"], more].concat());
        command.env("JUSPAY_API_KEY", "key").env("HTTPS_PROXY", format!("http://{nobody}"));
        command
    };
    let cost = "3 payees, 2 penny drops, at most 3.50 rupees";
    let ran = Ran::of(command("out.ndjson", &[]).stdin(Stdio::null()).output().unwrap());
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    let question = format!("{cost}. Pay at https://api.juspay.in (production)?");
    assert!(
        ran.stderr.contains(&format!("{question} Without a terminal, --yes is required; nothing was paid or changed")),
        "{}",
        ran.stderr
    );
    assert!(!place.path("out.log").exists());

    for (typed, out, exit) in [("n", "no.ndjson", 2), ("", "empty.ndjson", 2), ("y", "yes.ndjson", 5)] {
        let inner = command(out, &[]);
        let words: Vec<_> =
            [inner.get_program()].into_iter().chain(inner.get_args()).map(|word| word.to_str().unwrap()).collect();
        let mut terminal = Command::new("script");
        terminal.args(["-qec", &words.join(" "), "/dev/null"]).current_dir(place.directory.path());
        terminal.env("JUSPAY_API_KEY", "key").env("HTTPS_PROXY", format!("http://{nobody}"));
        let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{typed}\n").as_bytes()).unwrap();
        let ran = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ran.exit, Some(exit), "{typed}: {}", ran.stdout);
        assert!(ran.stdout.contains(&question), "{}", ran.stdout);
        assert_eq!(place.path(out).exists(), typed == "y");
    }
    let ran = Ran::of(command("out.ndjson", &["--yes"]).stdin(Stdio::null()).output().unwrap());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "not_sent": 3 }));
}

/// The empty list of a new server would look as if nothing had been paid.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_not_read_from_a_sandbox_that_has_just_started() {
    let place = Place::new(&[]).await;
    place.input(rows(1));
    for args in [
        &["list", "--customer-id", "c"][..],
        &["list", "--customer-id", "c", "--env", "embedded"],
        &["get", "--customer-id", "c", "--account-id", "acc_1"],
        &["revalidate", "--customer-id", "c", "--account-id", "acc_1"],
        &["batch", "in.csv", "--out", "out.ndjson", "--unless-validated", "1d"],
        &["batch", "in.csv", "--out", "out.ndjson", "--resume", "--reconcile"],
    ] {
        let ran = Ran::of(place.juspay(args).output().unwrap());
        assert_eq!((ran.exit, ran.stdout.as_str()), (Some(2), ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("has no accounts; choose a server with"), "{args:?}: {}", ran.stderr);
    }
}

/// Another merchant's list lacks the accounts, and would prove that paid payees are absent.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_not_read_with_the_key_of_another_merchant() {
    let place = Place::new(&["reset@after"]).await;
    place.input(rows(2));
    let run = |key: &str, more: &[&str]| Ran::of(place.command(more).env("JUSPAY_API_KEY", key).output().unwrap());
    assert_eq!(run("one", &[]).exit, Some(4));
    place.sandbox.heal();
    let reconcile = ["--resume", "--reconcile", "--settle", "0s"];
    let ran = run("two", &reconcile);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("with another API key") && ran.stderr.contains("--rotated-key"), "{}", ran.stderr);
    // A plain resume with the other key reads nothing. After it, no single key has sent everything.
    place.input(rows(3));
    assert_eq!(run("two", &["--resume"]).exit, Some(4));
    for key in ["one", "two"] {
        assert_eq!(run(key, &reconcile).exit, Some(2), "{key}");
    }
    assert_eq!(run("two", &[&reconcile[..], &["--rotated-key"]].concat()).exit, Some(0));
    assert_eq!(run("two", &reconcile).exit, Some(0), "the log records that the key was rotated");
    assert!(place.validations().values().all(|times| *times == 1), "{:?}", place.validations());
    let log = fs::read_to_string(place.path("out.log")).unwrap();
    assert!(!log.contains("\"one\"") && !log.contains("\"two\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_with_any_changed_bit_or_line_pays_nobody_twice() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    let good = fs::read(place.path("out.log")).unwrap();
    let lines: Vec<_> = good.split_inclusive(|byte| *byte == b'\n').collect();
    let mut changed: Vec<Vec<u8>> = Vec::new();
    // A unit test flips every bit. This test runs the program with one bit flipped in every twentieth byte.
    for (at, bit) in (0..good.len()).step_by(20).zip((0..8).cycle()) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << bit;
        changed.push(bytes);
    }
    for at in 0..lines.len() {
        let mut missing = lines.clone();
        missing.remove(at);
        changed.push(missing.concat());
        let mut repeated = lines.clone();
        repeated.insert(at, lines[at]);
        changed.push(repeated.concat());
        let mut swapped = lines.clone();
        swapped.swap(at, (at + 1) % lines.len());
        changed.push(swapped.concat());
    }
    let number = changed.len();
    for bytes in changed {
        fs::write(place.path("out.log"), bytes).unwrap();
        let ran = place.run(&["--resume"]);
        assert!(matches!(ran.exit, Some(0 | 2 | 4)), "{:?}: {}", ran.exit, ran.stderr);
    }
    assert_eq!(place.sandbox.requests(), 2, "after {number} changes");
}

/// At most 200 syncs for 1,000 payees.
#[tokio::test(flavor = "multi_thread")]
async fn payees_share_waits_for_the_disk() {
    let mut syncs = Vec::new();
    for _ in 0..3 {
        let place = Place::new(&[]).await;
        place.input(rows(1000));
        assert_eq!(place.run(&["--concurrency", "8"]).exit, Some(0));
        let log = place.log();
        syncs.push(log.last().unwrap()["close"]["syncs"].as_u64().unwrap());
        // On a busy machine, the program can be slower than the disk.
        if syncs.last().is_some_and(|syncs| *syncs <= 200) {
            return;
        }
    }
    panic!("{syncs:?} syncs for 1,000 payees");
}

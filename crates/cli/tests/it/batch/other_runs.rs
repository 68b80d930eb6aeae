//! Runs that know nothing of each other do not pay the same payees.

use std::fs;
use std::net::TcpListener;

use serde_json::json;

use super::support::{Place, Ran, rows, start, until};

/// Rule 5: two runs that start together would not find each other's payees in the logs.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_by_one_run_at_a_time() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    let other = fs::File::open(place.path("in.csv")).unwrap();
    other.lock().unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("another run is using in.csv, and may send the same payees"), "{}", ran.stderr);
    assert!(!place.path("out.log").exists() && place.sandbox.requests() == 0);
    drop(other);
    // A run keeps the lock until it ends.
    place.sandbox.set_faults(&["hang".parse().unwrap()]);
    let mut first = start(&mut place.command(&[]));
    until(|| place.sandbox.requests() > 0).await;
    let url = place.sandbox.url();
    let ran = Ran::of(place.program(&["in.csv", "--out", "new.csv", "--base-url", &url]).output().unwrap());
    assert!(ran.exit == Some(2) && ran.stderr.contains("another run is using in.csv"), "{}", ran.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
}

/// Rule 5: production has two addresses, and a log of another version can have any payee.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_of_another_log_is_found_whatever_the_log_calls_the_server() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = || {
        let mut command =
            place.program(&["in.csv", "--out", "new.csv", "--env", "production-static", "--yes", "--timeout", "1s"]);
        command.env("JUSPAY_API_KEY", "key").env("HTTPS_PROXY", format!("http://{nobody}"));
        Ran::of(command.output().unwrap())
    };
    for (key, value, why) in [
        (
            "target",
            "https://api.juspay.in",
            "2 payees in this file may have been paid before, in the run that wrote ./out.log",
        ),
        (
            "format",
            "juspay-accounts batch log 2",
            "./out.log is damaged or of another version, so its run may have sent payees",
        ),
    ] {
        place.edit_log(|events| events[0]["log"][key] = json!(value));
        let ran = run();
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    place.edit_log(|events| events[0]["log"]["format"] = json!("juspay-accounts batch log 3"));
    // Whatever line is damaged, the lines after it may be about these payees.
    let log = fs::read_to_string(place.path("out.log")).unwrap();
    fs::write(place.path("out.log"), log.replacen("\"attempt\":1", "\"attempt\":9", 1)).unwrap();
    let ran = run();
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("./out.log is damaged or of another version"), "{}", ran.stderr);
    assert!(!place.path("new.log").exists());
}

/// Rule 5: a spreadsheet that saves the file drops the zeros of the accounts.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_of_another_log_is_found_without_the_zeros_of_its_account() {
    let place = Place::new(&[]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(rows(1).replace(",00000", ","));
    let url = place.sandbox.url();
    let ran = Ran::of(place.program(&["in.csv", "--out", "new.csv", "--base-url", &url]).output().unwrap());
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 payee in this file may have been paid before"), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 1);
}

/// Rule 5: an editor replaces the file while a run is sending it, so the lock on the file is gone. The payees that the
/// run has not reached are not in its log.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_does_not_start_while_another_one_may_send_its_payees() {
    let place = Place::new(&["hang,next=1"]).await;
    place.input(rows(20));
    let mut first = start(&mut place.command(&["--concurrency", "1"]));
    until(|| place.sandbox.requests() > 0).await;
    let url = place.sandbox.url();
    let run = |file: &str, text: &str| {
        fs::write(place.path("saved"), text).unwrap();
        fs::rename(place.path("saved"), place.path(file)).unwrap();
        let ran = Ran::of(place.program(&[file, "--out", "new.csv", "--base-url", &url]).output().unwrap());
        assert_eq!(place.path("new.log").exists(), ran.exit == Some(0), "{file}: {}", ran.stderr);
        (ran.exit, ran.stderr)
    };
    let others = rows(2).replace("cst_", "new_").replace(",00000", ",10000").replace("payee", "other");
    for (file, text) in [("in.csv", &others), ("corrected.csv", &rows(20))] {
        let (exit, stderr) = run(file, text);
        assert_eq!((exit, place.sandbox.requests()), (Some(2), 1), "{stderr}");
        assert!(stderr.contains("another run is using ./out.log, and may send the same payees"), "{stderr}");
    }
    // Another file with other payees does not wait.
    assert_eq!(run("others.csv", &others).0, Some(0));
    first.kill().unwrap();
    first.wait().unwrap();
}

/// Rule 5: somebody moves the log out of the way, or cannot read the log of a colleague.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_found_under_another_name_and_asked_about_if_it_cannot_be_read() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    fs::rename(place.path("out.ndjson"), place.path("old.ndjson")).unwrap();
    let mut name = place.path("out.log");
    for moved in ["out.log.old", "out.log (1)", "OUT.LOG", "out.log.txt"] {
        fs::rename(&name, place.path(moved)).unwrap();
        name = place.path(moved);
        let ran = place.run(&[]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{moved}: {}", ran.stderr);
        let message = format!("2 payees in this file may have been paid before, in the run that wrote ./{moved}");
        assert!(ran.stderr.contains(&message), "{}", ran.stderr);
        assert!(ran.stderr.contains("; first give it back its name, which ended in .log)"), "{}", ran.stderr);
    }
    fs::remove_file(&name).unwrap();
    // Neither is a log.
    fs::create_dir(place.path("old.log")).unwrap();
    fs::write(place.path("server.log"), "started\n").unwrap();
    #[cfg(target_os = "linux")]
    {
        // Nobody can read this file at its start, not even root.
        std::os::unix::fs::symlink("/proc/self/mem", place.path("colleague.log")).unwrap();
        let ran = place.run(&[]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{}", ran.stderr);
        let message = "./colleague.log cannot be read, so its run may have sent payees of this file. Pay?";
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
        fs::remove_file(place.path("colleague.log")).unwrap();
    }
    assert_eq!(place.run(&[]).exit, Some(0));
}

//! The outcome of rows, and what the program prints about it.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, signal, start, until};

#[tokio::test(flavor = "multi_thread")]
async fn each_row_has_a_line_with_its_outcome() {
    let place = Place::new(&[]).await;
    place.input(format!(
        "{HEADER}\
         cst_1,JP_HDFC,YESB0000262,026291800001191,Ramesh Kumar,,first\n\
         cst_1,JP_HDFC,YESB0000262,026291800001190,,,\n\
         cst_2,JP_HDFC,HDFC0000077,007711000031,,,\n\
         cst_3,JP_HDFC,,,,9164326296@upi,\n"
    ));
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    let outcomes = place.outcomes();
    assert_eq!(
        outcomes[&2],
        json!({
            "row": 2, "attempt": 1, "reference": "first", "account": "YESB0000262 ****1191", "outcome": "active",
            "status": "ACTIVE", "name_verdict": outcomes[&2]["name_verdict"],
            "customer_account_id": outcomes[&2]["customer_account_id"], "checked_at": outcomes[&2]["checked_at"],
            "amount_paid": "1.00", "amount_is_certain": true,
            "request_id": outcomes[&2]["request_id"], "error": null, "again": false, "reason": null,
            "advice": null, "suggestion": null,
        })
    );
    assert!(outcomes[&2]["customer_account_id"].as_str().unwrap().starts_with("banh_"));
    let reported: Vec<_> = outcomes.values().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(reported, ["active", "failed", "pending", "active"]);
    assert_eq!(outcomes[&5]["account"], "****@upi");
    insta::assert_snapshot!(ran.stdout, @r"
    2 rows not active:
    row  payee                 name  reference  outcome
    3    YESB0000262 ****1190  -     -          failed
    4    HDFC0000077 ****0031  -     -          pending

    active       2   50.0 %  ████████████████████
    failed       1   25.0 %  ██████████
    pending      1   25.0 %  ██████████
    rows         4  in out.ndjson
    paid         1.00 rupees by 1 penny drop, and at most 2.00 rupees by 2 others (in a sandbox: no money moved)
    ");

    let log = std::fs::read_to_string(place.path("out.log")).unwrap();
    let written = std::fs::read_to_string(place.path("out.ndjson")).unwrap();
    for secret in ["026291800001191", "0077110000", "9164326296", "Ramesh"] {
        assert!(!format!("{written}{log}{}{}", ran.stdout, ran.stderr).contains(secret), "{secret}");
    }
    // The last four digits of an account alone can also be part of a hash.
    for part in ["*1191", "YESB0000262", "cst_", "first", "@upi"] {
        assert!(!log.contains(part), "{part}: not even a part of an account is in the log");
    }
    assert_eq!(log.lines().count(), 2 + 4 + 4 + 1, "{log}");
}

/// The account is active, and perhaps somebody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_at_the_bank_that_differs_is_reported_at_the_end() {
    let holder = juspay_accounts_sandbox::Outcome::of_any().holder("Ramesh Kumar".parse().unwrap());
    let place = Place::with(juspay_accounts_sandbox::Sandbox::builder().outcome(holder)).await;
    let row = |number: u32, name: &str| format!("cst_1,JP_HDFC,HDFC0000001,{:012},{name},,\n", 5_000_000 + number);
    place.input(format!("{HEADER}{}{}", row(2, "Ramesh Kumar"), row(3, "")));
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("name at the bank"), "{}", ran.stderr);

    let many: String = (2..150).map(|number| row(number, "Asha Rao")).collect();
    for (rows, expected) in
        [(row(2, "Asha Rao"), "row 2"), (row(2, "Asha Rao") + &row(3, "R Kumar"), "2 rows (2, 3)"), (many, "148 rows")]
    {
        place.input(format!("{HEADER}{rows}"));
        let url = place.sandbox.url();
        let args = ["in.csv", "--out", "other.ndjson", "--pay-again", "--base-url", &url];
        let ran = Ran::of(place.program(&args).output().unwrap());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        let warning =
            format!("warning: the name at the bank differs in {expected}; read \"name verdict\" before you pay\n");
        assert!(ran.stderr.contains(&warning), "{}", ran.stderr);
        for file in ["other.ndjson", "other.log"] {
            std::fs::remove_file(place.path(file)).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_is_that_of_the_worst_outcome() {
    for (faults, exit, tally) in [
        (&[][..], 0, json!({ "active": 6 })),
        (&["status=400"], 3, json!({ "refused": 6 })),
        (&["status=500"], 4, json!({ "unknown": 6 })),
        (&["truncate"], 4, json!({ "unknown": 6 })),
        (&["rate-limit=3600"], 3, json!({ "refused": 6 })),
    ] {
        let place = Place::new(faults).await;
        place.input(rows(6));
        let ran = place.run(&[]);
        assert_eq!(ran.exit, Some(exit), "{faults:?}: {}", ran.stderr);
        assert_eq!(json!(place.tally()), tally, "{faults:?}");
        let reason = ran.stderr.contains("6 rows were refused, and cost nothing; row 2: The server refused");
        assert_eq!(reason, exit == 3, "{}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_ends_the_run_and_a_resume_sends_the_rows() {
    let place = Place::new(&["status=401"]).await;
    place.input(rows(100));
    let ran = place.run(&["--concurrency", "2"]);
    assert_eq!(ran.exit, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("does not accept the API key"), "{}", ran.stderr);
    assert!(place.sandbox.requests() <= 4);
    let sent = place.records().into_iter().filter(|record| record["outcome"] == "refused");
    assert!(sent.clone().count() as u64 == place.sandbox.requests());
    assert!(sent.into_iter().all(|record| record["again"] == true && record["error"] == "unauthorized"));
    place.sandbox.heal();
    assert_eq!(place.run(&["--resume"]).exit, Some(0));
    assert_eq!(json!(place.tally()), json!({ "active": 100 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn run_stopped_by_a_refused_key_waits_for_its_calls_at_the_first_ctrl_c() {
    let place = Place::new(&["latency=300ms", "status=401:0.5", "hang"]).await;
    place.input(rows(8));
    let mut child = start(&mut place.command(&["--concurrency", "8"]));
    until(|| place.sandbox.requests() == 8 && place.logged("end") > 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    signal(&child, "INT");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(child.try_wait().unwrap().is_none(), "the run ended while calls were in flight");
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    for expected in
        ["nothing more is sent; waiting for ", " (interrupt again to stop waiting)", "does not accept the API key"]
    {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_when_call_after_call_fails() {
    let place = Place::new(&["status=503"]).await;
    place.input(rows(1000));
    let ran = place.run(&["--concurrency", "4"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!((10..=14).contains(&place.sandbox.requests()), "{}", place.sandbox.requests());
    let unknown = place.tally()["unknown"] as u64;
    assert_eq!(unknown, place.sandbox.requests());
    assert!(ran.stderr.contains("nothing more was sent") && ran.stderr.contains("--resume"), "{}", ran.stderr);
    assert!(ran.stdout.contains("not reached"), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_could_not_be_sent_are_sent_by_resume() {
    let place = Place::new(&[]).await;
    place.input(rows(4));
    // Nobody listens on this port, and it stays the address of this run.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    drop(silent);
    let url = format!("http://{address}");
    let run = |more: &[&str]| {
        let args = [&["in.csv", "--out", "out.ndjson", "--base-url", &url], more].concat();
        Ran::of(place.program(&args).output().unwrap())
    };
    let ran = run(&[]);
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "not_sent": 4 }));
    assert!(ran.stderr.contains("the reason column says why\n  row 2: "), "{}", ran.stderr);
    let _sandbox = juspay_accounts_sandbox::Sandbox::builder().port(address.port()).start().await.unwrap();
    let ran = run(&["--resume"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "active": 4 }));
    assert!(place.outcomes().values().all(|record| record["attempt"] == 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_have_all_but_the_account_in_common_are_sent_as_one_call() {
    let place = Place::new(&[]).await;
    let mut text = "customer_id,bank_code,ifsc,account,vpa,validation_amount,routing_id\n".to_owned();
    for number in 0..10 {
        writeln!(text, "cst_1,JP_HDFC,YESB0000262,02629180000119{number},,1.50,").unwrap();
    }
    text +=
        "cst_1,JP_HDFC,,,failure@upi,1.50,\ncst_1,JP_HDFC,,,success@upi,1.50,r\ncst_2,JP_HDFC,,,success@upi,1.50,r\n";
    place.input(text);
    let ran = place.run(&["--rows-per-call", "4"]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    let received = place.sandbox.received();
    let in_call = |received: &juspay_accounts_sandbox::Received| {
        let details = received.form.iter().find(|(name, _)| name == "account_details").unwrap();
        let details: serde_json::Value = serde_json::from_str(&details.1).unwrap();
        details.as_object().unwrap().values().map(|list| list.as_array().unwrap().len()).sum()
    };
    let mut sizes: Vec<usize> = received.iter().map(in_call).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 3, 4, 4]);
    let outcomes = place.outcomes();
    let reported =
        |line: u64| (outcomes[&line]["outcome"].as_str().unwrap(), outcomes[&line]["account"].as_str().unwrap());
    assert_eq!(reported(2), ("failed", "YESB0000262 ****1190"));
    assert_eq!(reported(3), ("active", "YESB0000262 ****1191"));
    assert_eq!(reported(12), ("failed", "****@upi"));
    assert_eq!((outcomes.len(), reported(14).0), (13, "active"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_waits_for_calls_in_flight_and_resume_continues() {
    let place = Place::new(&["latency=200ms@after"]).await;
    place.input(rows(40));
    let child = start(&mut place.command(&["--concurrency", "4"]));
    until(|| place.sandbox.requests() >= 4).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("nothing more is sent; waiting for") && ran.stderr.contains("--resume"),
        "{}",
        ran.stderr
    );
    let sent = place.sandbox.requests();
    assert_eq!(place.tally()["active"] as u64, sent, "what was in flight has ended");
    assert!(sent < 40);
    assert_eq!(place.run(&["--resume", "--concurrency", "40"]).exit, Some(0));
    assert_eq!(json!(place.tally()), json!({ "active": 40 }));
    assert_eq!(place.sandbox.requests(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_does_not_wait_and_reports_what_is_unknown() {
    let place = Place::new(&["hang"]).await;
    place.input(rows(40));
    let mut child = start(&mut place.command(&["--concurrency", "2"]));
    until(|| place.sandbox.requests() >= 2).await;
    let mut stderr = child.stderr.take().unwrap();
    signal(&child, "INT");
    let first = tokio::task::spawn_blocking(move || {
        use std::io::Read as _;
        let mut text = Vec::new();
        let mut byte = [0];
        while !text.ends_with(b"(interrupt again to stop waiting)\n") {
            stderr.read_exact(&mut byte).unwrap();
            text.push(byte[0]);
        }
        let mut rest = String::new();
        (text, move || stderr.read_to_string(&mut rest).map(|_| rest).unwrap())
    });
    let (_, rest) = first.await.unwrap();
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let stderr = rest();
    assert!(stderr.contains("the outcome of 2 rows (2, 3) is unknown"), "{stderr}");
    assert_eq!(json!(place.tally()), json!({ "unknown": 2 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_printed_in_lines_without_a_terminal() {
    let place = Place::new(&["latency=300ms"]).await;
    place.input(rows(40));
    let ran = place.run(&["--concurrency", "2", "--output", "json"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let line = ran.stderr.lines().find(|line| line.contains("progress")).unwrap();
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(value["progress"]["of"], 40);
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let [paid, maybe_paid] =
        [(27, "27.00"), (0, "0.00")].map(|(drops, rupees)| json!({ "penny_drops": drops, "rupees": rupees }));
    let outcomes = json!({ "active": 40 });
    let expected = json!({
        "rows": 40, "outcomes": outcomes, "left": 0, "results": "out.ndjson", "paid": paid, "maybe_paid": maybe_paid,
    });
    assert_eq!(summary, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_calls_are_made_in_a_second_than_the_rate_allows() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    let began = std::time::Instant::now();
    assert_eq!(place.run(&["--rate", "20"]).exit, Some(0));
    // An upper bound would depend on the machine.
    assert!(began.elapsed() >= Duration::from_millis(4 * 50));
}

/// Every row was sent, and may have been paid. If the program cannot write the summary, it reports that, also by the
/// exit code, and still reports unknown rows.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_summary_that_cannot_be_written_hides_nothing() {
    for (faults, expected) in [(&[][..], None), (&["reset@after"], Some("the outcome of 3 rows"))] {
        let place = Place::new(faults).await;
        place.input(rows(3));
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(place.command(&[]).stdout(full).output().unwrap());
        assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
        assert!(ran.stderr.contains("error: the result cannot be written to standard output"), "{}", ran.stderr);
        assert!(ran.stderr.contains(expected.unwrap_or_default()), "{}", ran.stderr);
    }
}

/// A 404 with an error code says nothing about the next customer. A 404 without one means that the address is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn customers_who_are_not_known_do_not_hold_up_the_others() {
    for (fault, requests) in [("status=404", 15), ("html=404", 10)] {
        let place = Place::new(&[fault]).await;
        place.input(rows(15));
        let ran = place.run(&["--concurrency", "1"]);
        assert_eq!(place.sandbox.requests(), requests, "{fault}: {}", ran.stderr);
        assert_eq!(ran.exit, Some(if requests == 15 { 3 } else { 5 }), "{fault}: {}", ran.stderr);
    }
}

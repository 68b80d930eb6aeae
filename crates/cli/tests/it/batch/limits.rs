//! Memory use hardly grows with the file, and a full disk ends a run with an error but loses no row.

use std::fs;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, start};

/// This many rows. Each customer has fifty accounts, so fifty rows share a call.
fn fifties(number: u64) -> String {
    use std::fmt::Write as _;
    let mut text = HEADER.to_owned();
    for row in 0..number {
        writeln!(text, "cst_{},JP_HDFC,HDFC0000001,{:012},Ramesh Kumar,,row {row}", row / 50, 5_000_000 + row).unwrap();
    }
    text
}

/// Runs a command to its end and returns its peak memory in KiB.
fn peak(command: &mut Command) -> u64 {
    let mut child = start(command);
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        // The peak only grows. A program that has ended but was not waited for has no peak.
        let text = fs::read_to_string(&status).unwrap_or_default();
        // For a moment, the child still has the name and the memory of this process.
        let text = text.strip_prefix("Name:\tjuspay-accounts\n").unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(now.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(most > 0, "the memory of the program was never read");
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_times_the_rows_take_hardly_more_memory() {
    const FEW: u64 = 1_000;
    const MANY: u64 = 30_000;
    // At most 80 bytes for each row, none for blank lines, and some KiB more, since a peak is never quite the same. The
    // peak of a run depends on how fast the machine is, too.
    let most = |few: u64, rows: u64, more: u64| few + rows * 80 / 1024 + more;
    let [few, many] = [FEW, MANY].map(async |number| {
        let place = Place::new(&[]).await;
        place.input(fifties(number));
        let sent = peak(&mut place.command(&["--rows-per-call", "50"]));
        assert_eq!(place.records().len() as u64, number);
        let resumed = peak(&mut place.command(&["--rows-per-call", "50", "--resume"]));
        [("send", sent), ("resume", resumed)]
    });
    for ((what, few), (_, many)) in few.await.into_iter().zip(many.await) {
        eprintln!("{what}: {few} KiB for {FEW} rows, {many} KiB for {MANY}");
        assert!(many <= most(few, MANY, 2048), "{what}: {few} KiB for {FEW} rows, {many} KiB for {MANY}");
    }
    let check = async |text: String| {
        let place = Place::new(&[]).await;
        place.input(text);
        peak(&mut place.program(&["in.csv", "--check-only"]))
    };
    let few = check(fifties(FEW)).await;
    for (what, rows, text) in [
        ("100,000 rows", 100_000, fifties(100_000)),
        ("1,000,000 blank lines", 0, fifties(FEW) + &"\n".repeat(1_000_000)),
    ] {
        let many = check(text).await;
        eprintln!("check: {few} KiB for {FEW} rows, {many} KiB for {what}");
        assert!(many <= most(few, rows, 1024), "check: {few} KiB for {FEW} rows, {many} KiB for {what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_run_and_leaves_no_gap() {
    let place = Place::new(&[]).await;
    place.input(rows(400));
    // A limit on file sizes simulates a full disk. Its signal must not end the program.
    let limited = |more: &str| {
        let script = format!(
            "ulimit -f 120; exec {} batch in.csv --out out.ndjson --base-url {} {more}",
            env!("CARGO_BIN_EXE_juspay-accounts"),
            place.sandbox.url()
        );
        Ran::of(Command::new("sh").args(["-c", &script]).current_dir(place.directory.path()).output().unwrap())
    };
    let ran = limited("");
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("out.log cannot be written; nothing more was sent"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("in out.ndjson") && !place.path("out.ndjson").exists(), "{}", ran.stdout);
    let written = place.logged("end");
    let sent = place.sandbox.requests();
    assert!((1..400).contains(&written), "{written}");
    // At the end, the program prints the outcomes that did not fit on the disk.
    let lines = ran.stderr.lines().filter(|line| line.contains(" could not be written to out.log: {"));
    let reported = lines.clone().count();
    assert!(lines.clone().all(|line| line.starts_with("warning: the outcome of row ")), "{}", ran.stderr);
    let reported_sent = lines.filter(|line| !line.contains("not_sent")).count();
    assert_eq!(written + reported_sent, usize::try_from(sent).unwrap(), "{}", ran.stderr);

    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(if reported > 0 { 4 } else { 0 }), "{}", ran.stderr);
    let unknown = place.tally().get("unknown").copied().unwrap_or_default();
    assert_eq!((unknown, place.outcomes().len()), (reported, 400));
    assert_eq!(place.sandbox.requests(), 400 - (reported - reported_sent) as u64, "each row was sent once");
    assert!(place.validations().values().all(|number| *number == 1));
}

/// Blank rows are in the results too, except at the end.
#[tokio::test(flavor = "multi_thread")]
async fn an_input_with_more_rows_than_a_sheet_is_refused_before_anything_is_sent() {
    let place = Place::new(&[]).await;
    let args = ["in.csv", "--out", "out.xlsx", "--base-url", &place.sandbox.url()];
    let blank = "\n".repeat(1_048_576);
    place.input(rows(1) + &blank + "cst_9,JP_HDFC,,,,a@upi,last\n");
    let ran = Ran::of(place.program(&args).output().unwrap());
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("--out: an Excel sheet has at most 1048576 rows"), "{}", ran.stderr);
    place.input(rows(1) + &blank);
    let ran = Ran::of(place.program(&args).output().unwrap());
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(0), 1), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_that_cannot_be_written_is_refused_before_anything_is_sent() {
    let place = Place::new(&[]).await;
    place.input(rows(4));
    fs::create_dir(place.path("directory.csv")).unwrap();
    for (out, why) in [
        ("missing/out.ndjson", "--out: the folder missing does not exist"),
        ("directory.csv", "directory.csv already exists"),
    ] {
        let ran =
            Ran::of(place.program(&["in.csv", "--out", out, "--base-url", &place.sandbox.url()]).output().unwrap());
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    let ran = place.run(&["--rest", "missing/rest.csv"]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("--rest: the folder missing does not exist"), "{}", ran.stderr);
    assert_eq!(json!(place.sandbox.requests()), 0);
    // Before a resume, a directory can have taken the place of the results.
    assert_eq!(place.run(&[]).exit, Some(0));
    fs::rename(place.path("out.ndjson"), place.path("moved")).unwrap();
    fs::create_dir(place.path("out.ndjson")).unwrap();
    place.input(rows(5));
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("out.ndjson exists but cannot be read") && ran.stderr.contains("; nothing was sent\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(json!(place.sandbox.requests()), 4);
}

/// A failure names the file that it is about, and the results are written even if another file cannot be.
#[tokio::test(flavor = "multi_thread")]
async fn results_are_written_even_if_the_rest_cannot_be() {
    let place = Place::new(&[]).await;
    place.input(rows(4));
    assert_eq!(place.run(&[]).exit, Some(0));
    fs::create_dir(place.path("rest.csv")).unwrap();
    place.input(rows(5));
    let ran = place.run(&["--resume", "--rest", "rest.csv"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    let message = "error: the rows to correct or send cannot be written to rest.csv; every outcome is in out.log\n";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("run `juspay-accounts results out.log --rest FILE`, which writes them"),
        "{}",
        ran.stderr
    );
    assert_eq!(json!(place.tally()), json!({ "active": 5 }));
    let ran = place.run(&["--resume"]);
    assert!(ran.exit == Some(0) && !ran.stderr.contains("changed"), "{}", ran.stderr);
}

/// The results are written, and the failure is about the log.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_record_the_results_is_not_a_failure_of_the_results() {
    let place = Place::new(&[]).await;
    place.input(rows(40));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(rows(1));
    assert_eq!(place.run(&["--resume"]).exit, Some(0));
    // There is room for the first line of another run, and not for its last.
    let log = fs::read_to_string(place.path("out.log")).unwrap();
    let first = log.lines().rev().nth(1).unwrap();
    let resume = place.command(&["--resume"]);
    let mut command = Command::new("prlimit");
    command.arg(format!("--fsize={}", log.len() + first.len() + 20)).arg(resume.get_program()).args(resume.get_args());
    fs::remove_file(place.path("out.ndjson")).unwrap();
    let ran = Ran::of(command.current_dir(place.directory.path()).output().unwrap());
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    let message =
        "error: out.log has every outcome, but cannot be written, so it does not record that out.ndjson was written";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "active": 1 }));
    assert_eq!(place.run(&["--resume"]).exit, Some(0));
}

//! Memory does not grow with the file, and a full disk is an error and not a gap.

use std::fs;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, start};

/// So many rows of customers with fifty accounts each, that fifty rows are a call.
fn fifties(number: u64) -> String {
    use std::fmt::Write as _;
    let mut text = HEADER.to_owned();
    for row in 0..number {
        writeln!(text, "cst_{},JP_HDFC,HDFC0000001,{:012},Ramesh Kumar,,row {row}", row / 50, 5_000_000 + row).unwrap();
    }
    text
}

/// Runs a command to its end and returns the most memory that it had in use, in KiB.
fn peak(command: &mut Command) -> u64 {
    let mut child = start(command);
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        // It only grows. A program that has ended and was not waited for has none.
        let text = fs::read_to_string(&status).unwrap_or_default();
        // For a moment it still has the memory, and the name, of this process.
        let text = text.strip_prefix("Name:\tjuspay-accounts\n").unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(now.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(most > 0, "nothing was seen of it");
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_times_the_rows_take_hardly_more_memory() {
    const MORE: u64 = 4 * 1024;
    let [few, many] = [1_000, 100_000].map(async |number| {
        let place = Place::new(&[]).await;
        place.input(fifties(number));
        let check = peak(&mut place.program(&["in.csv", "--check-only"]));
        let sent = peak(&mut place.command(&["--rows-per-call", "50"]));
        assert_eq!(place.records().len() as u64, number);
        let resumed = peak(&mut place.command(&["--rows-per-call", "50", "--resume"]));
        [("check", check), ("send", sent), ("resume", resumed)]
    });
    // Four times what is allowed, if all that is kept of a row were in memory.
    let place = Place::new(&[]).await;
    place.input(fifties(1_000_000));
    let million = peak(&mut place.program(&["in.csv", "--check-only"]));
    let few = few.await;
    assert!(million <= few[0].1 + MORE, "{} KiB for 1,000 rows, {million} KiB for a million", few[0].1);
    for ((what, few), (_, many)) in few.into_iter().zip(many.await) {
        eprintln!("{what}: {few} KiB for 1,000 rows, {many} KiB for 100,000");
        assert!(many <= few + MORE, "{what}: {few} KiB for 1,000 rows, {many} KiB for 100,000");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_run_and_leaves_no_gap() {
    let place = Place::new(&[]).await;
    place.input(rows(400));
    // A limit on the size of files stands in for the end of a disk. Without the trap, the signal would end the program.
    let limited = |more: &str| {
        let script = format!(
            "trap '' XFSZ; ulimit -f 20; exec {} batch in.csv --out out.ndjson --base-url {} {more}",
            env!("CARGO_BIN_EXE_juspay-accounts"),
            place.sandbox.url()
        );
        Ran::of(Command::new("sh").args(["-c", &script]).current_dir(place.directory.path()).output().unwrap())
    };
    let ran = limited("");
    assert!(matches!(ran.exit, Some(4 | 5)), "{}", ran.stderr);
    assert!(ran.stderr.contains("the output cannot be written; nothing more was sent"), "{}", ran.stderr);
    let written = place.records().len();
    let sent = place.sandbox.requests();
    assert!((1..400).contains(&written), "{written}");
    // What was answered and did not fit is told on the way out.
    let told = ran.stderr.matches("this could not be written to out.ndjson: {").count();
    assert_eq!(written + told, usize::try_from(sent).unwrap(), "{}", ran.stderr);
    assert_eq!(ran.exit, Some(if told > 0 { 4 } else { 5 }));

    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(if told > 0 { 4 } else { 0 }), "{}", ran.stderr);
    let unknown = place.tally().get("unknown").copied().unwrap_or_default();
    assert_eq!((unknown, place.outcomes().len()), (told, 400));
    assert_eq!(place.sandbox.requests(), 400, "each row was sent once");
    assert!(place.validations().values().all(|number| *number == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_that_cannot_be_written_is_refused_before_anything_is_sent() {
    let place = Place::new(&[]).await;
    place.input(rows(4));
    fs::create_dir(place.path("directory")).unwrap();
    for (out, why) in [
        ("missing/out.ndjson", "missing/out.ndjson.journal cannot be opened for writing"),
        ("directory", "directory is there already"),
    ] {
        let ran =
            Ran::of(place.program(&["in.csv", "--out", out, "--base-url", &place.sandbox.url()]).output().unwrap());
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    assert_eq!(json!(place.sandbox.requests()), 0);
}

/// It is not the input that is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_file_that_cannot_be_made_is_told() {
    let place = Place::new(&[]).await;
    place.input(fifties(400_000));
    let ran = Ran::of(place.program(&["in.csv", "--check-only"]).env("TMPDIR", "/missing").output().unwrap());
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("without a temporary file; nothing was sent\n  cause: in /missing: "),
        "{}",
        ran.stderr
    );
    place.input(fifties(1_000));
    let ran = Ran::of(place.program(&["in.csv", "--check-only"]).env("TMPDIR", "/missing").output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
}

//! `check`.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::thread;

use serde_json::Value;

use crate::support::{Run, program, run};

/// Runs with this standard input.
fn piped(args: &[&str], input: &[u8]) -> Run {
    let mut child = program(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Written beside it, as a pipe does not hold it all.
    let writing = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { exit: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn records(found: &Run) -> Vec<Value> {
    found.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_kind_is_checked_by_its_own_rule() {
    let mut transcript = String::new();
    for args in [
        "ifsc YESB0000262 YESB0002062 GABK0000001 AABF0008032 YESBO000262 yesb0000262",
        "account 026291800001191 1234567 1234 026291800001191@upi",
        "vpa 9164326296@upi 9800011111@mobile.npci someone@example.com 9164326296",
        "amount 1 1.50 12 0 1.005 -1",
        "name राम Ramesh* \u{7}",
    ] {
        for output in ["table", "json"] {
            let args = args.split(' ');
            let found = run(["check", "--output", output].into_iter().chain(args.clone()));
            let args: Vec<_> = args.map(str::escape_debug).map(|arg| arg.to_string()).collect();
            writeln!(transcript, "$ juspay-accounts check {}\n{}", args.join(" "), found.transcript()).unwrap();
        }
    }
    insta::assert_snapshot!(transcript);
}

#[test]
fn the_exit_code_is_0_only_if_all_are_valid() {
    for output in ["table", "json"] {
        let check = |values: &str| run(format!("check --output {output} ifsc {values}").split(' ')).exit;
        assert_eq!(check("YESB0000262"), 0);
        assert_eq!(check("YESB0000262 HDFC0000001"), 0);
        assert_eq!(check("YESB0000262 bad HDFC0000001"), 1);
        assert_eq!(piped(&["check", "--output", output, "ifsc", "-"], b"YESB0000262\n").exit, 0);
        assert_eq!(piped(&["check", "--output", output, "ifsc", "-"], b"YESB0000262\n\n").exit, 1);
        assert_eq!(piped(&["check", "--output", output, "ifsc", "-"], b"").exit, 0);
    }
}

#[test]
fn every_line_has_one_record_in_its_place_whatever_is_in_it() {
    let mut input = b"\xEF\xBB\xBFYESB0000262\r\nbad\n\nYESB\xFF000262\n".to_vec();
    input.extend(vec![b'A'; 65_537]);
    input.extend(b"\nYESB0000262\r\nHDFC0000001");
    let found = piped(&["check", "ifsc", "-", "--output", "json"], &input);
    let records = records(&found);
    let valid: Vec<_> = records.iter().map(|record| record["valid"].as_bool().unwrap()).collect();
    assert_eq!(valid, [true, false, false, false, false, true, true]);
    let problem = |index: usize| records[index]["problem"].as_str().unwrap();
    assert!(problem(2).starts_with("IFSC: it is empty"), "{}", problem(2));
    assert_eq!(problem(3), "the line is not UTF-8 text");
    assert_eq!(problem(4), "the line has more than 65536 bytes");
    for record in &records {
        let keys: Vec<_> = record.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["advice", "bank", "kind", "problem", "valid"]);
        assert_eq!(record["kind"], "ifsc");
    }
    assert_eq!((found.exit, found.stderr.as_str()), (1, ""));
}

#[test]
fn a_million_lines_are_checked_in_their_order() {
    let mut input = Vec::new();
    for number in 0..1_000_000 {
        // Every tenth has a letter too much for a digit.
        let bad = if number % 10 == 9 { "!" } else { "" };
        writeln!(input, "{number:011}{bad}").unwrap();
    }
    let found = piped(&["check", "account", "-", "--output", "json"], &input);
    assert_eq!(found.exit, 1);
    let valid = r#"{"kind":"account","valid":true,"bank":null,"problem":null,"advice":null}"#;
    let mut count = 0;
    for (index, line) in found.stdout.lines().enumerate() {
        assert_eq!(line == valid, index % 10 != 9, "line {}: {line}", index + 1);
        count += 1;
    }
    assert_eq!(count, 1_000_000);
    let found = piped(&["check", "account", "-"], &input);
    assert_eq!(found.stdout.lines().count(), 1_000_001);
    assert!(found.stdout.ends_with("1000000  no     ****                      account number: character 12 is a punctuation mark or symbol (accepted: 5 to 35 letters or digits)\n"));
    assert_eq!(found.stderr, "note: 1000000 values checked, 100000 invalid\n");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for output in ["table", "json"] {
        let mut child = program(["check", "account", "-", "--output", output])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        // It writes until the program goes.
        let writing = thread::spawn(move || while stdin.write_all(b"026291800001191\n").is_ok() {});
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }
}

#[test]
fn a_line_is_answered_before_the_next_is_written() {
    let mut child = program(["check", "ifsc", "-", "--output", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for (value, valid) in [("YESB0000262\n", true), ("bad\n", false), ("HDFC0000001\n", true)] {
        stdin.write_all(value.as_bytes()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["valid"], valid);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_or_written_is_told() {
    let directory = std::fs::File::open("/").unwrap();
    let found = Run::of(program(["check", "ifsc", "-"]).stdin(directory));
    assert_eq!(found.exit, 2);
    assert!(found.stderr.starts_with("error: standard input cannot be read behind line 0\n  cause: "), "{found:?}");
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        let found = program(["check", "ifsc", "YESB0000262"]).stdout(full).output().unwrap();
        assert_eq!(found.status.code(), Some(2));
        assert!(found.stderr.starts_with(b"error: the result cannot be written\n  cause: "), "{found:?}");
    }
}

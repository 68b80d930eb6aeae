//! `check`: values and pairs of names, from arguments and from standard input.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::thread;

use serde_json::Value;

use crate::support::{Run, program, run};

fn piped(args: &[&str], input: &[u8]) -> Run {
    let mut child = program(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Writes in another thread, as a pipe cannot hold all of the input.
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
        "ifsc YESB0000262 YESB0002062 GABK0000001 AABF0008032 YESBO000262 yesb0000262 YESB0ACB002 SYNB0000445",
        "account 026291800001191 2640101 9876543210 1234 '026291800001191 2.62918E+13 026291800001191@upi",
        "account --unmasked 026291800001191 '026291800001191",
        "vpa 9164326296@upi 9800011111@mobile.npci someone@example.com 9164326296 asha@okhdfcbank.",
        "vpa --unmasked --rule asha@okhdfcbank. asha",
        "amount 1 1.50 12 0 1.005 -1 ₹1,200.00",
        "name राम Ramesh* verified \u{7}",
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
    assert_eq!(problem(2), "it is empty");
    assert_eq!(problem(3), "the line has letters that cannot be read; save the file as UTF-8 (in Excel: CSV UTF-8)");
    assert_eq!(problem(4), "the line is too long to be a value");
    for (record, line) in records.iter().zip(1..) {
        let keys: Vec<_> = record.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["advice", "bank", "kind", "line", "problem", "suggestion", "valid"]);
        assert_eq!((&record["kind"], &record["line"]), (&"ifsc".into(), &line.into()));
    }
    assert_eq!((found.exit, found.stderr.as_str()), (1, ""));
}

#[test]
fn many_lines_are_checked_in_their_order() {
    let mut input = Vec::new();
    for number in 0..100_000 {
        let bad = if number % 10 == 9 { "!" } else { "" };
        writeln!(input, "{number:011}{bad}").unwrap();
    }
    let found = piped(&["check", "account", "-", "--output", "json"], &input);
    assert_eq!(found.exit, 1);
    let mut count = 0;
    for (index, line) in found.stdout.lines().enumerate() {
        let valid = format!(r#"{{"line":{},"kind":"account","valid":true,"#, index + 1);
        assert_eq!(line.starts_with(&valid), index % 10 != 9, "line {}: {line}", index + 1);
        count += 1;
    }
    assert_eq!(count, 100_000);
    let found = piped(&["check", "account", "-"], &input);
    assert_eq!(found.stdout.lines().count(), 100_001);
    assert!(found.stdout.ends_with(
        "100000  no     ****                      character 12 is an exclamation mark; did you mean ****9999?\n"
    ));
    assert_eq!(found.stderr, "note: 100000 values checked, 10000 invalid\n");
}

#[test]
fn check_succeeds_if_the_reader_closes_the_pipe() {
    for output in ["table", "json"] {
        let mut child = program(["check", "account", "-", "--output", output])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let writing = thread::spawn(move || while stdin.write_all(b"026291800001191\n").is_ok() {});
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }
}

#[test]
fn a_line_has_its_result_before_the_next_line_arrives() {
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
fn read_and_write_errors_are_reported() {
    let directory = std::fs::File::open("/").unwrap();
    let found = Run::of(program(["check", "ifsc", "-"]).stdin(directory));
    assert_eq!(found.exit, 2);
    assert!(found.stderr.starts_with("error: standard input cannot be read after line 0\n  cause: "), "{found:?}");
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        let found = program(["check", "ifsc", "YESB0000262"]).stdout(full).output().unwrap();
        assert_eq!(found.status.code(), Some(2));
        assert!(
            found.stderr.starts_with(b"error: the result cannot be written to standard output\n  cause: "),
            "{found:?}"
        );
    }
}

#[test]
fn a_verdict_on_names_does_not_change_the_exit_code() {
    let mut transcript = String::new();
    for names in [
        ["Ramesh Kumar Sharma", "RAMESH KUMAR SHARMA"],
        ["Mr. Ramesh Kumar Sharma", "SHARMA R K"],
        ["Ramesh Kumar Sharma", "RAMESH KUMAR VERMA"],
        ["Ramesh Kumar", "verified"],
    ] {
        for output in ["table", "json"] {
            let found = run(["check", "names", names[0], names[1], "--output", output]);
            assert_eq!((found.exit, found.stderr.as_str()), (0, ""));
            writeln!(transcript, "$ {names:?}\n{}", found.stdout).unwrap();
        }
    }
    insta::assert_snapshot!(transcript);
    let found = run(["check", "names", "Ramesh Kumar"]);
    assert_eq!(found.exit, 2);
    assert!(found.stderr.starts_with("error: `names` compares two names"), "{found:?}");
}

#[test]
fn names_reads_a_pair_from_each_line_with_a_tab_between() {
    let input = "Asha Rao\tASHA RAO\r\nAsha Rao\nAsha Rao\tUSHA RAO\na\tb\tc\n";
    let found = piped(&["check", "names", "-", "--output", "json"], input.as_bytes());
    assert_eq!(found.exit, 1, "two lines do not have two names");
    let pairs = records(&found);
    let verdicts: Vec<_> = pairs.iter().map(|record| record["verdict"].as_str()).collect();
    assert_eq!(verdicts, [Some("match"), None, Some("different"), None]);
    for (record, line) in pairs.iter().zip(1..) {
        let keys: Vec<_> = record.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["differences", "line", "problem", "score", "verdict"]);
        assert_eq!(record["line"], line);
        assert_eq!(record["problem"].is_null(), !record["verdict"].is_null());
    }
    assert_eq!(pairs[0]["score"], 100);
    assert_eq!(pairs[2]["differences"], serde_json::json!(["conflict"]));
    assert!(!found.stdout.contains("Asha") && !found.stdout.contains("ASHA"), "{found:?}");

    let found = piped(&["check", "names", "-", "--output", "json", "--unmasked"], input.as_bytes());
    let first = &records(&found)[0];
    assert_eq!((&first["given"], &first["at_bank"]), (&"Asha Rao".into(), &"ASHA RAO".into()));
    assert_eq!(piped(&["check", "names", "-"], b"Asha Rao\tASHA RAO\n").exit, 0);
}

#[test]
fn values_are_printed_only_with_unmasked() {
    let args = ["check", "account", "026291800001191", "'026291800001191", "--output", "json"];
    let found = run(args);
    assert!(!found.stdout.contains("02629180000"), "{found:?}");
    let masked = records(&found);
    assert_eq!((&masked[0]["value"], &masked[1]["suggestion"]), (&Value::Null, &"****1191".into()));
    let shown = records(&run(args.into_iter().chain(["--unmasked"])));
    assert_eq!((&shown[0]["value"], &shown[1]["value"]), (&"026291800001191".into(), &"'026291800001191".into()));
    assert_eq!(shown[1]["suggestion"], "026291800001191");
}

//! Which files are accepted. For a refused file nothing is sent, and the message points to the problem.

use std::fmt::Write as _;
use std::process::Stdio;

use super::support::{HEADER, Place, Ran, rows};

const ROW: &str = "cst_1,JP_HDFC,HDFC0000001,00123456789,,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_problem_is_refused_with_the_row_and_nothing_is_sent() {
    let place = Place::new(&[]).await;
    let long = "x".repeat(10_000_000);
    let many = "cst_1,JP_HDFC,HDFCO000001,1,,,\n".repeat(60);
    let cases: &[(&str, Vec<u8>)] = &[
        ("empty", b"".into()),
        ("only a byte order mark", "\u{feff}".into()),
        ("only a header", HEADER.into()),
        ("no header", ROW.into()),
        ("wrong columns", format!("customer,bank_code,ifsc,acount,name\n{ROW}").into()),
        ("a column twice", format!("customer_id,bank_code,ifsc,account,IFSC\n{ROW}").into()),
        ("columns missing", b"customer_id,ifsc\ncst_1,HDFC0000001\n".into()),
        (
            "two columns that could be the account",
            b"customer_id,bank_code,ifsc,A/c No,Bank Account\nc,b,HDFC0000001,00123456789,1\n".into(),
        ),
        ("one value too many", format!("{HEADER}cst_1,JP_HDFC,HDFC0000001,00123456789,Kumar, Ramesh,,r\n").into()),
        ("one value too few", format!("{HEADER}{ROW}cst_2,JP_HDFC,HDFC0000001,00123456789\n").into()),
        (
            "values that are not accepted",
            format!("{HEADER}{ROW}cst/2,,hdfc0000001,12-34,,,\n,JP_HDFC,,,,a.b@c.de,\n").into(),
        ),
        ("two accounts in a row", format!("{HEADER}cst_1,JP_HDFC,HDFC0000001,00123456789,,a@upi,\n").into()),
        ("no account in a row", format!("{HEADER}cst_1,JP_HDFC,,,,,\n").into()),
        ("a line break in a value", format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,a@upi,\"a\n{ROW}\"\n").into()),
        ("a quote that stays open", format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,\"a@upi,\n{ROW}").into()),
        ("10 MB in a value", format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,a@upi,{long}\n").into()),
        ("10 MB in quotes", format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,a@upi,\"{long}\"\n").into()),
        (
            "a quote that is closed in a later row",
            format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,a@upi,\"a\n{ROW}{ROW}cst_3,JP_HDFC,,,,b@upi,b\"\n").into(),
        ),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj".into()),
        ("a photo", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".into()),
        (
            "a web page that is called a workbook",
            b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>IFSC</td></tr></table></html>"
                .into(),
        ),
        ("an archive", b"PK\x03\x04\x14\x00\x00\x00\x08\x00payees.csvPK\x05\x06".into()),
        ("half a workbook", b"PK\x03\x04\x14\x00\x00\x00\x08\x00[Content_Types].xml".into()),
        ("a workbook with a password", [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &utf16("EncryptedPackage")].concat()),
        ("an old document", [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &utf16("WordDocument")].concat()),
        (
            "an XML spreadsheet",
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook/>".into(),
        ),
        ("JSON", b"[{\"account\": \"00123456789\"}]".into()),
        ("a program", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00>\x00\x01".into()),
        ("rows twice", format!("{HEADER}{ROW}cst_2,JP_HDFC,,,,a@upi,\ncst_2,JP_SBI,,,,A@UPI,x\n{ROW}").into()),
        ("more problems than are listed", format!("{HEADER}{many}").into()),
    ];
    let mut seen = String::new();
    for (what, bytes) in cases {
        place.input(bytes);
        let Ran { exit, stdout, stderr } = place.run(&[]);
        assert_eq!((exit, stdout.as_str()), (Some(2), ""), "{what}: {stderr}");
        let Ran { exit, stderr: checked, .. } = Ran::of(place.program(&["in.csv", "--check-only"]).output().unwrap());
        assert_eq!((exit, &checked), (Some(1), &stderr), "{what}");
        let lines: Vec<_> = stderr.lines().collect();
        let shown =
            if lines.len() > 10 { [&lines[..3], &["  …"], &lines[lines.len() - 2..]].concat() } else { lines };
        write!(seen, "## {what}\n{}\n\n", shown.join("\n")).unwrap();
    }
    insta::assert_snapshot!(seen);

    for (what, input, message) in [
        (
            "missing",
            "missing.csv",
            "error: missing.csv cannot be read; nothing was sent\n  cause: No such file or directory",
        ),
        ("a directory", ".", "error: . cannot be read; nothing was sent\n  cause: is a directory\n"),
    ] {
        let mut command = place.program(&[input, "--out", "out.ndjson", "--base-url", &place.sandbox.url()]);
        let Ran { exit, stderr, .. } = Ran::of(command.output().unwrap());
        assert_eq!(exit, Some(2), "{what}");
        assert!(stderr.starts_with(message), "{what}: {stderr}");
    }
    assert_eq!(place.sandbox.requests(), 0);
    assert!(!place.path("out.ndjson").exists() && !place.path("out.log").exists());
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_order_mark_crlf_quotes_and_empty_lines_are_accepted() {
    let place = Place::new(&[]).await;
    place.input(
        "\u{feff}Reference,VPA,\"Bank_Code\",CUSTOMER_ID\r\n\"say \"\"a, b\"\"\",success@upi,JP_HDFC,\"cst_1\"\r\n\r\n,failure@upi,JP_HDFC,cst_2",
    );
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    let outcomes = place.outcomes();
    assert_eq!(outcomes[&2]["reference"], "say \"a, b\"");
    assert_eq!((&outcomes[&2]["outcome"], &outcomes[&4]["outcome"]), (&"active".into(), &"failed".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_only_needs_no_key_and_reports_rows_and_penny_drops() {
    let place = Place::new(&[]).await;
    place.input(rows(1000));
    let ran = Ran::of(place.program(&["in.csv", "--check-only", "--env", "production"]).output().unwrap());
    assert_eq!(
        (ran.exit, ran.stdout.as_str()),
        (Some(0), "in.csv: 1000 rows, no problems; 667 penny drops, 667.00 rupees\n"),
        "{}",
        ran.stderr
    );
    // The key may be for another command and does not say to which environment it belongs, so `--check-only` ignores
    // it.
    let ran = Ran::of(place.program(&["in.csv", "--check-only"]).env("JUSPAY_API_KEY", "key").output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let ran = Ran::of(place.program(&["in.csv", "--check-only", "--output", "json"]).output().unwrap());
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.exit, &found["rows"], &found["problems"], &found["penny_drops"], &found["rupees"]),
        (Some(0), &1000.into(), &0.into(), &667.into(), &"667.00".into()),
        "{}",
        ran.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_with_an_unlisted_branch_are_reported_and_still_sent() {
    let place = Place::new(&[]).await;
    let rows = "cst_1,JP_HDFC,HDFC0000001,00123456789,,,\n\
               cst_2,JP_HDFC,HDFC0ABCDEF,50100241763,,,\n\
               cst_3,JP_HDFC,,,,a@upi,\n\
               cst_4,JP_HDFC,AABF0008032,20123456781,,,\n";
    place.input(format!("{HEADER}{rows}"));
    let advice = "these values are allowed, but check them:\n  2 × column C (\"ifsc\"): the list of branches lacks it; check the IFSC, which may be \
                mistyped or newer than the list (rows 3, 5)";
    let ran = Ran::of(place.program(&["in.csv", "--check-only"]).output().unwrap());
    assert_eq!((ran.exit, ran.stdout.as_str()), (Some(0), "in.csv: 4 rows, no problems; 3 penny drops, 3.00 rupees\n"));
    assert_eq!(ran.stderr, format!("warning: {advice}\n"));
    let ran = Ran::of(place.program(&["in.csv", "--check-only", "--output", "json"]).output().unwrap());
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.exit, &found["advice"][0]["count"], &found["advice"][0]["rows"][1]),
        (Some(0), &2.into(), &5.into())
    );

    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.starts_with(&format!("warning: {advice}\nnote: the server is ")), "{}", ran.stderr);
    assert_eq!((place.tally()["active"], place.sandbox.requests()), (4, 4));

    // The program does not check the branch of a row with a problem.
    place.input(format!("{HEADER}{rows}cst_5,JP_HDFC,HDFC0ABCDEF,1,,,\n"));
    let ran = Ran::of(place.program(&["in.csv", "--check-only"]).output().unwrap());
    assert_eq!(ran.exit, Some(1));
    let cost = "note: the valid rows need 3 penny drops, 3.00 rupees";
    assert!(
        ran.stderr.starts_with(&format!("warning: {advice}\n{cost}\nerror: 1 problem in in.csv")),
        "{}",
        ran.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_with_a_problem_are_left_out_on_request_and_each_has_an_outcome() {
    let place = Place::new(&[]).await;
    place.input(format!(
        "{HEADER}{ROW}cst_2,JP_HDFC,HDFCO000001,1,,,\n{ROW}cst_3,JP_HDFC,,,,a@upi,\"x\ny\"\ncst_4,JP_HDFC,,,,b@upi,\n"
    ));
    let ran = place.run(&["--skip-invalid"]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("3 rows cannot be sent, and will be left out"), "{}", ran.stderr);
    let outcomes = place.outcomes();
    let reported: Vec<_> = outcomes.iter().map(|(line, record)| (*line, record["outcome"].as_str().unwrap())).collect();
    assert_eq!(reported, [(2, "active"), (3, "skipped"), (4, "skipped"), (5, "skipped"), (6, "active")]);
    let reason = outcomes[&3]["reason"].as_str().unwrap();
    assert!(
        reason.contains("column C (\"ifsc\"): character 5")
            && reason.contains("column D (\"account\"): it has 1 character"),
        "{reason}"
    );
    assert!(outcomes[&4]["reason"].as_str().unwrap().contains("customer of row 2"));
    assert_eq!(place.sandbox.requests(), 2);
    // The resumed run sends nothing again.
    assert_eq!(place.run(&["--skip-invalid", "--resume"]).exit, Some(1));
    assert_eq!((place.records().len(), place.sandbox.requests()), (5, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_is_read_like_a_file_and_can_be_given_again() {
    let place = Place::new(&[]).await;
    place.input(rows(5));
    for (more, exit) in [(&[][..], 0), (&["--resume"], 0)] {
        let url = place.sandbox.url();
        let mut command = place.program(&[&["-", "--out", "out.ndjson", "--base-url", &url], more].concat());
        let input = std::fs::File::open(place.path("in.csv")).unwrap();
        let ran = Ran::of(command.stdin(Stdio::from(input)).output().unwrap());
        assert_eq!(ran.exit, Some(exit), "{}", ran.stderr);
        let piped = format!("cat in.csv | {} batch - --check-only", env!("CARGO_BIN_EXE_juspay-accounts"));
        let ran = Ran::of(
            std::process::Command::new("sh").args(["-c", &piped]).current_dir(place.directory.path()).output().unwrap(),
        );
        assert_eq!(ran.stdout, "standard input: 5 rows, no problems; 3 penny drops, 3.00 rupees\n", "{}", ran.stderr);
    }
    assert_eq!(place.sandbox.requests(), 5);
}

//! `columns`, profiles, and the list of problems.

use std::fmt::Write as _;
use std::path::Path;

use super::support::{Place, Ran};

const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payees/templates");

fn template(place: &Place, name: &str) {
    std::fs::copy(Path::new(TEMPLATES).join(name), place.path(name)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_shows_what_is_read_from_where_and_what_is_missing() {
    let place = Place::new(&[]).await;
    template(&place, "09_payroll_semicolon_cp1252.csv");
    let run = |more: &[&str]| {
        Ran::of(place.juspay(&[&["columns", "09_payroll_semicolon_cp1252.csv"], more].concat()).output().unwrap())
    };
    let ran = run(&[]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
    for secret in ["50100241763", "20123456789", "José", "Meera"] {
        assert!(!ran.stdout.contains(secret), "{secret}");
    }
    let ran = run(&["--set", "bank_code=JP_HDFC", "--set", "customer_id={reference}", "--output", "json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.exit, &found["missing"]), (Some(0), &serde_json::json!([])));
    let set = ["--set", "bank_code=JP_HDFC", "--set", "customer_id={reference}"];
    let next = "\nnext: juspay-accounts batch 09_payroll_semicolon_cp1252.csv --check-only --set \
                customer_id='{reference}' --set bank_code=JP_HDFC\n";
    assert!(run(&set).stdout.ends_with(next), "{}", run(&set).stdout);
    let more = run(&[&set[..], &["--column", "name=Employee Name"]].concat()).stdout;
    assert!(more.contains("\nnext: add --profile payees.toml to this command"), "{more}");
    assert_eq!(found["fields"][3]["column"], "column F (\"Account Number\")");
    assert_eq!(found["fields"][3]["values"], serde_json::json!(["****1763", "****6789"]));
    assert_eq!(found["flags"][1], "--column account='Account Number'");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_stores_the_flags_and_reads_the_next_file_in_the_same_way() {
    let place = Place::new(&[]).await;
    place.input("Konto|Bank|Wer\n50100241763 |HDFC0000053|Ramesh\n");
    let run = |args: &[&str]| Ran::of(place.juspay(args).output().unwrap());
    // The program recognizes nothing in this file, and prints only the names of its columns.
    let ran = run(&["columns", "in.csv"]);
    assert_eq!(ran.exit, Some(1));
    assert!(
        ran.stdout.contains("not read: column A (\"Konto\"), column B (\"Bank\"), column C (\"Wer\")"),
        "{}",
        ran.stdout
    );
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("50100241763"));

    // The advice is a command that can be copied.
    std::fs::copy(place.path("in.csv"), place.path("my payees.csv")).unwrap();
    for (file, shown) in [("my payees.csv", "'my payees.csv'"), ("-", "-")] {
        let ran = Ran::of(
            place
                .juspay(&["batch", file, "--check-only"])
                .stdin(std::fs::File::open(place.path("in.csv")).unwrap())
                .output()
                .unwrap(),
        );
        assert!(ran.stderr.contains(&format!("`juspay-accounts columns {shown}` shows the names")), "{}", ran.stderr);
    }

    let flags =
        ["--column", "account=konto", "--column", "ifsc=B", "--set", "bank_code=JP_HDFC", "--set", "customer_id={Wer}"];
    let ran = run(&[&["columns", "in.csv", "--profile", "p.toml", "--clean"], &flags[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
    let next = "\nnext: juspay-accounts batch in.csv --check-only --profile p.toml\n";
    assert!(ran.stdout.ends_with(next), "{}", ran.stdout);
    insta::assert_snapshot!(std::fs::read_to_string(place.path("p.toml")).unwrap(), @r#"
    # How to read a file of payees. Written by `juspay-accounts columns`.
    clean = true

    [columns]
    ifsc = "Bank"
    account = "Konto"

    [set]
    customer_id = "{Wer}"
    bank_code = "JP_HDFC"
    "#);
    let ran = run(&["batch", "in.csv", "--check-only", "--profile", "p.toml"]);
    assert_eq!(ran.stdout, "in.csv: 1 row, no problems; 1 penny drop, 1.00 rupees\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("note: repaired: 1 × spaces around a value removed\n"), "{}", ran.stderr);
    // A flag takes precedence over the profile.
    let ran = run(&["batch", "in.csv", "--check-only", "--profile", "p.toml", "--column", "account=Bank"]);
    assert_eq!(ran.exit, Some(1));
    let problem = "--column account: column B (\"Bank\") has IFSCs; name the column with the account numbers\n";
    assert!(ran.stderr.contains(problem), "{}", ran.stderr);

    let ran = run(&["columns", "in.csv", "--column", "account=Kontonummer"]);
    let problem =
        "--column account: the file has no column \"Kontonummer\"; its columns are \"Konto\", \"Bank\", \"Wer\"\n";
    assert!(ran.stdout.contains(problem), "{}{}", ran.stdout, ran.stderr);

    // The command that shows names shows the only name, too.
    std::fs::write(place.path("one.csv"), "Konto\nx\n").unwrap();
    let ran = run(&["columns", "one.csv"]);
    assert!(ran.stdout.contains("not read: column A (\"Konto\")\n"), "{}{}", ran.stdout, ran.stderr);
    let ran = run(&["columns", "in.csv", "--profile", "missing/p.toml"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);

    std::fs::write(place.path("p.toml"), "[set]\namount = \"{Net Pay}\"\n").unwrap();
    let ran = run(&["batch", "in.csv", "--check-only", "--profile", "p.toml"]);
    assert_eq!(
        (ran.exit, ran.stderr.as_str()),
        (Some(2), "error: p.toml: a profile cannot set the amount; remove it from `set`\n")
    );
    for (profile, problem) in [
        (
            &b"clean = true\n[columns]\nacount = \"Konto\"\n"[..],
            "line 3: there is no such field; the fields are customer_id, ",
        ),
        (b"clean = true\nclean = true\n", "line 2: duplicate key\n  next: correct it, "),
        (b"PK\x03\x04\xff", "it is not a text file\n"),
    ] {
        std::fs::write(place.path("p.toml"), profile).unwrap();
        let ran = run(&["batch", "in.csv", "--check-only", "--profile", "p.toml"]);
        assert_eq!(ran.exit, Some(2));
        assert!(ran.stderr.starts_with(&format!("error: p.toml is not a profile: {problem}")), "{}", ran.stderr);
    }
    let ran = run(&["batch", "in.csv", "--check-only", "--profile", "missing.toml"]);
    assert!(
        ran.stderr.contains("next: juspay-accounts columns FILE --profile missing.toml writes it"),
        "{}",
        ran.stderr
    );
    place.input("Konto|Bank|Wer|Confirm A/c No.\n50100241763 |HDFC0000053|Ramesh|50100241763\n");
    for (flag, account) in [
        ("--set customer_id", "{account}"),
        ("--set customer_id", "x-{Konto}"),
        ("--set customer_id", "{Confirm A/c No.}"),
        ("--column reference", "Konto"),
        ("--column reference", "Confirm A/c No."),
    ] {
        let (flag_name, field) = flag.split_once(' ').unwrap();
        let value = format!("{field}={account}");
        let ran = run(&["batch", "in.csv", "--check-only", "--column", "account=Konto", flag_name, &value]);
        let expected =
            format!("{flag}: an account is a secret, and this value is printed and logged; use another column");
        assert!(ran.stderr.contains(&expected), "{}", ran.stderr);
    }
    let ran = run(&["batch", "in.csv", "--check-only", "--set", "amount=5"]);
    assert!(ran.stderr.starts_with("error: --set cannot set the amount\n"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_findings_are_listed_in_a_file_that_replaces_no_other() {
    let place = Place::new(&[]).await;
    let mut text = "customer_id,bank_code,ifsc,account,name\n".to_owned();
    for number in 0..300 {
        writeln!(text, "c{number},JP_HDFC,HDFCO000053,{},=A1", 50_100_241_763_u64 + number).unwrap();
    }
    text += "c,JP_HDFC,HDFC0000053,50100200000,=A1\n";
    place.input(&text);
    let run = |list: &str| Ran::of(place.program(&["in.csv", "--check-only", "--problems", list]).output().unwrap());
    for list in ["list.csv", "list.csv", "list.xlsx", "list.xlsx"] {
        let ran = run(list);
        assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("note: 301 findings are in {list}\n")), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("300 × column C (\"ifsc\"): character 5 is not the digit 0 (rows 2, 3, 4, 5, 6, …)")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(place.path(list)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    let list = std::fs::read_to_string(place.path("list.csv")).unwrap();
    let lines: Vec<_> = list.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "\"row\",\"column\",\"kind\",\"finding\",\"suggestion\"");
    assert_eq!(
        lines[1],
        "2,\"column C (\"\"ifsc\"\")\",\"problem\",\"character 5 is the letter O; the digit 0 belongs there\",\"HDFC0000053\""
    );
    assert!(lines[301].starts_with("302,\"column E (\"\"name\"\")\",\"advice\","), "{}", lines[301]);
    for (list, message) in [
        ("in.csv", "in.csv already exists, and is not a list of problems"),
        ("list.txt", "use a file name that ends in .csv or .xlsx"),
    ] {
        let ran = run(list);
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    assert_eq!(std::fs::read_to_string(place.path("in.csv")).unwrap(), text);
    // The list has the delimiter of the input, and a list with any of them is recognized and replaced.
    for delimiter in [";", "\t"] {
        place.input(text.replace(',', delimiter));
        for _ in 0..2 {
            let ran = run("list.csv");
            assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
        }
    }
}

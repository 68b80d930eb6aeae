//! `validate`: its request, its output, and its dry run.

use std::fmt::Write as _;

use juspay_accounts_validation::mask;
use serde_json::{Value, json};

use crate::support::{CALL, Run, Server, call, program, run};

/// A response in another order than the request, with one account missing and one extra.
fn response() -> String {
    json!([
        {
            "customer_account_id": "banh_other",
            "validation_status": "ACTIVE",
            "account_details": { "vpa": "somebody.else@upi" }
        },
        {
            "object": "customer_account",
            "customer_account_id": "banh_upi",
            "customer_id": "cst_zqqmw0v4exbhvv2l",
            "date_created": "2025-02-24T17:49:53.977288433Z",
            "account_details": { "vpa": "9164326296@UPI" },
            "validation_amount": 1.0,
            "currency": "INR",
            "validation_status": "ACTIVE",
            "customer_account_type": "UPI"
        },
        {
            "customer_account_id": "banh_\u{1b}[31mbank",
            "account_details": {
                "name": "RAMESH KUMAR",
                "ifsc": "YESB0000262",
                "account": "026291800001191",
                "bank_name": "Yes Bank",
                "later": "026291800001191"
            },
            "validation_status": "PENDING",
            "customer_account_type": "SAVINGS",
            "later": "Ramesh Kumar"
        }
    ])
    .to_string()
}

#[test]
fn the_first_command_of_the_readme_prints_a_table_without_a_key_or_network() {
    let found = run([
        "validate",
        "--customer-id",
        "cst_zqqmw0v4exbhvv2l",
        "--bank-code",
        "JP_HDFC",
        "--bank-account",
        "YESB0000262:026291800001191",
        "--upi",
        "9164326296@upi",
        "--gateway-id",
        "800",
        "--gateway-reference-id",
        "testing",
    ]);
    insta::assert_snapshot!(found.transcript());
}

#[test]
fn accounts_are_shown_beside_the_requested_ones() {
    let server = Server::responding("200 OK", "x-request-id: r-1\r\n", &response());
    let more = ["--bank-account", "HDFC0000001:50100012345678:Asha Rao", "--upi", "missing@upi"];
    let mut transcript = String::new();
    for format in [&["--output", "table"][..], &["--output", "json"], &["--output", "table", "--unmasked"]] {
        let found = Run::of(call(&server.url).args(more).args(format));
        writeln!(transcript, "$ {}\n{}", format.join(" "), found.transcript().replace(&server.url, "http://SERVER"))
            .unwrap();
    }
    insta::assert_snapshot!(transcript);
}

#[test]
fn json_has_every_account_in_the_order_of_the_flags() {
    let server = Server::responding("200 OK", "x-request-id: r-1\r\n", &response());
    let found = Run::of(call(&server.url).args(["--upi", "missing@upi", "--output", "json", "--unmasked"]));
    let result: Value = serde_json::from_str(&found.stdout).unwrap();
    let received: Value = serde_json::from_str(&response()).unwrap();
    assert_eq!(
        result,
        json!({
            "request_id": "r-1",
            "server": server.url,
            "requested": 3,
            "active": 1,
            "accounts": [
                { "input": "--bank-account #1", "active": false, "matched": "exact", "name": { "verdict": "match", "score": 100, "differences": [] }, "account": received[2] },
                { "input": "--upi #1", "active": true, "matched": "exact", "name": null, "account": received[1] },
                { "input": "--upi #2", "active": false, "matched": "missing", "name": null, "account": null },
                { "input": null, "active": true, "matched": null, "name": null, "account": received[0] },
            ]
        })
    );
}

#[test]
fn a_repeated_account_is_refused_because_it_would_be_paid_twice() {
    let again = ["--bank-account", "YESB0000262:026291800001191:Other Name", "--upi", "a@upi", "--upi", "A@UPI"];
    for command in ["validate", "create"] {
        let found = run([command].into_iter().chain(CALL.into_iter().skip(1)).chain(again));
        let expected = "error: 2 problems in the input; nothing was sent\n  --bank-account #2: it repeats --bank-account #1, and \
                        would be validated twice; leave one of the two out\n  --upi #3: it repeats --upi #2, and would be \
                        validated twice; leave one of the two out\n";
        assert_eq!((found.exit, found.stderr.as_str()), (2, expected), "{command}");
    }
}

#[test]
fn the_name_at_the_bank_is_compared_with_the_expected_name() {
    let server = Server::responding("200 OK", "", &response());
    let names = |more: &[&str]| {
        let found = Run::of(call(&server.url).args(more).args(["--output", "json"]));
        let result: Value = serde_json::from_str(&found.stdout).unwrap();
        assert!(!found.stdout.contains("Ramesh") && !found.stdout.contains("RAMESH"), "{found:?}");
        result["accounts"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect::<Vec<_>>()
    };
    // The UPI address has no name at the bank, and the last account was not requested.
    let none = Value::Null;
    let close = json!({ "verdict": "close", "score": 84, "differences": ["initial"] });
    assert_eq!(names(&["--expect-name", "Ramesh K"]), [close, none.clone(), none.clone()]);
    assert_eq!(names(&["--expect-name", "Suresh Kumar"])[0]["verdict"], "different");
    // Compares with the name that was given with the account.
    assert_eq!(names(&[])[0]["verdict"], "match");

    let found = Run::of(call(&server.url).args(["--expect-name", "Kumar Ramesh"]));
    assert!(found.stdout.contains("  match (order)  "), "{found:?}");
    // A verdict is advice: the exit code depends only on the statuses.
    assert_eq!(found.exit, Run::of(&mut call(&server.url)).exit);
}

#[test]
fn the_name_is_everything_after_the_second_colon() {
    let server = Server::responding("200 OK", "", "[]");
    Run::of(call(&server.url).args(["--bank-account", "HDFC0000001:50100012345678:A: B:C"]));
    assert_eq!(
        sent(&server.request()).form["account_details"]["bank_account"][1],
        json!({ "ifsc": "HDFC0000001", "account": "50100012345678", "name": "A: B:C" })
    );
}

#[test]
fn all_problems_are_reported_at_once_by_flag() {
    let args = [
        "validate",
        "--customer-id",
        "..",
        "--bank-code",
        "JP HDFC",
        "--bank-account",
        "YESB0000262:026291800001191",
        "--bank-account",
        "YESBO000262:1234:\u{7}",
        "--bank-account",
        "026291800001191",
        "--bank-account",
        "YESB0000262:",
        "--bank-account",
        "026291800001191:YESB0000262",
        "--upi",
        "someone@example.com",
        "--upi",
        "",
        "--gateway-id",
        "a b",
        "--gateway-reference-id",
        "",
        "--preferred-gateway",
        "\t",
        "--amount",
        "-1.005",
        "--routing-id",
        "é",
        "--base-url",
        "http://api.juspay.in",
    ];
    let table = run(args);
    insta::assert_snapshot!(table.transcript());
    let json = run(args.into_iter().chain(["--output", "json"]));
    assert_eq!((json.exit, json.stdout.as_str()), (2, ""));
    let error: Value = serde_json::from_str(&json.stderr).unwrap();
    let problems = error["error"]["problems"].as_array().unwrap();
    let reported: Vec<_> = problems
        .iter()
        .map(|problem| format!("  {}: {}", problem["at"].as_str().unwrap(), problem["problem"].as_str().unwrap()))
        .collect();
    assert_eq!(reported, table.stderr.lines().skip(1).collect::<Vec<_>>());
    let nothing = run(["validate", "--customer-id", "cst_1", "--bank-code", "JP_HDFC"]);
    assert!(nothing.stderr.contains("\n  --bank-account, --upi: the request has no account"), "{nothing:?}");
}

#[test]
fn unusual_values_are_sent_with_a_warning() {
    let server = Server::responding("200 OK", "", "[]");
    let unusual = ["--bank-account", "HDFC0000001:2640101:Ramesh*", "--amount", "12.5"];
    let found = Run::of(call(&server.url).args(unusual));
    let warnings: Vec<_> = found.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert_eq!(
        warnings,
        [
            "warning: --bank-account #2, account number: it has 7 digits; most account numbers have 9 to 18",
            "warning: --bank-account #2, name: character 7 is an asterisk; some gateways accept only letters, digits, \
             spaces and ' . - / & ( )",
            "warning: --amount: 12.50 rupees is unusually high for a penny drop; each validation pays this amount",
        ]
    );
    assert_eq!(sent(&server.request()).form["validation_amount"], "12.50");
}

struct Sent {
    line: String,
    headers: Value,
    form: Value,
}

fn sent(request: &str) -> Sent {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    let mut found = json!({});
    for header in headers.lines() {
        let (name, value) = header.split_once(": ").unwrap();
        found[name] = value.into();
    }
    let mut form = json!({});
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        form[name.as_ref()] = match name.as_ref() {
            "account_details" => serde_json::from_str(&value).unwrap(),
            _ => value.into(),
        };
    }
    Sent { line: line.to_owned(), headers: found, form }
}

/// Masks a sent form as a dry run does.
fn masked(form: &mut Value) {
    let details = &mut form["account_details"];
    for entry in details["bank_account"].as_array_mut().into_iter().flatten() {
        entry["account"] = mask::account(entry["account"].as_str().unwrap()).to_string().into();
        if let Some(name) = entry.get_mut("name") {
            *name = mask::name(name.as_str().unwrap()).to_string().into();
        }
    }
    for entry in details["upi"].as_array_mut().into_iter().flatten() {
        entry["vpa"] = mask::vpa(entry["vpa"].as_str().unwrap()).to_string().into();
    }
    // Indexing created null values for missing lists.
    details.as_object_mut().unwrap().retain(|_, list| !list.is_null());
}

#[test]
fn a_dry_run_shows_exactly_what_would_be_sent() {
    let all = "--gateway-id 800 --gateway-reference-id testing --preferred-gateway CFGEN --amount 1.5 --routing-id cart_1 \
               --bank-account HDFC0000001:50100012345678";
    let bank = "validate --customer-id a.b@example.com --bank-code X --bank-account YESB0000262:026291800001191";
    let upi = "validate --customer-id x+% --bank-code X --upi a@upi";
    let documented = CALL.iter().map(|arg| (*arg).to_owned());
    for args in [
        documented.clone().collect::<Vec<_>>(),
        documented.chain(all.split_whitespace().map(str::to_owned)).collect(),
        bank.split(' ').map(str::to_owned).collect(),
        upi.split(' ').map(str::to_owned).collect(),
    ] {
        let server = Server::responding("200 OK", "", "[]");
        let mut real = program(&args);
        Run::of(real.args(["--base-url", &server.url]));
        let mut sent = sent(&server.request());
        let dry = |more: &[&str]| {
            let mut dry = program(&args);
            let found = Run::of(dry.args(["--base-url", &server.url, "--dry-run", "--output", "json"]).args(more));
            assert_eq!((found.exit, server.others()), (0, 0), "{}", found.stderr);
            let mut shown = serde_json::from_str::<Value>(&found.stdout).unwrap();
            let details = shown["form"]["account_details"].as_str().unwrap();
            shown["form"]["account_details"] = serde_json::from_str(details).unwrap();
            shown
        };
        let shown = dry(&[]);
        let path = shown["url"].as_str().unwrap().strip_prefix(&server.url).unwrap();
        assert_eq!(sent.line, format!("{} {path} HTTP/1.1", shown["method"].as_str().unwrap()));
        let headers = sent.headers.as_object_mut().unwrap();
        // The HTTP client adds these two headers, and a dry run does not show them.
        assert!(headers.remove("host").is_some() && headers.remove("content-length").is_some());
        headers["authorization"] = "Basic ****".into();
        assert_eq!(shown["headers"], sent.headers);
        assert_eq!(dry(&["--unmasked"])["form"], sent.form);
        masked(&mut sent.form);
        assert_eq!(shown["form"], sent.form);
    }
}

#[test]
fn a_dry_run_is_readable_and_needs_no_key() {
    let found = run(CALL.into_iter().chain(["--env", "production", "--dry-run"]));
    insta::assert_snapshot!(found.transcript());
    let found = Run::of(program(CALL).args(["--dry-run", "--env", "sandbox"]).env("JUSPAY_API_KEY", "1D6A81F3D24F4F"));
    assert_eq!(found.stderr, "note: dry run: nothing was sent; the target is https://sandbox.juspay.in (sandbox)\n");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    for (bank, exit) in [("026291800001191", 0), ("026291800001190", 1)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let account = format!("YESB0000262:{bank}");
        let args = ["validate", "--customer-id", "cst_1", "--bank-code", "X", "--bank-account", &account];
        let found = program(args).args(["--env", "embedded"]).stdout(writer).output().unwrap();
        let stderr = String::from_utf8(found.stderr).unwrap();
        assert_eq!(found.status.code(), Some(exit));
        assert_eq!(stderr, "note: sending 1 account to the embedded sandbox\n");
        // Closes standard error as well.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = program(args).stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
        assert_eq!(status.code(), Some(exit));
    }
}

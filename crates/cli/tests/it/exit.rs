//! Every exit code, and the messages with it. The exit codes of `check` and of wrong usage are tested with their other
//! tests.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{CALL, Run, Server, call, program};

/// The response to the documented call, with these statuses.
fn response(bank: &str, upi: &str) -> String {
    json!([
        { "customer_account_id": "banh_2", "validation_status": upi, "account_details": { "vpa": "9164326296@upi" } },
        {
            "customer_account_id": "banh_1",
            "validation_status": bank,
            "account_details": { "ifsc": "YESB0000262", "account": "026291800001191" }
        }
    ])
    .to_string()
}

#[test]
fn exit_0_if_all_accounts_are_active() {
    assert_eq!(Run::of(&mut program(CALL)).exit, 0);
    let server = Server::responding("200 OK", "", &response("ACTIVE", "ACTIVE"));
    assert_eq!(Run::of(&mut call(&server.url)).exit, 0);
    // An account that does not identify itself is not matched to any payee, even if it is the only one.
    for (body, exit) in [
        (r#"[{"validation_status":"ACTIVE","account_details":{"vpa":"a@UPI"}}]"#, 0),
        (r#"[{"validation_status":"ACTIVE"}]"#, 4),
        (r#"[{"validation_status":"ACTIVE"},{"validation_status":"ACTIVE"}]"#, 4),
        (r#"[{"validation_status":"ACTIVE","account_details":{"vpa":"another@upi"}}]"#, 4),
    ] {
        let server = Server::responding("200 OK", "", body);
        let one = ["validate", "--customer-id", "c", "--bank-code", "b", "--upi", "a@upi", "--base-url", &server.url];
        let found = Run::of(program(one).env("JUSPAY_API_KEY", "key"));
        assert_eq!(found.exit, exit, "{body}: {}", found.stderr);
    }
}

#[test]
fn exit_1_if_an_account_is_not_active_and_4_if_the_response_lacks_one() {
    let one = json!([{ "validation_status": "ACTIVE", "account_details": { "vpa": "9164326296@upi" } }]).to_string();
    let other = json!([
        { "validation_status": "ACTIVE", "account_details": { "vpa": "9164326296@upi" } },
        { "validation_status": "ACTIVE", "account_details": { "vpa": "another@upi" } }
    ]);
    for (body, exit) in [
        (response("ACTIVE", "FAILURE"), 1),
        (response("PENDING", "ACTIVE"), 1),
        (response("CREATED", "CREATED"), 1),
        (response("SOMETHING_NEW", "ACTIVE"), 1),
        (one, 4),
        (other.to_string(), 4),
        ("[]".to_owned(), 4),
    ] {
        let server = Server::responding("200 OK", "", &body);
        for output in ["table", "json"] {
            let found = Run::of(call(&server.url).args(["--output", output]));
            assert_eq!(found.exit, exit, "{body}");
            assert_eq!(found.stderr.contains("--bank-account #1"), exit == 4, "{body}: {}", found.stderr);
            assert_eq!(found.stdout.contains("banh_1"), body.contains("banh_1"), "{body}");
        }
    }
}

#[test]
fn a_missing_account_can_be_found_by_a_later_read_or_proven_absent() {
    // Only reading the accounts by their ids shows which is which.
    let unnamed = r#"[{"customer_account_id":"banh_1","validation_status":"PENDING"},{"customer_account_id":"banh_2","validation_status":"PENDING"}]"#;
    let bank = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE","account_details":{"ifsc":"YESB0000262","account":"026291800001191"}}"#;
    let upi =
        r#"{"customer_account_id":"banh_2","validation_status":"ACTIVE","account_details":{"vpa":"9164326296@upi"}}"#;
    assert_eq!(Run::of(&mut call(&Server::bodies(&[unnamed]).url)).exit, 4);
    let found = Run::of(call(&Server::bodies(&[unnamed, bank, upi]).url).args(["--wait", "30s"]));
    assert_eq!(found.exit, 0, "{}", found.stderr);

    let now = r#""last_validated":"2999-01-01T00:00:00Z","#;
    let dated = bank.replace(r#""validation_status""#, &format!(r#"{now}"validation_status""#));
    for (list, exit, expected) in [
        (
            format!("[{dated},{upi}]"),
            0,
            "the response lacks some accounts; searching the customer's list for the accounts",
        ),
        (format!("[{upi}]"), 1, "nothing was paid for them"),
        (format!("[{bank},{upi}]"), 4, "--bank-account #1: the customer has such an account"),
        (format!(r#"{{"list":[{upi}]}}"#), 4, "--bank-account #1: no account of this validation is listed"),
    ] {
        let server = Server::bodies(&[&format!("[{upi}]"), &list]);
        let found = Run::of(call(&server.url).args(["--reconcile", "--settle", "1s"]));
        assert_eq!(found.exit, exit, "{list}: {}", found.stderr);
        assert!(found.stderr.contains(expected) && !found.stderr.contains("--upi"), "{list}: {}", found.stderr);
    }

    // The response is shown, whatever reconciling finds. An account that does not identify itself is not assigned to a
    // payee, and no account is shown twice.
    let dated_upi = upi.replace(r#""validation_status""#, &format!(r#"{now}"validation_status""#));
    let other = |upi: &str| upi.replace("banh_2", "banh_3").replace("9164326296", "other");
    let half = format!(r#"[{{"customer_account_id":"banh_1","validation_status":"PENDING"}},{upi}]"#);
    for (response, list, more, exit, expected) in [
        (&format!("[{upi}]"), "{}".to_owned(), "", 4, "the customer's accounts cannot be read"),
        (&half, format!("[{upi}]"), "", 4, "the account is not listed, but the response has an account that may"),
        (&unnamed.to_owned(), format!("[{dated},{dated_upi}]"), "", 0, "searching the customer's list"),
        (
            &format!("[{bank},{upi}]"),
            format!("[{bank},{upi},{}]", other(&dated_upi)),
            "other@upi",
            0,
            "searching the customer's list",
        ),
        (
            &format!("[{bank},{upi}]"),
            format!("[{bank},{upi},{}]", other(upi)),
            "other@upi",
            4,
            "the customer has such an account",
        ),
    ] {
        let server = Server::bodies(&[response, &list]);
        let mut command = call(&server.url);
        command.args(["--reconcile", "--settle", "1s", "--output", "json"]);
        if !more.is_empty() {
            command.args(["--upi", more]);
        }
        let found = Run::of(&mut command);
        assert_eq!(found.exit, exit, "{response} {list}: {}", found.stderr);
        assert!(found.stderr.contains(expected), "{response} {list}: {}", found.stderr);
        assert!(found.stdout.contains("banh_2"), "{response} {list}: {found:?}");
        let result: Value = serde_json::from_str(&found.stdout).unwrap();
        let rows = result["accounts"].as_array().unwrap();
        let asked = rows.iter().filter(|row| !row["input"].is_null()).count();
        assert_eq!(asked, if more.is_empty() { 2 } else { 3 });
        assert!(exit == 4 || rows.len() == asked, "an account is shown twice: {result}");
    }
}

#[test]
fn exit_2_if_the_input_is_wrong_and_nothing_is_sent() {
    let server = Server::responding("200 OK", "", "[]");
    let found = Run::of(call(&server.url).args(["--upi", "someone@example.com"]));
    assert_eq!((found.exit, found.stdout.as_str(), server.others()), (2, "", 0));
    assert!(found.stderr.contains("\n  --upi #2: this looks like an e-mail address"), "{}", found.stderr);
}

/// Runs the documented call against a server with this response, in both formats. Returns the exit code and the error.
fn failure(status: &str, headers: &str, body: &str) -> (i32, Value) {
    let server = Server::responding(status, headers, body);
    let table = Run::of(&mut call(&server.url));
    let json = Run::of(call(&server.url).args(["--output", "json"]));
    assert_eq!(server.others(), 2, "each was sent once");
    assert_eq!((table.stdout.as_str(), json.stdout.as_str(), table.exit), ("", "", json.exit), "{status}");
    let last = json.stderr.lines().last().unwrap();
    let error = serde_json::from_str::<Value>(last).unwrap()["error"].take();
    assert_eq!(error["exit"], json.exit);
    assert!(table.stderr.contains(&format!("error: {}\n", error["message"].as_str().unwrap())), "{}", table.stderr);
    assert!(table.stderr.contains(&format!("  next: {}\n", error["next"].as_str().unwrap())), "{}", table.stderr);
    (json.exit, error)
}

#[test]
fn exit_3_if_the_server_refuses() {
    let envelope = r#"{"status":"error","error_info":{"code":"UNAUTHORIZED","request_id":"r-7"}}"#;
    for (status, kind) in [
        ("308 Permanent Redirect", "redirected"),
        ("400 Bad Request", "rejected"),
        ("401 Unauthorized", "unauthorized"),
        ("403 Forbidden", "forbidden"),
        ("404 Not Found", "not_found"),
        ("422 Unprocessable Content", "rejected"),
    ] {
        let (exit, error) = failure(status, "x-request-id: r-8\r\n", "<h1>no</h1>");
        assert_eq!((exit, error["kind"].as_str(), error["delivery"].as_str()), (3, Some(kind), Some("refused")));
        let excerpt = format!("status {}, no known type, 11 bytes", &status[..3]);
        assert_eq!((&error["request_id"], &error["response"]), (&json!("r-8"), &json!(excerpt)));
        assert_eq!(error["next"], "nothing was paid; fix the problem, and run the same command again");
    }
    let (exit, error) = failure("401 Unauthorized", "", envelope);
    assert_eq!((exit, &error["code"], &error["request_id"]), (3, &json!("UNAUTHORIZED"), &json!("r-7")));
    // Longer than the client waits automatically.
    let (exit, error) = failure("429 Too Many Requests", "retry-after: 3600\r\n", "");
    assert_eq!((exit, &error["kind"], &error["retry_after_seconds"]), (3, &json!("rate_limited"), &json!(3600)));
    assert_eq!(error["next"], "nothing was paid; wait 3600 s, as the server asks, and run the same command again");
}

#[test]
fn exit_4_if_the_outcome_is_unknown() {
    for (status, body, kind) in [
        ("500 Internal Server Error", "", "server"),
        ("502 Bad Gateway", "<html></html>", "server"),
        ("302 Found", "", "see_other"),
        ("408 Request Timeout", "", "timeout"),
        ("409 Conflict", "", "duplicate"),
        ("400 Bad Request", r#"{"error_info":{"code":"DUPLICATE_REQUEST"}}"#, "duplicate"),
        ("200 OK", "<html></html>", "undecodable"),
        ("200 OK", r#"{"status":"error","error_info":{}}"#, "contradictory"),
    ] {
        let (exit, error) = failure(status, "x-request-id: r-8\r\n", body);
        assert_eq!((exit, error["kind"].as_str(), error["delivery"].as_str()), (4, Some(kind), Some("unknown")));
        let next = error["next"].as_str().unwrap();
        assert!(
            next.starts_with("do not run the command again") && next.ends_with("ask the vendor about request r-8"),
            "{next}"
        );
    }
    let server = Server::silent();
    let found = Run::of(call(&server.url).args(["--timeout", "1s"]));
    assert_eq!((found.exit, found.stdout.as_str()), (4, ""));
    assert!(found.stderr.contains("error: the request timed out"), "{}", found.stderr);
    assert_eq!((server.request().is_empty(), server.others()), (false, 0));
}

/// A command that only reads pays nothing, whatever its outcome. `revalidate` can pay.
#[test]
fn exit_5_if_a_read_gets_a_503_and_4_if_a_revalidation_does() {
    let get = ["get", "--customer-id", "cst_1", "--account-id", "banh_1"];
    for args in [&get[..], &["list", "--customer-id", "cst_1"]] {
        let server = Server::responding("503 Service Unavailable", "", "");
        let found = Run::of(program(args).args(["--base-url", &server.url]));
        assert_eq!(found.exit, 5, "{}", found.stderr);
        assert!(found.stderr.contains("error: the server failed; this was a read-only request"), "{}", found.stderr);
        assert!(found.stderr.contains("next: nothing was paid; run the same command again"), "{}", found.stderr);
    }
    let server = Server::responding("503 Service Unavailable", "", "");
    let mut again = program(["revalidate", "--customer-id", "cst_1", "--account-id", "banh_1"]);
    let found = Run::of(again.args(["--base-url", &server.url]));
    assert_eq!(found.exit, 4, "{}", found.stderr);
    assert!(found.stderr.contains("next: do not run the command again"), "{}", found.stderr);
}

#[cfg(unix)]
#[test]
fn exit_4_if_interrupted_or_the_result_cannot_be_written() {
    use std::process::{Command, Stdio};
    for signal in ["-INT", "-TERM"] {
        let server = Server::silent();
        let child = call(&server.url).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        server.request();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let found = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(found.stderr).unwrap();
        assert_eq!((found.status.code(), found.stdout.as_slice()), (Some(4), &b""[..]));
        let expected =
            "error: interrupted before a response arrived; the request may have been processed\n  next: do not run";
        assert!(stderr.contains(expected), "{stderr}");
    }
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        let found = program(CALL).stdout(full).output().unwrap();
        let stderr = String::from_utf8(found.stderr).unwrap();
        assert_eq!(found.status.code(), Some(4));
        assert!(stderr.contains("cannot be written (request id: sandbox-00000001)\n"), "{stderr}");
    }
}

#[test]
fn exit_5_if_there_is_no_connection() {
    // Nobody listens on a port that was just free.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let found = Run::of(&mut call(&format!("http://{address}")));
    assert_eq!((found.exit, found.stdout.as_str()), (5, ""));
    assert!(found.stderr.contains("error: no connection could be made; nothing was sent"), "{}", found.stderr);
    assert!(found.stderr.contains("\n  cause: ") && found.stderr.contains("refused"), "{}", found.stderr);
    assert!(found.stderr.contains("\n  next: nothing was paid; fix the problem"), "{}", found.stderr);
}

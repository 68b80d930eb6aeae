//! Nothing secret is printed, whatever happens, unless the user asks for it.

use std::process::Command;

use crate::support::{Run, Server, program};

const KEY: &str = "1D6A81F3D24F4F";

/// Texts that must not be printed: parts of what is sent below, in upper and lower case where a server may change it.
const SECRETS: [&str; 9] = [
    "02629180000119",
    "50100012345678",
    "9164326296",
    "asha.rao",
    "Ramesh",
    "RAMESH",
    "Kumar",
    KEY,
    "MUQ2QTgxRjNEMjRGNE",
];

const INPUT: [&str; 8] = [
    "--bank-account",
    "YESB0000262:026291800001191:Ramesh Kumar",
    "--bank-account",
    "HDFC0000001:50100012345678",
    "--upi",
    "9164326296@upi",
    "--upi",
    "asha.rao@okbank",
];

fn validate() -> Command {
    let mut command = program(["validate", "--customer-id", "cst_1", "--bank-code", "X"]);
    command.args(INPUT);
    command
}

fn assert_clean(found: &Run, what: &str) {
    for secret in SECRETS {
        for text in [&found.stdout, &found.stderr] {
            assert!(!text.contains(secret), "{what}: {secret} in {text}");
        }
    }
}

#[test]
fn no_response_makes_the_program_print_a_secret() {
    let echo = format!(
        "account 026291800001191 of RAMESH KUMAR, Ramesh Kumar, 9164326296@upi, asha.rao@okbank, 50100012345678, {KEY}"
    );
    let envelope = format!(
        r#"{{"status":"error","error_code":"{echo}","error_message":"{echo}","error_info":{{"code":"026291800001191","request_id":"9164326296","user_message":"{echo}","developer_message":"{echo}","fields":[{{"field_name":"{echo}","reason":"{echo}"}}]}}}}"#
    );
    let accounts = format!(
        r#"[{{"customer_account_id":"banh_1","validation_status":"ACTIVE","account_details":{{"name":"RAMESH KUMAR","ifsc":"YESB0000262","account":"026291800001191","later":"{echo}"}},"later":{{"deep":["{echo}"]}}}},{{"validation_status":"ACTIVE","account_details":{{"vpa":"9164326296@upi"}}}}]"#
    );
    for (status, body) in [
        ("200 OK", accounts.as_str()),
        ("200 OK", envelope.as_str()),
        ("200 OK", echo.as_str()),
        ("400 Bad Request", envelope.as_str()),
        ("401 Unauthorized", echo.as_str()),
        ("500 Internal Server Error", envelope.as_str()),
        ("502 Bad Gateway", accounts.as_str()),
    ] {
        let server = Server::responding(status, "", body);
        for output in ["table", "json"] {
            let found = Run::of(
                validate().args(["--base-url", &server.url]).args(["--output", output]).env("JUSPAY_API_KEY", KEY),
            );
            assert_clean(&found, status);
        }
        // The server's messages can be shown on request, but never the key.
        let found = Run::of(validate().args(["--base-url", &server.url]).arg("--unmasked").env("JUSPAY_API_KEY", KEY));
        if body == envelope && status.starts_with('4') {
            assert!(found.stderr.contains("  the server says: account 026291800001191 of"), "{}", found.stderr);
            assert!(found.stderr.contains(", 50100012345678, ****\n"), "{}", found.stderr);
        }
        assert!(!(found.stdout + &found.stderr).contains(KEY), "{status}");
    }
}

#[test]
fn rejected_values_are_not_printed() {
    for more in [
        &["--dry-run"][..],
        &["--upi", "bad"],
        &["--bank-account", "026291800001191:YESB0000262:Ramesh"],
        &["--bank-account", "YESB0000262;50100012345678"],
        &["--upi", "9164326296@upi@upi"],
        &["--upi", "asha.rao@gmail.com"],
        &["--amount", "50100012345678"],
        &["--timeout", "50100012345678"],
        &["--base-url", "https://1D6A81F3D24F4F:@api.juspay.in"],
        &["--base-url", "http://127.0.0.1:1"],
        &["--env", "1D6A81F3D24F4F"],
        &["1D6A81F3D24F4F"],
        &["--api-key", "1D6A81F3D24F4F"],
    ] {
        for output in ["table", "json"] {
            let found = Run::of(validate().args(more).args(["--output", output]).env("JUSPAY_API_KEY", KEY));
            assert_clean(&found, more[0]);
        }
    }
}

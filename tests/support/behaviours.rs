//! The behaviours of servers and networks that the client is tested against, as data.

use std::io::Write as _;
use std::time::Duration;

use crate::faults::Step::{self, Drip, Flood, Hang, Read, ReadSome, Reset, Send};
use crate::faults::{Script, response};

/// An account of a response.
pub const ACCOUNT: &str = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE"}"#;

/// All behaviours.
pub fn all() -> Vec<Behaviour> {
    [broken(), refused(), duplicates(), unreadable(), fine()].into_iter().flatten().collect()
}

/// A behaviour of a server.
pub struct Behaviour {
    /// What the server does.
    pub name: &'static str,
    /// The row of the table in the docs of `Error::delivery`; `None` if the call succeeds.
    pub case: Option<&'static str>,
    /// One script for each request.
    pub scripts: Vec<Script>,
}

impl Behaviour {
    /// Whether the behaviour ends only at the client's time limit.
    pub fn hangs(&self) -> bool {
        let for_long = |step: &Step| matches!(step, Hang) || matches!(step, Drip(_, pause) if pause.as_millis() > 10);
        self.scripts.iter().flatten().any(for_long)
    }
}

fn fails(case: &'static str, name: &'static str, script: Script) -> Behaviour {
    Behaviour { name, case: Some(case), scripts: vec![script] }
}

fn ends_well(name: &'static str, scripts: Vec<Script>) -> Behaviour {
    Behaviour { name, case: None, scripts }
}

const BROKEN: &str = "the connection broke before the response was complete";
const LATE: &str = "no complete response in time";
const UNREADABLE: &str = "a success that cannot be read";
const ENVELOPE: &str = "a success that holds the envelope of a failure";
const FAILED: &str = "status 5XX, or one that HTTP does not define";
const ELSEWHERE: &str = "status 307 or 308";
const SEE_OTHER: &str = "any other 3XX status";
const REFUSED: &str = "any other 4XX status, except 408";
const DUPLICATE: &str = "status 409, or code `DUPLICATE_REQUEST` with 307, 308 or any 4XX except 408";
/// The only case that is retried after a response.
pub const TOO_MANY: &str = "status 429";

/// The envelope of a duplicate: another request for the same thing is being processed.
pub const DUPLICATE_REQUEST: &str = r#"{"status":"error","error_code":"duplicate_request",
    "error_info":{"code":"DUPLICATE_REQUEST","category":"USER_ERROR"}}"#;

/// A response with status 200 and this body.
pub fn ok(body: impl AsRef<[u8]>) -> Script {
    vec![Read, response("200 OK", &[("content-type", "application/json")], body)]
}

/// A response with any status, and an id in its headers.
pub fn status(status: &str, body: &str) -> Script {
    vec![Read, response(status, &[("x-request-id", "req-of-header")], body)]
}

/// Sends a string unchanged.
pub fn text(text: &str) -> Step {
    Send(text.as_bytes().to_vec())
}

/// A response that asks the client to retry later.
pub fn later(status: &str, retry_after: &str) -> Script {
    vec![Read, response(status, &[("retry-after", retry_after)], "")]
}

/// This many spaces, compressed.
pub fn gzip(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; length]).unwrap();
    encoder.finish().unwrap()
}

/// Returns the behaviours that break the response on its way.
fn broken() -> Vec<Behaviour> {
    let slow = Duration::from_millis(100);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    vec![
        fails(BROKEN, "accept and close", vec![]),
        fails(BROKEN, "reset in the request", vec![ReadSome, Reset]),
        fails(BROKEN, "close in the request", vec![ReadSome]),
        fails(BROKEN, "close after the request", vec![Read]),
        fails(BROKEN, "reset after the request", vec![Read, Reset]),
        fails(BROKEN, "close in the status line", vec![Read, text("HTTP/1.1 2")]),
        fails(BROKEN, "close in the headers", vec![Read, text(head)]),
        fails(BROKEN, "close after the headers", vec![Read, text(head), text("\r\n")]),
        fails(BROKEN, "close after half the body", vec![Read, text(head), text("\r\n["), text(ACCOUNT)]),
        fails(BROKEN, "reset after half the body", vec![Read, text(head), text("\r\n["), text(ACCOUNT), Reset]),
        fails(BROKEN, "close in a chunk", vec![Read, text(chunked), text("20\r\n[")]),
        fails(BROKEN, "close without the last chunk", vec![Read, text(chunked), text("2\r\n[]\r\n")]),
        fails(BROKEN, "a chunk with a wrong length", vec![Read, text(chunked), text("zz\r\n[]\r\n0\r\n\r\n")]),
        fails(BROKEN, "garbage", vec![Read, text("\0\u{1}\u{2} this is not HTTP\r\n\r\n")]),
        fails(BROKEN, "garbage before the request", vec![text("220 mail.example ESMTP\r\n"), Read]),
        fails(BROKEN, "a million headers", vec![Read, text("HTTP/1.1 200 OK\r\n"), Flood(b"a: b\r\n".to_vec())]),
        fails(BROKEN, "an endless header", vec![Read, text("HTTP/1.1 200 OK\r\na: "), Flood(vec![b'a'; 4096])]),
        fails(
            BROKEN,
            "two lengths",
            vec![Read, text("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[]")],
        ),
        fails(LATE, "hang before the request is read", vec![Hang]),
        fails(LATE, "hang in the request", vec![ReadSome, Hang]),
        fails(LATE, "hang after the request", vec![Read, Hang]),
        fails(LATE, "hang in the headers", vec![Read, text(head), Hang]),
        fails(LATE, "hang after the headers", vec![Read, text(head), text("\r\n"), Hang]),
        fails(LATE, "hang in the body", vec![Read, text(head), text("\r\n["), Hang]),
        fails(LATE, "hang before the last chunk", vec![Read, text(chunked), text("2\r\n[]\r\n"), Hang]),
        fails(LATE, "headers that drip", vec![Read, text("HTTP/1.1 200 OK\r\na: "), Drip(vec![b'a'; 10_000], slow)]),
        fails(LATE, "a body that drips", vec![Read, text(head), text("\r\n"), Drip(vec![b' '; 1000], slow)]),
        fails(LATE, "nothing but 102", vec![Read, text("HTTP/1.1 102 Processing\r\n\r\n"), Hang]),
    ]
}

/// Returns the behaviours with a response that is not a success, even if its body is not complete.
fn refused() -> Vec<Behaviour> {
    let envelope =
        r#"{"status":"error","error_code":"bad_request","error_info":{"code":"INVALID","request_id":"req-of-body"}}"#;
    let page = "<html><body><h1>Bad Gateway</h1></body></html>";
    let elsewhere = |status| vec![Read, response(status, &[("location", "http://localhost:1/elsewhere")], "")];
    vec![
        fails(SEE_OTHER, "301 to another host", elsewhere("301 Moved Permanently")),
        fails(SEE_OTHER, "302 to another host", elsewhere("302 Found")),
        fails(SEE_OTHER, "303 to another host", elsewhere("303 See Other")),
        fails(SEE_OTHER, "300", status("300 Multiple Choices", "")),
        fails(ELSEWHERE, "307 to another host", elsewhere("307 Temporary Redirect")),
        fails(ELSEWHERE, "308 to another host", elsewhere("308 Permanent Redirect")),
        fails(SEE_OTHER, "304", status("304 Not Modified", "")),
        fails(REFUSED, "400 with the whole envelope", status("400 Bad Request", envelope)),
        fails(
            REFUSED,
            "400 with a flat envelope",
            status("400 Bad Request", r#"{"error_code":"x","error_message":"y"}"#),
        ),
        fails(REFUSED, "400 with error: true", status("400 Bad Request", r#"{"error":true,"user_message":"y"}"#)),
        fails(REFUSED, "400 of the older form", status("400 Bad Request", r#"{"type":"t","code":"x","message":"y"}"#)),
        fails(
            REFUSED,
            "400 with an envelope of wrong types",
            status("400 Bad Request", r#"{"error_info":[],"error_code":{}}"#),
        ),
        fails(REFUSED, "400 without a body", status("400 Bad Request", "")),
        fails(
            REFUSED,
            "400 that closes in its body",
            vec![Read, text("HTTP/1.1 400 Bad Request\r\ncontent-length: 9\r\n\r\n{")],
        ),
        fails(
            REFUSED,
            "400 that hangs in its body",
            vec![Read, text("HTTP/1.1 400 Bad Request\r\ncontent-length: 9\r\n\r\n{"), Hang],
        ),
        fails(
            REFUSED,
            "400 without end",
            vec![Read, text("HTTP/1.1 400 Bad Request\r\n\r\n"), Flood(vec![b' '; 4096])],
        ),
        fails(REFUSED, "422", status("422 Unprocessable Entity", envelope)),
        fails(REFUSED, "499", status("499 Client Closed", "")),
        fails("status 401", "401", status("401 Unauthorized", r#"{"error_info":{"code":"UNAUTHORIZED"}}"#)),
        fails("status 401", "401 without a body", status("401 Unauthorized", "")),
        fails(
            "code `UNAUTHORIZED` or `UNAUTHENTICATED`, any 4XX except 408, 409 and 429",
            "400 with the code of 401",
            status("400 Bad Request", r#"{"error_info":{"code":"UNAUTHORIZED"}}"#),
        ),
        fails("status 403", "403 with a page", status("403 Forbidden", page)),
        fails("status 404", "404", status("404 Not Found", page)),
        fails("status 408", "408", status("408 Request Timeout", "")),
        fails(
            "status 408",
            "408 with the code of 401",
            status("408 Request Timeout", r#"{"error_code":"UNAUTHORIZED"}"#),
        ),
        fails(TOO_MANY, "429", status("429 Too Many Requests", envelope)),
        fails(TOO_MANY, "429, Retry-After: 0", later("429 Too Many Requests", "0")),
        fails(TOO_MANY, "429, Retry-After: -1", later("429 Too Many Requests", "-1")),
        fails(TOO_MANY, "429, Retry-After: never", later("429 Too Many Requests", "never")),
        fails(
            TOO_MANY,
            "429, Retry-After: a past date",
            later("429 Too Many Requests", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        fails(TOO_MANY, "429, Retry-After: 4 (3 are allowed)", later("429 Too Many Requests", "4")),
        fails(TOO_MANY, "429, Retry-After: 10^30", later("429 Too Many Requests", "1000000000000000000000000000000")),
        fails(
            TOO_MANY,
            "429, Retry-After: the year 2315",
            later("429 Too Many Requests", "Thu, 21 Oct 2315 07:28:00 GMT"),
        ),
        fails(FAILED, "500 without a body", status("500 Internal Server Error", "")),
        fails(FAILED, "500 with an envelope", status("500 Internal Server Error", envelope)),
        fails(
            FAILED,
            "500 with the code of 401",
            status("500 Internal Server Error", r#"{"error_code":"UNAUTHORIZED"}"#),
        ),
        fails(FAILED, "502 with a page", status("502 Bad Gateway", page)),
        fails(FAILED, "503 with a page", status("503 Service Unavailable", page)),
        fails(FAILED, "503, Retry-After: 0", later("503 Service Unavailable", "0")),
        fails(FAILED, "504 with a page", status("504 Gateway Timeout", page)),
        fails(
            FAILED,
            "504 that closes in its body",
            vec![Read, text("HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 9\r\n\r\n{")],
        ),
        fails(FAILED, "999", status("999 Odd", "")),
    ]
}

/// Returns the behaviours where another request for the same thing is being processed, and may pay.
fn duplicates() -> Vec<Behaviour> {
    let envelope = r#"{"status":"error","error_info":{"code":"INVALID"}}"#;
    vec![
        fails(DUPLICATE, "409", status("409 Conflict", envelope)),
        fails(DUPLICATE, "409 with the code of 401", status("409 Conflict", r#"{"error_code":"UNAUTHORIZED"}"#)),
        fails(DUPLICATE, "400 of a duplicate", status("400 Bad Request", DUPLICATE_REQUEST)),
        fails(DUPLICATE, "401 of a duplicate", status("401 Unauthorized", DUPLICATE_REQUEST)),
        fails(DUPLICATE, "429 of a duplicate", status("429 Too Many Requests", DUPLICATE_REQUEST)),
        fails(
            DUPLICATE,
            "400 of a duplicate, beside another code",
            status("400 Bad Request", r#"{"error_code":"DUPLICATE_REQUEST","error_info":{"code":"INVALID_INPUT"}}"#),
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate, in the envelope of payouts",
            status("400 Bad Request", r#"{"response":{"error":true,"errorCode":"DUPLICATE_REQUEST"},"code":400}"#),
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate, with status and code swapped",
            status("400 Bad Request", r#"{"status":"DUPLICATE_REQUEST","error_code":"Bad request."}"#),
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate, in a format that is not known",
            status("400 Bad Request", r#"{"errors":[{"error":{"reason":"Duplicate_Request"}}]}"#),
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate that closes in its body",
            vec![Read, text("HTTP/1.1 400 Bad Request\r\ncontent-length: 999\r\n\r\n"), text(DUPLICATE_REQUEST)],
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate, in a body that is too long",
            status("400 Bad Request", &format!("{DUPLICATE_REQUEST}{}", " ".repeat(64 * 1024))),
        ),
        fails(
            DUPLICATE,
            "400 of a duplicate, in a list",
            status("400 Bad Request", r#"[{"errorCode":"DUPLICATE_REQUEST"}]"#),
        ),
    ]
}

/// Returns the behaviours where the response is a success, but not the expected value.
fn unreadable() -> Vec<Behaviour> {
    let deep = format!("[{}", "[".repeat(10_000));
    let long = format!("[{ACCOUNT}{}]", " ".repeat(64 * 1024));
    let chunked = b"1000\r\n".iter().copied().chain([b' '; 0x1000]).chain(*b"\r\n").collect();
    let bomb = vec![Read, response("200 OK", &[("content-encoding", "gzip")], gzip(10_000_000))];
    vec![
        fails(UNREADABLE, "null", ok("null")),
        fails(UNREADABLE, "an object", ok(ACCOUNT)),
        fails(UNREADABLE, "an object with a code", ok(r#"{"code":"x","message":"y"}"#)),
        fails(UNREADABLE, "a string", ok("\"ACTIVE\"")),
        fails(UNREADABLE, "an empty body", ok("")),
        fails(UNREADABLE, "an array that is cut off", ok(format!("[{ACCOUNT}, {{\"object\":"))),
        fails(UNREADABLE, "an array of null", ok("[null]")),
        fails(UNREADABLE, "a key twice", ok(r#"[{"validation_status":"ACTIVE","validation_status":"FAILURE"}]"#)),
        fails(UNREADABLE, "deep nesting", ok(deep)),
        fails(UNREADABLE, "invalid UTF-8", ok(b"[{\"object\":\"\xff\"}]")),
        fails(UNREADABLE, "something after the end", ok(format!("[{ACCOUNT}] and more"))),
        fails(
            UNREADABLE,
            "a page",
            vec![Read, response("200 OK", &[("content-type", "text/html")], "<html>Maintenance</html>")],
        ),
        fails(UNREADABLE, "too long, and says so", ok(&long)),
        fails(
            UNREADABLE,
            "too long, in chunks",
            vec![Read, text("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"), Flood(chunked)],
        ),
        fails(
            UNREADABLE,
            "too long, until the end",
            vec![Read, text("HTTP/1.1 200 OK\r\n\r\n"), Flood(vec![b' '; 4096])],
        ),
        fails(UNREADABLE, "a gzip bomb that nobody asked for", bomb),
        fails(UNREADABLE, "201 with an account", status("201 Created", &format!("[{ACCOUNT}]"))),
        fails(UNREADABLE, "204", vec![Read, text("HTTP/1.1 204 No Content\r\n\r\n")]),
        fails(ENVELOPE, "200 with an envelope", ok(r#"{"status":"error","error_info":{"code":"UNAUTHORIZED"}}"#)),
        fails(UNREADABLE, "far more accounts than were sent", ok(format!("[{}{{}}]", "{},".repeat(20_000)))),
        fails(
            ENVELOPE,
            "200 with the envelope of payouts",
            ok(r#"{"response":{"error":true,"errorCode":"E09"},"code":404}"#),
        ),
        fails(ENVELOPE, "200 with error: true", ok(r#"{"error":true,"user_message":"no"}"#)),
        fails(ENVELOPE, "202 with an envelope", status("202 Accepted", r#"{"error_code":"x"}"#)),
    ]
}

/// Returns the behaviours where the call succeeds in the end.
fn fine() -> Vec<Behaviour> {
    let account = || ok(format!("[{ACCOUNT}]"));
    let pause = Duration::from_millis(1);
    let whole = format!("HTTP/1.1 200 OK\r\n\r\n[{ACCOUNT}]");
    let parts: String =
        format!("[{ACCOUNT}]").chars().flat_map(|byte| ["1\r\n".to_owned(), format!("{byte}\r\n")]).collect();
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{parts}0\r\n\r\n");
    let early = text("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
    vec![
        ends_well("an account", vec![account()]),
        ends_well("an account in many chunks", vec![vec![Read, text(&chunked)]]),
        ends_well("an account until the end", vec![vec![Read, text(&whole)]]),
        ends_well("an account that drips", vec![vec![Read, Drip(whole.into_bytes(), pause)]]),
        ends_well("an account of no type", vec![vec![Read, response("200 OK", &[], format!("[{ACCOUNT}]"))]]),
        ends_well(
            "an account of a wrong type",
            vec![vec![Read, response("200 OK", &[("content-type", "text/html")], format!("[{ACCOUNT}]"))]],
        ),
        ends_well("1XX first", vec![vec![Read, early, account().remove(1)]]),
        ends_well("no account", vec![ok("[]")]),
        ends_well("429 and then an account", vec![status("429 Too Many Requests", ""), account()]),
        ends_well(
            "429 twice, with Retry-After: 1",
            vec![later("429 Too Many Requests", "1"), later("429 Too Many Requests", "1"), account()],
        ),
    ]
}

//! What the client reads from the response of a failed call: the status and the envelope, in each format that the
//! vendor's products send.

use std::time::{Duration, SystemTime};

use contract_tests::behaviours::{later, ok};
use contract_tests::faults::{FaultServer, Step, response};
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, Delivery, Error, ErrorCode, ErrorKind, RetryPolicy, test_util,
};

/// The documented rule, for every status that can be sent and is a failure.
#[test]
fn status_decides_whether_the_request_was_refused() {
    for status in (100..=999).filter(|status| !(200..=299).contains(status)) {
        let error = test_util::failure(status, b"");
        let expected = match status {
            408 | 409 => Delivery::Unknown,
            307 | 308 | 400..=499 => Delivery::Refused,
            _ => Delivery::Unknown,
        };
        assert_eq!((error.delivery(), error.is_retryable()), (expected, status == 429), "{status}");
        let duplicate = test_util::failure(status, br#"{"error_code":"DUPLICATE_REQUEST"}"#);
        assert_eq!((duplicate.delivery(), duplicate.is_retryable()), (Delivery::Unknown, false), "{status}");
    }
}

#[test]
fn kinds_and_deliveries_are_parsed_from_their_words() {
    for kind in ErrorKind::ALL.iter().copied() {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    for (delivery, word) in
        [(Delivery::NotSent, "not_sent"), (Delivery::Refused, "refused"), (Delivery::Unknown, "unknown")]
    {
        assert_eq!((delivery.as_str(), word.parse()), (word, Ok(delivery)));
    }
    assert!("Refused".parse::<Delivery>().is_err());
}

#[test]
fn codes_are_case_insensitive_and_unknown_ones_are_kept() {
    for (code, expected) in [
        ("duplicate_request", ErrorCode::DuplicateRequest),
        ("Object_Not_Found", ErrorCode::ObjectNotFound),
        ("E09", ErrorCode::Other("E09".to_owned())),
    ] {
        let error = test_util::failure(400, format!(r#"{{"error_code":"{code}"}}"#).as_bytes());
        assert_eq!(error.code(), Some(&expected));
    }
    assert!(ErrorCode::LISTED.iter().all(|code| ErrorCode::from(*code).meaning().is_some()));
}

/// The code, the id and the two messages; an empty string for a missing one.
fn parts(error: &Error) -> [&str; 4] {
    let id = error.request_id();
    [error.unmasked_code(), id, error.unmasked_user_message(), error.unmasked_developer_message()]
        .map(Option::unwrap_or_default)
}

#[test]
fn every_known_envelope_is_read() {
    for (body, expected) in [
        (
            r#"{"status":"error","error_code":"access_denied","error_info":{"code":"UNAUTHORIZED","request_id":"r1","user_message":"u","developer_message":"d"}}"#,
            ["UNAUTHORIZED", "r1", "u", "d"],
        ),
        (r#"{"status":"error","error_code":"e","error_message":"m"}"#, ["e", "", "", "m"]),
        (r#"{"error":true,"user_message":"u"}"#, ["", "", "u", ""]),
        (r#"{"type":"t","code":"c","message":"m"}"#, ["c", "", "", "m"]),
        (r#"{"status":"error"}"#, ["", "", "", ""]),
        (r#"{"status":"FAILURE"}"#, ["", "", "", ""]),
        ("\u{feff}{\"error_code\":\"e\"}", ["e", "", "", ""]),
        (r#"{"error_code":7,"error_info":"x"}"#, ["7", "", "", ""]),
        (
            r#"{"error_code":"first","error_code":"second","error_info":{"code":null,"code":""}}"#,
            ["second", "", "", ""],
        ),
        (r#"{"error_info":{"code":["c"],"fields":{},"user_message":{}}}"#, ["", "", "", ""]),
        (
            r#"{"response":{"errorMessage":"m","error":true,"userMessage":"u","errorCode":"E09"},"code":404}"#,
            ["E09", "", "u", "m"],
        ),
        (r#"{"status":"Bad Request","error_code":"Bad request."}"#, ["Bad request.", "", "", ""]),
        (r#"{"status":"BAD_ORIGIN","error_code":"Bad request."}"#, ["BAD_ORIGIN", "", "", ""]),
        (
            r#"{"error_code":"duplicate_request","error_info":{"code":"INVALID_INPUT"}}"#,
            ["duplicate_request", "", "", ""],
        ),
    ] {
        assert_eq!(parts(&test_util::failure(400, body.as_bytes())), expected, "{body}");
    }
}

#[test]
fn body_that_is_not_an_envelope_has_no_code() {
    let deep = "[".repeat(100_000);
    for body in
        ["", "null", "[]", "{}", "<html>", r#"{"error":false}"#, r#"{"error":null}"#, "{\"a\":1}", "{", deep.as_str()]
    {
        let error = test_util::failure(400, body.as_bytes());
        assert_eq!((parts(&error), error.fields()), ([""; 4], &[][..]), "{}", &body[..body.len().min(20)]);
    }
    assert_eq!(test_util::failure(400, b"{\"error_code\":\"\xff\"}").unmasked_code(), None);
}

#[test]
fn fields_of_an_error_have_a_name_or_a_reason() {
    let body = br#"{"error_info":{"fields":[{"field_name":"ifsc","reason":"bad"},{"reason":"odd"},{},null,7,{"field_name":3}]}}"#;
    let error = test_util::failure(400, body);
    assert_eq!(error.fields(), [("ifsc", "bad"), ("", "odd"), ("3", "")].map(|(name, why)| (name.into(), why.into())));
    assert!(!format!("{:?}", error.fields()).contains("ifsc"));
}

/// A success with the envelope of a failure contradicts itself. Any other body without accounts cannot be read.
#[tokio::test]
async fn an_envelope_in_a_success_is_a_contradiction() {
    let request = AccountsRequest::builder("c", "b").upi("a@upi").build().unwrap();
    for (body, kind) in [
        (r#"{"status":"error"}"#, ErrorKind::Contradictory),
        (r#"{"error":"x"}"#, ErrorKind::Contradictory),
        (r#"{"error_info":{}}"#, ErrorKind::Contradictory),
        (r#"{"status":"CREATED","code":"c","message":"m"}"#, ErrorKind::Undecodable),
        (r#"{"customer_account_id":"banh","error":false}"#, ErrorKind::Undecodable),
        (r#"{"error_code":"","error_message":""}"#, ErrorKind::Undecodable),
        (r#"[7,{"status":"error"}]"#, ErrorKind::Undecodable),
    ] {
        let server = FaultServer::start(vec![ok(body)]).await;
        let client = Client::new(server.url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
        let error = client.validate(&request).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, Delivery::Unknown), "{body}");
    }
}

fn secret_request() -> AccountsRequest {
    let request = AccountsRequest::builder("c", "JP_HDFC").upi("9164326296@upi");
    let names =
        [("026291800001191", "Rahul Sharma"), ("0000000", "Ann"), ("12345", "Al Bo"), ("50100000000012", "Zoë")];
    let request =
        names.iter().fold(request, |request, (number, name)| request.named_bank_account("YESB0000262", *number, *name));
    request.build().unwrap()
}

async fn refused(body: &str, content_type: &str) -> Error {
    let script = vec![Step::Read, response("400 Bad Request", &[("content-type", content_type)], body)];
    let server = FaultServer::start(vec![script]).await;
    let key = ApiKey::new("secretkey").unwrap();
    let client = Client::new(server.url().parse::<BaseUrl>().unwrap(), key).unwrap();
    client.validate(&secret_request()).await.unwrap_err()
}

#[tokio::test]
async fn id_is_printed_unless_it_may_be_a_secret_or_forge_output() {
    let long = "a".repeat(65);
    for (word, is_shown) in [
        ("UNAUTHORIZED", true),
        ("b2e0fd33-7655-4778-83a8-5179ed21b0b7", true),
        ("annual", true),
        ("02629", true),
        ("r-0000000", true),
        ("JP_HDFC", true),
        ("026291800001191", false),
        ("id-000119", false),
        ("50100000000012", false),
        ("req50100000000012", false),
        ("0262-9180", false),
        ("0262_9180_0001_191", false),
        ("x_SHARMA", false),
        ("ANN", false),
        ("al-bo", false),
        ("x.9164326296", false),
        ("secretkey", false),
        ("c2VjcmV0", false),
        ("two words", false),
        ("a\\nb", false),
        ("a@b", false),
        (long.as_str(), false),
    ] {
        let error = refused(&format!(r#"{{"error_info":{{"request_id":"{word}"}}}}"#), "application/json").await;
        assert_eq!(error.request_id(), is_shown.then_some(word), "{word}");
    }
}

#[tokio::test]
async fn excerpt_shows_only_lengths_and_codes() {
    let json = r#"{"error_code":"bad_request","status":"two words","error_info":{"code":"INVALID","name":"Ann"}}"#;
    let many = format!("[{}]", [r#"{"code":"A"}"#; 20].join(","));
    for (kind, body, expected) in [
        ("application/json", json, "application/json, 94 bytes: error_code=bad_request, code=INVALID"),
        ("text/html", "<h1>Rahul</h1>", "text/html, 14 bytes"),
        ("text/rahul-sharma", "-", "no known type, 1 bytes"),
        ("", r#"[{"code":"026291800001191"}]"#, "no known type, 28 bytes"),
        ("", r#"[{"code":"E_1234"},{"code":"E_12345"}]"#, "no known type, 38 bytes: code=E_1234"),
        ("", &many, &format!("no known type, 261 bytes: {}", ["code=A"; 8].join(", "))),
    ] {
        let error = refused(body, kind).await;
        assert_eq!(error.body_excerpt(), Some(&*format!("status 400, {expected}")), "{body}");
    }
}

#[tokio::test]
async fn retry_after_is_seconds_or_a_date_and_nothing_else() {
    let none = Duration::ZERO..=Duration::ZERO;
    let seconds = |least: u64, most: u64| Some(Duration::from_secs(least)..=Duration::from_secs(most));
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_hours(1));
    for (value, expected) in [
        ("0", Some(none.clone())),
        ("120", seconds(120, 120)),
        ("18446744073709551615", seconds(u64::MAX, u64::MAX)),
        ("99999999999999999999999999", Some(Duration::MAX..=Duration::MAX)),
        (soon.as_str(), seconds(1800, 3600)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(none.clone())),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(none)),
        ("-5", None),
        ("1.5", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
    ] {
        let server = FaultServer::start(vec![later("429 Too Many Requests", value)]).await;
        let url: BaseUrl = server.url().parse().unwrap();
        let client = Client::builder(url, ApiKey::new("key").unwrap()).retry(RetryPolicy::disabled()).build().unwrap();
        let wait = client.validate(&secret_request()).await.unwrap_err().retry_after();
        assert_eq!(wait.is_some(), expected.is_some(), "{value:?}: {wait:?}");
        assert!(wait.zip(expected).is_none_or(|(wait, expected)| expected.contains(&wait)), "{value:?}: {wait:?}");
    }
}

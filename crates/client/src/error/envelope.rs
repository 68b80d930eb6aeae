//! What a server says about a failure, in any of several formats.
//!
//! The documented envelope is one of several that the vendor's products send, and any part of it can be missing or of
//! another type. So the code reads free JSON, and skips what it does not recognize.

use std::fmt;

use serde_json::{Map, Value};

use super::code::ErrorCode;

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) user_message: Option<String>,
    pub(crate) developer_message: Option<String>,
    pub(crate) fields: Vec<FieldError>,
}

/// An error about a single field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    name: Option<String>,
    reason: Option<String>,
}

impl FieldError {
    /// The name of the field in the response; unmasked, since it can repeat what was sent.
    pub fn unmasked_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What is wrong with the field; unmasked, since it can repeat what was sent.
    pub fn unmasked_reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// Leaves out the texts: they can repeat what was sent.
impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError").finish_non_exhaustive()
    }
}

/// Keys that only a failure has.
const FAILURE: [&str; 5] = ["error_code", "error_info", "error_message", "error", "errorCode"];

impl Envelope {
    /// Reads a body. `None` if the body is not a JSON object, or has nothing of an envelope.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        Self::of(&object(body)?)
    }

    /// Reads the documented envelope, an older one, or that of the payout product.
    fn of(top: &Map<String, Value>) -> Option<Self> {
        let empty = Map::new();
        let within = |key| top.get(key).and_then(Value::as_object).unwrap_or(&empty);
        let (info, payout) = (within("error_info"), within("response"));
        let first = |places: &[(&Map<String, Value>, &str)]| places.iter().find_map(|(map, key)| text(map, key));
        // The outer `code` of a payout repeats the status, and `status` is sometimes swapped with `error_code`.
        let codes = [(info, "code"), (payout, "errorCode"), (top, "error_code"), (top, "code"), (top, "status")];
        let known = |wanted: fn(&ErrorCode) -> bool| {
            let mut codes = codes.iter().filter_map(|(map, key)| text(map, key));
            codes.find(|code| wanted(&ErrorCode::of_response(code)))
        };
        let envelope = Self {
            // This code comes first: another request may pay, whatever else the envelope says.
            code: known(|code| *code == ErrorCode::DuplicateRequest)
                .or_else(|| known(|code| !matches!(code, ErrorCode::Other(_))))
                .or_else(|| first(&codes[..4])),
            request_id: first(&[(info, "request_id"), (top, "request_id")]),
            user_message: first(&[(info, "user_message"), (top, "user_message"), (payout, "userMessage")]),
            developer_message: first(&[
                (info, "developer_message"),
                (top, "developer_message"),
                (top, "error_message"),
                (top, "message"),
                (payout, "errorMessage"),
            ]),
            fields: info.get("fields").or_else(|| top.get("fields")).map(fields).unwrap_or_default(),
        };
        (envelope != Self::default() || is_failure(top)).then_some(envelope)
    }

    /// The code, with its meaning if the code is documented.
    pub(crate) fn error_code(&self) -> Option<ErrorCode> {
        self.code.as_deref().map(ErrorCode::of_response)
    }

    /// Reads the body of a success. Only what is clearly the envelope of a failure counts as one.
    pub(crate) fn read_in_success(body: &[u8]) -> Option<Self> {
        Self::among(&object(body)?)
    }

    /// Reads fields that are already decoded.
    pub(crate) fn among(fields: &Map<String, Value>) -> Option<Self> {
        is_failure(fields).then(|| Self::of(fields)).flatten()
    }
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).ok()
}

fn is_failure(top: &Map<String, Value>) -> bool {
    let said = |map: &Map<String, Value>, key: &str| match map.get(key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    };
    let status = top.get("status").and_then(Value::as_str).unwrap_or_default();
    let payout = top.get("response").and_then(Value::as_object);
    FAILURE.iter().any(|key| said(top, key) || payout.is_some_and(|payout| said(payout, key)))
        || status.eq_ignore_ascii_case("error")
        || status.eq_ignore_ascii_case("failure")
}

fn fields(value: &Value) -> Vec<FieldError> {
    let one = |item: &Value| {
        let item = item.as_object()?;
        let field = FieldError { name: text(item, "field_name"), reason: text(item, "reason") };
        (field != FieldError::default()).then_some(field)
    };
    value.as_array().map(|items| items.iter().filter_map(one).collect()).unwrap_or_default()
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    match map.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code, the id and the two messages; an empty text for a missing one.
    fn read(body: &str) -> Option<[String; 4]> {
        let Envelope { code, request_id, user_message, developer_message, .. } = Envelope::read(body.as_bytes())?;
        Some([code, request_id, user_message, developer_message].map(Option::unwrap_or_default))
    }

    #[test]
    fn every_known_shape_is_read() {
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
            assert_eq!(read(body).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_none() {
        let deep = "[".repeat(100_000);
        for body in [
            "",
            "null",
            "[]",
            "{}",
            "<html>",
            r#"{"error":false}"#,
            r#"{"error":null}"#,
            "{\"a\":1}",
            "{",
            deep.as_str(),
        ] {
            assert_eq!(read(body), None, "{}", &body[..body.len().min(20)]);
        }
        assert!(Envelope::read(b"{\"error_code\":\"\xff\"}").is_none());
    }

    #[test]
    fn in_a_success_only_a_plain_failure_counts() {
        for (body, failure) in [
            (r#"{"status":"error"}"#, true),
            (r#"{"error":"x"}"#, true),
            (r#"{"error_info":{}}"#, true),
            (r#"{"status":"CREATED","code":"c","message":"m"}"#, false),
            (r#"{"customer_account_id":"banh","error":false}"#, false),
            (r#"{"error_code":"","error_message":""}"#, false),
            (r#"[{"status":"error"}]"#, false),
        ] {
            assert_eq!(Envelope::read_in_success(body.as_bytes()).is_some(), failure, "{body}");
        }
    }

    #[test]
    fn fields_are_those_that_say_something() {
        let body = br#"{"error_info":{"fields":[{"field_name":"ifsc","reason":"bad"},{"reason":"odd"},{},null,7,{"field_name":3}]}}"#;
        let fields = Envelope::read(body).unwrap().fields;
        let seen: Vec<_> = fields.iter().map(|field| (field.unmasked_name(), field.unmasked_reason())).collect();
        assert_eq!(seen, [(Some("ifsc"), Some("bad")), (None, Some("odd")), (Some("3"), None)]);
        assert_eq!(format!("{fields:?}"), "[FieldError { .. }, FieldError { .. }, FieldError { .. }]");
    }
}

//! What a server says of a failure, in whatever shape it comes.
//!
//! The documented envelope is one of several that the API's operations send, and any part of it can be missing or of
//! another type. So it is read from free JSON, and what does not fit is passed over: the status has the last word anyway.

use std::fmt;

use serde_json::{Map, Value};

/// The account that a server gives of a failure.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) user_message: Option<String>,
    pub(crate) developer_message: Option<String>,
    pub(crate) fields: Vec<FieldError>,
}

/// What a server has against one field of the request.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    name: Option<String>,
    reason: Option<String>,
}

impl FieldError {
    /// The field, as the server names it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What is wrong with it. It can repeat what was sent.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// Without the texts: they can repeat what was sent.
impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError").finish_non_exhaustive()
    }
}

/// Keys that only a failure has.
const FAILURE: [&str; 4] = ["error_code", "error_info", "error_message", "error"];

impl Envelope {
    /// Reads a body. `None` if it is no JSON object, or one with nothing in it that an envelope has.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        Self::of(&object(body)?)
    }

    fn of(top: &Map<String, Value>) -> Option<Self> {
        let empty = Map::new();
        let info = top.get("error_info").and_then(Value::as_object).unwrap_or(&empty);
        let envelope = Self {
            code: text(info, "code").or_else(|| text(top, "error_code")).or_else(|| text(top, "code")),
            request_id: text(info, "request_id").or_else(|| text(top, "request_id")),
            user_message: text(info, "user_message").or_else(|| text(top, "user_message")),
            developer_message: text(info, "developer_message")
                .or_else(|| text(top, "developer_message"))
                .or_else(|| text(top, "error_message"))
                .or_else(|| text(top, "message")),
            fields: info.get("fields").or_else(|| top.get("fields")).map(fields).unwrap_or_default(),
        };
        (envelope != Self::default() || is_failure(top)).then_some(envelope)
    }

    /// Reads the body of a success, in which only what is plainly the envelope of a failure is taken for one.
    pub(crate) fn read_in_success(body: &[u8]) -> Option<Self> {
        Self::among(&object(body)?)
    }

    /// The same of fields that were read already.
    pub(crate) fn among(fields: &Map<String, Value>) -> Option<Self> {
        is_failure(fields).then(|| Self::of(fields)).flatten()
    }
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).ok()
}

fn is_failure(top: &Map<String, Value>) -> bool {
    let said = |key: &&str| match top.get(*key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    };
    let status = top.get("status").and_then(Value::as_str).unwrap_or_default();
    FAILURE.iter().any(said) || status.eq_ignore_ascii_case("error") || status.eq_ignore_ascii_case("failure")
}

fn fields(value: &Value) -> Vec<FieldError> {
    let one = |item: &Value| {
        let item = item.as_object()?;
        let field = FieldError { name: text(item, "field_name"), reason: text(item, "reason") };
        (field != FieldError::default()).then_some(field)
    };
    value.as_array().map(|items| items.iter().filter_map(one).collect()).unwrap_or_default()
}

/// A text, or the text of a number.
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

    /// Code, id and the two messages; an empty text where there is none.
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
        let seen: Vec<_> = fields.iter().map(|field| (field.name(), field.reason())).collect();
        assert_eq!(seen, [(Some("ifsc"), Some("bad")), (None, Some("odd")), (Some("3"), None)]);
        assert_eq!(format!("{fields:?}"), "[FieldError { .. }, FieldError { .. }, FieldError { .. }]");
    }
}

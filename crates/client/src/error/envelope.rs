//! What a server reports about a failure, in any of several formats.
//!
//! The documented envelope is one of several that the vendor's products send, and any part of it can be missing or of
//! another type. So this module reads any JSON object, and skips what it does not recognize.

use serde_json::{Map, Value};

use super::code::ErrorCode;
use crate::masked::MaskedText;

#[derive(Clone, Default)]
pub(crate) struct Envelope {
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) user_message: Option<String>,
    pub(crate) developer_message: Option<String>,
    /// The name of each field with an error, and the reason; either can be empty.
    pub(crate) fields: Vec<(MaskedText, MaskedText)>,
}

/// Keys that only a failure has.
const FAILURE: [&str; 5] = ["error_code", "error_info", "error_message", "error", "errorCode"];

impl Envelope {
    /// Reads a body. The envelope is empty if the body is not a JSON object, or has no field of an envelope.
    pub(crate) fn read(body: &[u8]) -> Self {
        object(body).map(|top| Self::of(&top)).unwrap_or_default()
    }

    /// Reads the documented envelope, an older one, or the payout product's.
    fn of(top: &Map<String, Value>) -> Self {
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
        Self {
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
        }
    }

    /// The code as an [`ErrorCode`]; an undocumented code is `ErrorCode::Other`.
    pub(crate) fn error_code(&self) -> Option<ErrorCode> {
        self.code.as_deref().map(ErrorCode::of_response)
    }

    /// Changes every text that an error can return unmasked.
    pub(crate) fn change_texts(&mut self, change: impl Fn(&str) -> String) {
        for text in [&mut self.code, &mut self.user_message, &mut self.developer_message].into_iter().flatten() {
            *text = change(text);
        }
        for text in self.fields.iter_mut().flat_map(|(name, reason)| [name, reason]) {
            *text = MaskedText::from(&*change(text.unmasked()));
        }
    }

    /// Reads the body of a success. Only what is clearly the envelope of a failure counts as one.
    pub(crate) fn read_in_success(body: &[u8]) -> Option<Self> {
        Self::among(&object(body)?)
    }

    /// Reads the decoded fields of a success, if they are clearly the envelope of a failure.
    pub(crate) fn among(fields: &Map<String, Value>) -> Option<Self> {
        is_failure(fields).then(|| Self::of(fields))
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

fn fields(value: &Value) -> Vec<(MaskedText, MaskedText)> {
    let items = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    let fields = items.map(|item| (text(item, "field_name"), text(item, "reason")));
    let known = fields.filter(|field| *field != (None, None));
    let masked = |text: Option<String>| MaskedText::from(&*text.unwrap_or_default());
    known.map(|(name, reason)| (masked(name), masked(reason))).collect()
}

fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    match map.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

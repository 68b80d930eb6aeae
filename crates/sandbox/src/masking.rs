//! Masks requests and responses for display. Account data is masked as in the client; the values of unknown fields and
//! headers are hidden completely.

use axum::http::HeaderMap;
use juspay_accounts::mask_json;
use juspay_accounts_validation::{Amount, Ifsc, Kind, mask};
use serde::Serialize;
use serde_json::{Value, json};

/// The placeholder for a masked value.
const STARS: &str = "****";

pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().map(|(name, value)| {
        let text = value.to_str().unwrap_or(STARS);
        let value = match name.as_str() {
            "authorization" if text.starts_with("Basic ") => format!("Basic {STARS}"),
            "x-routing-id" => mask::of(Kind::RoutingId, text).to_string(),
            "x-sandbox-holder" => mask::name(text).to_string(),
            // The values of these headers are harmless.
            "accept" | "accept-encoding" | "allow" | "connection" | "content-encoding" | "content-length"
            | "content-type" | "date" | "expect" | "host" | "origin" | "retry-after" | "transfer-encoding"
            | "user-agent" | "version" | "www-authenticate" | "x-merchantid" | "x-request-id" | "x-sandbox-outcome" => {
                text.to_owned()
            }
            _ => STARS.to_owned(),
        };
        (name.to_string(), value)
    });
    shown.collect()
}

/// Masks each part of a path that may be an address: a customer's id can be a person's e-mail address.
pub(crate) fn path(path: &str) -> String {
    let is_address = |part: &str| part.contains('@') || part.to_ascii_lowercase().contains("%40");
    path.split('/').map(|part| if is_address(part) { STARS } else { part }).collect::<Vec<_>>().join("/")
}

pub(crate) fn customer(id: &str) -> String {
    mask::of(Kind::CustomerId, id).to_string()
}

/// Masks a field of a form. `is_known` is whether the operation has this field. Returns the masked name and value.
pub(crate) fn field(is_known: bool, name: &str, value: &str) -> (String, String) {
    let value = match name {
        _ if !is_known => STARS.to_owned(),
        "account_details" => details(value),
        "customer_id" => customer(value),
        "validation_amount" if Amount::check(value).is_ok() => value.to_owned(),
        // A value in the wrong place can be an account number or a name.
        _ => word(value),
    };
    (word(name), value)
}

/// Masks a word that was sent, because it can be a value in the wrong place. A word that looks like the name of a field
/// or like a code is not masked.
pub(crate) fn word(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if name.len() <= 64 && name.bytes().all(is_plain) && digits <= 4 { name.to_owned() } else { STARS.to_owned() }
}

/// Masks the values in `account_details`. If the text is not a JSON object or list, all of it is masked.
fn details(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(mut json @ (Value::Object(_) | Value::Array(_))) => {
            mask_json(&mut json);
            hide_unknown(&mut json);
            json.to_string()
        }
        _ => STARS.to_owned(),
    }
}

/// Masks all values that `mask_json` leaves unmasked, except valid IFSCs. Also masks keys that do not look like a
/// field's name.
fn hide_unknown(json: &mut Value) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(hide_unknown),
        Value::Object(map) => {
            let all = std::mem::take(map);
            for (key, mut value) in all {
                match key.as_str() {
                    "account" | "name" | "vpa" => {}
                    "bank_account" | "upi" => hide_unknown(&mut value),
                    "ifsc" if value.as_str().is_some_and(|text| text.parse::<Ifsc>().is_ok()) => {}
                    _ => value = STARS.into(),
                }
                map.insert(word(&key), value);
            }
        }
        other => *other = STARS.into(),
    }
}

/// Masks the JSON body of a response. Other bodies are the sandbox's own pages and need no mask.
pub(crate) fn body(bytes: &[u8]) -> String {
    match serde_json::from_slice(bytes) {
        Ok(mut json @ (Value::Object(_) | Value::Array(_))) => {
            mask_json(&mut json);
            shown(json).to_string()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Converts accounts or outcomes to masked JSON.
pub(crate) fn shown(entries: impl Serialize) -> Value {
    let mut json = json!(entries);
    let items = match &mut json {
        Value::Array(items) => items,
        item => std::slice::from_mut(item),
    };
    for (key, value) in items.iter_mut().filter_map(Value::as_object_mut).flatten() {
        let text = value.as_str().unwrap_or_default();
        match key.as_str() {
            "account" => mask_json(value),
            "customer_id" => *value = customer(text).into(),
            "name_at_bank" => *value = mask::name(text).to_string().into(),
            _ => {}
        }
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_shows_only_what_the_rule_allows() {
        for (name, value, shown) in [
            ("bank_code", "JP_HDFC", "JP_HDFC"),
            ("customer_id", "someone@example.com", "****@example.com"),
            ("pan", "ABCDE1234F", "****"),
            ("account_details", "026291800001191", "****"),
            (
                "account_details",
                r#"{"bank_account":[{"ifsc":"YESB0000262","account":"026291800001191","name":"Ann"}]}"#,
                r#"{"bank_account":[{"ifsc":"YESB0000262","account":"****1191","name":"A***"}]}"#,
            ),
            ("validation_amount", "1250.50", "1250.50"),
            // Values in the wrong place.
            ("bank_code", "026291800001191", "****"),
            ("gateway_id", "someone@upi", "****"),
            ("gateway_reference_id", "Ramesh Kumar", "****"),
            ("validation_amount", "026291800001191", "****"),
            (
                "account_details",
                r#"{"bank_account":[{"ifsc":"026291800001191","account":26291800001191}]}"#,
                r#"{"bank_account":[{"ifsc":"****","account":"****"}]}"#,
            ),
            (
                "account_details",
                r#"{"upi":[{"vpa":"someone@upi","026291800001191":{"a":"someone"}},"someone"],"x":"y"}"#,
                r#"{"upi":[{"vpa":"****@upi","****":"****"},"****"],"x":"****"}"#,
            ),
        ] {
            let (found_name, found) = field(name != "pan", name, value);
            assert_eq!(found_name, name);
            match serde_json::from_str::<Value>(shown) {
                Ok(json) => assert_eq!(serde_json::from_str::<Value>(&found).unwrap(), json),
                Err(_) => assert_eq!(found, shown),
            }
        }
        assert_eq!(field(true, "026291800001191", "x").0, "****");
        assert_eq!(field(false, "bank_code", "x").1, "****");
    }

    #[test]
    fn headers_and_bodies_show_no_secret() {
        let mut sent = HeaderMap::new();
        for (name, value) in
            [("authorization", "Basic a2V5Og=="), ("x-routing-id", "a@b"), ("accept", "*/*"), ("x-pan", "A")]
        {
            sent.insert(name, value.parse().unwrap());
        }
        let shown: Vec<_> = headers(&sent).into_iter().map(|(_, value)| value).collect();
        assert_eq!(shown, ["Basic ****", "****@b", "*/*", "****"]);
        let sent = r#"[{"customer_id":"a@b","account_details":{"account":"026291800001191"}}]"#;
        let shown: Value = serde_json::from_str(&body(sent.as_bytes())).unwrap();
        assert_eq!(
            shown,
            serde_json::json!([{ "customer_id": "****@b", "account_details": { "account": "****1191" } }])
        );
        assert_eq!(body(b"<html>"), "<html>");
    }

    #[test]
    fn path_does_not_show_an_address() {
        for (sent, shown) in [
            ("/customers/cst_1/accounts", "/customers/cst_1/accounts"),
            ("/customers/a.b%40example.com/accounts", "/customers/****/accounts"),
            ("/a@b", "/****"),
        ] {
            assert_eq!(path(sent), shown);
        }
    }
}

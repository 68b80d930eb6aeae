//! A request that can be inspected without being sent.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::Request;
use serde::Serialize;
use serde_json::Value;

use crate::masked::MaskedText;
use crate::redact::mask_json;

/// A request before it is sent: see [`Client::preview`](crate::Client::preview).
///
/// `Display` prints the request like HTTP, with one field of the form per line. Account numbers, UPI addresses and
/// names are masked unless [`unmasked`](Self::unmasked) is called. The key and the values of user-supplied headers,
/// except the merchant and the version of the API, are always masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestPreview {
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The URL, which names the customer.
    pub url: String,
    /// The names and values of the headers.
    pub headers: BTreeMap<String, String>,
    /// The names and values of the form fields.
    pub form: BTreeMap<String, String>,
    #[serde(skip)]
    body: MaskedText,
}

impl RequestPreview {
    pub(crate) fn new(request: &Request) -> Self {
        let shown = |value: &reqwest::header::HeaderValue| match value.to_str() {
            Ok(text) if value.is_sensitive() && text.starts_with("Basic ") => "Basic ****".to_owned(),
            Ok(text) if !value.is_sensitive() => text.to_owned(),
            _ => "****".to_owned(),
        };
        let headers = request.headers().iter().map(|(name, value)| (name.to_string(), shown(value))).collect();
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let fields = form_urlencoded::parse(body);
        let form = fields.map(|(name, value)| (name.into_owned(), masked(&value))).collect();
        let (method, url) = (request.method().to_string(), request.url().to_string());
        Self { method, url, headers, form, body: String::from_utf8_lossy(body).as_ref().into() }
    }

    /// Unmasks the account data: do not log the result.
    #[must_use]
    pub fn unmasked(self) -> Self {
        let form = form_urlencoded::parse(self.body.unmasked().as_bytes()).into_owned().collect();
        Self { form, ..self }
    }
}

fn masked(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(mut json @ (Value::Object(_) | Value::Array(_))) => {
            mask_json(&mut json);
            json.to_string()
        }
        _ => value.to_owned(),
    }
}

impl fmt::Display for RequestPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        self.headers.iter().try_for_each(|(name, value)| writeln!(f, "{name}: {value}"))?;
        self.form.iter().try_for_each(|(name, value)| write!(f, "\n{name}={value}"))
    }
}

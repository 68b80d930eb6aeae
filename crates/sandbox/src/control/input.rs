//! Reads the input of a call of the control API: its path, its query and its body.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::{Sent, Unread};
use crate::json;
use crate::read;
use crate::refusal::Refusal;

pub(super) struct Call {
    pub(super) request: Parts,
}

impl Call {
    pub(super) fn new(request: Request) -> Self {
        Self { request: request.into_parts().0 }
    }

    /// The id in the path, which is its last part.
    pub(super) fn id(&self) -> &str {
        self.request.uri.path().rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        json::parse(self.body()?).map_err(|error| Refusal::bad_request(error.to_string()))
    }

    /// Returns the body if the headers declare JSON.
    pub(super) fn body(&self) -> Result<&Bytes, Refusal> {
        let media_type = self.request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::unsupported("The body must be JSON: send it with content-type application/json."));
        }
        match self.request.extensions.get::<Sent>() {
            Some(Ok(body)) => Ok(body),
            Some(Err(unread)) => Err((*unread).into()),
            None => Err(Unread::Broken.into()),
        }
    }
}

/// The parameters of a query. Each occurs at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query. Unknown parameters are refused, because a filter with a misspelled name would have no effect.
    pub(super) fn new(query: Option<&str>, known: &[&str]) -> Result<Self, Refusal> {
        let pairs = read::parse_form(query.unwrap_or_default().as_bytes())
            .map_err(|problem| Refusal::bad_request(format!("The query cannot be read: {}.", problem.reason)))?;
        for (number, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Refusal::bad_request(format!(
                    "The query has an unknown parameter; its name is not repeated here. The known parameters are {}.",
                    known.join(", ")
                )));
            }
            if pairs.iter().take(number).any(|(other, _)| other == name) {
                return Err(Refusal::bad_request(format!("{name} occurs more than once.")));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns a parameter that is a whole number within limits.
    pub(super) fn number(&self, name: &str, limits: RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_digits && limits.contains(&number) => Ok(Some(number)),
            _ => {
                let (least, most) = (limits.start(), limits.end());
                Err(Refusal::bad_request(format!("{name} must be a whole number from {least} to {most}.")))
            }
        }
    }

    /// Returns the parameter `customer_id`, which is checked for its length only.
    pub(super) fn customer(&self) -> Result<Option<&str>, Refusal> {
        match self.text("customer_id") {
            Some(id) if !(1..=255).contains(&id.chars().count()) => {
                Err(Refusal::bad_request("customer_id must have 1 to 255 characters."))
            }
            id => Ok(id),
        }
    }
}

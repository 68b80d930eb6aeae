//! Reads the input of a call of the control API: its path, its query and its body.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, RawQuery, Request};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::http::body;
use crate::json;
use crate::read;
use crate::refusal::Refusal;

/// The id, which is the last part of the path.
pub(super) fn id(path: &Uri) -> &str {
    path.path().rsplit('/').next().unwrap_or_default()
}

/// The body of a request, which its headers declare as JSON.
pub(super) struct Body(pub(super) Bytes);

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::unsupported("The body must be JSON: send it with content-type application/json."));
        }
        body(request.extensions()).map(Self)
    }
}

impl Body {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        json::parse(&self.0).map_err(|error| Refusal::bad_request(error.to_string()))
    }
}

/// The parameters of a query. Each occurs at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query. Unknown parameters are refused, because a filter with a misspelled name would have no effect.
    pub(super) fn new(RawQuery(query): RawQuery, known: &[&str]) -> Result<Self, Refusal> {
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

    /// Returns the number in a parameter, if the query has the parameter. Refuses anything but a whole number within
    /// the limits.
    pub(super) fn number<T>(&self, name: &str, limits: RangeInclusive<T>) -> Result<Option<T>, Refusal>
    where
        T: FromStr + PartialOrd + Display,
    {
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

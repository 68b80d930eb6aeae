//! Reads the headers of a request.

use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juspay_accounts::ValidationStatus;
use percent_encoding::percent_decode_str;

use super::form::parse_form;
use crate::http::body;
use crate::outcome::Outcome;
use crate::plan::{self, MOST_STATUSES};
use crate::received::Form;
use crate::refusal::{Problem, Refusal};

const FORM: &str = "application/x-www-form-urlencoded";

/// The header that sets the outcome of one call: statuses separated by commas. The first word can be `timeout`.
const OUTCOME: HeaderName = HeaderName::from_static("x-sandbox-outcome");

/// The header that sets the name at bank for one call, in ASCII or percent-encoded UTF-8.
const HOLDER: HeaderName = HeaderName::from_static("x-sandbox-holder");

/// Returns the value of a header. A header that occurs twice is refused, because servers differ on which value counts.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::new(name.as_str(), "the header occurs more than once"));
    }
    first.to_str().map(Some).map_err(|_| Problem::new(name.as_str(), "the header is not ASCII text"))
}

/// Checks HTTP Basic authentication: the user name is the key, and the password is empty. Without a `key`, any key that
/// is not empty is accepted.
pub(crate) fn authorize(key: Option<&str>, headers: &HeaderMap) -> Result<(), Refusal> {
    let message = "Invalid API Key. Please pass a valid and active api key.";
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, message);
    let value = match header(headers, &AUTHORIZATION) {
        Ok(value) => value,
        Err(problem) => return Err(refusal.because(problem)),
    };
    let pair = value.and_then(|value| {
        let (scheme, encoded) = value.split_once(' ')?;
        let pair = STANDARD.decode(encoded.trim()).ok()?;
        scheme.eq_ignore_ascii_case("basic").then_some(pair)
    });
    let sent = pair.as_deref().and_then(|pair| pair.strip_suffix(b":"));
    let is_right =
        |sent: &[u8]| !sent.is_empty() && !sent.contains(&b':') && key.is_none_or(|known| known.as_bytes() == sent);
    if sent.is_some_and(is_right) { Ok(()) } else { Err(refusal) }
}

/// Parses the body as a form. The headers must declare a form in UTF-8 that is not compressed.
pub(crate) fn form(request: &Parts) -> Result<Form, Refusal> {
    let headers = &request.headers;
    let media_type = header(headers, &CONTENT_TYPE).map_err(unsupported)?.unwrap_or_default();
    let mut parts = media_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case(FORM)) {
        return Err(Refusal::unsupported(format!("The body must be a form: send it with content-type {FORM}.")));
    }
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        let value = value.trim().trim_matches('"');
        let is_utf_8 = ["utf-8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(value));
        if name.trim().eq_ignore_ascii_case("charset") && !is_utf_8 {
            return Err(Refusal::unsupported("The charset of the body must be UTF-8."));
        }
    }
    let encoding = header(headers, &CONTENT_ENCODING).map_err(unsupported)?;
    if encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return Err(Refusal::unsupported(
            "The body must not be compressed: the only accepted Content-Encoding is identity.",
        ));
    }
    Ok(parse_form(&body(&request.extensions)?)?)
}

fn unsupported(problem: Problem) -> Refusal {
    Refusal::unsupported(format!("{}: {}.", problem.field, problem.reason)).because(problem)
}

/// Returns the outcome that the headers of a call ask for, if any.
pub(crate) fn outcome(headers: &HeaderMap) -> Result<Option<Outcome>, Problem> {
    let mut asked = Outcome::of_any();
    if let Some(text) = header(headers, &OUTCOME)? {
        let mut words: Vec<_> = text.split(',').map(str::trim).collect();
        if words.first() == Some(&"timeout") {
            words.remove(0);
            asked = asked.times_out();
        }
        if words.len() > MOST_STATUSES || !words.iter().all(|word| plan::is_status(word)) {
            let expected = "expected at most 100 statuses in capital letters, such as PENDING,ACTIVE; the first word can be timeout";
            return Err(Problem::new(OUTCOME.as_str(), expected));
        }
        if !words.is_empty() {
            asked = asked.statuses(words.into_iter().map(ValidationStatus::from));
        }
    }
    if let Some(text) = header(headers, &HOLDER)? {
        let name = percent_decode_str(text).decode_utf8().ok().and_then(|name| name.parse().ok());
        asked = asked.holder(name.ok_or_else(|| {
            Problem::new(HOLDER.as_str(), "expected a name of 1 to 120 characters, percent-encoded if not ASCII")
        })?);
    }
    Ok(Some(asked).filter(|asked| *asked != Outcome::of_any()))
}

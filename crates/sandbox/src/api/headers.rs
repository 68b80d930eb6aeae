//! Reads the headers of a request.

use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juspay_accounts::ValidationStatus;
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;
use crate::http::{Sent, Unread};
use crate::outcome::Outcome;
use crate::plan;
use crate::read::{self, Form, Problem};

const FORM: &str = "application/x-www-form-urlencoded";

/// Scripts the outcome of one call: statuses separated by commas. The first can be `timeout`.
const OUTCOME: HeaderName = HeaderName::from_static("x-sandbox-outcome");

/// The account holder's name at the bank for one call, in ASCII or percent-encoded UTF-8.
const HOLDER: HeaderName = HeaderName::from_static("x-sandbox-holder");

/// The value of a header that may occur only once, because servers differ on which of two values counts.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::new(name.as_str(), "the header is there more than once"));
    }
    first.to_str().map(Some).map_err(|_| Problem::new(name.as_str(), "the header is not ASCII text"))
}

/// Checks HTTP Basic authentication: the key is the user name, and the password is empty.
pub(super) fn authorize(key: Option<&str>, headers: &HeaderMap) -> Result<(), Option<Problem>> {
    let pair = single(headers, &AUTHORIZATION)?.and_then(|value| {
        let (scheme, encoded) = value.split_once(' ')?;
        let pair = STANDARD.decode(encoded.trim()).ok()?;
        scheme.eq_ignore_ascii_case("basic").then_some(pair)
    });
    let sent = pair.as_deref().and_then(|pair| pair.strip_suffix(b":"));
    let is_right =
        |sent: &[u8]| !sent.is_empty() && !sent.contains(&b':') && key.is_none_or(|known| known.as_bytes() == sent);
    if sent.is_some_and(is_right) { Ok(()) } else { Err(None) }
}

pub(super) fn form(headers: &HeaderMap, sent: Option<&Sent>) -> Result<Form, Refusal> {
    let media_type = single(headers, &CONTENT_TYPE).map_err(unsupported)?.unwrap_or_default();
    let mut parts = media_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case(FORM)) {
        return Err(Refusal::unsupported(format!("The body has to be {FORM}.")));
    }
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        let value = value.trim().trim_matches('"');
        let is_utf_8 = ["utf-8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(value));
        if name.trim().eq_ignore_ascii_case("charset") && !is_utf_8 {
            return Err(Refusal::unsupported("The charset of the body has to be UTF-8."));
        }
    }
    let encoding = single(headers, &CONTENT_ENCODING).map_err(unsupported)?;
    if encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return Err(Refusal::unsupported("The body must not be compressed: Content-Encoding can only be identity."));
    }
    match sent {
        Some(Ok(body)) => read::form(body).map_err(|problem| Refusal::invalid(vec![problem])),
        Some(Err(unread)) => Err(unreadable(*unread)),
        None => Err(unreadable(Unread::Broken)),
    }
}

fn unsupported(problem: Problem) -> Refusal {
    let mut refusal = Refusal::unsupported(format!("{}: {}.", problem.field, problem.reason));
    refusal.problems.push(problem);
    refusal
}

fn unreadable(unread: Unread) -> Refusal {
    use axum::http::StatusCode;
    match unread {
        Unread::TooLarge(most) => {
            let message = format!("The body is larger than {most} bytes.");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
        }
        Unread::TooSlow => {
            Refusal::new(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The body did not arrive in time.")
        }
        Unread::Broken => Refusal::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body did not arrive whole."),
    }
}

pub(super) fn outcome(headers: &HeaderMap) -> Result<Option<Outcome>, Problem> {
    let mut asked = Outcome::of_any();
    if let Some(text) = single(headers, &OUTCOME)? {
        let mut words: Vec<_> = text.split(',').map(str::trim).collect();
        if words.first() == Some(&"timeout") {
            words.remove(0);
            asked = asked.times_out();
        }
        if !words.iter().all(|word| plan::is_status(word)) {
            return Err(Problem::new(
                OUTCOME.as_str(),
                "expected statuses such as PENDING,ACTIVE, after timeout or not",
            ));
        }
        if !words.is_empty() {
            asked = asked.statuses(words.into_iter().map(ValidationStatus::from));
        }
    }
    if let Some(text) = single(headers, &HOLDER)? {
        let name = percent_decode_str(text).decode_utf8().ok().and_then(|name| name.parse().ok());
        asked = asked.holder(name.ok_or_else(|| {
            Problem::new(HOLDER.as_str(), "expected a name of 1 to 120 characters, percent-encoded if not ASCII")
        })?);
    }
    Ok(Some(asked).filter(|asked| *asked != Outcome::of_any()))
}

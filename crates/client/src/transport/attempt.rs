//! The log of one call: what was seen of its attempts, for the value or the error that comes of it.
//!
//! The generated code decodes what it is given, and forgets status and headers when that fails.

use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{Request, Response, StatusCode};

use super::retry::retry_after;
use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};

/// Headers in which the vendor names a call.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-request-id", "x-response-id"];

/// What a request does at the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It changes nothing.
    Reads,
    /// It changes accounts and moves no money.
    Changes,
    /// It can move money, as far as anybody knows.
    #[default]
    Pays,
}

/// What was seen of a call; of several attempts, `last` is that of the last.
#[derive(Default)]
pub(crate) struct CallLog {
    /// The most accounts that a response may have.
    pub(crate) max_accounts: usize,
    /// Whether the request is only to be looked at.
    pub(crate) is_preview: bool,
    pub(crate) attempts: u32,
    /// When the first attempt began.
    pub(crate) sent_at: Option<SystemTime>,
    /// What the request does at the server.
    pub(crate) effect: Effect,
    /// Whether an attempt before the last may have been processed.
    pub(crate) earlier_unknown: bool,
    pub(crate) last: Attempt,
    /// The request, so that nothing of it is repeated in an error.
    pub(crate) request: Option<Request>,
}

/// What was seen of an attempt.
#[derive(Default)]
pub(crate) struct Attempt {
    /// How it failed, if it did.
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) retry_after: Option<Duration>,
    /// The server's clock when it responded.
    pub(crate) date: Option<SystemTime>,
    /// Of a response that is not a success.
    pub(crate) body: Vec<u8>,
    pub(crate) envelope: Option<Envelope>,
}

tokio::task_local! {
    /// The log of the call that is being made. The generated code has no way to pass it through.
    static LOG: RefCell<CallLog>;
}

impl CallLog {
    /// Makes a call, and returns its log beside its result.
    pub(crate) async fn keep<T>(self, call: impl Future<Output = T>) -> (T, Self) {
        let mut call = pin!(LOG.scope(RefCell::new(self), call));
        let result = call.as_mut().await;
        (result, call.take_value().map(RefCell::into_inner).unwrap_or_default())
    }

    /// The log of the call that is being made. A call of the generated operations has none.
    pub(crate) fn take() -> Option<Self> {
        LOG.try_with(RefCell::take).ok()
    }

    /// Puts the log back.
    pub(crate) fn put(self) {
        // A call of the generated operations has no place for it.
        let _ = LOG.try_with(|place| place.replace(self));
    }

    /// Begins an attempt.
    pub(crate) fn begin(&mut self) {
        self.close();
        self.attempts += 1;
        if self.sent_at.is_none() {
            self.sent_at = Some(SystemTime::now());
        }
    }

    /// Ends the last attempt, since there will be another one, or none any more.
    pub(crate) fn close(&mut self) {
        let last = std::mem::take(&mut self.last);
        // Reading has no outcome that could be unknown.
        self.earlier_unknown |=
            self.effect != Effect::Reads && last.kind.is_some_and(|kind| kind.delivery() == Delivery::Unknown);
    }
}

impl Attempt {
    pub(crate) fn responded(&mut self, response: &Response) {
        let headers = response.headers();
        self.status = Some(response.status());
        self.request_id = request_id(headers).cloned();
        self.content_type = headers.get(CONTENT_TYPE).cloned();
        self.retry_after = retry_after(headers, SystemTime::now);
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        self.date = date.and_then(|date| httpdate::parse_http_date(date).ok());
    }

    /// The id by which the vendor finds the call: that of the envelope, or else that of the headers.
    pub(crate) fn request_id(&self) -> Option<&str> {
        let of_body = self.envelope.as_ref().and_then(|envelope| envelope.request_id.as_deref());
        of_body.or_else(|| self.request_id.as_ref()?.to_str().ok())
    }

    /// The type of the body, without parameters.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.content_type.as_ref()?.to_str().ok()?.split(';').next().map(str::trim)
    }
}

fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name))
}

//! The log of one call: what the transport saw of its attempts. The value or the error of the call is made with it.
//!
//! The generated code decodes a response, and loses status and headers if that fails.

use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{Request, Response, StatusCode};

use super::retry::retry_after;
use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};

/// The headers in which the vendor sends the id of a call.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-request-id", "x-response-id"];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The request changes nothing.
    Reads,
    /// The request changes accounts but moves no money.
    Changes,
    /// The request can move money, or its effect is unknown.
    #[default]
    Pays,
}

/// What the transport saw of a call. `last` is the last attempt.
#[derive(Default)]
pub(crate) struct CallLog {
    /// The most accounts that a response may have.
    pub(crate) max_accounts: usize,
    /// Whether the request is only a preview.
    pub(crate) is_preview: bool,
    pub(crate) attempts: u32,
    pub(crate) sent_at: Option<SystemTime>,
    pub(crate) effect: Effect,
    /// Whether an attempt before the last one may have been processed.
    pub(crate) earlier_unknown: bool,
    pub(crate) last: Attempt,
    /// The request, so that an error can leave out everything that repeats it.
    pub(crate) request: Option<Request>,
}

#[derive(Default)]
pub(crate) struct Attempt {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) retry_after: Option<Duration>,
    /// The server's clock when it responded.
    pub(crate) date: Option<SystemTime>,
    /// The body of a response that is not a success.
    pub(crate) body: Vec<u8>,
    pub(crate) envelope: Option<Envelope>,
}

tokio::task_local! {
    /// The log of the current call. The generated code has no way to pass it through.
    static LOG: RefCell<CallLog>;
}

impl CallLog {
    /// Makes a call, and returns its log with its result.
    pub(crate) async fn keep<T>(self, call: impl Future<Output = T>) -> (T, Self) {
        let mut call = pin!(LOG.scope(RefCell::new(self), call));
        let result = call.as_mut().await;
        (result, call.take_value().map(RefCell::into_inner).unwrap_or_default())
    }

    /// Takes the log of the current call. A raw call has none.
    pub(crate) fn take() -> Option<Self> {
        LOG.try_with(RefCell::take).ok()
    }

    pub(crate) fn put(self) {
        // A raw call has no place for it.
        let _ = LOG.try_with(|place| place.replace(self));
    }

    pub(crate) fn begin(&mut self) {
        self.close();
        self.attempts += 1;
        if self.sent_at.is_none() {
            self.sent_at = Some(SystemTime::now());
        }
    }

    /// Ends the last attempt, before another one or at the end of the call.
    pub(crate) fn close(&mut self) {
        let last = std::mem::take(&mut self.last);
        // A request that only reads has no unknown outcome.
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

    /// The id by which the vendor finds the call: from the envelope, or else from the headers.
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

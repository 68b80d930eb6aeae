//! The log of one call: what the transport saw of its attempts. The value or the error of the call is made with it.
//!
//! The generated code decodes a response, and loses status and headers if that fails.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};

use super::retry::retry_after;
use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};
use crate::redact::Sent;

/// The headers in which the vendor sends the id of a call.
const REQUEST_ID_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("x-request-id"), HeaderName::from_static("x-response-id")];

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
    /// The request. Errors are compared with it, so that they do not repeat it.
    pub(crate) sent: Option<Arc<Sent>>,
}

#[derive(Default)]
pub(crate) struct Attempt {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) retry_after: Option<Duration>,
    /// The header `Date` of the response.
    pub(crate) date: Option<HeaderValue>,
    /// The body of a response that is not a success.
    pub(crate) body: Vec<u8>,
    pub(crate) envelope: Option<Envelope>,
}

tokio::task_local! {
    /// The log of the current call. It is task-local, because the generated code cannot pass it on.
    static LOG: Cell<Option<Box<CallLog>>>;
}

impl CallLog {
    /// Makes a call, and returns its log with its result.
    pub(crate) async fn keep<T>(self: Box<Self>, call: impl Future<Output = T>) -> (T, Box<Self>) {
        let mut call = pin!(LOG.scope(Cell::new(Some(self)), call));
        let result = call.as_mut().await;
        (result, call.take_value().and_then(Cell::into_inner).unwrap_or_default())
    }

    /// The id of the last response, if it is safe to print.
    pub(crate) fn request_id(&self) -> Option<&str> {
        let id = self.last.request_id()?;
        self.sent.as_ref()?.secrets().id(id)
    }

    /// Takes the log of the current call. A raw call has none.
    pub(crate) fn take() -> Option<Box<Self>> {
        LOG.try_with(Cell::take).ok().flatten()
    }

    pub(crate) fn put(self: Box<Self>) {
        // A raw call keeps no log, so this fails.
        let _ = LOG.try_with(|place| place.set(Some(self)));
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
        self.request_id = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(name)).cloned();
        self.content_type = headers.get(CONTENT_TYPE).cloned();
        self.retry_after = retry_after(headers, SystemTime::now);
        self.date = headers.get(DATE).cloned();
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

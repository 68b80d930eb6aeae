//! The log of one call: what the transport saw of its attempts. The call's response or error is built from it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::Lost;
use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};
use crate::redact::SentRequest;

/// The id by which the vendor finds a call, in the headers of the response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "x-response-id"].iter().find_map(|name| headers.get(*name))?.to_str().ok()
}

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
    /// The maximum number of accounts that a response may have.
    pub(crate) max_accounts: usize,
    /// Whether only the generated code sees the outcome.
    pub(crate) is_raw: bool,
    pub(crate) attempts: u32,
    pub(crate) sent_at: Option<SystemTime>,
    pub(crate) effect: Effect,
    /// Whether an attempt before the last one may have been processed.
    pub(crate) earlier_unknown: bool,
    pub(crate) last: Attempt,
    /// The request. Errors are compared with it, so that they do not repeat it.
    pub(crate) request: Option<Arc<SentRequest>>,
}

#[derive(Default)]
pub(crate) struct Attempt {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    /// `Retry-After`, counted from the response.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) envelope: Option<Envelope>,
}

impl CallLog {
    /// The id of the last response, if it is safe to print.
    pub(crate) fn request_id(&self) -> Option<&str> {
        let id = self.last.request_id()?;
        self.request.as_ref()?.secrets().id(id)
    }

    pub(crate) fn begin(&mut self) {
        self.close();
        self.attempts += 1;
        if self.sent_at.is_none() {
            self.sent_at = Some(SystemTime::now());
        }
    }

    /// No further attempt is sent.
    pub(crate) fn not_sent(&mut self, kind: ErrorKind) {
        self.close();
        self.last.kind = Some(kind);
    }

    /// Ends the last attempt, before another one or at the end of the call.
    fn close(&mut self) {
        let last = std::mem::take(&mut self.last);
        // A request that only reads has no unknown outcome.
        self.earlier_unknown |=
            self.effect != Effect::Reads && last.kind.is_some_and(|kind| kind.delivery() == Delivery::Unknown);
    }
}

impl Attempt {
    /// There is a response that is not a success, with as much of its body as could be read.
    pub(crate) fn failed(&mut self, status: StatusCode, body: &[u8]) {
        self.envelope = Envelope::read(body);
        let code = self.envelope.as_ref().and_then(Envelope::error_code);
        self.kind = ErrorKind::of_response(status, code.as_ref(), body);
    }

    /// There is no complete response.
    pub(crate) fn lost(&mut self, error: reqwest::Error) -> Lost {
        self.kind = Some(ErrorKind::of_transport(&error));
        Lost::Http(error)
    }

    /// The id by which the vendor finds the call: from the envelope, or else from the headers.
    pub(crate) fn request_id(&self) -> Option<&str> {
        let of_body = self.envelope.as_ref().and_then(|envelope| envelope.request_id.as_deref());
        of_body.or_else(|| request_id(&self.headers))
    }

    /// The type of the body, without parameters.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next().map(str::trim)
    }
}

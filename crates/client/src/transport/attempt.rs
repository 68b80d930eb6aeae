//! The log of one call: what the transport saw of its attempts. The call's response or error is built from it.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::Lost;
use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};
use crate::redact::SentRequest;

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
#[derive(Clone, Default)]
pub(crate) struct CallLog {
    /// The maximum number of accounts expected in a response. A response with far more is not decoded.
    pub(crate) max_accounts: usize,
    /// Whether this is a call of `Client::raw`, which returns only the outcome of its last attempt.
    pub(crate) is_raw: bool,
    pub(crate) effect: Effect,
    /// Whether the request has payees that can be reconciled.
    pub(crate) has_payees: bool,
    pub(crate) attempts: u32,
    pub(crate) sent_at: Option<SystemTime>,
    /// Whether an attempt before the last one may have been processed.
    pub(crate) earlier_unknown: bool,
    pub(crate) last: Attempt,
    /// The request. What is printed of a response is compared with it, so that no secret in it is repeated.
    pub(crate) request: SentRequest,
}

#[derive(Clone, Default)]
pub(crate) struct Attempt {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    /// `Retry-After`, counted from the response.
    pub(crate) retry_after: Option<Duration>,
    /// What the server reports about a failure.
    pub(crate) envelope: Envelope,
}

impl CallLog {
    pub(crate) fn new(effect: Effect, max_accounts: usize) -> Self {
        Self { max_accounts, effect, ..Self::default() }
    }

    /// The id by which the vendor finds the call, from the envelope or else from the headers, if it is safe to print.
    pub(crate) fn request_id(&self) -> Option<&str> {
        let of_headers = || ["x-request-id", "x-response-id"].iter().find_map(|name| self.last.header(name));
        self.request.secrets().id(self.last.envelope.request_id.as_deref().or_else(of_headers)?)
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.last.status.map(|status| status.as_u16())
    }

    pub(crate) fn begin(&mut self) {
        self.close();
        self.attempts += 1;
        self.sent_at.get_or_insert_with(SystemTime::now);
    }

    /// Ends the call before another attempt, for this reason.
    pub(crate) fn not_sent(&mut self, kind: ErrorKind) {
        self.close();
        self.last.kind = Some(kind);
    }

    /// Records whether the last attempt may have been processed. Called before each attempt, and when the call ends
    /// before it makes another one.
    fn close(&mut self) {
        let last = std::mem::take(&mut self.last);
        // An attempt that only reads changes nothing, so its unknown outcome does not count.
        self.earlier_unknown |=
            self.effect != Effect::Reads && last.kind.is_some_and(|kind| kind.delivery() == Delivery::Unknown);
    }
}

impl Attempt {
    /// Records a response that is not a success, with as much of its body as could be read.
    pub(crate) fn failed(&mut self, status: StatusCode, body: &[u8]) {
        self.envelope = Envelope::read(body);
        self.kind = ErrorKind::of_response(status, self.envelope.error_code().as_ref(), body);
    }

    /// Records that there is no complete response.
    pub(crate) fn lost(&mut self, error: reqwest::Error) -> Lost {
        self.kind = Some(ErrorKind::of_transport(&error));
        Lost::Http(error)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The type of the body, without parameters.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.header("content-type")?.split(';').next().map(str::trim)
    }
}

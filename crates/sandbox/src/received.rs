//! Remembers the requests that the server received, with their responses, up to a maximum number and total size.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use serde::Serialize;
use tokio::sync::watch;

use crate::masking;
use crate::operation::Operation;
use crate::refusal::Problem;

/// The maximum total size of the remembered requests, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The names and values of a form, decoded.
pub(crate) type Form = Vec<(String, String)>;

/// The headers of a request or a response, masked.
pub(crate) type Headers = Vec<(String, String)>;

/// What ended a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EndedBy {
    /// The server responded.
    Response,
    /// A fault broke the connection before the response or in the middle of it, or left the connection open without a
    /// response.
    Fault,
    /// The client hung up before the response, or the server stopped.
    #[default]
    Client,
}

/// A request that the server received. Requests for the control API, the console and the specs are not recorded.
/// `Debug` leaves out the path, the headers, the form and the bodies.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// The number of the request among those that ended: 1, 2, and so on. Numbers never start over.
    pub seq: u64,
    pub(crate) time: jiff::Timestamp,
    /// The operation; `None` if the path or method does not match any.
    pub operation: Option<Operation>,
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The path as it was sent. It contains the customer's id; see [`masked_path`](Self::masked_path).
    pub path: String,
    pub(crate) customer: Option<String>,
    pub(crate) headers: Headers,
    /// The decoded names and values of the form, not masked; empty if the form could not be read.
    pub form: Vec<(String, String)>,
    pub(crate) response: Option<RecordedResponse>,
    pub(crate) problems: Vec<Problem>,
    /// The fault that hit the request, as the text of a [`Fault`](crate::Fault).
    pub fault: Option<String>,
    pub(crate) fault_kind: Option<&'static str>,
    /// What ended the request.
    pub ended_by: EndedBy,
    pub(crate) duration: Duration,
    /// The id in the response header `x-request-id`.
    pub request_id: String,
    /// Whether the request created, validated or deleted accounts.
    pub changed_accounts: bool,
}

/// A response with masked headers. If a fault cut the response off, this is the whole response.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecordedResponse {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
}

impl Received {
    /// Returns the status of the response; `None` without a response.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Returns the path with `****` in place of each part that may be a person's address.
    pub fn masked_path(&self) -> String {
        masking::path(&self.path)
    }

    /// The names of the form fields that the operation does not have.
    pub(crate) fn unknown_fields(&self) -> impl Iterator<Item = &str> {
        let described = self.operation.and_then(Operation::described);
        let names = self.form.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| !described.as_ref().is_some_and(|described| described.has_field(name)))
    }

    /// The approximate size in memory, in bytes.
    fn size(&self) -> usize {
        let response = self.response.as_ref();
        let headers = response.map_or(&[][..], |response| &response.headers);
        let pairs = [&self.headers[..], &self.form, headers].into_iter().flatten();
        // A list can have twice the capacity that it needs, so its items are counted twice.
        let pairs = pairs.map(|pair| pair.0.len() + pair.1.len() + 2 * size_of_val(pair)).sum::<usize>();
        let problems = self.problems.iter().map(|one| size_of_val(one) + one.field.len() + one.reason.len());
        let body = response.map_or(0, |response| response.body.len());
        size_of_val(self) + self.method.len() + self.path.len() + pairs + problems.sum::<usize>() + body
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("seq", &self.seq)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("fields", &self.form.len())
            .field("status", &self.status())
            .field("request_id", &self.request_id)
            .field("fault", &self.fault)
            .field("changed_accounts", &self.changed_accounts)
            .finish_non_exhaustive()
    }
}

pub(crate) struct RequestLog {
    capacity: usize,
    /// The remembered requests, the oldest first.
    pub(crate) received: VecDeque<Arc<Received>>,
    /// The total size of `received`.
    bytes: usize,
    /// The number of the last request that ended. Receivers are notified when another one ends.
    pub(crate) last: watch::Sender<u64>,
}

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), received: VecDeque::new(), bytes: 0, last: watch::Sender::new(0) }
    }

    /// Numbers a request and remembers it.
    pub(crate) fn push(&mut self, mut received: Received) -> Arc<Received> {
        received.seq = *self.last.borrow() + 1;
        self.bytes += received.size();
        let received = Arc::new(received);
        self.received.push_back(received.clone());
        // The last request is kept, whatever its size.
        while self.received.len() > self.capacity || self.bytes > MAX_BYTES && self.received.len() > 1 {
            let Some(oldest) = self.received.pop_front() else { break };
            self.bytes -= oldest.size();
        }
        self.last.send_replace(received.seq);
        received
    }

    pub(crate) fn clear(&mut self) {
        self.received.clear();
        self.bytes = 0;
    }
}

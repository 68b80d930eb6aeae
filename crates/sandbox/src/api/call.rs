//! Records each request in the request log, however it ends.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response};

use crate::fault::{Fault, FaultKind};
use crate::masking;
use crate::operation::Operation;
use crate::received::{EndedBy, Received, RecordedResponse};
use crate::refusal::{Problem, Refusal};
use crate::response::{self, REQUEST_ID};
use crate::shared::{Shared, lock};

/// A request in flight.
pub(super) struct Call {
    pub(super) shared: Arc<Shared>,
    /// The record of the request so far.
    pub(super) received: Received,
    /// Whether the response is withheld, and 504 is sent after the timeout.
    pub(super) times_out: bool,
    began: Instant,
    has_ended: bool,
}

impl Call {
    pub(super) fn begin(shared: Arc<Shared>, operation: Option<Operation>, request: &Parts) -> Self {
        let number = shared.requests.fetch_add(1, Ordering::Relaxed) + 1;
        shared.in_flight.fetch_add(1, Ordering::Relaxed);
        let received = Received {
            time: shared.clock.now(),
            operation,
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            headers: masking::headers(&request.headers),
            request_id: format!("sandbox-{number:08}"),
            ..Received::default()
        };
        Self { shared, began: Instant::now(), received, times_out: false, has_ended: false }
    }

    pub(super) fn id(&self) -> &str {
        &self.received.request_id
    }

    pub(super) fn refuse(mut self, refusal: Refusal) -> Response<Body> {
        let response = response::refused(&refusal, self.id());
        self.received.problems = refusal.problems;
        if self.received.problems.is_empty() {
            self.received.problems.push(Problem::new("request", refusal.message));
        }
        self.end(response, None)
    }

    pub(super) fn plays(&mut self, fault: Option<Fault>) {
        self.received.fault = fault.map(|fault| fault.to_string());
        self.received.fault_kind = fault.map(|fault| fault.kind.parts().0);
    }

    /// Ends the call with a response, or with a fault that breaks the connection or leaves it open without a response.
    /// With `Truncate`, the response is recorded too, because the client gets its status and the first half of its
    /// body.
    pub(super) fn end(mut self, mut response: Response<Bytes>, broken_by: Option<FaultKind>) -> Response<Body> {
        if matches!(broken_by, None | Some(FaultKind::Truncate)) {
            if let Ok(id) = HeaderValue::from_str(self.id()) {
                response.headers_mut().insert(REQUEST_ID, id);
            }
            let body = response.body().clone();
            let (status, headers) = (response.status().as_u16(), masking::headers(response.headers()));
            self.received.response = Some(RecordedResponse { status, headers, body });
        }
        if let Some(fault) = broken_by {
            response.extensions_mut().insert(fault);
        }
        self.remember(if broken_by.is_some() { EndedBy::Fault } else { EndedBy::Response });
        response.map(Body::from)
    }

    fn remember(&mut self, ended_by: EndedBy) {
        self.has_ended = true;
        self.shared.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.received.ended_by = ended_by;
        self.received.duration = self.began.elapsed();
        let received = lock(&self.shared.log).push(std::mem::take(&mut self.received));
        if let Some(observer) = &self.shared.settings.observer {
            observer(&received);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.has_ended {
            // The call was dropped before it ended: the client hung up, or the server stopped.
            self.remember(EndedBy::Client);
        }
    }
}

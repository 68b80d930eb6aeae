//! Records each request in the request log, however it ends.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::OriginalUri;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response};

use crate::fault::Fault;
use crate::http::Break;
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
    began: Instant,
    has_ended: bool,
}

impl Call {
    pub(super) fn begin(shared: Arc<Shared>, operation: Option<Operation>, request: &Parts) -> Self {
        let number = shared.requests.fetch_add(1, Ordering::Relaxed) + 1;
        shared.in_flight.fetch_add(1, Ordering::Relaxed);
        let uri = request.extensions.get::<OriginalUri>().map_or(&request.uri, |original| &original.0);
        let received = Received {
            time: shared.clock.now(),
            operation,
            method: request.method.to_string(),
            path: uri.path().to_owned(),
            headers: masking::headers(&request.headers),
            request_id: format!("sandbox-{number:08}"),
            ..Received::default()
        };
        Self { shared, began: Instant::now(), received, has_ended: false }
    }

    pub(super) fn id(&self) -> &str {
        &self.received.request_id
    }

    /// Ends the call with a refusal.
    pub(super) fn refuse(mut self, refusal: Refusal) -> Response<Body> {
        let response = response::refused(&refusal, self.id());
        self.received.problems = refusal.problems;
        if self.received.problems.is_empty() {
            self.received.problems.push(Problem::new("request", refusal.message));
        }
        self.end(response)
    }

    pub(super) fn plays(&mut self, fault: Option<Fault>) {
        self.received.fault = fault.map(|fault| fault.to_string());
        self.received.fault_kind = fault.map(|fault| fault.kind.parts().0);
    }

    /// Ends the call with a response.
    pub(super) fn end(self, response: Response<Bytes>) -> Response<Body> {
        self.respond(response, EndedBy::Response)
    }

    /// Adds the request id to the response, and records the request with the response.
    fn respond(mut self, mut response: Response<Bytes>, ended_by: EndedBy) -> Response<Body> {
        if let Ok(id) = HeaderValue::from_str(self.id()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let body = response.body().clone();
        let (status, headers) = (response.status().as_u16(), masking::headers(response.headers()));
        self.received.response = Some(RecordedResponse { status, headers, body });
        self.remember(ended_by);
        response.map(Body::from)
    }

    /// Ends the call by breaking the connection. With `Truncate`, the client still gets the status of the response.
    pub(super) fn end_broken(mut self, response: Response<Bytes>, how: Break) -> Response<Body> {
        if how == Break::Truncate {
            let mut response = self.respond(response, EndedBy::Fault);
            response.extensions_mut().insert(how);
            return response;
        }
        self.remember(EndedBy::Fault);
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(how);
        response
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
        // The client hung up or the server stopped, so this call was dropped.
        if !self.has_ended {
            self.remember(EndedBy::Client);
        }
    }
}

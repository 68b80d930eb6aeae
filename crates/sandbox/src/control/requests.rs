use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shown;
use super::input::Query;
use crate::fault::KINDS;
use crate::masking;
use crate::operation::Operation;
use crate::received::{Headers, Received, RecordedResponse};
use crate::refusal::{Problem, Refusal};
use crate::shared::{Shared, SharedState, lock};
use crate::snapshot::MAX_SAFE;

/// The maximum size of a response body that is shown, in bytes.
const MAX_SHOWN: usize = 256 * 1024;

/// The parameters of a query that select requests.
struct Filter {
    operation: Option<Operation>,
    customer: Option<String>,
    /// The status of the response, or 0 for requests without a response.
    status: Option<u16>,
    fault: Option<String>,
    after: Option<u64>,
    limit: usize,
    wait: Duration,
}

impl Filter {
    fn new(query: RawQuery) -> Result<Self, Refusal> {
        let known = ["operation", "customer_id", "status", "fault", "after", "limit", "wait_ms"];
        let query = Query::new(query, &known)?;
        let operation = query.text("operation").map(str::parse::<Operation>);
        let status = query.text("status").map(|text| match text {
            "none" => Ok(0),
            _ => match text.parse() {
                Ok(status) if text.len() == 3 && (100..=599).contains(&status) => Ok(status),
                _ => Err(Refusal::bad_request("status must be an HTTP status such as 200, or none.")),
            },
        });
        let fault = query.text("fault").map(|kind| {
            let is_known = matches!(kind, "any" | "none") || KINDS.iter().any(|known| known.name == kind);
            let names: Vec<_> = KINDS.iter().map(|known| known.name).collect();
            let message = || Refusal::bad_request(format!("fault must be any, none or one of {}.", names.join(", ")));
            if is_known { Ok(kind.to_owned()) } else { Err(message()) }
        });
        Ok(Self {
            operation: operation.transpose().map_err(|error| Refusal::bad_request(error.to_string()))?,
            customer: query.customer()?.map(str::to_owned),
            status: status.transpose()?,
            fault: fault.transpose()?,
            after: query.number("after", 0..=MAX_SAFE)?,
            limit: query.number("limit", 1..=1000)?.unwrap_or(100),
            wait: Duration::from_millis(query.number("wait_ms", 0..=60_000)?.unwrap_or(0)),
        })
    }

    fn matches(&self, received: &Received) -> bool {
        let is_fault = |kind: &str| match kind {
            "any" => received.fault.is_some(),
            "none" => received.fault.is_none(),
            _ => received.fault_kind == Some(kind),
        };
        self.after.is_none_or(|after| received.seq > after)
            && self.operation.is_none_or(|operation| received.operation == Some(operation))
            && self.customer.as_ref().is_none_or(|customer| received.customer.as_ref() == Some(customer))
            && self.status.is_none_or(|status| received.status().unwrap_or_default() == status)
            && self.fault.as_deref().is_none_or(is_fault)
    }

    /// Returns the matching requests, the oldest first, and the number after which the caller should continue.
    fn apply(&self, shared: &Shared) -> (Vec<Arc<Received>>, u64) {
        let log = lock(&shared.log);
        let last = log.last.borrow().max(self.after.unwrap_or(0));
        let mut found: Vec<_> = log.received.iter().filter(|received| self.matches(received)).cloned().collect();
        if self.after.is_none() {
            found.drain(..found.len().saturating_sub(self.limit));
            return (found, last);
        }
        found.truncate(self.limit);
        let last = found.last().filter(|_| found.len() == self.limit).map_or(last, |received| received.seq);
        (found, last)
    }
}

/// Lists the matching requests. If there are none, waits for one as long as `wait_ms` allows.
pub(super) async fn list(State(shared): SharedState, query: RawQuery) -> Shown {
    let filter = Filter::new(query)?;
    let end = Instant::now() + filter.wait;
    let mut ended = lock(&shared.log).last.subscribe();
    loop {
        ended.borrow_and_update();
        let (found, last) = filter.apply(&shared);
        // Without a match, an empty list is returned when the wait is over.
        if !found.is_empty() || !matches!(tokio::time::timeout_at(end, ended.changed()).await, Ok(Ok(()))) {
            let requests: Vec<_> = found.iter().map(|received| shown(received)).collect();
            return Ok(Json(json!({ "requests": requests, "last": last })));
        }
    }
}

pub(super) async fn clear(State(shared): SharedState) -> StatusCode {
    lock(&shared.log).clear();
    StatusCode::NO_CONTENT
}

/// Converts a request and its response to masked JSON.
fn shown(received: &Received) -> Value {
    let described = received.operation.and_then(Operation::described);
    let pointer = |field: &str| described.as_ref().and_then(|described| described.pointer(field));
    let field = |(name, value): &(String, String)| {
        let is_known = described.as_ref().is_some_and(|described| described.has_field(name));
        let (shown, value) = masking::field(is_known, name, value);
        json!({ "name": shown, "value": value, "schema": is_known.then(|| pointer(name)) })
    };
    let problem =
        |Problem { field, reason }: &Problem| json!({ "field": field, "reason": reason, "schema": pointer(field) });
    let headers = |headers: &Headers| -> Value {
        headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    };
    let response = received.response.as_ref().map(|RecordedResponse { status, headers: sent, body }| {
        let text = (body.len() <= MAX_SHOWN).then(|| masking::body(body));
        json!({ "status": status, "headers": headers(sent), "body": text, "body_bytes": body.len() })
    });
    json!({
        "seq": received.seq,
        "time": received.time,
        "request_id": received.request_id,
        "operation": received.operation.map(Operation::id),
        "method": received.method,
        "path": received.masked_path(),
        "customer_id": received.customer.as_deref().map(masking::customer),
        "headers": headers(&received.headers),
        "form": received.form.iter().map(field).collect::<Value>(),
        "unknown_fields": received.unknown_fields().map(masking::word).collect::<Value>(),
        "response": response,
        "problems": received.problems.iter().map(problem).collect::<Value>(),
        "fault": received.fault,
        "ended_by": received.ended_by,
        "duration_ms": received.duration.as_secs_f64() * 1000.0,
        "changed_accounts": received.changed_accounts,
    })
}

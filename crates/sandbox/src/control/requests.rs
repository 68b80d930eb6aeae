//! The control API for requests that arrived.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use serde::Serialize;
use tokio::time::Instant;

use super::query::Query;
use super::refused::{self, Asked, Refused};
use super::{Answer, done};
use crate::fault::KINDS;
use crate::masking;
use crate::operation::Operation;
use crate::read::Problem;
use crate::received::{Answered, EndedBy, Headers, Received};
use crate::response;
use crate::shared::{Shared, lock};
use crate::snapshot::MAX_SAFE;

const MAX_SHOWN: usize = 256 * 1024;

#[derive(Clone, Copy)]
enum ByStatus {
    WithoutResponse,
    With(u16),
}

impl ByStatus {
    fn is_of(self, received: &Received) -> bool {
        match self {
            Self::WithoutResponse => received.status().is_none(),
            Self::With(status) => received.status() == Some(status),
        }
    }
}

/// Selects requests.
struct Filter {
    operation: Option<Operation>,
    customer: Option<String>,
    status: Option<ByStatus>,
    fault: Option<String>,
    after: Option<u64>,
    limit: usize,
    wait: Duration,
}

impl Filter {
    fn new(query: Option<&str>) -> Result<Self, Refused> {
        let known = ["operation", "customer_id", "status", "fault", "after", "limit", "wait_ms"];
        let query = Query::new(query, &known)?;
        let operation = query.text("operation").map(str::parse::<Operation>);
        let status = query.text("status").map(|text| match text {
            "none" => Ok(ByStatus::WithoutResponse),
            _ => match text.parse() {
                Ok(status) if text.len() == 3 && (100..=599).contains(&status) => Ok(ByStatus::With(status)),
                _ => Err(Refused::invalid("status is an HTTP status such as 200, or none")),
            },
        });
        let fault = query.text("fault").map(|kind| {
            let is_known = matches!(kind, "any" | "none") || KINDS.iter().any(|known| known.name == kind);
            let names: Vec<_> = KINDS.iter().map(|known| known.name).collect();
            let message = || Refused::invalid(format!("fault is any, none or one of {}", names.join(", ")));
            if is_known { Ok(kind.to_owned()) } else { Err(message()) }
        });
        Ok(Self {
            operation: operation.transpose().map_err(|error| Refused::invalid(error.to_string()))?,
            customer: query.customer()?.map(str::to_owned),
            status: status.transpose()?,
            fault: fault.transpose()?,
            after: query.number("after", 0..=MAX_SAFE)?,
            limit: query.number("limit", 1..=1000)?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100),
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
            && self.status.is_none_or(|status| status.is_of(received))
            && self.fault.as_deref().is_none_or(is_fault)
    }

    /// The matching requests, the oldest first, and the last number that was considered.
    fn apply(&self, shared: &Shared) -> (Vec<Arc<Received>>, u64) {
        let log = lock(&shared.log);
        let last = log.last().max(self.after.unwrap_or(0));
        let matching = log.received().filter(|received| self.matches(received)).cloned();
        if self.after.is_some() {
            let found: Vec<_> = matching.take(self.limit).collect();
            let last = found.last().filter(|_| found.len() == self.limit).map_or(last, |received| received.seq);
            return (found, last);
        }
        let mut found: Vec<_> =
            log.received().rev().filter(|received| self.matches(received)).take(self.limit).cloned().collect();
        found.reverse();
        (found, last)
    }
}

/// Lists requests, or waits for one.
pub(super) async fn list(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let filter = match Filter::new(request.uri().query()) {
        Ok(filter) => filter,
        Err(refused) => return refused::answer(Err(refused)),
    };
    let end = Instant::now() + filter.wait;
    let mut ended = lock(&shared.log).subscribe();
    loop {
        ended.borrow_and_update();
        let (found, last) = filter.apply(&shared);
        // The wait is over, or the server is stopping.
        if !found.is_empty() || !matches!(tokio::time::timeout_at(end, ended.changed()).await, Ok(Ok(()))) {
            let requests: Vec<_> = found.iter().map(|received| Shown::new(received)).collect();
            let body = serde_json::json!({ "requests": requests, "last": last });
            return response::json(axum::http::StatusCode::OK, &body).map(Body::from);
        }
    }
}

pub(super) fn clear(shared: &Shared, _: &Asked) -> Answer {
    shared.clear_requests();
    done()
}

/// A request as the control API shows it.
#[derive(Serialize)]
struct Shown<'a> {
    seq: u64,
    time: jiff::Timestamp,
    request_id: &'a str,
    operation: Option<&'static str>,
    method: &'a str,
    path: String,
    customer_id: Option<String>,
    headers: Vec<Header<'a>>,
    form: Vec<Field>,
    unknown_fields: Vec<String>,
    response: Option<ShownResponse<'a>>,
    problems: Vec<ShownProblem<'a>>,
    fault: Option<&'a str>,
    ended_by: EndedBy,
    duration_ms: f64,
    acted_on: bool,
}

#[derive(Serialize)]
struct Header<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
    schema: Option<String>,
}

#[derive(Serialize)]
struct ShownResponse<'a> {
    status: u16,
    headers: Vec<Header<'a>>,
    body: Option<String>,
    body_bytes: usize,
}

#[derive(Serialize)]
struct ShownProblem<'a> {
    field: &'a str,
    reason: &'a str,
    schema: Option<String>,
}

impl<'a> Shown<'a> {
    fn new(received: &'a Received) -> Self {
        let field = |(name, value): &(String, String)| {
            let (shown, value) = masking::field(received.operation, name, value);
            let known = received.operation.is_some_and(|operation| operation.fields().contains(&name.as_str()));
            let schema = Some(name.as_str()).filter(|_| known).and_then(|name| pointer(received.operation, name));
            Field { name: shown, value, schema }
        };
        let problem = |problem: &'a Problem| ShownProblem {
            field: &problem.field,
            reason: &problem.reason,
            schema: pointer(received.operation, &problem.field),
        };
        Self {
            seq: received.seq,
            time: received.time,
            request_id: &received.request_id,
            operation: received.operation.map(Operation::id),
            method: &received.method,
            path: masking::path(&received.path),
            customer_id: received.customer.as_deref().map(masking::customer),
            headers: headers(&received.headers),
            form: received.form.iter().map(field).collect(),
            unknown_fields: received.unknown_fields().map(masking::word).collect(),
            response: received.response.as_ref().map(shown_response),
            problems: received.problems.iter().map(problem).collect(),
            fault: received.fault.as_deref(),
            ended_by: received.ended_by,
            duration_ms: received.duration.as_secs_f64() * 1000.0,
            acted_on: received.acted_on,
        }
    }
}

fn headers(headers: &Headers) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value }).collect()
}

fn shown_response(response: &Answered) -> ShownResponse<'_> {
    let body = &response.body;
    ShownResponse {
        status: response.status,
        headers: headers(&response.headers),
        body: (body.len() <= MAX_SHOWN).then(|| masking::body(body)),
        body_bytes: body.len(),
    }
}

/// A pointer to the schema in the spec for a field, or for a place in `account_details`.
fn pointer(operation: Option<Operation>, field: &str) -> Option<String> {
    let name = field.rsplit('.').next()?.split('[').next()?;
    let schema = match name {
        "customer_id" => "CustomerId",
        "customer_account_id" => "CustomerAccountId",
        "x-routing-id" => "RoutingId",
        "x-merchantid" => "MerchantId",
        "version" => "ApiVersion",
        "command" => operation.map(Operation::command).filter(|schema| !schema.is_empty())?,
        "bank_code" => "BankCode",
        "account_details" => "AccountDetails",
        "bank_account" => "BankAccount",
        "upi" => "UpiAccount",
        "ifsc" => "Ifsc",
        "account" => "AccountNumber",
        "name" => "Name",
        "vpa" => "Vpa",
        "gateway_id" => "GatewayId",
        "gateway_reference_id" => "GatewayReferenceId",
        "preferred_ifsc_validation_gateway" => "Gateway",
        "validation_amount" => "Amount",
        _ => return None,
    };
    Some(format!("/components/schemas/{schema}"))
}

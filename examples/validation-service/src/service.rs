use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::put;
use axum::{Json, Router};
use juspay_accounts::validation::Unmasked;
use juspay_accounts::{AccountsRequest, mask_json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Outcome, Row, Worker};

#[derive(Deserialize)]
struct Payee {
    customer_id: String,
    bank_code: String,
    #[serde(default)]
    ifsc: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    vpa: Option<String>,
}

/// Makes the router of the service.
pub fn router(worker: Worker) -> Router {
    Router::new().route("/validations/{reference}", put(create).get(read)).with_state(worker)
}

async fn create(
    State(worker): State<Worker>,
    Path(reference): Path<String>,
    Json(payee): Json<Payee>,
) -> (StatusCode, Json<Value>) {
    let mut builder = AccountsRequest::builder(payee.customer_id, payee.bank_code);
    match (payee.ifsc, payee.account) {
        (Some(ifsc), Some(account)) => builder = builder.bank_account(ifsc, account),
        (None, None) => {}
        // An incomplete bank account is a mistake, even if there is a UPI address.
        _ => return problem(StatusCode::BAD_REQUEST, "a bank account needs both `ifsc` and `account`"),
    }
    if let Some(vpa) = payee.vpa {
        builder = builder.upi(vpa);
    }
    let request = match builder.build() {
        // Each row has one payee, because each payee has its own outcome.
        Ok(request) if request.payees().len() == 1 => request,
        Ok(_) => return problem(StatusCode::BAD_REQUEST, "send a bank account or a UPI address, not both"),
        // The message contains no values of the request.
        Err(problems) => return problem(StatusCode::BAD_REQUEST, &problems.to_string()),
    };
    let row = Row { request: Unmasked(request), outcome: Outcome::Queued };
    match worker.store().insert(&reference, row.clone()) {
        Ok(None) => {
            worker.spawn(reference);
            (StatusCode::ACCEPTED, Json(shown(&row)))
        }
        // The caller asked again, perhaps because the response was lost. Nothing is sent again.
        Ok(Some(own)) if own.request.0 == row.request.0 => (StatusCode::OK, Json(shown(&own))),
        Ok(Some(_)) => problem(StatusCode::CONFLICT, "another request has this reference"),
        Err(_) => problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "the table cannot be written, so nothing was sent; try again later",
        ),
    }
}

async fn read(State(worker): State<Worker>, Path(reference): Path<String>) -> (StatusCode, Json<Value>) {
    match worker.store().get(&reference) {
        Some(row) => (StatusCode::OK, Json(shown(&row))),
        None => problem(StatusCode::NOT_FOUND, "no validation has this reference"),
    }
}

/// Converts a row to masked JSON.
fn shown(row: &Row) -> Value {
    let payee = row.request.0.payees().first().map(ToString::to_string);
    let mut state = json!(row.outcome);
    mask_json(&mut state);
    json!({ "payee": payee, "state": state })
}

fn problem(status: StatusCode, reason: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({ "error": reason })))
}

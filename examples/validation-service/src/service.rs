use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
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
    Router::new().route("/validations", post(create)).route("/validations/{number}", get(read)).with_state(worker)
}

async fn create(State(worker): State<Worker>, Json(payee): Json<Payee>) -> (StatusCode, Json<Value>) {
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
        Ok(request) if request.payees().count() == 1 => request,
        Ok(_) => return problem(StatusCode::BAD_REQUEST, "send a bank account or a UPI address, not both"),
        // The message contains no values of the request.
        Err(problems) => return problem(StatusCode::BAD_REQUEST, &problems.to_string()),
    };
    match worker.store().insert(Row { request: Unmasked(request), outcome: Outcome::Queued }) {
        Ok(number) => {
            worker.spawn(number);
            (StatusCode::ACCEPTED, Json(json!({ "number": number })))
        }
        Err(_) => problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "the table cannot be written, so nothing was sent; try again later",
        ),
    }
}

async fn read(State(worker): State<Worker>, Path(number): Path<u64>) -> (StatusCode, Json<Value>) {
    let Some(row) = worker.store().get(number) else {
        return problem(StatusCode::NOT_FOUND, "no validation has this number");
    };
    let payee = row.request.0.payees().next().map(|payee| payee.to_string());
    let mut state = json!(row.outcome);
    mask_json(&mut state);
    (StatusCode::OK, Json(json!({ "payee": payee, "state": state })))
}

fn problem(status: StatusCode, reason: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({ "error": reason })))
}

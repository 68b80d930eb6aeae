//! Makes responses in the documented formats.

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use juspay_accounts::{CustomerAccount, CustomerAccountDetails, CustomerAccountType, Payee};
use juspay_accounts_validation::BankAccount;
use serde::Serialize;
use serde_json::json;

use crate::account::Held;
use crate::refusal::Refusal;

/// The header with the vendor's id of a call.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Converts an account to the type that responses contain.
pub(crate) fn account(held: &Held) -> CustomerAccount {
    let mut details = CustomerAccountDetails::default();
    details.name = held.holder().map(|name| name.as_str().into());
    let kind = match &held.payee.0 {
        Payee::BankAccount(BankAccount { ifsc, account, .. }) => {
            details.account = Some(account.as_str().into());
            details.ifsc = Some(ifsc.as_str().to_owned());
            CustomerAccountType::Savings
        }
        Payee::Upi(vpa) => {
            details.vpa = Some(vpa.as_str().into());
            CustomerAccountType::Upi
        }
    };
    let mut account = CustomerAccount::default();
    account.object = Some("customer_account".to_owned());
    account.customer_account_id = Some(held.id.clone());
    account.customer_id = Some(held.customer_id.as_str().to_owned());
    account.date_created = Some(date(held.created));
    account.account_details = Some(details);
    // A JSON number, as in the vendor's samples.
    account.validation_amount = serde_json::from_str(&held.amount.to_string()).ok();
    account.currency = Some("INR".to_owned());
    account.validation_status = Some(held.status.clone());
    account.last_validated = Some(date(held.validated));
    account.customer_account_type = Some(kind);
    account
}

/// Formats a date with nine fractional digits, as in most samples.
fn date(time: jiff::Timestamp) -> String {
    format!("{time:.9}")
}

/// Makes the response to a request that was refused or failed. If the refusal has no code of the vendor, the code is
/// the name of the status.
pub(crate) fn refused(refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let Refusal { status, code, message, problems } = refusal;
    let code = code.or(status.canonical_reason()).unwrap_or("Failure").to_ascii_uppercase().replace(' ', "_");
    let (error_code, category, user_message) = match *status {
        StatusCode::UNAUTHORIZED => ("access_denied".to_owned(), "USER_ERROR", "Unauthorized."),
        _ if status.is_server_error() => (code.to_ascii_lowercase(), "SERVER_ERROR", "Something went wrong."),
        _ => (code.to_ascii_lowercase(), "USER_ERROR", "The request was refused."),
    };
    let mut envelope = json!({
        "status": "error",
        "error_code": error_code,
        "error_info": {
            "code": code,
            "category": category,
            "user_message": user_message,
            "developer_message": message,
            "request_id": request_id,
            "href": "NA",
        },
    });
    if !problems.is_empty() {
        let fields = problems.iter().map(|problem| json!({ "field_name": problem.field, "reason": problem.reason }));
        envelope["error_info"]["fields"] = fields.collect();
    }
    let mut response = json(*status, &envelope);
    if *status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(r#"Basic realm="API key as user name", charset="UTF-8""#);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Makes a response with the status 429.
pub(crate) fn rate_limited(seconds: u32, request_id: &str) -> Response<Bytes> {
    let message = "Too many requests. Wait for the time in Retry-After.";
    let mut response = refused(&Refusal::new(StatusCode::TOO_MANY_REQUESTS, message), request_id);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Makes the response with the status 504 for a gateway timeout.
pub(crate) fn timed_out(request_id: &str) -> Response<Bytes> {
    let message = "The gateway timed out. The request may have been processed.";
    refused(&Refusal::new(StatusCode::GATEWAY_TIMEOUT, message), request_id)
}

/// Makes an HTML page like that of a gateway that cannot reach its server.
pub(crate) fn page(status: StatusCode) -> Response<Bytes> {
    let body = format!("<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1></body>\n</html>\n");
    with_type(status, "text/html", body.into_bytes())
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Bytes> {
    match serde_json::to_vec(value) {
        Ok(body) => with_type(status, "application/json", body),
        // Response types contain only text and numbers, which always serialize to JSON.
        Err(_) => unreachable!("a response always serializes to JSON"),
    }
}

pub(crate) fn with_type(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

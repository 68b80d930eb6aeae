//! Answers in the shape of the documented ones.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use juspay_accounts::generated::types::{
    CustomerAccount, ErrorEnvelope, ErrorField, ErrorInfo, ReturnedAccountDetails,
};
use juspay_accounts::{CustomerAccountType, returned};
use serde::Serialize;

use crate::read::Problem;
use crate::store::{Details, Held};

/// In which the vendor names a call.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An account, as an answer has it.
pub(crate) fn account(held: &Held) -> CustomerAccount {
    let (kind, details) = match &held.details {
        Details::Bank { ifsc, account, name } => {
            let details = ReturnedAccountDetails {
                account: Some(account.as_str().into()),
                ifsc: Some(ifsc.as_str().to_owned()),
                name: name.as_ref().map(|name| name.as_str().into()),
                ..ReturnedAccountDetails::default()
            };
            (CustomerAccountType::Savings, details)
        }
        Details::Upi { vpa } => {
            let details =
                ReturnedAccountDetails { vpa: Some(vpa.as_str().into()), ..ReturnedAccountDetails::default() };
            (CustomerAccountType::Upi, details)
        }
    };
    CustomerAccount {
        object: Some("customer_account".to_owned()),
        customer_account_id: Some(held.id.clone()),
        customer_id: Some(held.customer.as_str().to_owned()),
        date_created: Some(date(held.created)),
        account_details: Some(details),
        validation_amount: Some(returned::ReturnedAmount::from(held.amount)),
        currency: Some("INR".to_owned()),
        validation_status: Some(held.status.clone()),
        last_validated: Some(date(held.validated)),
        customer_account_type: Some(kind),
        ..CustomerAccount::default()
    }
}

/// With nine fractional digits, as most samples have it.
fn date(time: jiff::Timestamp) -> String {
    format!("{time:.9}")
}

/// The documented envelope of an unknown key.
pub(crate) fn unauthorized(request_id: &str) -> Response<Body> {
    let user = "Unauthorized.";
    let developer = "Invalid API Key. Please pass a valid and active api key.";
    envelope(StatusCode::UNAUTHORIZED, "access_denied", "UNAUTHORIZED", user, developer, &[], request_id)
}

/// A refusal, or a failure. The codes are ours: the vendor documents none for them.
pub(crate) fn failure(
    status: StatusCode,
    code: &str,
    developer_message: &str,
    problems: &[Problem],
    request_id: &str,
) -> Response<Body> {
    let user = if status.is_server_error() { "Something went wrong." } else { "The request was refused." };
    envelope(status, &code.to_ascii_lowercase(), code, user, developer_message, problems, request_id)
}

fn envelope(
    status: StatusCode,
    error_code: &str,
    code: &str,
    user_message: &str,
    developer_message: &str,
    problems: &[Problem],
    request_id: &str,
) -> Response<Body> {
    let fields = problems.iter().map(|problem| ErrorField {
        field_name: Some(problem.field.clone()),
        reason: Some(problem.reason.as_str().into()),
    });
    let info = ErrorInfo {
        code: Some(code.to_owned()),
        category: Some(if status.is_server_error() { "SERVER_ERROR" } else { "USER_ERROR" }.to_owned()),
        user_message: Some(user_message.into()),
        developer_message: Some(developer_message.into()),
        request_id: Some(request_id.to_owned()),
        href: Some("NA".to_owned()),
        fields: (!problems.is_empty()).then(|| fields.collect()),
    };
    let envelope = ErrorEnvelope {
        status: Some("error".to_owned()),
        error_code: Some(error_code.into()),
        error_info: Some(info),
        ..ErrorEnvelope::default()
    };
    json(status, &envelope)
}

/// Too many requests.
pub(crate) fn rate_limited(seconds: u32, request_id: &str) -> Response<Body> {
    let message = "Too many requests. Wait for as long as Retry-After says.";
    let mut answer = failure(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", message, &[], request_id);
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// What a gateway sends that has lost its server.
pub(crate) fn page(status: StatusCode) -> Response<Body> {
    let body = format!("<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1></body>\n</html>\n");
    with_type(status, "text/html", body.into_bytes())
}

/// A body of JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(body) => with_type(status, "application/json", body),
        // The types of the answers hold texts and numbers only, which JSON can always write.
        Err(_) => unreachable!("an answer that JSON cannot write"),
    }
}

fn with_type(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

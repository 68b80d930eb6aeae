//! Answers in the shape of the documented ones.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use juspay_accounts::generated::types::{
    CustomerAccount, ErrorEnvelope, ErrorField, ErrorInfo, ReturnedAccountDetails,
};
use juspay_accounts::{CustomerAccountType, Payee, returned};
use juspay_accounts_validation::BankAccount;
use serde::Serialize;

use crate::read::Problem;
use crate::store::Held;

/// In which the vendor names a call.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An account, as an answer has it.
pub(crate) fn account(held: &Held) -> CustomerAccount {
    let mut details = ReturnedAccountDetails::default();
    let kind = match &held.payee {
        Payee::BankAccount(BankAccount { ifsc, account, name }) => {
            details.account = Some(account.as_str().into());
            details.ifsc = Some(ifsc.as_str().to_owned());
            details.name = name.as_ref().map(|name| name.as_str().into());
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
    account.customer_id = Some(held.customer.as_str().to_owned());
    account.date_created = Some(date(held.created));
    account.account_details = Some(details);
    account.validation_amount = Some(returned::ReturnedAmount::from(held.amount));
    account.currency = Some("INR".to_owned());
    account.validation_status = Some(held.status.clone());
    account.last_validated = Some(date(held.validated));
    account.customer_account_type = Some(kind);
    account
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
    let fields = problems.iter().map(|problem| {
        let mut field = ErrorField::default();
        field.field_name = Some(problem.field.clone());
        field.reason = Some(problem.reason.as_str().into());
        field
    });
    let mut info = ErrorInfo::default();
    info.code = Some(code.to_owned());
    info.category = Some(if status.is_server_error() { "SERVER_ERROR" } else { "USER_ERROR" }.to_owned());
    info.user_message = Some(user_message.into());
    info.developer_message = Some(developer_message.into());
    info.request_id = Some(request_id.to_owned());
    info.href = Some("NA".to_owned());
    info.fields = (!problems.is_empty()).then(|| fields.collect());
    let mut envelope = ErrorEnvelope::default();
    envelope.status = Some("error".to_owned());
    envelope.error_code = Some(error_code.into());
    envelope.error_info = Some(info);
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

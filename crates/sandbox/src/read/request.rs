//! Checks the parameters of operations. Each function adds the problems that it finds to a list.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use juspay_accounts_validation::{
    AccountsRequest, Amount, ApiVersion, CustomerAccountId, CustomerId, Gateway, MerchantId, ParseError,
    RequestBuilder, RoutingId,
};

use super::details::accounts;
use super::form::single;
use super::headers::{form, header};
use crate::operation::Operation;
use crate::received::Form;
use crate::refusal::Problem;

/// A valid value that the builder gets in place of a missing bank code. It is never used, because that problem has been
/// reported and the request is refused.
const A_BANK_CODE: &str = "MISSING";

/// Reads the form of a request to create accounts, with or without a validation. Also returns the `command`.
pub(crate) fn request<'a>(
    customer_id: &str,
    routing_id: Result<Option<&str>, Problem>,
    form: &'a Form,
    problems: &mut Vec<Problem>,
) -> Option<(&'a str, AccountsRequest)> {
    let routing_id = required(routing_id, problems);
    let [bank_code, details, customer, gateway_id, reference, gateway, amount] = [
        "bank_code",
        "account_details",
        "customer_id",
        "gateway_id",
        "gateway_reference_id",
        "preferred_ifsc_validation_gateway",
        "validation_amount",
    ]
    .map(|name| single(form, name, problems));
    if bank_code.is_none() {
        problems.push(Problem::missing("bank_code"));
    }
    let command = command(form, &["validate", "create"], problems);
    check("customer_id", customer, CustomerId::check, problems);

    let options: [(Option<&str>, Set); 5] = [
        (routing_id, |builder, id| builder.routing_id(id)),
        (gateway_id, |builder, id| builder.gateway_id(id)),
        (reference, |builder, id| builder.gateway_reference_id(id)),
        (gateway, |builder, name| builder.preferred_gateway(name)),
        (amount, |builder, amount| builder.validation_amount(amount)),
    ];
    let mut builder = AccountsRequest::builder(customer_id, bank_code.unwrap_or(A_BANK_CODE));
    for (value, set) in options {
        if let Some(value) = value {
            builder = set(builder, value);
        }
    }
    let in_form = problems.len();
    match details {
        Some(details) => builder = accounts(builder, details, problems),
        None => problems.push(Problem::missing("account_details")),
    }
    let shape_is_wrong = problems.len() > in_form;
    match builder.build() {
        Ok(request) => Some((command?, request)),
        Err(error) => {
            let found = error.problems().iter();
            // If `account_details` could not be read, the problem that the request has no account is left out.
            let found = found.filter(|problem| !(shape_is_wrong && problem.path == "account_details"));
            problems.extend(found.map(|problem| Problem::new(&*problem.path, problem.what.to_string())));
            None
        }
    }
}

/// Returns the field `command`, and reports a problem if it is not one of `words`.
pub(crate) fn command<'a>(form: &'a Form, words: &[&str], problems: &mut Vec<Problem>) -> Option<&'a str> {
    let sent = single(form, "command", problems);
    let problem = match sent {
        Some(word) if words.contains(&word) => return sent,
        Some(_) => Problem::new("command", format!("expected {}", words.join(" or "))),
        None => Problem::missing("command"),
    };
    problems.push(problem);
    None
}

/// Whether a request asks to validate accounts, and not only to create, read or delete them.
pub(crate) fn validates(operation: Operation, request: &Parts) -> bool {
    let creates = |form: Form| form.iter().any(|(name, value)| name == "command" && value == "create");
    match operation {
        Operation::CreateAndValidate => !form(request).is_ok_and(creates),
        _ => operation == Operation::Validate,
    }
}

/// Checks the optional headers of all operations.
pub(crate) fn optional_headers(headers: &HeaderMap, problems: &mut Vec<Problem>) {
    for (name, is_valid) in [("x-merchantid", MerchantId::check as Check), ("version", ApiVersion::check)] {
        match header(headers, &HeaderName::from_static(name)) {
            Ok(value) => check(name, value, is_valid, problems),
            Err(problem) => problems.push(problem),
        }
    }
}

/// Checks the ids in the path and the routing id. Returns the customer's id, if it is valid.
pub(crate) fn customer(
    customer_id: &str,
    account_id: Option<&str>,
    routing_id: Result<Option<&str>, Problem>,
    problems: &mut Vec<Problem>,
) -> Option<CustomerId> {
    let routing_id = required(routing_id, problems);
    check("customer_id", Some(customer_id), CustomerId::check, problems);
    check("customer_account_id", account_id, CustomerAccountId::check, problems);
    check("x-routing-id", routing_id, RoutingId::check, problems);
    customer_id.parse().ok()
}

/// Checks the form of a request to validate an account again. Returns the amount, if the form has a valid one.
pub(crate) fn amount(form: &Form, problems: &mut Vec<Problem>) -> Option<Amount> {
    let [gateway, amount] =
        ["preferred_ifsc_validation_gateway", "validation_amount"].map(|name| single(form, name, problems));
    check("preferred_ifsc_validation_gateway", gateway, Gateway::check, problems);
    check("validation_amount", amount, |text| text.parse::<Amount>().map(|_| ()), problems);
    amount?.parse().ok()
}

type Set = fn(RequestBuilder, &str) -> RequestBuilder;
type Check = fn(&str) -> Result<(), ParseError>;

/// Checks a value if there is one.
fn check(field: &str, value: Option<&str>, is_valid: Check, problems: &mut Vec<Problem>) {
    if let Some(error) = value.and_then(|value| is_valid(value).err()) {
        problems.push(Problem::new(field, error.to_string()));
    }
}

/// Returns the value of the header `x-routing-id`, and reports a problem if it is missing.
fn required<'a>(routing_id: Result<Option<&'a str>, Problem>, problems: &mut Vec<Problem>) -> Option<&'a str> {
    let found = routing_id.and_then(|id| id.ok_or_else(|| Problem::missing("x-routing-id")));
    found.map_err(|problem| problems.push(problem)).ok()
}

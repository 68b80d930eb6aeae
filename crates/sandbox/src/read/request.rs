//! Checks requests: the operation and its parameters.

use juspay_accounts_validation::{
    AccountsRequest, Amount, ApiVersion, CustomerAccountId, CustomerId, Gateway, MerchantId, ParseError, RoutingId,
};

use super::details::accounts;
use super::form::{Form, single};
use super::problem::{Problem, missing};

/// A placeholder for a missing bank code, so that the missing value is reported only once. It is valid and never used.
const A_BANK_CODE: &str = "MISSING";

/// What a request should do with its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Validate,
    Create,
}

pub(crate) fn request(
    customer_id: &str,
    routing_id: Result<Option<&str>, Problem>,
    form: &Form,
) -> Result<(Command, AccountsRequest), Vec<Problem>> {
    let mut problems = Vec::new();
    let routing_id = sent(routing_id, &mut problems);
    let [bank_code, command, details, customer, gateway_id, reference, gateway, amount] = [
        "bank_code",
        "command",
        "account_details",
        "customer_id",
        "gateway_id",
        "gateway_reference_id",
        "preferred_ifsc_validation_gateway",
        "validation_amount",
    ]
    .map(|name| single(form, name, &mut problems));
    if bank_code.is_none() {
        problems.push(missing("bank_code"));
    }
    let command =
        self::command(command, &[("validate", Command::Validate), ("create", Command::Create)], &mut problems);
    if let Some(error) = customer.and_then(|id| CustomerId::check(id).err()) {
        problems.push(Problem::new("customer_id", error.to_string()));
    }

    let mut builder = AccountsRequest::builder(customer_id, bank_code.unwrap_or(A_BANK_CODE));
    if let Some(id) = routing_id {
        builder = builder.routing_id(id);
    }
    if let Some(id) = gateway_id {
        builder = builder.gateway_id(id);
    }
    if let Some(id) = reference {
        builder = builder.gateway_reference_id(id);
    }
    if let Some(name) = gateway {
        builder = builder.preferred_gateway(name);
    }
    if let Some(amount) = amount {
        builder = builder.validation_amount(amount);
    }
    let in_form = problems.len();
    if let Some(details) = details {
        builder = accounts(builder, details, &mut problems);
    } else {
        problems.push(missing("account_details"));
    }
    let shape_is_wrong = problems.len() > in_form;
    match builder.build() {
        Ok(request) => match command {
            Some(command) if problems.is_empty() => Ok((command, request)),
            _ => Err(problems),
        },
        Err(error) => {
            let found = error.problems().iter();
            // If the accounts cannot be read, a second message that there are none adds nothing.
            let found = found.filter(|problem| !(shape_is_wrong && problem.path() == "account_details"));
            problems.extend(found.map(|problem| Problem::new(problem.path(), problem.error().to_string())));
            Err(problems)
        }
    }
}

/// The value of `command`, if it is one of the accepted values.
fn command<T: Copy>(sent: Option<&str>, accepted: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
    let found = accepted.iter().find(|(word, _)| sent == Some(word)).map(|(_, command)| *command);
    let words: Vec<_> = accepted.iter().map(|(word, _)| *word).collect();
    match (found, sent) {
        (None, Some(_)) => problems.push(Problem::new("command", format!("accepted: {}", words.join(", ")))),
        (None, None) => problems.push(missing("command")),
        (Some(_), _) => {}
    }
    found
}

/// Checks a form in which only `command` matters, and has to be `word`.
pub(crate) fn only_command(form: &Form, word: &str) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let sent = single(form, "command", &mut problems);
    command(sent, &[(word, ())], &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks the optional headers of a call. `header` returns the value of a header.
pub(crate) fn headers<'a>(header: impl Fn(&str) -> Result<Option<&'a str>, Problem>) -> Result<(), Vec<Problem>> {
    let check = |name: &str, check: fn(&str) -> Result<(), ParseError>| match header(name) {
        Ok(value) => value.and_then(|value| check(value).err()).map(|error| Problem::new(name, error.to_string())),
        Err(problem) => Some(problem),
    };
    let problems = [check("x-merchantid", MerchantId::check), check("version", ApiVersion::check)];
    let problems: Vec<_> = problems.into_iter().flatten().collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks the ids that a call refers to.
pub(crate) fn customer(
    customer_id: &str,
    account_id: Option<&str>,
    routing_id: Result<Option<&str>, Problem>,
) -> Result<CustomerId, Vec<Problem>> {
    let mut problems = Vec::new();
    let routing_id = sent(routing_id, &mut problems);
    let mut refused = |field: &str, error: ParseError| problems.push(Problem::new(field, error.to_string()));
    let customer = customer_id.parse().map_err(|error| refused("customer_id", error)).ok();
    if let Some(error) = account_id.and_then(|id| CustomerAccountId::check(id).err()) {
        refused("customer_account_id", error);
    }
    if let Some(error) = routing_id.and_then(|id| RoutingId::check(id).err()) {
        refused("x-routing-id", error);
    }
    match customer {
        Some(customer) if problems.is_empty() => Ok(customer),
        _ => Err(problems),
    }
}

/// Checks the form of a repeated validation, and returns the amount.
pub(crate) fn amount(form: &Form) -> Result<Option<Amount>, Vec<Problem>> {
    let mut problems = Vec::new();
    let [gateway, amount] =
        ["preferred_ifsc_validation_gateway", "validation_amount"].map(|name| single(form, name, &mut problems));
    if let Some(error) = gateway.and_then(|name| Gateway::check(name).err()) {
        problems.push(Problem::new("preferred_ifsc_validation_gateway", error.to_string()));
    }
    let amount = amount.map(str::parse).transpose().unwrap_or_else(|error: ParseError| {
        problems.push(Problem::new("validation_amount", error.to_string()));
        None
    });
    if problems.is_empty() { Ok(amount) } else { Err(problems) }
}

/// The value of the header `x-routing-id`.
fn sent<'a>(routing_id: Result<Option<&'a str>, Problem>, problems: &mut Vec<Problem>) -> Option<&'a str> {
    match routing_id {
        Ok(Some(id)) => return Some(id),
        Ok(None) => problems.push(missing("x-routing-id")),
        Err(problem) => problems.push(problem),
    }
    None
}

//! Names the user's flags, not the fields of the request, in problems and advice.

use std::fmt::Display;

use juspay_accounts::{AccountsRequest, Payee};
use juspay_accounts_validation::{Advice, InvalidRequest, RequestAdvice};

use crate::failure::Problem;
use crate::text::explained;

/// Returns the problems of a request. `bank_accounts` are the values of `--bank-account`.
pub(super) fn problems(error: &InvalidRequest, bank_accounts: &[String]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for problem in error.problems() {
        let index = entry(&problem.path, "bank_account");
        let given = index.and_then(|index| bank_accounts.get(index)).filter(|given| !given.contains(':'));
        if let (Some(index), Some(_)) = (index, given) {
            // Without a colon, it is unclear which part is missing, so there is one problem for the whole value.
            let at = numbered(BANK_ACCOUNT, index);
            if problems.last().is_none_or(|last| last.at != at) {
                problems.push(Problem::new(at, "it has no colon; write IFSC:ACCOUNT or IFSC:ACCOUNT:NAME"));
            }
            continue;
        }
        let text = explained(&problem.what);
        // A flag has no columns.
        let text = if index.is_some() { text.replace(SWAPPED, "write IFSC:ACCOUNT") } else { text };
        problems.push(Problem::new(flag(&problem.path), &text));
    }
    problems
}

/// Returns a problem for each account that a request has twice: it would be validated, and a bank account paid, twice.
pub(super) fn repeated(request: &AccountsRequest) -> Vec<Problem> {
    let problem = |advice: &RequestAdvice| {
        let Advice::Repeated { first } = advice.what else { return None };
        let at = flag(&advice.path);
        let (name, _) = at.split_once('#')?;
        let problem =
            format!("it repeats {name}#{}, and would be validated twice; leave one of the two out", first + 1);
        Some(Problem::new(at, &problem))
    };
    request.advice().iter().filter_map(problem).collect()
}

/// Formats advice, with the flag that it is about.
pub(super) fn advice(advice: &RequestAdvice) -> impl Display {
    format!("{}: {}", flag(&advice.path), advice.what)
}

/// Returns the payees of a request in order, each with its flag.
pub(super) fn payees(request: &AccountsRequest) -> impl Iterator<Item = (Payee, String)> {
    let mut counts = [0, 0];
    request.payees().iter().map(move |payee| {
        let (count, flag) = match payee {
            Payee::BankAccount(_) => (&mut counts[0], BANK_ACCOUNT),
            Payee::Upi(_) => (&mut counts[1], UPI),
        };
        *count += 1;
        (payee.clone(), numbered(flag, *count - 1))
    })
}

const SWAPPED: &str = "perhaps two columns are swapped";
const BANK_ACCOUNT: &str = "--bank-account";
const UPI: &str = "--upi";

/// Names one of several equal flags; the index starts at 0.
fn numbered(flag: &str, index: usize) -> String {
    format!("{flag} #{}", index + 1)
}

fn flag(path: &str) -> String {
    let known = match path {
        "customer_id" => "--customer-id",
        "bank_code" => "--bank-code",
        "x-routing-id" => "--routing-id",
        "gateway_id" => "--gateway-id",
        "gateway_reference_id" => "--gateway-reference-id",
        "preferred_ifsc_validation_gateway" => "--preferred-gateway",
        "validation_amount" => "--amount",
        "account_details" => "--bank-account, --upi",
        _ => {
            return match (entry(path, "bank_account"), entry(path, "upi")) {
                (Some(index), _) => numbered(BANK_ACCOUNT, index) + part(path),
                (None, Some(index)) => numbered(UPI, index),
                (None, None) => path.to_owned(),
            };
        }
    };
    known.to_owned()
}

/// The part of a bank account that a path names, to follow the flag: `, IFSC`. Empty if the path names the whole
/// account.
fn part(path: &str) -> &'static str {
    match path.rsplit_once("].") {
        Some((_, "ifsc")) => ", IFSC",
        Some((_, "account")) => ", account number",
        Some((_, "name")) => ", name",
        _ => "",
    }
}

/// The index in a path such as `account_details.upi[1]`, if the path is in `list`.
fn entry(path: &str, list: &str) -> Option<usize> {
    let rest = path.strip_prefix("account_details.")?.strip_prefix(list)?.strip_prefix('[')?;
    rest.split_once(']')?.0.parse().ok()
}

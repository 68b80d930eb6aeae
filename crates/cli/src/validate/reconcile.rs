//! `--reconcile`: the answer was lost, and the customer's list says what became of the accounts.

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, Client, CustomerAccount, Error, ReconcileOutcome, ReconcilePolicy};

use super::flags;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// What became of the accounts of a request.
pub(super) struct Found {
    /// Those that were created, in the order of the request.
    pub(super) accounts: Vec<CustomerAccount>,
    /// Why of some it cannot be said, if there are such.
    pub(super) doubt: Option<Failure>,
}

/// Looks for the accounts of a request that was sent at this time and failed so.
///
/// # Errors
/// Nothing is found: nothing was paid, or nothing can be said.
pub(super) async fn run(
    client: &Client,
    request: &AccountsRequest,
    sent: SystemTime,
    settle: Option<Duration>,
    error: &Error,
    unmasked: bool,
    console: Console,
) -> Result<Found, Failure> {
    let settle = settle.unwrap_or(ReconcilePolicy::SETTLE);
    console.warn(format_args!(
        "{error}; looking for the accounts, and again after {} for what is not there",
        humantime::format_duration(settle)
    ));
    let policy = ReconcilePolicy::default().settle(settle);
    let found = client.reconcile(request, sent, policy).await.map_err(|reason| {
        console.warn(format_args!("the customer's accounts cannot be read: {reason}"));
        Failure::call(error, unmasked)
    })?;
    let (mut accounts, mut problems, mut absent) = (Vec::new(), Vec::new(), 0);
    for ((_, at), found) in flags::payees(request).zip(found) {
        match found.outcome {
            ReconcileOutcome::Created(account) => accounts.push(*account),
            ReconcileOutcome::Absent => absent += 1,
            ReconcileOutcome::Ambiguous(why, _) => problems.push(Problem::new(at, &why)),
        }
    }
    if accounts.is_empty() && problems.is_empty() {
        let message = "the request was not acted on: the customer has none of its accounts";
        return Err(Failure::new(Exit::NotSent, message).next("nothing was paid; the same command can be run again"));
    }
    let doubt = (!problems.is_empty()).then(|| {
        Failure::new(Exit::Unknown, "it is not known what became of some accounts; they may have been paid for")
            .problems(problems)
            .next("do not send them again before you know; ask the vendor")
    });
    match doubt {
        Some(doubt) if accounts.is_empty() => Err(doubt),
        doubt => {
            if absent > 0 {
                console.note("some accounts are not among the customer's; nothing was paid for them");
            }
            Ok(Found { accounts, doubt })
        }
    }
}

//! `--reconcile`: the answer was lost, and the customer's list says what became of the accounts.

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, Client, CustomerAccount, ReconcileOutcome, ReconcilePolicy};

use super::flags;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// What became of the accounts of a request.
pub(super) struct Found {
    /// Those that are known, and those that were created, in the order of the request.
    pub(super) accounts: Vec<CustomerAccount>,
    /// Why of some it cannot be said, if there are such.
    pub(super) doubt: Option<Failure>,
}

/// Why accounts are looked for.
pub(super) struct Lost {
    pub(super) why: String,
    /// What is told if they cannot be looked for.
    pub(super) failure: Failure,
}

/// Looks for the accounts of a request that was sent at this time, but for those that are known.
///
/// # Errors
/// Nothing is known, and nothing is found: nothing was paid, or nothing can be said.
pub(super) async fn run(
    client: &Client,
    request: &AccountsRequest,
    sent: SystemTime,
    settle: Option<Duration>,
    known: Vec<CustomerAccount>,
    lost: Lost,
    console: Console,
) -> Result<Found, Failure> {
    let settle = settle.unwrap_or(ReconcilePolicy::SETTLE);
    console.warn(format_args!(
        "{}; looking for the accounts, and again after {} for what is not there",
        lost.why,
        humantime::format_duration(settle)
    ));
    let policy = ReconcilePolicy::default().settle(settle);
    let found = client.reconcile(request, sent, policy).await.map_err(|reason| {
        console.warn(format_args!("the customer's accounts cannot be read: {reason}"));
        lost.failure
    })?;
    let (mut accounts, mut problems, mut absent) = (known, Vec::new(), 0);
    for ((payee, at), found) in flags::payees(request).zip(found) {
        if accounts.iter().any(|account| payee.is(account)) {
            continue;
        }
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
    let doubt = (!problems.is_empty()).then(|| Failure::in_doubt(problems, None));
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

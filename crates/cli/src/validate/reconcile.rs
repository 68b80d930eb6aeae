//! `--reconcile`: the answer was lost or lacks accounts, and the customer's list says what became of them.

use std::time::{Duration, SystemTime};

use juspay_accounts::{
    AccountsRequest, Client, CustomerAccount, ReconcileOutcome, ReconcilePolicy, ReconcileState, Reconciled,
};

use super::flags;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// What became of the accounts of a request.
pub(super) struct Found {
    /// Those that are known, and those that were created.
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

/// Looks for the accounts of a request that was sent at this time. `None` if they cannot be read, which is told.
pub(super) async fn look(
    client: &Client,
    request: &AccountsRequest,
    sent: SystemTime,
    settle: Option<Duration>,
    why: &str,
    console: Console,
) -> Option<Vec<Reconciled>> {
    let settle = settle.unwrap_or(ReconcilePolicy::SETTLE);
    console.warn(format_args!(
        "{why}; looking for the accounts, and again after {} for what is not there",
        humantime::format_duration(settle)
    ));
    let policy = ReconcilePolicy::default().settle(settle);
    let found = client.reconcile(request, ReconcileState::new(sent, policy)).await;
    found.map_err(|reason| console.warn(format_args!("the customer's accounts cannot be read: {reason}"))).ok()
}

/// What is known of a request by its answer, if there was one, and by what was found.
///
/// # Errors
/// Nothing is known: nothing was paid, or nothing can be said.
pub(super) fn judge(
    request: &AccountsRequest,
    known: Vec<CustomerAccount>,
    found: Vec<Reconciled>,
    request_id: Option<&str>,
    console: Console,
) -> Result<Found, Failure> {
    let mut unclaimed = known.clone();
    let (mut accounts, mut problems, mut absent) = (known, Vec::new(), Vec::new());
    for ((payee, at), found) in flags::payees(request).zip(found) {
        if let Some(own) = unclaimed.iter().position(|account| account.is_for(&payee)) {
            unclaimed.remove(own);
            continue;
        }
        match found.outcome {
            ReconcileOutcome::Created(account) => {
                // The answer can have it without saying which it is.
                let is_it = |other: &CustomerAccount| {
                    other.customer_account_id.is_some() && other.customer_account_id == account.customer_account_id
                };
                if let Some(own) = unclaimed.iter().position(is_it) {
                    unclaimed.remove(own);
                    accounts.retain(|other| !is_it(other));
                }
                accounts.push(*account);
            }
            ReconcileOutcome::Absent => absent.push(at),
            ReconcileOutcome::Ambiguous { reason, .. } => problems.push(Problem::new(at, reason.explanation())),
        }
    }
    if !absent.is_empty() && unclaimed.is_empty() {
        if accounts.is_empty() && problems.is_empty() {
            let message = "the request was not acted on: the customer has none of its accounts";
            return Err(
                Failure::new(Exit::NotSent, message).next("nothing was paid; the same command can be run again")
            );
        }
        console.note("some accounts are not among the customer's; nothing was paid for them");
    } else {
        let may_be = "it is not listed, and the answer has an account that may be it";
        problems.extend(absent.into_iter().map(|at| Problem::new(at, may_be)));
    }
    let doubt = (!problems.is_empty()).then(|| Failure::in_doubt(problems, request_id));
    match doubt {
        Some(doubt) if accounts.is_empty() => Err(doubt),
        doubt => Ok(Found { accounts, doubt }),
    }
}

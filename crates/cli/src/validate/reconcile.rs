//! `--reconcile`: the answer was lost or lacks accounts, and the customer's list says what became of them.

use std::time::{Duration, SystemTime};

use juspay_accounts::{
    AccountsRequest, Client, CustomerAccount, MatchKind, ReconcileOutcome, ReconcilePolicy, ReconcileState, Reconciled,
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
    let matched = juspay_accounts::matched(request, &known);
    let is_claimed =
        |account: &CustomerAccount| matched.iter().any(|own| own.account.is_some_and(|own| std::ptr::eq(own, account)));
    let unclaimed: Vec<_> =
        known.iter().filter(|account| !is_claimed(account)).filter_map(CustomerAccount::id).collect();
    let kinds: Vec<_> = matched.into_iter().map(|matched| matched.kind).collect();
    let (mut accounts, mut problems, mut absent) = (known, Vec::new(), 0);
    for (((_, at), kind), found) in flags::payees(request).zip(kinds).zip(found) {
        if matches!(kind, MatchKind::Exact | MatchKind::Partial) {
            continue;
        }
        match found.outcome {
            ReconcileOutcome::Created(account) => {
                // The response can have it without saying which it is.
                let is_it = account.id().filter(|id| unclaimed.contains(id));
                accounts.retain(|other| is_it.is_none() || other.id() != is_it);
                accounts.push(*account);
            }
            ReconcileOutcome::Absent if kind == MatchKind::Unidentified => {
                problems.push(Problem::new(at, "it is not listed, and the response has an account that may be it"));
            }
            ReconcileOutcome::Absent => absent += 1,
            ReconcileOutcome::Ambiguous { reason, .. } => problems.push(Problem::new(at, reason.explanation())),
        }
    }
    if absent > 0 {
        if accounts.is_empty() && problems.is_empty() {
            let message = "the request was not processed: the customer has none of its accounts";
            return Err(
                Failure::new(Exit::NotSent, message).next("nothing was paid; the same command can be run again")
            );
        }
        console.note("some accounts are not among the customer's; nothing was paid for them");
    }
    let doubt = (!problems.is_empty()).then(|| Failure::in_doubt(problems, request_id));
    match doubt {
        Some(doubt) if accounts.is_empty() => Err(doubt),
        doubt => Ok(Found { accounts, doubt }),
    }
}

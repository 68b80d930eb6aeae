//! `--reconcile`: the response was lost or lacks accounts, so the program looks the accounts up in the customer's list.

use std::time::{Duration, SystemTime};

use juspay_accounts::{
    AccountsRequest, Client, CustomerAccount, MatchKind, ReconcileOutcome, ReconcilePolicy, ReconcileState, Reconciled,
};

use super::flags;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// The outcome of the accounts of a request.
pub(super) struct Found {
    /// Accounts from the response, and accounts that were found in the list.
    pub(super) accounts: Vec<CustomerAccount>,
    /// The failure to report if the outcome of some accounts is still unknown.
    pub(super) unknown: Option<Failure>,
}

/// A response that was lost, or that lacks accounts.
pub(super) struct Lost {
    pub(super) why: String,
    /// The failure to report if the accounts cannot be read.
    pub(super) failure: Failure,
}

/// Searches the customer's list for the accounts of a request that was sent at `sent`. `why` starts the warning about
/// the search. If the list cannot be read, prints another warning and returns `None`.
pub(super) async fn search(
    client: &Client,
    request: &AccountsRequest,
    sent: SystemTime,
    settle: Option<Duration>,
    why: &str,
    console: Console,
) -> Option<Vec<Reconciled>> {
    let settle = settle.unwrap_or(ReconcilePolicy::SETTLE);
    console.warn(format_args!(
        "{why}; searching the customer's list for the accounts, and again after {} for those that are missing",
        humantime::format_duration(settle)
    ));
    let policy = ReconcilePolicy::default().settle(settle);
    let found = client.reconcile(request, ReconcileState::new(sent, policy)).await;
    found.map_err(|reason| console.warn(format_args!("the customer's accounts cannot be read: {reason}"))).ok()
}

/// Combines the response, if there was one, with the accounts that were found.
///
/// # Errors
/// No account was found: the request was not processed, or its outcome is unknown.
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
                // The response may have the same account without its number. The account from the list replaces it.
                let is_it = account.id().filter(|id| unclaimed.contains(id));
                accounts.retain(|other| is_it.is_none() || other.id() != is_it);
                accounts.push(*account);
            }
            ReconcileOutcome::Absent if kind == MatchKind::Unidentified => {
                problems.push(Problem::new(
                    at,
                    "the account is not listed, but the response has an account that may be this one",
                ));
            }
            ReconcileOutcome::Absent => absent += 1,
            ReconcileOutcome::Ambiguous { reason, .. } => problems.push(Problem::new(at, reason.explanation())),
        }
    }
    if absent > 0 {
        if accounts.is_empty() && problems.is_empty() {
            let message = "the request was not processed: the customer has none of its accounts";
            return Err(Failure::new(Exit::NotSent, message).next("nothing was paid; run the same command again"));
        }
        console.note("some accounts are not in the customer's list; nothing was paid for them");
    }
    let unknown = (!problems.is_empty()).then(|| Failure::outcome_unknown(problems, request_id));
    match unknown {
        Some(unknown) if accounts.is_empty() => Err(unknown),
        unknown => Ok(Found { accounts, unknown }),
    }
}

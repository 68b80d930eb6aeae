//! Finds out whether a call with an unknown outcome was processed.
//!
//! The only evidence is the list of the customer's accounts, and it needs care: an entry may be older than the call, a
//! missing one may still appear, and the list may be incomplete. Only what is certain is reported as created or absent,
//! because after *absent* somebody will pay again.

use std::time::{Duration, SystemTime};

use juspay_accounts_validation::{AccountsRequest, Payee};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::customer::Customer;
use crate::error::Error;
use crate::error::kind::ErrorKind;
use crate::generated::types::CustomerAccount;
use crate::matching::{MatchKind, fit};
use crate::response::Accounts;
use crate::step::{Clock, Step, later};
use crate::words::{policy, words};

policy! {
    /// How strictly [`Client::reconcile`] interprets the list of accounts.
    pub struct ReconcilePolicy {
        /// The wait between two lists: an account is absent only if both lack it. [`SETTLE`](Self::SETTLE) by default.
        /// With zero, one list is enough: use that for requests that ended long ago.
        settle: Duration = Self::SETTLE;
        /// The largest allowed difference between the clocks of the server and of this machine. 30 seconds by default.
        clock_tolerance: Duration = Duration::from_secs(30);
        /// The smallest possible size of a page, in case the server returns lists in pages. 10 by default. A bare array
        /// with fewer accounts is the whole list. One with this many or more may be a page of the list, and does not
        /// prove that an account is absent.
        smallest_page: usize = Accounts::SMALLEST_PAGE;
    }

    /// The default of [`settle`](Self::settle), 3 minutes: a server may go on processing a request for that long after
    /// the client has given up.
    pub const SETTLE: Duration = Duration::from_mins(3);
}

/// The state of a reconciliation: what a service stores next to the request.
///
/// It is made from the error of the call, or from the time when the request was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReconcileState {
    sent_at: SystemTime,
    policy: ReconcilePolicy,
    /// When a list first lacked an account.
    missing_since: Option<SystemTime>,
    /// The payees that this list lacked, by their positions in the request.
    missing: Vec<usize>,
}

impl ReconcileState {
    /// Creates the state before the first step. If the time is too early, accounts of earlier requests count; if it is
    /// too late, the outcome is *ambiguous*.
    pub fn new(sent_at: SystemTime, policy: ReconcilePolicy) -> Self {
        Self { sent_at, policy, missing_since: None, missing: Vec::new() }
    }
}

/// Uses the default policy and the time of the [first attempt](Error::sent_at), or now if nothing was sent.
impl From<&Error> for ReconcileState {
    fn from(error: &Error) -> Self {
        Self::new(error.sent_at().unwrap_or_else(SystemTime::now), ReconcilePolicy::default())
    }
}

/// A payee of a request, and its outcome.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reconciled {
    /// The payee.
    pub payee: Payee,
    /// Whether an account was created or validated for this payee.
    pub outcome: ReconcileOutcome,
}

/// Whether a payee of a request has an account from that request, as far as the list of accounts shows.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "a caller has to be able to match all of them")]
pub enum ReconcileOutcome {
    /// The payee's account was created or validated since the request was sent, or since the time that
    /// [`Client::validate_unless`] was given. Its status is the result.
    Created(Box<CustomerAccount>),
    /// The complete list does not have the payee's account, even after the settling time: the request was not
    /// processed.
    Absent,
    /// Neither `Created` nor `Absent` is certain.
    #[non_exhaustive]
    Ambiguous {
        /// Why the outcome is not certain.
        reason: Ambiguity,
        /// The accounts that may be the payee's. Check them before you send the request again.
        accounts: Vec<CustomerAccount>,
    },
}

words! {
    /// Why the outcome of a payee is not certain.
    #[non_exhaustive]
    pub enum Ambiguity {
        /// Several of the customer's accounts match the payee and have a date after the request.
        Several = "several",
        /// The account is older than the request, but perhaps a validation does not change its date.
        Older = "older",
        /// The account has no date that can be read.
        Undated = "undated",
        /// No account of the payee from this request is listed, and the list may be incomplete.
        Incomplete = "incomplete",
        /// The list has an account that may be the payee's: its number or address is missing, masked, rounded, replaced
        /// or without its zeros, or its branch differs.
        Unidentified = "unidentified",
    }

    /// Explains the reason in a clause: `the customer has more than one such account`.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Several => "the customer has more than one such account",
            Self::Older => "the customer already had this account, and perhaps a later validation does not change its date",
            Self::Undated => "the customer has such an account, but its date is missing or cannot be read",
            Self::Incomplete => "no account of this validation is listed, and the list may not be complete",
            Self::Unidentified => "the account is not listed as it was sent, but a listed account may be the same one",
        }
    }
}

/// The result of [`Client::validate_unless`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ValidatedUnless {
    /// The payees that were not sent, because their accounts have been created or validated since the given time or are
    /// pending, or because the list does not show whether they have been validated.
    pub unsent: Vec<Reconciled>,
    /// The request with the other payees, and the result of [`Client::validate`]; `None` if nothing had to be sent.
    /// After an unknown outcome, reconcile *this* request: the other payees were not in it.
    pub sent: Option<(AccountsRequest, Result<Accounts, Error>)>,
}

impl Client {
    /// Determines the outcome of each payee of a request with an unknown outcome.
    ///
    /// It moves no money. It takes one call, or two calls and the [settling time](ReconcilePolicy::settle) between them
    /// if a complete list lacks an account.
    ///
    /// # Errors
    /// The list cannot be read.
    pub async fn reconcile(
        &self,
        request: &AccountsRequest,
        state: impl Into<ReconcileState>,
    ) -> Result<Vec<Reconciled>, Error> {
        let (clock, mut state) = (Clock::start(), state.into());
        let mut now = clock.now();
        loop {
            match self.reconcile_step(request, &mut state, now).await? {
                Step::Settled(found) => return Ok(found),
                Step::CheckAgainAt(moment) => now = self.sleep_until(moment, &clock).await,
            }
        }
    }

    /// Makes one step of [`reconcile`](Self::reconcile), for a service that may restart between steps: reads the list
    /// once, unless it is too early. Store the state and the request after each step.
    ///
    /// # Errors
    /// The list cannot be read. The state is unchanged.
    pub async fn reconcile_once(
        &self,
        request: &AccountsRequest,
        state: &mut ReconcileState,
    ) -> Result<Step<Vec<Reconciled>>, Error> {
        self.reconcile_step(request, state, SystemTime::now()).await
    }

    async fn reconcile_step(
        &self,
        request: &AccountsRequest,
        state: &mut ReconcileState,
        now: SystemTime,
    ) -> Result<Step<Vec<Reconciled>>, Error> {
        let again_at = state.missing_since.map(|since| later(since, state.policy.settle));
        if let Some(moment) = again_at.filter(|moment| now < *moment) {
            return Ok(Step::CheckAgainAt(moment));
        }
        let list = self.list(&Customer::from(request)).await?;
        let mut found = reconciled(request, &list, state.sent_at, state.policy);
        let mut absent: Vec<_> =
            (0..).zip(&mut found).filter(|(_, found)| found.outcome == ReconcileOutcome::Absent).collect();
        if again_at.is_none() && !absent.is_empty() && !state.policy.settle.is_zero() {
            state.missing_since = Some(now);
            state.missing = absent.into_iter().map(|(at, _)| at).collect();
            return Ok(Step::CheckAgainAt(later(now, state.policy.settle)));
        }
        // Only the second list lacks these accounts, so that list may be incomplete.
        absent.retain(|(at, _)| again_at.is_some() && !state.missing.contains(at));
        for (_, found) in absent {
            found.outcome = ReconcileOutcome::Ambiguous { reason: Ambiguity::Incomplete, accounts: Vec::new() };
        }
        Ok(Step::Settled(found))
    }

    /// Validates those payees of a request that have not been validated after the time `since`: the idempotency that
    /// the API lacks.
    ///
    /// It reads the customer's list first. It sends a payee only if its account is not in the list, or has a date
    /// before `since` and is not [pending](CustomerAccount::is_pending). If the account may be listed, or the list may
    /// be incomplete, the payee is not sent. An account from [`create`](Self::create) counts as pending, because its
    /// status does not show whether a validation was requested: use [`validate`](Self::validate) for it, or
    /// [`revalidate`](Self::revalidate). This is not a lock: two calls at the same time can both miss a payee and both
    /// pay for it, and so can a call soon after one that is still being processed.
    ///
    /// If the response to the list is *not found* with an error code of the vendor, the customer is assumed
    /// to have no accounts.
    ///
    /// # Errors
    /// The list cannot be read, and nothing was sent.
    pub async fn validate_unless(
        &self,
        request: &AccountsRequest,
        since: SystemTime,
    ) -> Result<ValidatedUnless, Error> {
        let found = match self.list(&Customer::from(request)).await {
            Ok(list) => reconciled(request, &list, since, ReconcilePolicy::default()),
            // Without a code, the response may come from a proxy or from a wrong URL, and proves nothing.
            Err(error) if error.kind() == ErrorKind::NotFound && error.unmasked_code().is_some() => {
                let absent = |payee: &Payee| Reconciled { payee: payee.clone(), outcome: ReconcileOutcome::Absent };
                request.payees().iter().map(absent).collect()
            }
            Err(error) => return Err(error),
        };
        let is_due = |found: &Reconciled| match &found.outcome {
            ReconcileOutcome::Absent => true,
            ReconcileOutcome::Ambiguous { reason: Ambiguity::Older, accounts } => {
                !accounts.iter().any(CustomerAccount::is_pending)
            }
            _ => false,
        };
        let (due, unsent): (Vec<_>, Vec<_>) = found.into_iter().partition(is_due);
        let mut parts = request.clone().into_parts();
        parts.payees = due.into_iter().map(|found| found.payee).collect();
        // If no payee has to be sent, this fails, because a request needs one.
        let sent = match AccountsRequest::try_from(parts) {
            Ok(request) => {
                let result = self.validate(&request).await;
                Some((request, result))
            }
            Err(_) => None,
        };
        Ok(ValidatedUnless { unsent, sent })
    }
}

fn reconciled(
    request: &AccountsRequest,
    list: &Accounts,
    since: SystemTime,
    policy: ReconcilePolicy,
) -> Vec<Reconciled> {
    // If this time cannot be represented, every account counts as recent.
    let since = since.checked_sub(policy.clock_tolerance).unwrap_or(SystemTime::UNIX_EPOCH);
    let is_complete = list.is_complete_for(policy.smallest_page);
    let found = |payee: &Payee| Reconciled { outcome: outcome(payee, list, is_complete, since), payee: payee.clone() };
    request.payees().iter().map(found).collect()
}

fn outcome(payee: &Payee, accounts: &[CustomerAccount], is_complete: bool, since: SystemTime) -> ReconcileOutcome {
    let ambiguous = |reason, accounts: &[&CustomerAccount]| ReconcileOutcome::Ambiguous {
        reason,
        accounts: accounts.iter().copied().cloned().collect(),
    };
    // A `last_validated` that cannot be read can be any date, so `date_created` does not replace it.
    let touched = |account: &CustomerAccount| match account.last_validated.as_deref() {
        None | Some("") => account.created_at(),
        Some(_) => account.validated_at(),
    };
    let (own, similar): (Vec<_>, Vec<_>) = accounts
        .iter()
        .filter(|account| account.may_be_for(payee))
        .partition(|account| fit(payee, account) == MatchKind::Exact);
    let is_recent = |account: &CustomerAccount| touched(account).is_some_and(|at| at >= since);
    let recent: Vec<_> = own.iter().copied().filter(|account| is_recent(account)).collect();
    let may_be_recent = |account: &&CustomerAccount| touched(account).is_none_or(|at| at >= since);
    match (&own[..], &recent[..]) {
        ([], _) if !similar.is_empty() => ambiguous(Ambiguity::Unidentified, &similar),
        ([], _) if !is_complete => ambiguous(Ambiguity::Incomplete, &[]),
        ([], _) => ReconcileOutcome::Absent,
        (own, _) if own.iter().any(|account| touched(account).is_none()) => ambiguous(Ambiguity::Undated, own),
        (_, [account]) => ReconcileOutcome::Created(Box::new((*account).clone())),
        (own, []) if !is_complete => ambiguous(Ambiguity::Incomplete, own),
        (_, []) if similar.iter().any(may_be_recent) => ambiguous(Ambiguity::Unidentified, &similar),
        (own, []) => ambiguous(Ambiguity::Older, own),
        (_, recent) => ambiguous(Ambiguity::Several, recent),
    }
}

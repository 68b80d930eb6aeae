//! Runs one step (send, reconcile or follow) and records the outcome.
//!
//! One rule must always hold. **A payee with an unknown outcome is not sent again** unless the customer's list is
//! complete, does not have the account, and the call ended so long ago that no server is still processing it. Only
//! `--resend-unknown` overrides this rule. Once the client is stopped, nothing is sent.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use juspay_accounts::{
    Ambiguity, Client, CustomerAccount, Delivery, Error, ErrorKind, MatchKind, Matched, ReconcileOutcome,
    ReconcilePolicy, ReconcileState, ValidatedUnless, ValidationStatus,
};

use super::settle::Clock;
use super::steps::{Call, Entry, Pending, Step, UnknownPayee};
use crate::log::{Attempt, Closed, End, Log, Outcome, Record, Salt, millis};
use crate::show;

/// A payee that is not sent within this time after it was logged is logged again, because the program may have been
/// suspended.
const STALE: Duration = Duration::from_secs(10);

const LOGGED_AGAIN: usize = 5;

/// The result of a step.
#[derive(Debug)]
pub(crate) struct Completion {
    /// The previous and the new outcome of each payee of the call.
    pub(crate) outcomes: Vec<(Option<Outcome>, Outcome)>,
    /// If the account of a pending payee could not be read, the reason.
    pub(crate) unread: Option<String>,
    /// Whether the step only read accounts, and sent no payees.
    pub(crate) reads: bool,
    pub(crate) health: Health,
}

/// Whether the result of a call suggests that later calls would fail too.
#[derive(Debug)]
pub(crate) enum Health {
    /// Later calls can succeed, because the server responded about the payees of this call.
    Good,
    /// Nothing is known about later calls: the failure is about this payee alone, or there was no call.
    Neutral,
    /// Later calls may fail too, for the same reason: the error had this kind and this message.
    Failed(ErrorKind, String),
}

impl Health {
    fn failed(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Stopped => Self::Neutral,
            kind => Self::Failed(kind, error.to_string()),
        }
    }

    /// The health after a failed read. An unknown customer may have no account yet, and a refusal is about one account.
    /// Neither is a sign that later calls fail.
    fn of_reading(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Duplicate => Self::Neutral,
            _ => Self::failed(error),
        }
    }
}

/// Runs steps. Clones share the log and the client.
#[derive(Clone)]
pub(crate) struct Executor {
    pub(crate) client: Client,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
    pub(crate) salt: Salt,
    /// A payee with an account that was validated after this time is left out.
    pub(crate) unless_validated_since: Option<SystemTime>,
}

impl Executor {
    /// Runs a step. `logged` is the time when its payees were logged; `None` if they were not.
    pub(crate) async fn run(&self, step: Step, logged: Option<SystemTime>) -> Result<Completion, Closed> {
        match step {
            Step::Send(call) => self.send(*call, logged).await,
            // The futures are boxed, because they are large and most steps do not need them.
            Step::Reconcile(unknown) => Box::pin(self.reconcile(*unknown)).await,
            Step::Follow(pending) => Box::pin(self.follow(*pending)).await,
        }
    }

    async fn send(&self, call: Call, logged: Option<SystemTime>) -> Result<Completion, Closed> {
        let mut logged = match logged {
            Some(at) => at,
            None => self.log.send(attempts(&call)).await?,
        };
        for _ in 0..LOGGED_AGAIN {
            // If the clock was set back, `logged` is in the future, and the age is unknown.
            if SystemTime::now().duration_since(logged).is_ok_and(|age| age < STALE) {
                return self.validate(&call).await;
            }
            logged = self.log.send(attempts(&call)).await?;
        }
        let record =
            Record { again: true, ..Record::because(Outcome::NotSent, "the disk took too long to store the log") };
        self.record_all(&call, Health::Neutral, |_| record.clone())
    }

    async fn validate(&self, call: &Call) -> Result<Completion, Closed> {
        let validated = match self.unless_validated_since {
            None => Ok((Vec::new(), Some((Cow::Borrowed(&call.request), self.client.validate(&call.request).await)))),
            // The future is boxed, because it is large and most runs do not need it.
            Some(since) => Box::pin(self.client.validate_unless(&call.request, since)).await.map(
                |ValidatedUnless { unsent, sent, .. }| {
                    (unsent, sent.map(|(request, result)| (Cow::Owned(request), result)))
                },
            ),
        };
        // An error of the list is that of all payees, and an error of the request that of the payees in it.
        let (unsent, sent) = match validated {
            Ok((unsent, Some((request, result)))) => (unsent, result.map(|accounts| Some((request, accounts)))),
            Ok((unsent, None)) => (unsent, Ok(None)),
            Err(error) => (Vec::new(), Err(error)),
        };
        let health = match &sent {
            Err(error) if !is_about_payees(error) => Health::failed(error),
            _ => Health::Good,
        };
        let matched = match &sent {
            Ok(Some((request, accounts))) => {
                self.clock.compare(accounts);
                accounts.matched(request)
            }
            _ => Vec::new(),
        };
        self.record_all(call, health, |entry| match unsent.iter().find(|unsent| unsent.payee == entry.payee) {
            Some(unsent) => self.of_unsent(entry, &unsent.outcome),
            None => match &sent {
                Err(error) => of_failure(error),
                Ok(sent) => {
                    let request_id = sent.as_ref().and_then(|(_, accounts)| accounts.request_id());
                    Record { request_id: request_id.map(str::to_owned), ..self.of_match(entry, &matched) }
                }
            },
        })
    }

    fn record_all(&self, call: &Call, health: Health, record: impl Fn(&Entry) -> Record) -> Result<Completion, Closed> {
        let mut outcomes = Vec::with_capacity(call.entries.len());
        for entry in &call.entries {
            let record = keep_unknown(entry, record(entry));
            outcomes.push((entry.before, record.outcome));
            self.record(entry, record)?;
        }
        Ok(Completion { outcomes, unread: None, reads: false, health })
    }

    fn record(&self, entry: &Entry, record: Record) -> Result<(), Closed> {
        let at = self.clock.agrees().then(|| millis(SystemTime::now()));
        self.end(entry, at, record)
    }

    fn end(&self, entry: &Entry, at: Option<u64>, record: Record) -> Result<(), Closed> {
        let recorded = Some(millis(SystemTime::now()));
        self.log.end(End { payee: entry.hash, attempt: entry.attempt, at, recorded, record })
    }

    /// Looks up the account of a payee in the customer's list. A payee that is proven absent is sent.
    async fn reconcile(&self, unknown: UnknownPayee) -> Result<Completion, Closed> {
        let UnknownPayee { again, entry, record, state: before } = unknown;
        let since = SystemTime::UNIX_EPOCH + Duration::from_secs(before.since.into());
        // The run has already waited long enough, so one read is sufficient.
        let state = ReconcileState::new(since, ReconcilePolicy::default().settle(Duration::ZERO));
        let (found, health) = match self.client.reconcile(&again.request, state).await {
            Ok(found) => {
                let found = match found.into_iter().next().map(|found| found.outcome) {
                    Some(ReconcileOutcome::Absent) => return self.send(again, None).await,
                    Some(ReconcileOutcome::Created(account)) => self.of_account(&entry, &account),
                    Some(ReconcileOutcome::Ambiguous { reason, .. }) => {
                        Record::because(Outcome::Unknown, reason.explanation())
                    }
                    // This never happens, because the request has one payee.
                    None => Record::interrupted(),
                };
                (Some(found), Health::Good)
            }
            Err(error) => {
                let reason = format!("the customer's accounts cannot be read: {error}");
                // The new reason must not replace the original reason for the unknown outcome.
                let is_news = record.is_none() && error.kind() != ErrorKind::Stopped;
                (is_news.then(|| Record::because(Outcome::Unknown, reason)), Health::of_reading(&error))
            }
        };
        let mut outcome = Outcome::Unknown;
        if let Some(found) = found {
            outcome = found.outcome;
            // The request id of the call is kept for the vendor. An outcome that stays unknown keeps the time of its
            // call.
            let found = Record { request_id: record.and_then(|record| record.request_id), ..found };
            let ended = (before.ended > 0).then_some(1000 * u64::from(before.ended));
            let at = ended.filter(|_| outcome == Outcome::Unknown);
            self.end(&entry, at, found)?;
        }
        Ok(Completion { outcomes: vec![(entry.before, outcome)], unread: None, reads: true, health })
    }

    /// Reads the account of a payee, and records its status. If the account cannot be read, its status is missing or
    /// still pending, or the response may be about another account, the payee stays pending.
    async fn follow(&self, pending: Pending) -> Result<Completion, Closed> {
        let Pending { customer, account_id, entry, record } = pending;
        let ended = |outcome, unread, health| {
            Ok(Completion { outcomes: vec![(entry.before, outcome)], unread, reads: true, health })
        };
        let account = match self.client.get(&customer, &account_id).await {
            Ok(account) => account,
            Err(error) => return ended(Outcome::Pending, Some(error.to_string()), Health::of_reading(&error)),
        };
        let found = self.of_account(&entry, &account);
        let is_customer = found.customer.is_none() || record.customer.is_none() || found.customer == record.customer;
        if account.id() != Some(account_id) || !account.may_be_for(&entry.payee) || !is_customer {
            let reason = "the response is about another account, or does not identify its account";
            return ended(Outcome::Pending, Some(reason.to_owned()), Health::Neutral);
        }
        let mut outcome = Outcome::Pending;
        if account.validation_status.is_some() && found.outcome != Outcome::Pending {
            outcome = found.outcome;
            self.record(&entry, Record { request_id: record.request_id, ..found })?;
        }
        ended(outcome, None, Health::Good)
    }

    /// Makes the record of a payee that was left out because its account was, or may have been, validated recently, or
    /// is still pending.
    fn of_unsent(&self, entry: &Entry, found: &ReconcileOutcome) -> Record {
        let (known, reason) = match found {
            ReconcileOutcome::Created(account) => {
                (self.of_account(entry, account), "the account was created or validated recently")
            }
            // An account that was validated before that time is sent again, unless its validation is pending.
            ReconcileOutcome::Ambiguous { reason: Ambiguity::Older, accounts, .. } => {
                let pending = accounts.iter().find(|account| account.is_pending());
                let known = pending.map_or(Record::new(Outcome::Skipped), |account| self.of_account(entry, account));
                (known, "an earlier validation of the account may not have ended")
            }
            ReconcileOutcome::Ambiguous { reason, .. } => (Record::new(Outcome::Skipped), reason.explanation()),
            ReconcileOutcome::Absent => (Record::new(Outcome::Skipped), "the account is not listed"),
        };
        Record { outcome: Outcome::Skipped, reason: Some(format!("{reason} (--unless-validated)")), ..known }
    }

    /// Makes the record of a payee from the accounts that were matched in a response.
    fn of_match(&self, entry: &Entry, matched: &[Matched<'_>]) -> Record {
        let own = matched.iter().find(|matched| matched.payee == entry.payee);
        match own.and_then(|own| own.account) {
            Some(account) => self.of_account(entry, account),
            None if own.is_some_and(|own| own.kind == MatchKind::Unidentified) => {
                let reason = "the response has an account that may be this one, but does not identify it; the payee may \
                              have been paid";
                Record::because(Outcome::Unknown, reason)
            }
            None => Record::because(
                Outcome::Unknown,
                "the response does not have this account; the payee may have been paid",
            ),
        }
    }

    /// Makes the record of a payee from its account.
    fn of_account(&self, entry: &Entry, account: &CustomerAccount) -> Record {
        let outcome = match &account.validation_status {
            Some(ValidationStatus::Active) => Outcome::Active,
            Some(ValidationStatus::Failure) => Outcome::Failed,
            Some(ValidationStatus::Pending | ValidationStatus::Created) => Outcome::Pending,
            _ => Outcome::Other,
        };
        let show = |text: &str| show::word(text, [&entry.payee]);
        Record {
            status: match &account.validation_status {
                Some(ValidationStatus::Other(status)) => show(status),
                status => status.as_ref().map(ToString::to_string),
            },
            account_id: account.customer_account_id.as_deref().and_then(show),
            customer: account.customer_id.as_deref().map(|id| self.salt.fingerprint(id)),
            name: entry.name.as_deref().and_then(|name| account.compare_name(name)).map(Into::into),
            ..Record::new(outcome)
        }
    }
}

/// The attempts of a call, one per payee. The log sets their time.
pub(crate) fn attempts(call: &Call) -> Vec<Attempt> {
    let attempt = |entry: &Entry| {
        let absent = entry.before == Some(Outcome::Unknown) && !entry.after_unknown;
        Attempt { payee: entry.hash, attempt: entry.attempt, at: 0, paise: entry.paise, absent }
    };
    call.entries.iter().map(attempt).collect()
}

/// Whether a failure is about the content of the call. A *not found* with a code means that the customer is unknown,
/// not the URL.
fn is_about_payees(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Rejected | ErrorKind::Duplicate => true,
        ErrorKind::NotFound => error.unmasked_code().is_some(),
        _ => false,
    }
}

/// Whether a resume sends the call again after this refusal: the refusal was about the caller, the rate, the URL or an
/// unknown customer, not about the payees.
fn may_be_sent_again(kind: ErrorKind) -> bool {
    use ErrorKind::{Forbidden, NotFound, RateLimited, Redirected, Unauthorized};
    matches!(kind, Unauthorized | Forbidden | NotFound | RateLimited | Redirected)
}

/// Keeps the outcome unknown if an earlier attempt may have been processed, and the last attempt was not processed or
/// is unknown too.
fn keep_unknown(entry: &Entry, record: Record) -> Record {
    let is_open = match record.outcome {
        Outcome::NotSent | Outcome::Refused | Outcome::Unknown => entry.after_unknown,
        // The payee was skipped because of an account in the customer's list. That may be the account of the earlier
        // attempt, even if an earlier list lacked it.
        Outcome::Skipped => entry.before == Some(Outcome::Unknown),
        Outcome::Active | Outcome::Failed | Outcome::Pending | Outcome::Other => false,
    };
    if !is_open {
        return record;
    }
    let last = record.reason.unwrap_or_default();
    let reason = Some(format!("an earlier attempt may have been processed; the last attempt: {last}"));
    Record { outcome: Outcome::Unknown, again: false, reason, ..record }
}

/// Makes the record of a payee in a failed call.
fn of_failure(error: &Error) -> Record {
    let outcome = match error.delivery() {
        // The read before sending failed, so nothing was sent.
        Delivery::Unknown if !error.may_have_moved_money() => Outcome::NotSent,
        Delivery::NotSent => Outcome::NotSent,
        Delivery::Refused => Outcome::Refused,
        Delivery::Unknown => Outcome::Unknown,
    };
    Record {
        request_id: error.request_id().map(str::to_owned),
        error: Some(error.kind().as_str().to_owned()),
        again: outcome == Outcome::NotSent || outcome == Outcome::Refused && may_be_sent_again(error.kind()),
        ..Record::because(outcome, error)
    }
}

#[cfg(test)]
mod tests;

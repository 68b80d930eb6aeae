//! Carries out one step: validates, reconciles or follows, and records the outcome.
//!
//! Two rules must stay true. **Nothing is sent after [`Stop::set`].** **A payee whose fate is in doubt is not sent again**, unless
//! the list is whole and does not have its account, and the call ended so long ago that no server is still processing it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

use juspay_accounts::{
    Accounts, Client, Customer, CustomerAccount, Delivery, Error, ErrorKind, Payee, ReconcileOutcome, ReconcilePolicy,
    ValidationStatus,
};

use super::steps::{Call, Doubtful, Entry, Pending, Step};
use crate::log::{Closed, End, Log, Outcome, PayeeHash, Record, millis};
use crate::show;

/// A payee is logged again if it was not sent within this time: the program may have stood still.
const STALE: Duration = Duration::from_secs(10);

/// How far the clocks of the server and of this machine may be apart.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Says that nothing more may be sent. It can be cloned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Whether the server's clock agrees with that of this machine, by the responses so far. It can be cloned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<AtomicU8>);

impl Clock {
    const AGREES: u8 = 1;
    const DIFFERS: u8 = 2;

    /// Compares the clocks.
    pub(crate) fn compare(&self, accounts: &Accounts) {
        let date = accounts.headers().get("date").and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let now = SystemTime::now();
        let apart = now.duration_since(date).or_else(|_| date.duration_since(now)).unwrap_or(Duration::MAX);
        self.0.store(if apart <= TOLERANCE { Self::AGREES } else { Self::DIFFERS }, Ordering::Relaxed);
    }

    pub(crate) fn agrees(&self) -> bool {
        self.0.load(Ordering::Relaxed) == Self::AGREES
    }
}

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Completion {
    /// These payees have an outcome: the one before and the new one.
    Recorded { outcomes: Vec<(Option<Outcome>, Outcome)>, call: Kind, health: Health },
    /// The account of a pending payee could not be read, for this reason.
    Unread { reason: String, health: Health },
    /// The log takes no more lines.
    LogClosed,
}

/// What a call does to the customer's accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Validates,
    Reads,
}

/// What a call says about the calls after it.
#[derive(Debug)]
pub(crate) enum Health {
    /// Others like it can be made: the server responded about the payees in it.
    Good,
    /// Nothing: the failure is about this payee alone, or there was no call.
    Neutral,
    /// How it failed, and in which words.
    Failed(ErrorKind, String),
}

impl Health {
    fn failed(error: &Error) -> Self {
        Self::Failed(error.kind(), error.to_string())
    }

    /// Of what only reads. A customer who is not known may just have no account, and a refusal is about the account: neither
    /// says anything about the next payee.
    fn of_reading(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Conflict => Self::Neutral,
            _ => Self::failed(error),
        }
    }
}

/// Carries out steps. It can be cloned.
#[derive(Clone)]
pub(crate) struct Executor {
    pub(crate) client: Client,
    pub(crate) log: Log,
    pub(crate) stop: Stop,
    pub(crate) clock: Clock,
    /// Payees whose account was validated since then are left out.
    pub(crate) unless_validated_since: Option<SystemTime>,
}

impl Executor {
    /// Carries out a step. `logged` is when its payees were logged, if they were.
    pub(crate) async fn run(self, step: Step, logged: Option<SystemTime>) -> Completion {
        let completion = match step {
            Step::Send(call) => self.send(call, logged).await,
            Step::Reconcile(doubtful) => self.reconcile(*doubtful).await,
            Step::Follow(pending) => self.follow(*pending).await,
        };
        completion.unwrap_or_else(|Closed| Completion::LogClosed)
    }

    /// The payees of a step, each with the number of its attempt, if they can be logged before the step is carried out.
    pub(crate) fn logged_ahead(&self, step: &Step) -> Option<Vec<(PayeeHash, u32)>> {
        match step {
            Step::Send(call) if self.unless_validated_since.is_none() => Some(attempts(call)),
            _ => None,
        }
    }

    async fn send(&self, call: Call, logged: Option<SystemTime>) -> Result<Completion, Closed> {
        if let Some(since) = self.unless_validated_since
            && let Some(completion) = self.leave_out(&call, since).await?
        {
            return Ok(completion);
        }
        let mut logged = logged;
        if logged.is_none() && !self.stop.is_set() {
            logged = Some(self.log.send(attempts(&call)).await?);
        }
        let sent = loop {
            let now = SystemTime::now();
            // A clock that was set back is as good as time that passed.
            if self.stop.is_set() || logged.is_some_and(|at| now.duration_since(at).is_ok_and(|age| age < STALE)) {
                break now;
            }
            logged = Some(self.log.send(attempts(&call)).await?);
        };
        if self.stop.is_set() {
            // Without a `send` line there is nothing to record.
            let reason = "the run was ended before the payee was sent";
            let record = Record { again: true, ..Record::because(Outcome::NotSent, reason) };
            let about = (Kind::Validates, Health::Neutral);
            return self.record_all(&call.entries, logged.is_some(), None, about, |_| record.clone());
        }
        let result = self.client.validate(call.request.clone()).await;
        if let Ok(accounts) = &result {
            self.clock.compare(accounts);
        }
        let health = match &result {
            Err(error) if !is_about_payees(error.kind(), error.code().is_some()) => Health::failed(error),
            _ => Health::Good,
        };
        self.record_all(&call.entries, true, Some(sent), (Kind::Validates, health), |entry| match &result {
            Ok(accounts) => of_response(entry, accounts, &call.entries),
            Err(error) => of_failure(error, &call.entries),
        })
    }

    fn record_all(
        &self,
        entries: &[Entry],
        is_news: bool,
        sent: Option<SystemTime>,
        (call, health): (Kind, Health),
        record: impl Fn(&Entry) -> Record,
    ) -> Result<Completion, Closed> {
        let mut outcomes = Vec::with_capacity(entries.len());
        for entry in entries {
            let record = settle_doubt(entry, record(entry));
            outcomes.push((entry.before, record.outcome));
            if is_news {
                self.record(entry, sent, record)?;
            }
        }
        Ok(Completion::Recorded { outcomes, call, health })
    }

    fn record(&self, entry: &Entry, sent: Option<SystemTime>, record: Record) -> Result<(), Closed> {
        let at = self.clock.agrees().then(|| millis(SystemTime::now()));
        self.log.end(End { payee: entry.hash, attempt: entry.attempt, sent: sent.map(millis), at, record })
    }

    /// Reads the customer's list, and leaves out a payee whose account was validated since then. `None` if it has to be sent. The call
    /// has one payee.
    async fn leave_out(&self, call: &Call, since: SystemTime) -> Result<Option<Completion>, Closed> {
        let (record, health) = match self.client.list(&Customer::from(&call.request)).await {
            Ok(list) => {
                self.clock.compare(&list);
                let is_recent = |account: &&CustomerAccount| account.validated_at().is_some_and(|at| at >= since);
                let is_payee = |account: &&CustomerAccount| call.entries.iter().all(|entry| entry.payee.is(account));
                let Some(account) = list.iter().filter(is_recent).find(is_payee) else { return Ok(None) };
                let reason = "the account was validated lately (--unless-validated)";
                let skipped = Record::because(Outcome::Skipped, reason);
                let record = move |entry: &Entry| Record {
                    outcome: skipped.outcome,
                    reason: skipped.reason.clone(),
                    ..of_account(entry, account)
                };
                return self
                    .record_all(&before_attempt(call), true, None, (Kind::Reads, Health::Good), record)
                    .map(Some);
            }
            // The customer has no account.
            Err(error) if error.kind() == ErrorKind::NotFound && error.code().is_some() => return Ok(None),
            Err(error) => {
                let reason = format!("the customer's accounts cannot be read: {error}");
                let kind = Some(error.kind().as_str().to_owned());
                let record = Record { again: true, error: kind, ..Record::because(Outcome::NotSent, reason) };
                (record, Health::of_reading(&error))
            }
        };
        // An outcome of an earlier run stays.
        let is_new = call.entries.iter().all(|entry| entry.before.is_none());
        self.record_all(&before_attempt(call), is_new, None, (Kind::Reads, health), |_| record.clone()).map(Some)
    }

    /// Looks for the account of a payee in the customer's list. A payee that is proven absent is sent.
    async fn reconcile(&self, doubtful: Doubtful) -> Result<Completion, Closed> {
        let Doubtful { again, entry, since, record } = doubtful;
        // It is old enough: one reading will do.
        let policy = ReconcilePolicy::default().settle(Duration::ZERO);
        let list = self.client.reconcile(&again.request, since, policy).await;
        // A reason why the list cannot be read does not replace the reason why the outcome was unknown in the first place.
        let is_news = record.is_none() || list.is_ok();
        let mut health = Health::Good;
        let found = match list {
            Ok(found) => match found.into_iter().next().map(|found| found.outcome) {
                Some(ReconcileOutcome::Absent) => return self.send(again, None).await,
                Some(ReconcileOutcome::Created(account)) => of_account(&entry, &account),
                Some(ReconcileOutcome::Ambiguous(why, _)) => Record::because(Outcome::Unknown, why),
                // A call has at least one account.
                None => Record::interrupted(),
            },
            Err(error) => {
                health = Health::of_reading(&error);
                Record::because(Outcome::Unknown, format_args!("the customer's accounts cannot be read: {error}"))
            }
        };
        // The vendor finds the call by its id.
        let found = Record { request_id: record.and_then(|record| record.request_id), ..found };
        let outcomes = vec![(entry.before, found.outcome)];
        if is_news {
            self.record(&entry, None, found)?;
        }
        Ok(Completion::Recorded { outcomes, call: Kind::Reads, health })
    }

    /// Reads the account of a payee. An end is recorded; what has not ended, or is about another payee, stays pending.
    async fn follow(&self, pending: Pending) -> Result<Completion, Closed> {
        let Pending { customer, account_id, entry, record } = pending;
        let account = match self.client.get(&customer, &account_id).await {
            Ok(account) => account,
            Err(error) => {
                return Ok(Completion::Unread { reason: error.to_string(), health: Health::of_reading(&error) });
            }
        };
        if account.customer_account_id.as_deref() != Some(account_id.as_str()) || !entry.payee.is(&account) {
            let reason = "the response is about another account, or does not say which".to_owned();
            return Ok(Completion::Unread { reason, health: Health::Neutral });
        }
        let found = Record { request_id: record.request_id, ..of_account(&entry, &account) };
        let outcomes = vec![(entry.before, found.outcome)];
        if account.validation_status.is_some() && found.outcome != Outcome::Pending {
            self.record(&entry, None, found)?;
        }
        Ok(Completion::Recorded { outcomes, call: Kind::Reads, health: Health::Good })
    }
}

fn attempts(call: &Call) -> Vec<(PayeeHash, u32)> {
    call.entries.iter().map(|entry| (entry.hash, entry.attempt)).collect()
}

/// The payees of a call that was not sent.
fn before_attempt(call: &Call) -> Vec<Entry> {
    let before = |entry: &Entry| Entry { attempt: entry.attempt.saturating_sub(1), ..entry.clone() };
    call.entries.iter().map(before).collect()
}

/// Whether a refusal is about what was in the call. With a code, it is the customer who is not known, and not the address.
fn is_about_payees(kind: ErrorKind, has_code: bool) -> bool {
    matches!(kind, ErrorKind::Rejected | ErrorKind::Conflict) || kind == ErrorKind::NotFound && has_code
}

/// Whether a call that was refused for this reason is sent again by a resume: the server spoke about the caller, the address or the
/// moment, and not about what was in the call.
fn may_be_sent_again(kind: ErrorKind) -> bool {
    use ErrorKind::{Forbidden, NotFound, RateLimited, Redirected, Unauthorized};
    matches!(kind, Unauthorized | Forbidden | NotFound | RateLimited | Redirected)
}

/// An earlier attempt that may have been processed outweighs a later one that was not.
fn settle_doubt(entry: &Entry, record: Record) -> Record {
    if !entry.doubtful || !matches!(record.outcome, Outcome::NotSent | Outcome::Refused | Outcome::Unknown) {
        return record;
    }
    let last = record.reason.unwrap_or_default();
    let reason = Some(format!("an earlier attempt may have been processed; the last: {last}"));
    Record { outcome: Outcome::Unknown, again: false, reason, ..record }
}

/// The outcome of a payee by a response to a call.
fn of_response(entry: &Entry, accounts: &Accounts, call: &[Entry]) -> Record {
    let request_id = accounts.request_id().and_then(|id| printable(id, call));
    let Some(account) = find(&entry.payee, accounts, call.len() == 1) else {
        let reason = "the response does not have this account; it may have been paid";
        return Record { request_id, ..Record::because(Outcome::Unknown, reason) };
    };
    Record { request_id, ..of_account(entry, account) }
}

/// The outcome of a payee by a call that failed.
fn of_failure(error: &Error, call: &[Entry]) -> Record {
    let outcome = match error.delivery() {
        // Another request for the same payee is being processed, and may pay.
        _ if error.kind() == ErrorKind::Conflict || error.code() == Some("DUPLICATE_REQUEST") => Outcome::Unknown,
        Delivery::NotSent => Outcome::NotSent,
        Delivery::Refused => Outcome::Refused,
        Delivery::Unknown => Outcome::Unknown,
    };
    Record {
        request_id: error.request_id().and_then(|id| printable(id, call)),
        error: Some(error.kind().as_str().to_owned()),
        again: outcome == Outcome::NotSent || outcome == Outcome::Refused && may_be_sent_again(error.kind()),
        ..Record::because(outcome, error)
    }
}

/// The outcome of a payee whose account is this one.
fn of_account(entry: &Entry, account: &CustomerAccount) -> Record {
    let outcome = match &account.validation_status {
        Some(ValidationStatus::Active) => Outcome::Active,
        Some(ValidationStatus::Failure) => Outcome::Failed,
        Some(ValidationStatus::Pending | ValidationStatus::Created) => Outcome::Pending,
        _ => Outcome::Other,
    };
    let show = |text: &str| show::word(text, [&entry.payee]);
    Record {
        status: account.validation_status.as_ref().and_then(|status| show(status.as_str())),
        account_id: account.customer_account_id.as_deref().and_then(show),
        ..Record::new(outcome)
    }
}

/// The id of a call, if it can be written down.
fn printable(id: &str, call: &[Entry]) -> Option<String> {
    show::word(id, call.iter().map(|entry| &entry.payee))
}

/// The account of a response that belongs to the payee.
///
/// It is found by what was sent, never by its place. The only account of a response to a call with one account is also taken if it
/// does not say whose it is. If there are several, it is the one that is furthest from `ACTIVE`.
fn find<'a>(payee: &Payee, accounts: &'a Accounts, is_only: bool) -> Option<&'a CustomerAccount> {
    let distance = |account: &&CustomerAccount| match account.validation_status {
        Some(ValidationStatus::Active) => 0,
        Some(ValidationStatus::Pending | ValidationStatus::Created) => 1,
        Some(ValidationStatus::Failure) => 2,
        _ => 3,
    };
    let found = accounts.iter().filter(|account| payee.is(account)).max_by_key(distance);
    found.or_else(|| match accounts.as_slice() {
        [account] if is_only && account.is_unnamed() => Some(account),
        _ => None,
    })
}

#[cfg(test)]
mod tests;

//! From the rows of a checked input to the calls that are still to be made.

use std::io::Read;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use juspay_accounts::{AccountsRequest, Customer, Payee};
use juspay_accounts_validation::{CustomerAccountId, Parts};

use super::check;
use super::columns::Header;
use super::input::{Found, Rows, Unreadable};
use super::plan::{Policy, Todo};
use super::row::{self, Options};
use crate::log::{Outcome, PayeeHash, PayeeState, Payees, Record, Records, Salt};

/// The next thing to do.
#[derive(Debug)]
pub(crate) enum Step {
    Send(Call),
    Reconcile(Box<Doubtful>),
    Follow(Box<Pending>),
}

/// Payees that are sent as one call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: AccountsRequest,
    pub(crate) entries: Vec<Entry>,
}

/// A payee of a call.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) hash: PayeeHash,
    pub(crate) payee: Payee,
    /// The number of the attempt.
    pub(crate) attempt: u32,
    /// Whether an earlier attempt may have been processed.
    pub(crate) doubtful: bool,
    /// The outcome before this run.
    pub(crate) before: Option<Outcome>,
}

/// A payee that may have been paid.
#[derive(Debug)]
pub(crate) struct Doubtful {
    /// The call that sends it again.
    pub(crate) again: Call,
    /// The payee as it was sent.
    pub(crate) entry: Entry,
    /// When the first attempt was logged that may have been processed.
    pub(crate) since: SystemTime,
    /// What the log says about the attempt, if it says anything, and when its call ended.
    pub(crate) record: Option<Record>,
    pub(crate) ended: Option<SystemTime>,
}

/// A payee whose validation had not ended.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) customer: Customer,
    pub(crate) account_id: CustomerAccountId,
    pub(crate) entry: Entry,
    pub(crate) record: Record,
}

/// Why there is no next step.
#[derive(Debug)]
pub(crate) enum Broken {
    Io(std::io::Error),
    /// The input is not what was checked.
    Changed,
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Unreadable> for Broken {
    fn from(unreadable: Unreadable) -> Self {
        if let Unreadable::Io(error) = unreadable { Self::Io(error) } else { Self::Changed }
    }
}

/// Rows with the same options.
#[derive(Debug)]
struct Group {
    options: Options,
    entries: Vec<Entry>,
}

impl Group {
    fn call(self) -> Result<Call, Broken> {
        let Self { options, entries } = self;
        let routing_id = options.routing_id();
        let (mut bank_accounts, mut upi) = (Vec::new(), Vec::new());
        for Entry { payee, .. } in &entries {
            match payee.clone() {
                Payee::BankAccount(account) => bank_accounts.push(account),
                Payee::Upi(vpa) => upi.push(vpa),
            }
        }
        let parts = Parts {
            customer_id: options.customer_id,
            routing_id,
            bank_code: options.bank_code,
            bank_accounts,
            upi,
            gateway_id: options.gateway_id,
            gateway_reference_id: options.gateway_reference_id,
            preferred_gateway: options.preferred_gateway,
            validation_amount: options.amount,
        };
        let request = AccountsRequest::try_from(parts).map_err(|_| Broken::Changed)?;
        Ok(Call { request, entries })
    }
}

/// Goes through the rows of an input that was checked.
pub(crate) struct Steps<'a, R> {
    rows: Rows<R>,
    header: Header,
    salt: Salt,
    payees: &'a Payees,
    records: &'a Records,
    policy: &'a Policy,
    /// As many rows can be sent as one call.
    most: usize,
    /// The rows to which the next may still be added.
    gathered: Option<Group>,
    /// Rows to which no more are added.
    full: Option<Group>,
}

impl<'a, R: Read> Steps<'a, R> {
    pub(crate) fn new(
        input: R,
        salt: Salt,
        (payees, records): (&'a Payees, &'a Records),
        policy: &'a Policy,
        most: usize,
    ) -> Result<Self, Broken> {
        let rows = Rows::open(input)?;
        let header = rows.header().clone();
        Ok(Self { rows, header, salt, payees, records, policy, most, gathered: None, full: None })
    }

    /// The next step; `None` at the end of the input.
    pub(crate) fn next(&mut self) -> Result<Option<Step>, Broken> {
        loop {
            if let Some(group) = self.full.take() {
                return Ok(Some(Step::Send(group.call()?)));
            }
            let Some(found) = self.rows.next()? else {
                return self.gathered.take().map(|group| group.call().map(Step::Send)).transpose();
            };
            let mut is_valid = true;
            check::problems(&found, &self.header, |_, _, _| is_valid = false);
            let (Found::Row(cells), true) = (found, is_valid) else { continue };
            let hash = row::payee(&cells, &self.salt);
            let Some(row) = self.payees.find(&hash) else { return Err(Broken::Changed) };
            let todo = self.policy.todo(&row.state);
            // The payee of a later row is that of the first.
            if todo == Todo::Nothing || row.line != cells.line {
                continue;
            }
            let (options, payee) = row::read(&cells).map_err(|_| Broken::Changed)?;
            let PayeeState { attempt, record_at, since, ended, outcome, .. } = row.state;
            let before = row.state.outcome();
            let entry = Entry { hash, payee, attempt: attempt + 1, doubtful: false, before };
            let record = || outcome.map(|_| self.records.read(record_at)).transpose();
            match todo {
                Todo::Nothing => {}
                Todo::Send { doubtful } => self.gather(options, Entry { doubtful, ..entry }),
                Todo::Reconcile => {
                    let record = record()?;
                    // Alone: of the payees that were sent with it, some may be there and others not.
                    let again = Group { options, entries: vec![entry.clone()] }.call()?;
                    let [since, ended] = [since, ended].map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds.into()));
                    let ended = Some(ended).filter(|ended| *ended > UNIX_EPOCH);
                    let entry = Entry { attempt, ..entry };
                    return Ok(Some(Step::Reconcile(Box::new(Doubtful { again, entry, since, record, ended }))));
                }
                Todo::Follow => {
                    let Some(record) = record()? else { continue };
                    let Some(account_id) = record.account_id.as_deref().and_then(|id| id.parse().ok()) else {
                        continue;
                    };
                    let customer = Customer::new(options.customer_id.clone()).with_routing_id(options.routing_id());
                    let entry = Entry { attempt, ..entry };
                    return Ok(Some(Step::Follow(Box::new(Pending { customer, account_id, entry, record }))));
                }
            }
        }
    }

    /// Adds a row to those that are gathered; if it does not belong to them, they are complete.
    fn gather(&mut self, options: Options, entry: Entry) {
        match &mut self.gathered {
            Some(group) if group.options == options && group.entries.len() < self.most => group.entries.push(entry),
            gathered => self.full = gathered.replace(Group { options, entries: vec![entry] }),
        }
    }
}

#[cfg(test)]
mod tests;

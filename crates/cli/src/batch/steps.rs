//! Turns the rows of a checked input into steps: payees to send, to reconcile or to follow.

use juspay_accounts::{AccountsRequest, Customer, Payee};
use juspay_accounts_validation::{CustomerAccountId, Parts};

use super::plan::{Action, Policy};
use crate::input::{Column, RowKind, Rows, Unreadable};
use crate::log::{Outcome, PayeeHash, PayeeState, Payees, Record, Records, Row, Salt};
use crate::payees::row;

/// The maximum number of rows that are read at once, so that calls in flight can continue.
const ROWS: usize = 4096;

/// The next step of a run.
#[derive(Debug)]
pub(crate) enum Next {
    Step(Step),
    /// Many rows needed no step. More rows may follow.
    Skipped,
    End,
}

#[derive(Debug)]
pub(crate) enum Step {
    Send(Box<Call>),
    Reconcile(Box<UnknownPayee>),
    Follow(Box<Pending>),
}

/// Payees that are sent in one call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: AccountsRequest,
    pub(crate) entries: Vec<Entry>,
}

/// A payee in a call.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) hash: PayeeHash,
    pub(crate) payee: Payee,
    /// The name given with the payee.
    pub(crate) name: Option<String>,
    pub(crate) paise: u32,
    pub(crate) attempt: u32,
    /// Whether an earlier attempt may have been processed.
    pub(crate) after_unknown: bool,
    /// The outcome before this run.
    pub(crate) before: Option<Outcome>,
}

/// A payee with an unknown outcome: it may have been paid.
#[derive(Debug)]
pub(crate) struct UnknownPayee {
    /// The call that would send the payee again.
    pub(crate) again: Call,
    /// The payee, with the number of the attempt that has an unknown outcome.
    pub(crate) entry: Entry,
    /// The record of the attempt, if there is one.
    pub(crate) record: Option<Record>,
    pub(crate) state: PayeeState,
}

/// A payee with a pending validation.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) customer: Customer,
    pub(crate) account_id: CustomerAccountId,
    pub(crate) entry: Entry,
    pub(crate) record: Record,
}

/// Rows that are sent together, and a request without their payees.
#[derive(Debug)]
struct Group {
    parts: Parts,
    entries: Vec<Entry>,
}

impl Group {
    fn call(self) -> Result<Call, Unreadable> {
        let Self { mut parts, entries } = self;
        parts.payees = entries.iter().map(|entry| entry.payee.clone()).collect();
        let request = AccountsRequest::try_from(parts).map_err(|_| Unreadable::Changed)?;
        Ok(Call { request, entries })
    }
}

/// Iterates over the steps for the rows of a checked input.
pub(crate) struct Steps<'a> {
    rows: Rows<'a>,
    salt: Salt,
    payees: &'a Payees,
    records: &'a Records,
    policy: &'a Policy,
    /// The maximum number of rows in one call.
    most: usize,
    /// The group that the next rows may still join.
    gathered: Option<Group>,
    /// A complete group, which is sent next.
    full: Option<Group>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(
        rows: Rows<'a>,
        salt: Salt,
        (payees, records): (&'a Payees, &'a Records),
        policy: &'a Policy,
        most: usize,
    ) -> Self {
        Self { rows, salt, payees, records, policy, most, gathered: None, full: None }
    }

    pub(crate) fn next(&mut self) -> Result<Next, Unreadable> {
        let send = |group: Group| Ok(Next::Step(Step::Send(Box::new(group.call()?))));
        for _ in 0..ROWS {
            if let Some(group) = self.full.take() {
                return send(group);
            }
            let Some(cells) = self.rows.next()? else {
                return self.gathered.take().map_or(Ok(Next::End), send);
            };
            let mut is_valid = cells.kind == RowKind::Payee;
            if is_valid {
                row::check(&cells, |_| is_valid = false);
            }
            if !is_valid {
                continue;
            }
            let hash = row::payee(&cells, &self.salt);
            let Some(row) = self.payees.find(&hash) else { return Err(Unreadable::Changed) };
            let action = self.policy.action(&row.state);
            // Only the first row of a payee is sent.
            if action == Action::Nothing || row.line != cells.number {
                continue;
            }
            let (parts, payee) = row::read(&cells).map_err(|_| Unreadable::Changed)?;
            let Row { paise, state, .. } = row;
            let (attempt, before) = (state.attempt, state.outcome());
            let name = cells.values.filled(Column::Name).map(str::to_owned);
            let entry = Entry { hash, payee, name, paise, attempt: attempt + 1, after_unknown: false, before };
            let record = || state.outcome.map(|_| self.records.read(state.record_at).map(|end| end.record)).transpose();
            match action {
                Action::Nothing => {}
                Action::Send { after_unknown } => self.gather(parts, Entry { after_unknown, ..entry }),
                Action::Reconcile => {
                    let record = record()?;
                    // The payee is sent alone: of the payees in the original call, some may have been processed and
                    // others not.
                    let again = Group { parts, entries: vec![entry.clone()] }.call()?;
                    let unknown = UnknownPayee { again, entry: Entry { attempt, ..entry }, record, state };
                    return Ok(Next::Step(Step::Reconcile(Box::new(unknown))));
                }
                Action::Follow => {
                    let Some(record) = record()? else { continue };
                    let Some(account_id) = record.account_id.as_deref().and_then(|id| id.parse().ok()) else {
                        continue;
                    };
                    let customer = Customer::new(parts.customer_id).with_routing_id(parts.routing_id);
                    let entry = Entry { attempt, ..entry };
                    return Ok(Next::Step(Step::Follow(Box::new(Pending { customer, account_id, entry, record }))));
                }
            }
        }
        Ok(Next::Skipped)
    }

    /// Adds a row to the current group. If the row does not fit, the group is complete, and the row starts the next
    /// one.
    fn gather(&mut self, parts: Parts, entry: Entry) {
        match &mut self.gathered {
            Some(group) if group.parts == parts && group.entries.len() < self.most => group.entries.push(entry),
            gathered => self.full = gathered.replace(Group { parts, entries: vec![entry] }),
        }
    }
}

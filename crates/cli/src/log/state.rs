//! What the lines of a payee add up to, and the table of payees.

use std::collections::HashMap;
use std::time::Duration;

use super::format::{Attempt, Event, Header, PayeeHash, Run};
use super::record::Outcome;

/// What the log says about a payee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PayeeState {
    /// Where the line of the last outcome starts in the log.
    pub(crate) record_at: u64,
    /// The number of the last attempt; 0 if the payee was never sent.
    pub(crate) attempt: u32,
    /// Seconds since 1970 at which the first attempt was logged that may have been processed.
    pub(crate) since: u32,
    /// Seconds since 1970 at which the last call ended; 0 if that is not known.
    pub(crate) ended: u32,
    /// The outcome of the last attempt; `None` if it has none.
    pub(crate) outcome: Option<Outcome>,
    /// Whether a resume sends the payee again without being asked to.
    pub(crate) again: bool,
    /// Whether an attempt before the last may have been processed.
    pub(crate) is_doubted: bool,
    /// What the penny drop of the last attempt pays, in paise.
    pub(crate) paise: u32,
    /// What the attempts before the last may have paid, in paise.
    pub(crate) paid_before: u32,
}

/// What was paid for a payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) paise: u32,
    /// Whether this much was paid. Otherwise it is the most that may have been paid.
    pub(crate) is_certain: bool,
}

impl PayeeState {
    /// Whether the payee was about to be sent, and nothing is recorded after that.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.attempt > 0 && self.outcome.is_none()
    }

    /// Whether the payee may have been paid without a known outcome.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.is_in_flight() || self.outcome == Some(Outcome::Unknown)
    }

    /// Whether a penny drop may have been paid, whatever came of it.
    pub(crate) fn may_be_paid(&self) -> bool {
        use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
        match self.outcome {
            None => self.is_in_flight(),
            Some(Active | Failed | Pending | Other | Unknown) => true,
            Some(Refused | NotSent | Skipped) => false,
        }
    }

    /// What its penny drops paid; `None` if there was certainly none.
    ///
    /// An active account received its penny drop. Whether the vendor pays for one that is not active is not documented, so that is
    /// possible, as it is for a call without a known outcome. A call that was refused or not sent pays nothing.
    pub(crate) fn paid(&self) -> Option<Paid> {
        let last = if self.may_be_paid() { self.paise } else { 0 };
        let paise = self.paid_before.saturating_add(last);
        let is_certain = self.outcome == Some(Outcome::Active) && self.paid_before == 0;
        (paise > 0).then_some(Paid { paise, is_certain })
    }

    /// The outcome for people: a payee without a recorded end is unknown.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        if self.is_in_flight() { Some(Outcome::Unknown) } else { self.outcome }
    }

    /// Applies a line. Returns false if no run writes it at this point.
    fn apply(&mut self, event: &Event, at: u64) -> bool {
        match event {
            // The same attempt is logged again if the program stood still before it was sent.
            Event::Send(Attempt { attempt, at, paise, absent, .. })
                if *attempt == self.attempt + 1 || *attempt == self.attempt =>
            {
                if *attempt > self.attempt {
                    self.is_doubted = self.is_in_doubt();
                    if self.may_be_paid() && !absent {
                        self.paid_before = self.paid_before.saturating_add(self.paise);
                    }
                }
                if !self.is_doubted {
                    self.since = seconds(*at);
                }
                *self = Self { attempt: *attempt, paise: *paise, outcome: None, again: false, ended: 0, ..*self };
                true
            }
            Event::End(end) if end.attempt == self.attempt => {
                if end.record.outcome != Outcome::Unknown {
                    self.since = 0;
                }
                (self.outcome, self.again, self.record_at) = (Some(end.record.outcome), end.record.again, at);
                // Rounded up: a call must not look older than it is.
                self.ended = end.at.map_or(0, |at| seconds(at.saturating_add(999)));
                true
            }
            _ => false,
        }
    }
}

fn seconds(millis: u64) -> u32 {
    u32::try_from(millis / 1000).unwrap_or(u32::MAX)
}

/// A payee of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) payee: PayeeHash,
    /// The first line of the input that has the payee.
    pub(crate) line: u32,
    /// What its penny drop costs, in paise; 0 for a UPI address.
    pub(crate) paise: u32,
    pub(crate) state: PayeeState,
}

/// The payees of an input, and those that the log has besides.
#[derive(Debug, Default)]
pub(crate) struct Payees {
    /// Sorted by hash. About 48 bytes each: a million are kept.
    rows: Vec<Row>,
    others: HashMap<PayeeHash, PayeeState>,
}

impl Payees {
    /// The payees of an input; of rows with the same payee, the first in the file is kept. Calls `repeated` with the others,
    /// each with the first line of its payee, in no order.
    pub(crate) fn new(mut rows: Vec<Row>, mut repeated: impl FnMut(&Row, u32)) -> Self {
        rows.sort_unstable_by_key(|row| (row.payee, row.line));
        rows.dedup_by(|row, first| {
            let is_same = row.payee == first.payee;
            if is_same {
                repeated(row, first.line);
            }
            is_same
        });
        Self { rows, others: HashMap::new() }
    }

    /// The payee, if the input has it.
    pub(crate) fn find(&self, payee: &PayeeHash) -> Option<&Row> {
        self.rows.binary_search_by_key(payee, |row| row.payee).ok().and_then(|index| self.rows.get(index))
    }

    /// The payees of the input, in no order that means anything.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Row> {
        self.rows.iter()
    }

    /// The payees that the log has and the input does not.
    pub(crate) fn others(&self) -> impl Iterator<Item = (&PayeeHash, &PayeeState)> {
        self.others.iter()
    }

    /// Forgets what the log says.
    fn reset(&mut self) {
        self.others.clear();
        for row in &mut self.rows {
            row.state = PayeeState::default();
        }
    }

    pub(crate) fn state(&mut self, payee: &PayeeHash) -> &mut PayeeState {
        match self.rows.binary_search_by_key(payee, |row| row.payee) {
            Ok(index) => &mut self.rows[index].state,
            Err(_) => self.others.entry(*payee).or_default(),
        }
    }
}

/// What the log says about its runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) header: Option<Header>,
    /// Fingerprints of the keys that were used, since they were last declared to be of one merchant.
    pub(crate) keys: Vec<String>,
    /// How long a call of any run can have taken.
    pub(crate) longest_call: Duration,
    /// The last run.
    pub(crate) last: Option<Run>,
    /// The SHA-256 of the results that were written last.
    pub(crate) results: Option<String>,
    /// That of the rows that still need work.
    pub(crate) rest: Option<String>,
}

impl History {
    /// Starts anew.
    pub(super) fn begin(payees: &mut Payees) -> Self {
        payees.reset();
        Self::default()
    }

    /// Applies a line that starts at this place. Returns false if no run writes it at this point.
    pub(super) fn apply(&mut self, payees: &mut Payees, event: Event, at: u64) -> bool {
        match event {
            Event::Log(header) => self.header.replace(header).is_none(),
            _ if self.header.is_none() => false,
            Event::Run(run) => {
                if run.rotated {
                    self.keys.clear();
                }
                if !self.keys.contains(&run.key) {
                    self.keys.push(run.key.clone());
                }
                self.longest_call = self.longest_call.max(Duration::from_secs(run.longest_call));
                self.last = Some(run);
                true
            }
            Event::Send(attempt) => payees.state(&attempt.payee).apply(&event, at),
            Event::End(ref end) => payees.state(&end.payee).apply(&event, at),
            Event::Close(close) => {
                self.results = close.results.or(self.results.take());
                self.rest = close.rest.or(self.rest.take());
                true
            }
        }
    }
}

#[cfg(test)]
mod tests;

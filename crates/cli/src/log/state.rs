//! The state of a payee according to its lines in the log, and the table of payees.

use std::collections::HashMap;
use std::time::Duration;

use super::format::{Attempt, Event, Header, PayeeHash, Run};
use super::record::Outcome;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PayeeState {
    /// The offset of the line with the last outcome.
    pub(crate) record_at: u64,
    /// The number of the last attempt; 0 if there was none.
    pub(crate) attempt: u32,
    /// When the first attempt that may have been processed was logged, in seconds since 1970.
    pub(crate) since: u32,
    /// When the last call ended, in seconds since 1970; 0 if unknown.
    pub(crate) ended: u32,
    /// The outcome of the last attempt, if it has one.
    pub(crate) outcome: Option<Outcome>,
    /// Whether a resume sends the payee again automatically.
    pub(crate) again: bool,
    /// Whether the outcome was unknown when the last attempt was logged.
    pub(crate) after_unknown: bool,
    /// The amount of the penny drop of the last attempt, in paise.
    pub(crate) paise: u32,
    /// The most that earlier attempts may have paid, in paise.
    pub(crate) paid_before: u32,
}

/// The sum of the penny drops of a payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) paise: u32,
    /// Whether this sum was certainly paid. Otherwise, it is the most that may have been paid.
    pub(crate) is_certain: bool,
}

impl PayeeState {
    /// Whether an attempt is logged but its outcome is not.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.attempt > 0 && self.outcome.is_none()
    }

    /// Whether the payee may have been paid, and the outcome is unknown.
    pub(crate) fn is_unknown(&self) -> bool {
        self.is_in_flight() || self.outcome == Some(Outcome::Unknown)
    }

    /// Whether the payee may have been validated, and a penny drop paid, by any attempt.
    pub(crate) fn may_be_paid(&self) -> bool {
        self.paid_before > 0 || self.last_may_be_paid()
    }

    fn last_may_be_paid(&self) -> bool {
        use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
        match self.outcome {
            None => self.is_in_flight(),
            Some(Active | Failed | Pending | Other | Unknown) => true,
            Some(Refused | NotSent | Skipped) => false,
        }
    }

    /// The amount that the penny drops of the payee paid, or may have paid; `None` if certainly nothing was paid.
    ///
    /// An active account received its penny drop. For other statuses, the vendor does not document whether it pays, so
    /// a payment is possible; the same holds for a call with an unknown outcome. A call that was refused or not sent
    /// pays nothing.
    pub(crate) fn paid(&self) -> Option<Paid> {
        let last = if self.last_may_be_paid() { self.paise } else { 0 };
        let paise = self.paid_before.saturating_add(last);
        let is_certain = self.outcome == Some(Outcome::Active) && self.paid_before == 0;
        (paise > 0).then_some(Paid { paise, is_certain })
    }

    /// The outcome. A payee in flight counts as unknown.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        if self.is_in_flight() { Some(Outcome::Unknown) } else { self.outcome }
    }

    /// Applies a line of the log. Returns false if it cannot follow the lines before it.
    fn apply(&mut self, event: &Event, at: u64) -> bool {
        match event {
            // The same attempt is logged again if the program was suspended before it sent the payee.
            Event::Send(Attempt { attempt, at, paise, absent, .. })
                if *attempt == self.attempt + 1 || *attempt == self.attempt =>
            {
                if *attempt > self.attempt {
                    self.after_unknown = self.is_unknown();
                    if self.last_may_be_paid() && !absent {
                        self.paid_before = self.paid_before.saturating_add(self.paise);
                    }
                }
                if !self.after_unknown {
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
                // Rounds up, because a call must not look older than it is.
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

/// A valid row of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckedRow {
    pub(crate) payee: PayeeHash,
    pub(crate) line: u32,
    /// The amount of the penny drop in paise; 0 for a UPI address.
    pub(crate) paise: u32,
}

/// A payee of the input, and its state in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) payee: PayeeHash,
    /// The number of the first row with this payee.
    pub(crate) line: u32,
    /// The amount of the penny drop in paise; 0 for a UPI address.
    pub(crate) paise: u32,
    pub(crate) state: PayeeState,
}

/// The payees of an input, and the payees that only the log has.
#[derive(Debug, Default)]
pub(crate) struct Payees {
    /// Sorted by hash. Each row takes 24 bytes, and there can be a million.
    rows: Vec<CheckedRow>,
    /// The state of each row. Empty before a log is read.
    states: Vec<PayeeState>,
    others: HashMap<PayeeHash, PayeeState>,
}

impl Payees {
    /// Collects the payees of an input. If several rows have the same payee, the first in the file is kept.
    pub(crate) fn new(mut rows: Vec<CheckedRow>) -> Self {
        rows.sort_unstable_by_key(|row| (row.payee, row.line));
        rows.dedup_by_key(|row| row.payee);
        Self { rows, ..Self::default() }
    }

    /// Returns the payee with this hash, if the input has it.
    pub(crate) fn find(&self, payee: &PayeeHash) -> Option<Row> {
        self.index(payee).ok().map(|index| self.row(index))
    }

    /// Returns the payees of the input, in arbitrary order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row> {
        (0..self.rows.len()).map(|index| self.row(index))
    }

    /// Returns the payees that are only in the log.
    pub(crate) fn others(&self) -> impl Iterator<Item = (PayeeHash, PayeeState)> {
        self.others.iter().map(|(payee, state)| (*payee, *state))
    }

    pub(crate) fn state(&mut self, payee: &PayeeHash) -> &mut PayeeState {
        match self.index(payee) {
            Ok(index) => {
                self.states.resize(self.rows.len(), PayeeState::default());
                &mut self.states[index]
            }
            Err(_) => self.others.entry(*payee).or_default(),
        }
    }

    fn index(&self, payee: &PayeeHash) -> Result<usize, usize> {
        self.rows.binary_search_by_key(payee, |row| row.payee)
    }

    fn row(&self, index: usize) -> Row {
        let CheckedRow { payee, line, paise } = self.rows[index];
        Row { payee, line, paise, state: self.states.get(index).copied().unwrap_or_default() }
    }
}

/// The facts about all runs in a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) header: Option<Header>,
    /// Fingerprints of the keys used since the user last declared that all keys belong to one merchant.
    pub(crate) keys: Vec<String>,
    /// The longest time that a call of any run can have taken.
    pub(crate) longest_call: Duration,
    pub(crate) last: Option<Run>,
    /// The SHA-256 of each file that was written: of results, and of rows that still need work.
    pub(crate) written: Vec<String>,
}

impl History {
    /// Starts an empty history, and forgets the states of the payees.
    pub(super) fn begin(payees: &mut Payees) -> Self {
        payees.others.clear();
        payees.states.clear();
        Self::default()
    }

    /// Applies a line at this offset. Returns false if it cannot follow the lines before it.
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
                self.written.extend(close.results.into_iter().chain(close.rest));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests;

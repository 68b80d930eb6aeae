//! The rows of a batch at a glance, gathered in memory that does not grow with them: how many have which outcome, what they
//! cost, and the first rows that somebody has to look at.

use std::collections::BTreeMap;

use juspay_accounts_validation::names::Verdict;

use crate::log::{Outcome, Tally};
use crate::text::clean;

/// At most this many rows of each outcome are listed.
pub(crate) const LISTED: usize = 100;

/// What is known about a row after a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) outcome: Outcome,
    /// The bank of an IFSC, or what stands for it.
    pub(crate) bank: &'a str,
    /// What a penny drop paid, or may have paid; 0 without one.
    pub(crate) paise: u32,
    /// How the name at the bank compares with the name in the file.
    pub(crate) verdict: Option<Verdict>,
    /// The same in words.
    pub(crate) comparison: &'a str,
}

/// A row that somebody has to look at, as it may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// The number of the row in the file.
    pub(crate) row: u32,
    /// The account or UPI address.
    pub(crate) payee: String,
    /// The holder's name.
    pub(crate) name: Option<String>,
    pub(crate) reference: String,
    /// What happened.
    pub(crate) reason: String,
    pub(crate) request_id: Option<String>,
    /// What to do about this row in particular.
    pub(crate) todo: String,
}

impl Item {
    /// The same without characters that command a terminal or turn text around.
    fn cleaned(self) -> Self {
        let Self { row, payee, name, reference, reason, request_id, todo } = self;
        let [payee, reference, reason, todo] = [payee, reference, reason, todo].map(|text| clean(&text));
        let [name, request_id] = [name, request_id].map(|text| text.map(|text| clean(&text)));
        Self { row, payee, name, reference, reason, request_id, todo }
    }
}

/// The first rows of a kind, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) items: Vec<Item>,
    pub(crate) count: u64,
}

impl List {
    fn add(&mut self, item: impl FnOnce() -> Item) {
        self.count += 1;
        if self.items.len() < LISTED {
            self.items.push(item().cleaned());
        }
    }
}

/// A number of penny drops, and what they pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) drops: u64,
    pub(crate) paise: u64,
}

impl Cost {
    fn add(&mut self, paise: u32) {
        self.drops += u64::from(paise > 0);
        self.paise += u64::from(paise);
    }
}

/// The rows of a bank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AtBank {
    pub(crate) rows: u64,
    pub(crate) active: u64,
}

/// All rows at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overview {
    pub(crate) outcomes: Tally,
    pub(crate) banks: BTreeMap<String, AtBank>,
    /// Penny drops that were paid.
    pub(crate) paid: Cost,
    /// Penny drops that may have been paid.
    pub(crate) maybe_paid: Cost,
    /// Rows whose name was compared with the one at the bank.
    pub(crate) compared: u64,
    /// Rows with another name at the bank.
    pub(crate) names: List,
    lists: [List; Outcome::ALL.len()],
}

impl Overview {
    /// Adds a row. `item` is called if the row is listed.
    pub(crate) fn add(&mut self, seen: Seen<'_>, item: impl Fn() -> Item) {
        let Seen { outcome, bank, paise, verdict, comparison } = seen;
        self.outcomes.add(outcome, 1);
        if !bank.is_empty() {
            let at_bank = self.banks.entry(bank.to_owned()).or_default();
            at_bank.rows += 1;
            at_bank.active += u64::from(outcome == Outcome::Active);
        }
        match outcome {
            Outcome::Active | Outcome::Failed | Outcome::Pending | Outcome::Other => self.paid.add(paise),
            Outcome::Unknown => self.maybe_paid.add(paise),
            Outcome::Refused | Outcome::NotSent | Outcome::Skipped => {}
        }
        if outcome != Outcome::Active {
            self.lists[outcome as usize].add(&item);
        }
        self.compared += u64::from(verdict.is_some());
        if let Some(verdict) = verdict.filter(|verdict| *verdict != Verdict::Match) {
            self.names.add(|| Item { reason: comparison.to_owned(), todo: of_name(verdict).to_owned(), ..item() });
        }
    }

    /// The rows with this outcome.
    pub(crate) fn list(&self, outcome: Outcome) -> &List {
        &self.lists[outcome as usize]
    }

    /// The number of rows that are not active.
    pub(crate) fn open(&self) -> u64 {
        self.outcomes.total() - self.outcomes.of(Outcome::Active)
    }
}

/// What to do about a name at the bank that is not the one in the file.
fn of_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Match => "",
        Verdict::Close => "Probably the same holder. Compare the two names before you pay.",
        Verdict::Different => "Do not pay yet. Ask the payee whose account this is.",
        Verdict::CannotTell => "The names cannot be compared by a program. Compare them yourself before you pay.",
    }
}

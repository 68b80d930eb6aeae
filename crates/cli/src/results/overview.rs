//! Sums up the rows of a batch in bounded memory: the number of rows by outcome, their cost, and the first rows that
//! somebody has to check.

use std::collections::BTreeMap;
use std::io;

use juspay_accounts::Payee;
use juspay_accounts_validation::Name;
use serde::Serialize;

use super::format::Sink;
use super::row::{ResultRow, RowResult};
use super::view::about_name;
use crate::log::{Outcome, Paid, Tally};
use crate::names;
use crate::show::{self, nothing};
use crate::text::{clean, rupees};

/// The maximum number of rows that are listed for each outcome.
pub(crate) const LISTED: usize = 100;

/// A row that somebody has to check, ready to be shown: masked unless the user asked for clear text, and without
/// characters that control a terminal or change the direction of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) row: u32,
    /// The account or UPI address.
    pub(crate) payee: String,
    pub(crate) name: Option<String>,
    pub(crate) reference: String,
    pub(crate) reason: String,
    /// The request id by which the vendor finds the call, if the reason does not contain it.
    pub(crate) request_id: Option<String>,
    pub(crate) todo: String,
}

impl Item {
    fn new(row: &ResultRow<'_>, result: &RowResult, unmasked: bool) -> Self {
        let payee = match &row.payee {
            Some(Payee::BankAccount(bank)) => {
                format!("{} {}", bank.ifsc, show::secret(bank.account.as_str(), &bank.account, unmasked))
            }
            Some(Payee::Upi(vpa)) => show::secret(vpa.as_str(), vpa, unmasked),
            None => nothing(),
        };
        let name = row.name.filter(|_| row.payee.is_some()).map(|name| match name.parse::<Name>() {
            Ok(masked) => show::secret(name, masked, unmasked),
            Err(_) => "****".to_owned(),
        });
        let reason = match (&result.record.reason, &result.record.status) {
            (Some(reason), _) => sentence(&clean(reason)),
            (None, Some(status)) => format!("The status is {}.", clean(status)),
            (None, None) => "The response has no status.".to_owned(),
        };
        let suggestion = if unmasked { &result.suggestion } else { &result.masked_suggestion };
        let suggestion = suggestion.as_ref().map(|text| format!("Did you mean {}?", clean(text)));
        let advice = result.advice.as_deref().map(|advice| sentence(&clean(advice)));
        let todo: Vec<_> = suggestion.into_iter().chain(advice).collect();
        Self {
            row: row.number,
            payee,
            name,
            reference: row.reference.map(clean).unwrap_or_default(),
            request_id: result.record.request_id.as_deref().map(clean).filter(|id| !reason.contains(id)),
            reason,
            todo: todo.join(" "),
        }
    }
}

/// The first rows of a kind, and the number of all rows of that kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) items: Vec<Item>,
    pub(crate) count: u64,
}

impl List {
    /// Whether any listed row has advice of its own.
    pub(super) fn has_todo(&self) -> bool {
        self.items.iter().any(|item| !item.todo.is_empty())
    }

    fn add(&mut self, item: impl FnOnce() -> Item) {
        self.count += 1;
        if self.items.len() < LISTED {
            self.items.push(item());
        }
    }
}

/// The number of penny drops, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Cost {
    #[serde(rename = "penny_drops")]
    pub(crate) drops: u64,
    #[serde(rename = "rupees", serialize_with = "in_rupees")]
    pub(crate) paise: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn in_rupees<S: serde::Serializer>(paise: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&rupees(*paise))
}

impl Cost {
    fn add(&mut self, paise: u32) {
        self.drops += 1;
        self.paise += u64::from(paise);
    }
}

/// The number of rows for one bank, and how many of them are active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AtBank {
    pub(crate) rows: u64,
    pub(crate) active: u64,
}

impl AtBank {
    pub(super) fn open(&self) -> u64 {
        self.rows - self.active
    }
}

/// The sums over all rows of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overview {
    /// Whether accounts and names are listed unmasked.
    pub(crate) unmasked: bool,
    pub(crate) outcomes: Tally,
    pub(crate) banks: BTreeMap<String, AtBank>,
    pub(crate) paid: Cost,
    /// The penny drops that may have been paid.
    pub(crate) maybe_paid: Cost,
    /// The earliest and the latest [`RowResult::checked_at`] of all rows.
    pub(crate) checked: Option<(u64, u64)>,
    /// The number of rows with a name that was compared with the name at the bank.
    pub(crate) compared: u64,
    /// Rows with a name that does not clearly match the name at the bank.
    pub(crate) names: List,
    lists: [List; Outcome::ALL.len()],
}

impl Overview {
    pub(crate) fn new(unmasked: bool) -> Self {
        Self { unmasked, ..Self::default() }
    }

    pub(crate) fn add(&mut self, row: &ResultRow<'_>, result: &RowResult) {
        let outcome = result.record.outcome;
        self.outcomes.add(outcome, 1);
        let bank = self.banks.entry(bank(row.payee.as_ref())).or_default();
        bank.rows += 1;
        bank.active += u64::from(outcome == Outcome::Active);
        self.pay(result.paid);
        if let Some(at) = result.checked_at {
            let (first, last) = self.checked.unwrap_or((at, at));
            self.checked = Some((first.min(at), last.max(at)));
        }
        let unmasked = self.unmasked;
        let item = || Item::new(row, result, unmasked);
        if outcome != Outcome::Active {
            self.lists[outcome as usize].add(item);
        }
        let Some(name) = &result.record.name else { return };
        self.compared += 1;
        if let Some(todo) = about_name(name.verdict).map(sentence) {
            let reason = names::cell(name.verdict, &name.differences);
            self.names.add(|| Item { reason, todo, ..item() });
        }
    }

    /// Adds the amount that was paid, or may have been paid, for a payee.
    pub(crate) fn pay(&mut self, paid: Option<Paid>) {
        if let Some(Paid { paise, is_certain }) = paid {
            if is_certain { &mut self.paid } else { &mut self.maybe_paid }.add(paise);
        }
    }

    pub(crate) fn list(&self, outcome: Outcome) -> &List {
        &self.lists[outcome as usize]
    }

    /// The number of rows that are not active.
    pub(crate) fn open(&self) -> u64 {
        self.outcomes.total() - self.active()
    }

    pub(super) fn active(&self) -> u64 {
        self.outcomes.of(Outcome::Active)
    }
}

impl Sink for Overview {
    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()> {
        if let Some(result) = &row.result {
            self.add(row, result);
        }
        Ok(())
    }
}

/// Turns text into a sentence, with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if text.is_empty() || text.ends_with(['.', '…', '?']) { "" } else { "." };
    first + letters.as_str() + end
}

/// Names the payee's bank, or the group of rows without a bank.
fn bank(payee: Option<&Payee>) -> String {
    match payee {
        Some(Payee::BankAccount(account)) => {
            let listed = account.ifsc.listing().bank();
            listed.map_or_else(|| format!("Bank {}", &account.ifsc.as_str()[..4]), |bank| bank.to_string())
        }
        Some(Payee::Upi(_)) => "UPI addresses".to_owned(),
        None => "Invalid rows".to_owned(),
    }
}

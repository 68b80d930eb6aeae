//! Checks every row of an input before anything is sent.

use std::collections::BTreeMap;
use std::thread;

use juspay_accounts_validation::Change;

use super::compare::{Compared, Comparison, join};
use super::findings::Findings;
use super::flaw::{Flaw, Likeness, Unusual};
use super::near::Found;
use super::row;
use crate::input::{Input, Row as InputRow, RowKind, Unreadable};
use crate::log::{Payees, Salt};

/// The maximum number of cells beyond the header that the results have.
const SURPLUS: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The number of rows with a payee, valid or not. Blank rows, totals and remarks are not counted.
    pub(crate) rows: u64,
    /// The number of rows in the results: also those without a payee, but not the blank ones at the end.
    pub(crate) written: u64,
    /// The number of columns in the results that are of the input: as many as its widest row or its header has.
    pub(crate) widest: usize,
    pub(crate) invalid: u64,
    pub(crate) problems: Findings,
    /// Advice about rows that are sent anyway.
    pub(crate) advice: Findings,
    /// The payees for the log. Empty without a salt.
    pub(crate) payees: Payees,
    /// The number of penny drops for valid rows, and their sum in paise.
    pub(crate) money: (u64, u64),
    /// The payees that resemble a payee in an earlier row: the row of each, the likeness and the earlier row. Sorted.
    near: Vec<(u32, Likeness, u32)>,
    /// The number of problems that `--clean` would repair.
    pub(crate) repairable: u64,
    /// How many repairs of each kind `--clean` made.
    pub(crate) repairs: BTreeMap<&'static str, u64>,
    /// The sum of the amounts above the limit, in paise.
    pub(crate) rejected: u64,
    pub(crate) skipped: Skipped,
    /// The number of rows with text that was read as Windows-1252.
    pub(crate) western: u64,
}

/// Rows that are not payees.
#[derive(Debug, Default)]
pub(crate) struct Skipped {
    pub(crate) blank: u64,
    pub(crate) totals: Vec<u32>,
    pub(crate) remarks: Vec<u32>,
}

/// Checks a whole input. `salt` is the log's salt, for the hashes of the payees; `None` if nothing is logged. With
/// `keeps_all`, the result keeps every finding for the file of `--problems`.
pub(crate) fn check(input: &Input, salt: Option<&Salt>, keeps_all: bool) -> Result<Checked, Unreadable> {
    let mut checked = Checked { problems: Findings::new(keeps_all), ..Checked::default() };
    thread::scope(|scope| {
        let mut comparison = Comparison::start(scope, salt.copied(), Findings::new(keeps_all));
        checked.read(input, &mut comparison)?;
        let Compared { rows, near, advice } = comparison.finish();
        checked.advice = advice;
        let payees = scope.spawn(|| Payees::new(rows));
        if near.has_one_ifsc() {
            checked.advice.unusual(None, &Unusual::SameIfsc);
        }
        let Found { repeated, near, money } = near.find();
        (checked.near, checked.money) = (near, money);
        for (line, likeness, first) in &checked.near {
            checked.advice.unusual(Some(*line), &Unusual::Like(*likeness, *first));
        }
        checked.payees = join(payees);
        for (line, first) in repeated {
            checked.invalid += 1;
            checked.problems.flaw(&input.layout, line, &Flaw::Repeats(first));
        }
        Ok(checked)
    })
}

/// Describes a kind of repair, to follow the number of such repairs: `3 × rupee signs removed`.
fn name(change: Change) -> &'static str {
    match change {
        Change::InvisibleCharacters => "invisible characters removed",
        Change::SurroundingSpaces => "spaces around a value removed",
        Change::UnusualSpaces => "unusual spaces within a value removed or replaced",
        Change::TextGuard => "text markers (such as a leading apostrophe) removed",
        Change::Capitals => "IFSCs changed to capital letters",
        Change::Grouping => "spaces or hyphens between groups of four digits removed",
        Change::DecimalPoint => ".0 after account numbers removed",
        Change::PaymentLink => "payment links replaced with their UPI addresses",
        Change::RupeeSign => "rupee signs removed",
        Change::ThousandsSeparators => "thousands separators removed",
        _ => "other repairs",
    }
}

impl Checked {
    /// Reads and checks all rows, and compares the valid ones.
    fn read(&mut self, input: &Input, comparison: &mut Comparison<'_>) -> Result<(), Unreadable> {
        let names = input.layout.names.len();
        self.widest = names;
        let mut rows = input.rows()?;
        while let Some(row) = rows.next()? {
            self.written += 1;
            self.widest = self.widest.max(row.width().min(names + SURPLUS));
            if row.kind != RowKind::Payee {
                self.skipped.add(&row);
                continue;
            }
            self.rows += 1;
            for (_, change) in row.repairs {
                *self.repairs.entry(name(*change)).or_default() += 1;
            }
            let before = self.problems.total;
            row::check(&row, |flaw| self.flaw(input, &row, &flaw));
            if self.problems.total > before {
                self.invalid += 1;
                continue;
            }
            comparison.add(&row);
        }
        self.skipped.blank += u64::from(rows.blank_at_end());
        self.western = rows.western();
        if self.rows == 0 {
            return Err(Unreadable::refused(
                "there are no payees below the header",
                "choose the file with the payees: it needs one row for each payee below its header",
            ));
        }
        Ok(())
    }

    /// Returns how the payee in a row resembles one in an earlier row; `None` if it does not.
    pub(crate) fn likeness(&self, line: u32) -> Option<Unusual> {
        let index = self.near.binary_search_by_key(&line, |(line, ..)| *line).ok()?;
        let (_, likeness, first) = self.near[index];
        Some(Unusual::Like(likeness, first))
    }

    fn flaw(&mut self, input: &Input, row: &InputRow<'_>, flaw: &Flaw) {
        match flaw {
            Flaw::Value(column, _) | Flaw::Marked(column) if row.is_repairable(*column) => self.repairable += 1,
            Flaw::TooMuch(amount) => self.rejected += amount.paise(),
            _ => {}
        }
        self.problems.flaw(&input.layout, row.number, flaw);
    }
}

impl Skipped {
    fn add(&mut self, row: &InputRow<'_>) {
        match row.kind {
            RowKind::Payee => {}
            RowKind::Blank => self.blank += 1,
            RowKind::Total => self.totals.push(row.number),
            RowKind::Remark => self.remarks.push(row.number),
        }
    }
}

#[cfg(test)]
mod tests;

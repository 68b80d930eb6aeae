//! Checks every row of an input before anything is sent.

use std::collections::BTreeMap;

use juspay_accounts_validation::Change;

use super::findings::Findings;
use super::flaw::Flaw;
use super::near::Near;
use super::row;
use crate::console::Console;
use crate::input::{Column, Input, Row as InputRow, RowKind, Unreadable};
use crate::log::{PayeeState, Payees, Row, Salt};
use crate::progress::Reading;

/// The number of rows between progress checks.
const SHOWN: u64 = 1024;

/// The result of checking a whole input.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The number of payees: rows except the header, blank rows and totals.
    pub(crate) rows: u64,
    pub(crate) invalid: u64,
    pub(crate) problems: Findings,
    /// Advice about rows that are sent anyway.
    pub(crate) advice: Findings,
    pub(crate) payees: Payees,
    /// The number of problems that `--clean` would repair.
    pub(crate) repairable: u64,
    /// The repairs that `--clean` made.
    pub(crate) repairs: BTreeMap<&'static str, u64>,
    /// What the amounts above the limit would have paid, in paise.
    pub(crate) rejected: u64,
    pub(crate) skipped: Skipped,
    /// Rows that have text that is not Unicode and was read as Windows-1252.
    pub(crate) western: u64,
}

/// Rows that are not payees.
#[derive(Debug, Default)]
pub(crate) struct Skipped {
    pub(crate) blank: u64,
    /// The row numbers of totals.
    pub(crate) totals: Vec<u32>,
    pub(crate) remarks: Vec<u32>,
}

/// Checks a whole input. `salt` is the salt of the log.
pub(crate) fn check(input: &Input, salt: &Salt) -> Result<Checked, Unreadable> {
    check_rows(input, salt, false, |_| {})
}

/// Checks a whole input and shows progress. `keeps_all` is whether all findings are written to a file.
pub(crate) fn check_visibly(
    input: &Input,
    salt: &Salt,
    keeps_all: bool,
    console: Console,
) -> Result<Checked, Unreadable> {
    let mut reading = Reading::new(console);
    check_rows(input, salt, keeps_all, |rows| reading.show(rows, || input.progress()))
}

fn check_rows(input: &Input, salt: &Salt, keeps_all: bool, mut show: impl FnMut(u64)) -> Result<Checked, Unreadable> {
    let (problems, advice) = (Findings::new(keeps_all), Findings::new(keeps_all));
    let mut checked = Checked { problems, advice, ..Checked::default() };
    let mut payees: Vec<Row> = Vec::new();
    let mut near = Near::default();
    let mut rows = input.rows()?;
    while let Some(row) = rows.next()? {
        if row.kind != RowKind::Payee {
            checked.skipped.add(&row);
            continue;
        }
        checked.rows += 1;
        if checked.rows.is_multiple_of(SHOWN) {
            show(checked.rows);
        }
        for (_, change) in &row.repairs {
            *checked.repairs.entry(name(*change)).or_default() += 1;
        }
        let before = checked.problems.total;
        row::check(&row, |flaw| checked.flaw(input, &row, &flaw));
        if checked.problems.total > before {
            checked.invalid += 1;
            continue;
        }
        row::advice(&row, |unusual| checked.advice.unusual(Some(row.number), &unusual));
        if let Some(account) = row.filled(Column::Account) {
            near.add(row.get(Column::Ifsc), account, payees.len());
        }
        let payee = row::payee(&row, salt);
        payees.push(Row { payee, line: row.number, paise: row::paise(&row), state: PayeeState::default() });
    }
    checked.skipped.blank += u64::from(rows.blank_at_end());
    checked.western = rows.western();
    if checked.rows == 0 {
        return Err(Unreadable::refused(
            "there is no payee below the header",
            "choose the file with the payees: below the headers, one row for each payee",
        ));
    }
    near.report(&payees, |row, unusual| checked.advice.unusual(row.map(|row| row.line), &unusual));
    checked.payees = Payees::new(payees, |row, first| {
        checked.invalid += 1;
        checked.problems.flaw(&input.layout, row.line, &Flaw::Repeats(first));
    });
    Ok(checked)
}

pub(crate) fn problems(row: &InputRow<'_>, mut report: impl FnMut(Option<Column>, String)) {
    row::check(row, |flaw| report(flaw.column(), flaw.to_string()));
}

/// The problem of a row that repeats an earlier payee.
pub(crate) fn repeats(first: u32) -> String {
    Flaw::Repeats(first).to_string()
}

/// The name of a repair, for all columns.
fn name(change: Change) -> &'static str {
    match change {
        Change::InvisibleCharacters => "invisible characters removed",
        Change::SurroundingSpaces => "spaces around a value removed",
        Change::UnusualSpaces => "unusual spaces within a value removed",
        Change::TextGuard => "marks for text removed",
        Change::Capitals => "IFSCs written in capital letters",
        Change::Grouping => "spaces and hyphens within account numbers removed",
        Change::DecimalPoint => ".0 after account numbers removed",
        Change::PaymentLink => "UPI addresses taken out of payment links",
        Change::RupeeSign => "rupee signs removed",
        Change::ThousandsSeparators => "separators for thousands removed",
        _ => "other repairs",
    }
}

impl Checked {
    /// The number of penny drops for valid rows, and their sum in paise.
    pub(crate) fn money(&self) -> (u64, u64) {
        let drops = self.payees.iter().filter(|row| row.paise > 0);
        drops.fold((0, 0), |(drops, paise), row| (drops + 1, paise + u64::from(row.paise)))
    }

    fn flaw(&mut self, input: &Input, row: &InputRow<'_>, flaw: &Flaw) {
        match flaw {
            Flaw::Value(column, _) if row.is_repairable(*column) => self.repairable += 1,
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

//! The check of an input, before anything of it is sent: every row of it.

use super::input::{Column, Input, Row as InputRow, RowKind, Unreadable};
use super::row;
use crate::console::Console;
use crate::failure::Problem;
use crate::log::{PayeeState, Payees, Row, Salt};
use crate::progress::Reading;
use crate::unlisted::Unlisted;

/// As many problems are listed; of the others, only the number.
pub(crate) const LISTED: usize = 100;

/// After this many rows it is time to see whether progress is to be shown.
const SHOWN: u64 = 1024;

/// What is known about an input that was read to its end.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The number of rows, without the header.
    pub(crate) rows: u64,
    /// The number of rows that cannot be sent.
    pub(crate) invalid: u64,
    pub(crate) problems: u64,
    /// The first problems, each with its line.
    listed: Vec<(u32, Problem)>,
    pub(crate) payees: Payees,
    pub(crate) unlisted: Unlisted,
}

/// Checks an input to its end, and shows how far it is. `salt` is that of the log.
pub(crate) fn check_visibly(input: &Input, salt: &Salt, console: Console) -> Result<Checked, Unreadable> {
    let mut reading = Reading::new(console);
    check_rows(input, salt, |rows| reading.show(rows, || input.progress()))
}

/// Checks an input to its end. `salt` is that of the log.
pub(crate) fn check(input: &Input, salt: &Salt) -> Result<Checked, Unreadable> {
    check_rows(input, salt, |_| {})
}

fn check_rows(input: &Input, salt: &Salt, mut show: impl FnMut(u64)) -> Result<Checked, Unreadable> {
    let mut checked = Checked::default();
    let mut payees = Vec::new();
    let mut rows = input.rows()?;
    while let Some(row) = rows.next()? {
        if row.kind != RowKind::Payee {
            continue;
        }
        checked.rows += 1;
        if checked.rows.is_multiple_of(SHOWN) {
            show(checked.rows);
        }
        let before = checked.problems;
        problems(&row, |column, problem| checked.add(input, row.number, column, &problem));
        if checked.problems > before {
            checked.invalid += 1;
            continue;
        }
        checked.unlisted.look_up(row.number, row.get(Column::Ifsc));
        let payee = row::payee(&row, salt);
        payees.push(Row { payee, line: row.number, paise: row::paise(&row), state: PayeeState::default() });
    }
    if checked.rows == 0 {
        return Err(Unreadable::at(input.header_row + 1, "there is no row below the header"));
    }
    checked.payees = Payees::new(payees, |row, first| {
        checked.invalid += 1;
        checked.add(input, row.line, None, &repeats(first));
    });
    Ok(checked)
}

/// Checks an input that can be anything.
#[cfg(fuzzing)]
pub(crate) fn fuzz(input: &[u8]) {
    if let Ok(input) = Input::from_bytes(input, &super::input::Profile::default()) {
        drop(check(&input, &Salt::random()));
    }
}

/// Reports everything that is wrong with a row.
pub(crate) fn problems(row: &InputRow<'_>, report: impl FnMut(Option<Column>, String)) {
    row::check(row, report);
}

/// The problem of a row that repeats the payee of an earlier one.
pub(crate) fn repeats(first: u32) -> String {
    format!("the same account of the same customer as in row {first}; it would be validated, and paid for, twice")
}

impl Checked {
    /// The first problems, in the order of the file.
    pub(crate) fn listed(mut self) -> Vec<Problem> {
        self.keep_first();
        self.listed.into_iter().map(|(_, problem)| problem).collect()
    }

    fn add(&mut self, input: &Input, line: u32, column: Option<Column>, problem: &str) {
        self.problems += 1;
        // Repeated rows are found in no order.
        if self.listed.len() == 2 * LISTED {
            self.keep_first();
        }
        if self.listed.len() < LISTED || self.listed.iter().any(|(other, _)| *other > line) {
            self.listed.push((line, Problem::new(input.layout.at(line, column), problem)));
        }
    }

    fn keep_first(&mut self) {
        self.listed.sort_by_key(|(line, _)| *line);
        self.listed.truncate(LISTED);
    }
}

#[cfg(test)]
mod tests;

//! The check of an input, before anything of it is sent: every row of it.

use std::io::Read;

use super::columns::Column;
use super::input::{Bad, Found, Input, Rows, Unreadable};
use super::row;
use crate::failure::Problem;
use crate::log::{PayeeState, Payees, Row, Salt};
use crate::unlisted::Unlisted;

/// As many problems are listed; of the others, only the number.
pub(crate) const LISTED: usize = 100;

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

/// Checks an input to its end. `salt` is that of the log.
pub(crate) fn check(input: &Input, salt: &Salt) -> Result<Checked, Unreadable> {
    check_rows(input.read()?, salt)
}

/// Checks an input that can be anything.
#[cfg(fuzzing)]
pub(crate) fn fuzz(input: &[u8]) {
    drop(check_rows(input, &Salt::random()));
}

fn check_rows(input: impl Read, salt: &Salt) -> Result<Checked, Unreadable> {
    let mut checked = Checked::default();
    let mut payees = Vec::new();
    let mut rows = Rows::open(input)?;
    while let Some(found) = rows.next()? {
        checked.rows += 1;
        let before = checked.problems;
        problems(&found, |line, column, problem| checked.add(line, column, &problem));
        match &found {
            Found::Row(cells) if checked.problems == before => {
                checked.unlisted.look_up(cells.line, cells.get(Column::Ifsc));
                let payee = row::payee(cells, salt);
                payees.push(Row { payee, line: cells.line, paise: row::paise(cells), state: PayeeState::default() });
            }
            _ => checked.invalid += 1,
        }
    }
    if checked.rows == 0 {
        return Err(Unreadable::problem(2, "there is no row below the header"));
    }
    checked.payees = Payees::new(payees, |row, first| {
        checked.invalid += 1;
        checked.add(row.line, None, &repeats(first));
    });
    Ok(checked)
}

/// Reports everything that is wrong with a row, with its line.
pub(crate) fn problems(found: &Found<'_>, mut report: impl FnMut(u32, Option<Column>, String)) {
    match found {
        Found::Row(cells) => row::check(cells, |column, problem| report(cells.line, column, problem)),
        Found::Bad(line, bad) => {
            let column = if let Bad::NotUtf8(column) = bad { *column } else { None };
            report(*line, column, bad.to_string());
        }
    }
}

/// The problem of a row that repeats the payee of an earlier one.
pub(crate) fn repeats(first: u32) -> String {
    format!("the same account of the same customer as in line {first}; it would be validated, and paid for, twice")
}

fn at(line: u32, column: Option<Column>, problem: &str) -> Problem {
    match column {
        Some(column) => Problem::new(format!("line {line}, {}", column.name()), problem),
        None => Problem::new(format!("line {line}"), problem),
    }
}

impl Checked {
    /// The first problems, in the order of the file.
    pub(crate) fn listed(mut self) -> Vec<Problem> {
        self.keep_first();
        self.listed.into_iter().map(|(_, problem)| problem).collect()
    }

    fn add(&mut self, line: u32, column: Option<Column>, problem: &str) {
        self.problems += 1;
        // Repeated rows are found in no order.
        if self.listed.len() == 2 * LISTED {
            self.keep_first();
        }
        if self.listed.len() < LISTED || self.listed.iter().any(|(other, _)| *other > line) {
            self.listed.push((line, at(line, column, problem)));
        }
    }

    fn keep_first(&mut self) {
        self.listed.sort_by_key(|(line, _)| *line);
        self.listed.truncate(LISTED);
    }
}

#[cfg(test)]
mod tests;

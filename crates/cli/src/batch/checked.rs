//! Prints the result of a check.

use std::path::Path;

use super::problems;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Column, Input, Origin};
use crate::log::Salt;
use crate::payees::check::{self, Checked, Skipped};
use crate::payees::findings::LISTED;
use crate::text::{count, rupees};

/// At most this many kinds of advice are printed.
const KINDS: usize = 8;

/// At most this many skipped rows of a kind are printed.
const SKIPPED: usize = 10;

/// Checks an input, and prints its notes and the advice, but not the problems. If `list` is set, writes all findings to
/// that file.
///
/// # Errors
/// The input cannot be read to its end, or the file of findings cannot be written. Invalid rows are not an error here;
/// the caller reports them.
pub(crate) fn check(
    input: &Input,
    salt: Option<&Salt>,
    list: Option<&Path>,
    console: Console,
    exit: Exit,
) -> Result<Checked, Failure> {
    let checked = check::check(input, salt, list.is_some());
    let mut checked = checked.map_err(|stopped| stopped.into_failure(&input.name, exit))?;
    notes(input, &checked, console);
    if let Some(list) = list {
        let written = problems::write(list, input, &mut checked)?;
        console.note(format_args!("{} in {}", count(written, "finding is", "findings are"), list.display()));
    }
    Ok(checked)
}

/// Prints the result of `--check-only`.
pub(crate) fn report(input: &Input, checked: &Checked, console: Console) -> Result<Exit, Failure> {
    if checked.invalid > 0 {
        return Err(invalid(input, checked, Exit::NotActive));
    }
    let (drops, paise) = checked.money;
    let rows = count(checked.rows, "row", "rows");
    let (name, cost) = (&input.name, cost(drops, paise));
    let text = format!("{name}: {rows}, no problems; {cost}");
    let value = serde_json::json!({
        "rows": checked.rows, "problems": 0, "advice": checked.advice.counts(&input.layout),
        "penny_drops": drops, "rupees": rupees(paise),
    });
    console.result(&value, Exit::Usage, |out| writeln!(out, "{text}"))?;
    Ok(Exit::Active)
}

pub(crate) fn invalid(input: &Input, checked: &Checked, exit: Exit) -> Failure {
    let found = count(checked.problems.total, "problem", "problems");
    let rows = count(checked.rows, "row", "rows");
    let (name, invalid) = (&input.name, checked.invalid);
    let message = format!("{found} in {name}, in {invalid} of {rows}; nothing was sent");
    let mut next = Vec::new();
    if checked.repairable > 0 {
        let all = if checked.repairable == checked.problems.total { "all of them" } else { "some of them" };
        let which = if checked.problems.total == 1 { "it" } else { all };
        next.push(format!("--clean repairs {which} without losing anything"));
    }
    let is_composed = matches!(input.layout.origin(Column::CustomerId), Origin::Set(_));
    if is_composed && checked.problems.has(Column::CustomerId) {
        next.push(
            "a customer id cannot be empty or have spaces, /, \\, ? or #; make it from another column".to_owned(),
        );
    }
    if checked.rejected > 0 {
        let (_, paise) = checked.money;
        let total = rupees(paise + checked.rejected);
        next.push(format!(
            "with these amounts, the file would cost {total} rupees; a penny drop needs 1 rupee, so ignore the column \
             with --column amount=, or allow more with --max-amount"
        ));
    }
    let is_cut = checked.problems.total > LISTED as u64;
    if is_cut {
        next.push("--problems problems.csv lists all of them".to_owned());
    }
    let counts = if is_cut { checked.problems.counts(&input.layout) } else { Vec::new() };
    let failure = Failure::new(exit, message).counts(counts).problems(checked.problems.first());
    if next.is_empty() { failure } else { failure.next(next.join("; ")) }
}

/// Formats the cost of penny drops: `2 penny drops, 2.00 rupees`.
pub(crate) fn cost(drops: u64, paise: u64) -> String {
    format!("{}, {} rupees", count(drops, "penny drop", "penny drops"), rupees(paise))
}

/// Prints everything that the check found except the problems.
fn notes(input: &Input, checked: &Checked, console: Console) {
    for note in input.notes() {
        console.note(note);
    }
    if checked.western > 0 {
        let rows_have = count(checked.western, "row has", "rows have");
        console.note(format_args!(
            "{rows_have} letters in an older encoding of Windows (Windows-1252); if names look wrong, save the file in \
             Excel as CSV UTF-8"
        ));
    }
    if let Some(skipped) = checked.skipped.sentence() {
        console.note(skipped);
    }
    if !checked.repairs.is_empty() {
        let repairs: Vec<_> = checked.repairs.iter().map(|(repair, count)| format!("{count} × {repair}")).collect();
        console.note(format_args!("repaired: {}", repairs.join(", ")));
    }
    let advice = checked.advice.counts(&input.layout);
    if !advice.is_empty() {
        let mut lines: Vec<_> = advice.iter().take(KINDS).map(|count| format!("\n  {}", count.line())).collect();
        if advice.len() > KINDS {
            let more = count(advice.len() - KINDS, "more kind", "more kinds");
            lines.push(format!("\n  and {more}; --problems FILE lists all of them"));
        }
        console.warn(format_args!("these values are allowed, but check them:{}", lines.concat()));
    }
    if checked.invalid > 0 && checked.rows > checked.invalid {
        let (drops, paise) = checked.money;
        console.note(format_args!("the valid rows need {}", cost(drops, paise)));
    }
}

impl Skipped {
    /// Describes the rows that are not payees.
    fn sentence(&self) -> Option<String> {
        let named = |rows: &[u32], one: &str, many: &str| {
            let numbers: Vec<_> = rows.iter().take(SKIPPED).map(u32::to_string).collect();
            let more = if rows.len() > SKIPPED { ", …" } else { "" };
            let word = if rows.len() == 1 { "row" } else { "rows" };
            (!rows.is_empty())
                .then(|| format!("{} ({word} {}{more})", count(rows.len(), one, many), numbers.join(", ")))
        };
        let blank = (self.blank > 0).then(|| count(self.blank, "blank row", "blank rows"));
        let totals = named(&self.totals, "row with a total", "rows with totals");
        let remarks = named(&self.remarks, "row without a payee", "rows without a payee");
        let parts: Vec<_> = [blank, totals, remarks].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("skipped: {}", parts.join(", ")))
    }
}

//! Prints the result of a run.

use std::io::{self, Write};
use std::path::Path;

use super::dispatch::StopReason;
use super::plan::Plan;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Unreadable;
use crate::log::{Changes, Outcome, Tally};
use crate::payees::check::Checked;
use crate::results::page::BY_URGENCY;
use crate::results::{Files, Item, Overview, Published};
use crate::show::{Sheet, nothing};
use crate::summary::{self, Summary};
use crate::text::{count, rupees};

/// The maximum number of rows shown that are not active.
const SHOWN: usize = 10;

/// The maximum number of rows with an unknown outcome that are listed.
const LISTED: usize = 20;

/// Describes what a run will do, and its maximum cost.
pub(crate) fn cost(plan: &Plan) -> String {
    if plan.send == 0 {
        return "nothing to send".to_owned();
    }
    let payees = count(plan.send, "payee", "payees");
    let again = if plan.again > 0 { format!(" ({} of them again)", plan.again) } else { String::new() };
    let (drops, rupees) = (count(plan.drops, "penny drop", "penny drops"), rupees(plan.paise));
    match plan.if_absent {
        0 => format!("{payees}{again}, {drops}, at most {rupees} rupees"),
        all if all == plan.send => {
            format!("{payees}, at most {drops}, {rupees} rupees, and only for payees that the vendor does not have")
        }
        some => format!(
            "{payees}{again}, at most {drops}, {rupees} rupees; {some} of them only if the vendor does not have the payee"
        ),
    }
}

/// The failure for results that could not be written. Every outcome is in the log.
pub(crate) fn unpublished(out: &Path, log: &Path, broken: &Unreadable) -> Failure {
    let (out, log) = (out.display(), log.display());
    let message = format!("the results cannot be written to {out}; every outcome is in {log}");
    let failure = match broken {
        Unreadable::Io(error) => Failure::caused(Exit::Unknown, message, error),
        _ => Failure::new(Exit::Unknown, format!("{message}; the input was changed")),
    };
    failure.next(format!("juspay-accounts results {log} writes them, and pays nothing"))
}

/// The result of a run.
pub(crate) struct Ended<'a> {
    pub(crate) files: &'a Files,
    pub(crate) log: &'a Path,
    /// The files, if they could be written.
    pub(crate) published: Option<&'a Published>,
    /// The checked input, with the states from the log.
    pub(crate) checked: &'a Checked,
    pub(crate) changes: Option<Changes>,
    pub(crate) unread: Option<(u64, String)>,
    pub(crate) stop: Option<StopReason>,
}

/// Counts the rows of an input by outcome. Rows without an outcome are not counted.
pub(crate) fn tally(checked: &Checked) -> Tally {
    let mut tally = Tally::default();
    for row in checked.payees.iter() {
        if let Some(outcome) = row.state.outcome() {
            tally.add(outcome, 1);
        }
    }
    tally.add(Outcome::Skipped, checked.invalid);
    tally
}

/// Prints the result of a run, or of the command `results`.
pub(crate) fn ended(ended: &Ended<'_>, console: Console) -> Result<Exit, Failure> {
    let Ended { files, log, published, checked, changes, unread, stop } = ended;
    let tally = tally(checked);
    let left = checked.rows.saturating_sub(tally.total());
    let (rows, results) = (checked.rows, files.out.display().to_string());
    let summary = Summary { rows, outcomes: tally, left, changes: *changes, results: &results };
    // If the summary cannot be printed, the messages below are still printed.
    let printed = console.result(&summary, Exit::Unknown, |out| {
        if let Some(published) = published {
            open(&published.overview, out, console)?;
        }
        summary.write(out, console)
    });
    if let Some((rows, reason)) = unread {
        let rows = count(*rows, "pending row", "pending rows");
        console.warn(format_args!("{rows} could not be read; the last error: {reason}"));
    }
    if let Some((path, published)) = files.rest.as_ref().zip(*published) {
        // In a CSV file, a long number has a tab in front for Excel. `--clean` removes the tab.
        let clean =
            if path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("csv")) { " and --clean" } else { "" };
        let path = path.display();
        match published.rest {
            0 => console.note(format_args!("no row is left to correct or send; {path} has only the header")),
            left => {
                let rows = count(left, "row", "rows");
                console.note(format_args!(
                    "{rows} in {path} must still be corrected or sent; then run the batch on that file with the same flags{clean}"
                ));
            }
        }
    }
    let pending = tally.of(Outcome::Pending);
    if pending > 0 {
        let rows = count(pending, "row", "rows");
        console.note(format_args!("{rows} pending: --resume --follow reads their status, and pays nothing"));
    }
    if tally.of(Outcome::Unknown) > 0 {
        console.warn(format_args!(
            "the outcome of {} is unknown, and a penny drop may have been paid: first use --resume --reconcile, then ask \
             the vendor about the request_id of what is still unknown",
            unknown_rows(checked)
        ));
    }
    let exit = exit(&tally, left, stop.as_ref());
    let resume = format!("run the same command with --resume to continue; {} records what was sent", log.display());
    let failure = match stop {
        None if exit == Exit::NotSent => {
            Failure::new(exit, "some rows were not sent; the column reason says why").next(resume)
        }
        None => return printed.map(|()| exit),
        Some(StopReason::Interrupted) => Failure::new(exit, "interrupted before all rows were sent").next(resume),
        Some(StopReason::KeyRefused(reason) | StopReason::TooManyFailures(reason)) => {
            Failure::new(exit, format!("nothing more was sent: {reason}")).next(resume)
        }
        Some(StopReason::LogClosed) => {
            Failure::new(exit, "the log cannot be written; nothing more was sent").next(resume)
        }
        Some(StopReason::Input(Unreadable::Io(error))) => {
            Failure::caused(exit, "the input cannot be read; nothing more was sent", error).next(resume)
        }
        Some(StopReason::Input(_)) => {
            Failure::new(exit, "the input was changed after it was checked; nothing more was sent").next(resume)
        }
        Some(StopReason::Broken(error)) => {
            Failure::caused(exit, "a call failed because of a bug in this program; nothing more was sent", error)
                .next(resume)
        }
    };
    Err(failure)
}

/// Prints the first rows that are not active. The row numbers identify payees, which are masked.
fn open(overview: &Overview, out: &mut dyn Write, console: Console) -> io::Result<()> {
    let mut sheet = Sheet::new(["row", "payee", "name", "reference", "outcome"]);
    let style = |outcome| console.style(summary::style(outcome));
    let items =
        BY_URGENCY.into_iter().flat_map(|outcome| overview.list(outcome).items.iter().map(move |item| (outcome, item)));
    for (outcome, item) in items.take(SHOWN) {
        let Item { row, payee, name, reference, .. } = item.clone();
        let [name, reference] =
            [name.unwrap_or_default(), reference].map(|text| if text.is_empty() { nothing() } else { text });
        sheet.add([row.to_string(), payee, name, reference, outcome.name().to_owned()], style(outcome));
    }
    let rows = overview.open();
    if rows == 0 {
        return Ok(());
    }
    let first = if rows > SHOWN as u64 { format!(", the first {SHOWN} of them") } else { String::new() };
    writeln!(out, "{} not active{first}:", count(rows, "row", "rows"))?;
    sheet.write(out, console::width())?;
    writeln!(out)
}

/// Chooses the exit code. An unknown outcome comes first, because money may have moved. Rows that are left come next.
fn exit(tally: &Tally, left: u64, stop: Option<&StopReason>) -> Exit {
    if tally.of(Outcome::Unknown) > 0 {
        Exit::Unknown
    } else if matches!(stop, Some(StopReason::KeyRefused(_))) {
        Exit::Refused
    } else if left > 0 || tally.of(Outcome::NotSent) > 0 {
        Exit::NotSent
    } else if tally.of(Outcome::Refused) > 0 {
        Exit::Refused
    } else if tally.of(Outcome::Active) < tally.total() {
        Exit::NotActive
    } else {
        Exit::Active
    }
}

/// Lists the rows with an unknown outcome: "row 4", "30 rows (2, 3, …)".
fn unknown_rows(checked: &Checked) -> String {
    let unknown = checked.payees.iter().filter(|row| row.state.is_unknown());
    let mut rows: Vec<_> = unknown.map(|row| row.line).collect();
    rows.sort_unstable();
    if let [row] = rows[..] {
        return format!("row {row}");
    }
    let more = if rows.len() > LISTED { ", …" } else { "" };
    let listed: Vec<_> = rows.iter().take(LISTED).map(u32::to_string).collect();
    format!("{} rows ({}{more})", rows.len(), listed.join(", "))
}

#[cfg(test)]
mod tests;

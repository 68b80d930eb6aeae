//! Prints the result of a run.

use std::io::{self, Write};
use std::path::Path;

use anstyle::Style;
use serde::Serialize;

use super::dispatch::StopReason;
use super::plan::Plan;
use crate::console::{self, BAD, CAUTION, Console, GOOD};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::Unreadable;
use crate::log::{Changes, Outcome, Tally};
use crate::payees::check::Checked;
use crate::results::{BY_URGENCY, Cost, Files, Format, Item, Overview, Published};
use crate::show::Sheet;
use crate::text::{count, percent, rupees};

/// At most this many of the rows that are not active are shown.
const SHOWN: usize = 10;

/// The maximum length of a bar, in characters.
const LONGEST: usize = 40;

/// The maximum number of row numbers in a message.
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
            format!("{payees}, at most {drops}, {rupees} rupees, and only if the vendor has no record of the payee")
        }
        some => format!(
            "{payees}{again}, at most {drops}, {rupees} rupees; {some} of them only if the vendor has no record of the payee"
        ),
    }
}

/// Prints what a run will do. Warns of payees that look like corrections of payees that did not fail.
pub(crate) fn announce(plan: &Plan, server: &str, cost: &str, console: Console) {
    console.note(format_args!("the server is {server}; {cost}"));
    if plan.replaced > 0 {
        let payees = count(plan.replaced, "payee replaces one", "payees replace others");
        console.warn(format_args!(
            "{payees} of the same customer that did not fail: a payee with another account number or IFSC is validated \
             and paid again"
        ));
    }
}

/// The result of a run.
pub(crate) struct Ended<'a> {
    pub(crate) files: &'a Files,
    pub(crate) log: &'a Path,
    /// The written files; `None` if the results could not be written.
    pub(crate) published: Option<Published>,
    /// The checked input, with the states from the log.
    pub(crate) checked: &'a Checked,
    pub(crate) changes: Option<Changes>,
    pub(crate) unread: Option<(u64, String)>,
    pub(crate) stop: Option<StopReason>,
}

/// Counts the rows of an input by outcome. Invalid rows count as skipped. Rows without an outcome are not counted.
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

/// The result of a run, for the screen or as JSON.
#[derive(Debug, Serialize)]
struct Summary {
    rows: u64,
    outcomes: Tally,
    /// The number of rows that the run did not reach.
    left: u64,
    /// How the input differs from the inputs of earlier runs, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Changes>,
    /// The paths of the results and of the report, if they were written.
    results: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    #[serde(flatten)]
    money: Option<Money>,
}

/// What the penny drops of all runs paid, or may have paid.
#[derive(Debug, Serialize)]
struct Money {
    paid: Cost,
    maybe_paid: Cost,
    #[serde(skip)]
    is_trial: bool,
}

impl Summary {
    fn write(&self, out: &mut dyn Write, console: Console) -> io::Result<()> {
        let left = (self.left > 0).then_some(("not reached", self.left, CAUTION));
        let lines = self.outcomes.iter().map(|(outcome, number)| (outcome.name(), number, style(outcome))).chain(left);
        let digits = self.rows.to_string().len();
        let numbers = "not reached".len() + digits + "  ".len() + "  100.0 %  ".len();
        let longest = console::width().map_or(LONGEST, |width| width.saturating_sub(numbers).min(LONGEST)) as u64;
        for (name, number, style) in lines {
            let style = console.style(style);
            let bar = "█".repeat(usize::try_from((number * longest).div_ceil(self.rows.max(1))).unwrap_or_default());
            let share = percent(number, self.rows);
            let line = format!("{style}{name:<11}{style:#}  {number:>digits$}  {share:>5} %  {style}{bar}");
            writeln!(out, "{}{style:#}", line.trim_end())?;
        }
        if let Some(Changes { done, new, changed, removed }) = self.changes {
            writeln!(out, "input        {done:>digits$} done before, {new} new, {changed} changed, {removed} removed")?;
        }
        let place = |file: Option<&String>| file.map(|file| format!("  in {file}")).unwrap_or_default();
        writeln!(out, "{:<11}  {:>digits$}{}", "rows", self.rows, place(self.results.as_ref()))?;
        if self.report.is_some() {
            writeln!(out, "{:<11}  {:>digits$}{}", "report", "", place(self.report.as_ref()))?;
        }
        self.money.as_ref().map_or(Ok(()), |money| writeln!(out, "{:<11}  {}", "paid", money.sentence()))
    }
}

impl Money {
    fn sentence(&self) -> String {
        let by = |cost: Cost, one, many| format!("{} rupees by {}", rupees(cost.paise), count(cost.drops, one, many));
        let paid = match (self.paid.drops, self.maybe_paid.drops) {
            (0, 0) => return "nothing".to_owned(),
            (_, 0) => by(self.paid, "penny drop", "penny drops"),
            (0, _) => format!("at most {}", by(self.maybe_paid, "penny drop", "penny drops")),
            _ => {
                let (paid, others) =
                    (by(self.paid, "penny drop", "penny drops"), by(self.maybe_paid, "other", "others"));
                format!("{paid}, and at most {others}")
            }
        };
        let trial = if self.is_trial { " (in a sandbox: no money moved)" } else { "" };
        paid + trial
    }
}

fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Active => GOOD,
        Outcome::Failed | Outcome::Refused | Outcome::Unknown => BAD,
        Outcome::Pending | Outcome::Other | Outcome::Skipped | Outcome::NotSent => CAUTION,
    }
}

/// Prints the result of a run, or of the command `results`.
///
/// # Errors
/// The summary, or a file other than the results, cannot be written; the run stopped early; or some rows were not sent.
pub(crate) fn ended(ended: Ended<'_>, console: Console) -> Result<Exit, Failure> {
    let Ended { files, log, published, checked, changes, unread, stop } = ended;
    published.iter().flat_map(|published| &published.warnings).for_each(|warning| console.warn(warning));
    let tally = tally(checked);
    let left = checked.rows.saturating_sub(tally.total());
    let money = published.as_ref().map(|Published { overview, is_trial, .. }| Money {
        paid: overview.paid,
        maybe_paid: overview.maybe_paid,
        is_trial: *is_trial,
    });
    let report = published.as_ref().and_then(|published| published.report.clone());
    let results = published.as_ref().map(|_| files.out.display().to_string());
    let rows = checked.rows;
    let summary = Summary { rows, outcomes: tally, left, changes, results, report, money };
    // If the summary cannot be printed, the messages below are still printed.
    let printed = console.result(&summary, Exit::Unknown, |out| {
        if let Some(published) = &published {
            open(&published.overview, out, console)?;
        }
        summary.write(out, console)
    });
    if let Some((rows, reason)) = unread {
        let rows = count(rows, "pending row", "pending rows");
        console.warn(format_args!("the status of {rows} could not be read; the last error: {reason}"));
    }
    if let Some((path, left)) = files.rest.as_ref().zip(published.as_ref().and_then(|published| published.rest)) {
        // In a CSV file, a long number has a tab in front for Excel. `--clean` removes the tab.
        let clean = if Format::of(path) == Some(Format::Csv) { "--clean and " } else { "" };
        let path = path.display();
        match left {
            0 => console.note(format_args!("no rows are left to correct or send; {path} has only the header")),
            left => {
                let rows = count(left, "row", "rows");
                console.note(format_args!(
                    "{rows} in {path} must still be corrected or sent: correct the file, and run it as a new batch, \
                     with {clean}the same flags, except --out, --rest and --resume"
                ));
            }
        }
    }
    // An active account can belong to the wrong person.
    if let Some(names) = published.as_ref().map(|published| &published.overview.names).filter(|names| names.count > 0) {
        let listed: Vec<_> = names.items.iter().map(|item| item.row).collect();
        let is_whole = listed.len() as u64 == names.count;
        let rows = if is_whole { self::rows(listed) } else { count(names.count, "row", "rows") };
        console.warn(format_args!("the name at the bank differs in {rows}; read \"name verdict\" before you pay"));
    }
    let pending = tally.of(Outcome::Pending);
    if pending > 0 {
        let rows_are = count(pending, "row is", "rows are");
        console.note(format_args!(
            "{rows_are} pending: --resume --follow reads the status, and pays nothing for pending rows"
        ));
    }
    let refused = published.as_ref().map(|published| published.overview.list(Outcome::Refused));
    // If the run stopped, the failure below gives the reason.
    if let Some(first) = refused.filter(|_| stop.is_none()).and_then(|list| list.items.first()) {
        let rows_were = count(tally.of(Outcome::Refused), "row was", "rows were");
        let (row, reason) = (first.row, &first.reason);
        console.note(format_args!("{rows_were} refused, and cost nothing; row {row}: {reason}"));
    }
    if tally.of(Outcome::Unknown) > 0 {
        let unknown = checked.payees.iter().filter(|row| row.state.is_unknown());
        console.warn(format_args!(
            "the outcome of {} is unknown, and a penny drop may have been paid: first use --resume --reconcile, then ask \
             the vendor about the request id of each row that is still unknown",
            self::rows(unknown.map(|row| row.line).collect())
        ));
    }
    let exit = exit(&tally, left, stop.as_ref());
    let resume =
        format!("run the same `batch` command with --resume to continue; {} records what was sent", log.display());
    let unsent = published.as_ref().and_then(|published| published.overview.list(Outcome::NotSent).items.first());
    let unsent = unsent.map(|item| Problem::new(format!("row {}", item.row), &item.reason));
    if let Some(failure) = published.and_then(|published| published.failure) {
        return Err(if exit == Exit::NotSent { failure.exit(exit) } else { failure });
    }
    let failure = match stop {
        None if exit == Exit::NotSent => {
            let message = "some rows were not sent; the reason column says why";
            Failure::new(exit, message).problems(unsent.into_iter().collect()).next(resume)
        }
        None => return printed.map(|()| exit),
        // The interrupt came when nothing was left to do.
        Some(StopReason::Interrupted) if exit == Exit::Active => return printed.map(|()| exit),
        Some(StopReason::Interrupted) => Failure::new(exit, "the run was interrupted").next(resume),
        Some(StopReason::KeyRefused(reason) | StopReason::TooManyFailures(reason)) => {
            Failure::new(exit, format!("nothing more was sent: {reason}")).next(resume)
        }
        Some(StopReason::LogClosed) => {
            Failure::new(exit, "the log cannot be written; nothing more was sent").next(resume)
        }
        Some(StopReason::Input(Unreadable::Io(error))) => {
            Failure::caused(exit, "the input cannot be read; nothing more was sent", &error).next(resume)
        }
        Some(StopReason::Input(_)) => {
            Failure::new(exit, "the input was changed after it was checked; nothing more was sent").next(resume)
        }
        Some(StopReason::Broken(error)) => {
            Failure::caused(exit, "a call failed because of a bug in this program; nothing more was sent", &error)
                .next(resume)
        }
    };
    // An error is never a success, even if nothing was left to do.
    let exit = exit.max(Exit::NotActive);
    Err(failure.exit(exit))
}

/// Prints rows that are not active, the most urgent outcomes first. Payees are masked by default, so row numbers
/// identify them.
fn open(overview: &Overview, out: &mut dyn Write, console: Console) -> io::Result<()> {
    let mut sheet = Sheet::new(["row", "payee", "name", "reference", "outcome"]);
    let style = |outcome| console.style(style(outcome));
    let items =
        BY_URGENCY.into_iter().flat_map(|outcome| overview.list(outcome).items.iter().map(move |item| (outcome, item)));
    for (outcome, item) in items.take(SHOWN) {
        let Item { row, payee, name, reference, .. } = item.clone();
        let cells = [row.to_string(), payee, name.unwrap_or_default(), reference, outcome.name().to_owned()];
        sheet.add(cells, style(outcome));
    }
    let rows = overview.open();
    if rows == 0 {
        return Ok(());
    }
    let first = if rows > SHOWN as u64 { format!("; the {SHOWN} most urgent") } else { String::new() };
    writeln!(out, "{} not active{first}:", count(rows, "row", "rows"))?;
    sheet.write(out, console::width())?;
    writeln!(out)
}

/// Chooses the exit code. An unknown outcome comes first, because money may have moved, then a refused key, then rows
/// that were not sent.
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

/// Lists rows: "row 4", "30 rows (2, 3, …)".
pub(super) fn rows(mut rows: Vec<u32>) -> String {
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

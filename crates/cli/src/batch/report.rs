//! What is told at the end: of a check, and of a run.

use std::path::Path;

use serde::Serialize;

use super::calls::Broken;
use super::check::{Checked, Stopped, TOLD};
use super::files::journal_of;
use super::input::Input;
use super::outcome::{Outcome, Tally};
use super::send::{LISTED, Sent, Stop};
use super::store::End;
use super::summary::Summary;
use crate::console::{Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::count;

/// The end of `--check-only`.
pub(crate) fn checked(input: &Input, checked: Result<Checked, Stopped>, console: Console) -> Result<Exit, Failure> {
    let checked = checked.map_err(|error| stopped(input, error, Exit::NotActive))?;
    checked.unlisted.tell(console);
    if checked.invalid > 0 {
        return Err(invalid(input, checked, Exit::NotActive));
    }
    let text = format!("{}: {}, no problem", input.name, count(checked.rows, "row", "rows"));
    let value = serde_json::json!({ "rows": checked.rows, "problems": 0, "unlisted": checked.unlisted.rows() });
    print(console, &value, Exit::Usage, |out| writeln!(out, "{text}"))?;
    Ok(Exit::Active)
}

/// A file that cannot be checked to its end.
pub(crate) fn stopped(input: &Input, stopped: Stopped, exit: Exit) -> Failure {
    match stopped {
        Stopped::Io(error) => input.unreadable(&error),
        Stopped::Spill(error) => {
            let message = "so many rows cannot be checked without a temporary file; nothing was sent";
            Failure::caused(Exit::Usage, message, &error).next("name a directory with room for it in TMPDIR")
        }
        Stopped::Problems(problems) => {
            let found = count(problems.len(), "problem", "problems");
            Failure::new(exit, format!("{found} in {}; nothing was sent", input.name)).problems(problems)
        }
    }
}

/// A file with rows that are invalid.
pub(crate) fn invalid(input: &Input, checked: Checked, exit: Exit) -> Failure {
    let Checked { rows, invalid, problems, .. } = checked;
    let found = count(problems, "problem", "problems");
    let rows = count(rows, "row", "rows");
    let message = format!("{found} in {}, in {invalid} of {rows}; nothing was sent", input.name);
    let failure = Failure::new(exit, message).problems(checked.told());
    if problems > TOLD as u64 {
        failure.next(format!("these are the first {TOLD}; mend them, and more will be told"))
    } else {
        failure
    }
}

/// The end of a run. `in_doubt` is whether it began with rows that may have been paid for.
pub(crate) fn sent(
    out: &Path,
    rows: u64,
    sent: Sent,
    written: End,
    in_doubt: bool,
    console: Console,
) -> Result<Exit, Failure> {
    let Sent { tally, unknown, unread, stop } = sent;
    let End { failure, unwritten, open } = written;
    let left = rows.saturating_sub(tally.total());
    let output = out.display().to_string();
    let summary = Summary { rows, outcomes: tally, left, output: &output };
    // What cannot be printed is in the output; what comes now is told in any case.
    let printed = print(console, &summary, Exit::Unknown, |out| summary.write(out));

    for line in &unwritten {
        console.warn(format_args!("this could not be written to {output}: {line}"));
    }
    if let Some((rows, reason)) = unread {
        let rows = count(rows, "pending row", "pending rows");
        console.warn(format_args!("{rows} could not be read; the last: {reason}"));
    }
    let pending = tally.of(Outcome::Pending);
    if pending > 0 {
        let rows = count(pending, "row", "rows");
        console.note(format_args!("{rows} pending: --resume --follow reads what became of them, and pays nothing"));
    }
    let number = tally.of(Outcome::Unknown);
    if number > 0 {
        console.warn(format_args!(
            "it is not known what became of {}, which may have been paid for: --resume --reconcile finds out what can be \
             found out, and of the rest the vendor knows by the request_id",
            lines(&unknown, number)
        ));
    }
    if !open.is_empty() {
        let shown: Vec<_> = open.iter().copied().take(LISTED).collect();
        console.warn(format_args!(
            "{output} has no outcome of {}, which were about to be sent, or sent: they may have been paid for. \
             --resume writes them down as unknown, and --resume --reconcile finds out",
            lines(&shown, open.len() as u64)
        ));
    }
    let in_doubt = in_doubt && left > 0 || !open.is_empty() || !unwritten.is_empty();
    let exit = exit(&tally, in_doubt, left, stop.as_ref());
    let resume = format!("run the same command with --resume to go on; {} says where", journal_of(out).display());
    let failure = match failure {
        // The journal could not be told of the last outcomes, which are on disk.
        Some((file, error)) if left == 0 && open.is_empty() && unwritten.is_empty() => {
            console.warn(format_args!("the {file} cannot be written ({error}); all outcomes are in {output}"));
            None
        }
        failure => failure,
    };
    let failure = match (failure, stop) {
        (Some((file, error)), _) => {
            Failure::caused(exit, format!("the {file} cannot be written; nothing more was sent"), &error).next(resume)
        }
        (None, None | Some(Stop::Full)) if exit == Exit::NotSent => {
            Failure::new(exit, "some rows were not sent").next(resume)
        }
        (None, None | Some(Stop::Full)) => {
            return printed.map(|()| exit);
        }
        (None, Some(Stop::Interrupted)) => Failure::new(exit, "ended before all rows were sent").next(resume),
        (None, Some(Stop::KeyRefused(reason) | Stop::InVain(reason))) => {
            Failure::new(exit, format!("nothing more was sent: {reason}")).next(resume)
        }
        (None, Some(Stop::Input(Broken::Io(error)))) => {
            Failure::caused(exit, "the input cannot be read; nothing more was sent", &error).next(resume)
        }
        (None, Some(Stop::Input(Broken::Changed))) => {
            Failure::new(exit, "the input is not what was checked; nothing more was sent")
        }
        (None, Some(Stop::Broken(error))) => {
            Failure::caused(exit, "a call ended as none should; nothing more was sent", &error).next(resume)
        }
    };
    Err(failure)
}

/// What matters most about a run: that money may have moved, then that there is something left to do.
fn exit(tally: &Tally, in_doubt: bool, left: u64, stop: Option<&Stop>) -> Exit {
    if in_doubt || tally.of(Outcome::Unknown) > 0 {
        Exit::Unknown
    } else if matches!(stop, Some(Stop::KeyRefused(_))) {
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

/// "1 row (line 4)", "30 rows (lines 2, 3, …)".
fn lines(listed: &[u64], number: u64) -> String {
    let more = if number > listed.len() as u64 { ", …" } else { "" };
    let word = if number == 1 { "line" } else { "lines" };
    // They are known in the order of the answers.
    let mut listed = listed.to_vec();
    listed.sort_unstable();
    let listed: Vec<_> = listed.iter().map(u64::to_string).collect();
    format!("{} ({word} {}{more})", count(number, "row", "rows"), listed.join(", "))
}

fn print(
    console: Console,
    value: &impl Serialize,
    unprinted: Exit,
    text: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let printed = console.print(|out| match console.format {
        Format::Table => text(out),
        Format::Json => json_line(out, value),
    });
    printed.map(drop).map_err(|error| Failure::caused(unprinted, "the result cannot be written", &error))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::console::Color;

    #[test]
    fn a_journal_that_could_not_be_ended_is_no_failure_if_every_outcome_is_in_the_output() {
        let end = |outcomes: &[Outcome], rows, file| {
            let mut tally = Tally::default();
            for outcome in outcomes {
                tally.add(*outcome);
            }
            let failure = Some((file, io::ErrorKind::StorageFull.into()));
            let sent = Sent { tally, unknown: Vec::new(), unread: None, stop: None };
            let console = Console::new(Format::Json, Color::Never);
            super::sent(Path::new("out"), rows, sent, End { failure, ..End::default() }, false, console)
        };
        assert_eq!(end(&[Outcome::Active; 2], 2, "journal").unwrap(), Exit::Active);
        assert_eq!(end(&[Outcome::Active, Outcome::Failed], 2, "journal").unwrap(), Exit::NotActive);
        assert_eq!(end(&[Outcome::Active; 2], 3, "journal").unwrap_err().exit, Exit::NotSent);
        assert_eq!(end(&[Outcome::Active; 2], 3, "output").unwrap_err().exit, Exit::NotSent);
    }
}

//! Prepares a run: checks the arguments and the input, opens the log, and asks the user.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::args::Args;
use super::checked;
use super::plan::Policy;
use super::report;
use crate::connect::Target;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{Column, Input, Unreadable};
use crate::log::{self, Header, History, LogFile, Other, Outcome, Payees, Row, Salt};
use crate::payees::check::Checked;
use crate::payees::row;
use crate::results::{Files, is_same};
use crate::text::count;

/// Checks the arguments before the input or a log is opened.
pub(super) fn arguments(args: &Args) -> Result<(Target, Files), Failure> {
    let mut problems = Vec::new();
    let target = args.connect.target(args.reads_accounts()).map_err(|found| problems.push(found)).ok();
    let files = args.files().map_err(|found| problems.push(found)).ok();
    let input = Some(args.input.as_path()).filter(|input| *input != Path::new("-"));
    problems.extend(files.as_ref().map(|files| files.problems(input)).unwrap_or_default());
    if let (Some(list), Some(files)) = (&args.problems, &files) {
        let others = [Some(&files.out), files.rest.as_ref(), files.report.as_ref()];
        if others.into_iter().flatten().any(|other| is_same(other, list)) {
            problems.push(Problem::new("--problems", "another file of this run has this name; use another name"));
        }
    }
    target.zip(files).filter(|_| problems.is_empty()).ok_or_else(|| Failure::input(problems))
}

pub(super) struct Known {
    /// The log of an earlier run; `None` without `--resume`.
    pub(super) log: Option<LogFile>,
    pub(super) history: History,
    pub(super) salt: Salt,
    pub(super) checked: Checked,
}

/// With `--resume`, opens the log of the earlier run; without it, requires that the files of the run do not exist.
/// Checks the input.
pub(super) fn known(
    args: &Args,
    out: &Path,
    input: &Input,
    target: &Target,
    console: Console,
) -> Result<Known, Failure> {
    let path = &log::path_of(out);
    if !args.resume {
        log::must_be_new(out, args.output.rest.as_deref(), path)?;
        let salt = Salt::random();
        let checked = checked(input, &salt, args, console)?;
        return Ok(Known { log: None, history: History::default(), salt, checked });
    }
    let (mut log, Header { salt, .. }) = log::resume(out, path, &target.server())?;
    let mut checked = checked(input, &salt, args, console)?;
    let (history, torn) = log.read(&mut checked.payees).map_err(|error| error.into_failure(path, Exit::Usage))?;
    must_not_look_new(&history, &checked.payees, input, &salt, args)?;
    if torn > 0 {
        let (torn, path) = (count(torn, "byte", "bytes"), path.display());
        console.note(format_args!("removed an incomplete line ({torn}) at the end of {path}"));
    }
    if args.reads_accounts() && !args.rotated_key {
        history.must_know_key(&salt.fingerprint(target.key_digest()), path)?;
    }
    Ok(Known { log: Some(log), history, salt, checked })
}

/// Refuses a resume in which payees that were sent look new, because the file has other customer ids for them, or other
/// zeros at the start of their accounts, as numbers lose them in a spreadsheet. They would be paid again.
fn must_not_look_new(
    history: &History,
    payees: &Payees,
    input: &Input,
    salt: &Salt,
    args: &Args,
) -> Result<(), Failure> {
    if args.pay_again {
        return Ok(());
    }
    let [renumbered, other_zeros] = disguised(payees, &args.policy, input, salt)?;
    let refused = |rows: Vec<u32>, how: &str, next: String| {
        let (rows_were, name) = (report::rows(rows), &input.name);
        let message =
            format!("{name}: the accounts of {rows_were} were sent {how}, and would be paid again; nothing was sent");
        Err(Failure::new(Exit::Usage, message)
            .next(format!("{next}. (With --pay-again, these accounts are paid again.)")))
    };
    if !renumbered.is_empty() {
        let before = history.last.as_ref().map(|last| last.customer.as_str()).unwrap_or_default();
        let now = input.layout.flag(Column::CustomerId);
        let how = if before == now {
            "use the customer ids of the last run".to_owned()
        } else {
            format!("the last run read customer_id with {before}, and this run reads it with {now}; add {before}")
        };
        return refused(renumbered, "under other customer ids", how);
    }
    if !other_zeros.is_empty() {
        let how = "spreadsheets drop such zeros: store the numbers as text, with their zeros";
        return refused(other_zeros, "with more or fewer zeros at the start", how.to_owned());
    }
    Ok(())
}

/// The rows that would be sent because their payees look new, although their accounts may have been paid: those that
/// were sent for customers that the file no longer has, and those that were sent with other zeros at the start.
pub(super) fn disguised(
    payees: &Payees,
    policy: &Policy,
    input: &Input,
    salt: &Salt,
) -> Result<[Vec<u32>; 2], Failure> {
    let is_new = |row: &Row| policy.sends(&row.state) && !row.state.may_be_paid();
    sent_before(payees, input, salt, &payees.iter().filter(is_new).map(|row| row.line).collect())
}

/// Finds those of these rows with accounts that may have been paid for the payees that only the log has: as they are,
/// and with other zeros at the start.
fn sent_before(payees: &Payees, input: &Input, salt: &Salt, rows: &HashSet<u32>) -> Result<[Vec<u32>; 2], Failure> {
    let paid = Payees::paid(payees.others());
    // Zeros at the start are not how an account that failed was corrected.
    let unfailed = Payees::paid(payees.others().filter(|(_, state)| state.outcome != Some(Outcome::Failed)));
    let cannot = |error: Unreadable| error.into_failure(&input.name, Exit::Usage);
    let [mut same, mut other_zeros] = [const { Vec::new() }; 2];
    if paid.is_empty() || rows.is_empty() {
        return Ok([same, other_zeros]);
    }
    let mut all = input.rows().map_err(cannot)?;
    while let Some(row) = all.next().map_err(cannot)? {
        if !rows.contains(&row.number) {
            continue;
        }
        if paid.contains(&row::payee(&row, salt).account) {
            same.push(row.number);
        } else if row::other_zeros(&row, salt).any(|payee| unfailed.contains(&payee.account)) {
            other_zeros.push(row.number);
        }
    }
    Ok([same, other_zeros])
}

fn checked(input: &Input, salt: &Salt, args: &Args, console: Console) -> Result<Checked, Failure> {
    let checked = checked::check(input, Some(salt), args.problems.as_deref(), console, Exit::Usage)?;
    if checked.invalid > 0 {
        if !args.skip_invalid {
            return Err(checked::invalid(input, &checked, Exit::Usage));
        }
        console.warn(format_args!("{} cannot be sent, and will be left out", count(checked.invalid, "row", "rows")));
    }
    Ok(checked)
}

/// Searches other logs next to the input and the results for the same accounts, whoever their customers are, and asks
/// before paying again. Also asks if such a log cannot be read, and refuses to run beside another run that may send the
/// same payees. Returns a lock on the input, which lasts until it is dropped.
pub(super) fn must_not_pay_again(
    args: &Args,
    input: &Input,
    (checked, policy): (&Checked, &Policy),
    (path, target): (&Path, &Target),
    console: Console,
) -> Result<Option<File>, Failure> {
    let sent: HashSet<_> = checked.payees.iter().filter(|row| policy.sends(&row.state)).map(|row| row.line).collect();
    if args.pay_again || target.server() == "embedded" || sent.is_empty() {
        return Ok(None);
    }
    let locked = lock(&args.input)?;
    for (log, other) in log::others(path, &args.input, |server| target.pays_like(server)) {
        let name = log.display();
        let (question, how) = match other {
            Other::Readable { salt, payees, input: of_log, is_in_use } => {
                let again = sent_before(&payees, input, &salt, &sent)?.concat().len();
                if is_in_use && (again > 0 || of_log == absolute(&args.input)) {
                    return Err(in_use(&log));
                }
                if again == 0 {
                    continue;
                }
                let again = count(again, "payee", "payees");
                let is_named = log.extension().is_some_and(|end| end == "log");
                let rename = if is_named { "" } else { "; first give it back its name, which ended in .log" };
                (
                    format!(
                        "{again} in this file may have been paid before, in the run that wrote {name}, and would be paid again. Pay again?"
                    ),
                    format!("continue that run with --resume and its --out (its log is {name}{rename})"),
                )
            }
            Other::Unreadable(why, how) => {
                (format!("{name} {why}, so its run may have sent payees of this file. Pay?"), how)
            }
        };
        console.ask(&question, "--pay-again", &format!("to pay nobody twice, {how}"))?;
    }
    Ok(locked)
}

/// Locks the input. Otherwise, two runs that start together could send the same payees, because neither finds them in
/// the log of the other.
fn lock(input: &Path) -> Result<Option<File>, Failure> {
    // Only Unix allows a program to read a file that it has locked. Some file systems cannot lock a file for reading.
    let is_file = cfg!(unix) && input.metadata().is_ok_and(|metadata| metadata.is_file());
    let Some(file) = is_file.then(|| File::open(input).ok()).flatten() else { return Ok(None) };
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(in_use(input));
    }
    Ok(Some(file))
}

/// The failure for an input or a log that another run is using.
fn in_use(file: &Path) -> Failure {
    let message = format!("another run is using {}, and may send the same payees; nothing was sent", file.display());
    let next = "wait until that run ends. (With --pay-again, this run starts at once, and payees can be paid twice.)";
    Failure::new(Exit::Usage, message).next(next)
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

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
use crate::log::{self, Header, History, LogFile, Outcome, PayeeHash, Payees, Row, Salt};
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
        return Ok(Known {
            log: None,
            history: History::default(),
            salt,
            checked: checked(input, &salt, args, console)?,
        });
    }
    let (mut log, Header { salt, .. }) = log::resume(out, path, &target.server())?;
    let mut checked = checked(input, &salt, args, console)?;
    let (history, torn) = log.read(&mut checked.payees).map_err(|error| error.into_failure(path, Exit::Usage))?;
    must_keep_customers(&history, &checked.payees, input, args)?;
    must_keep_zeros(&checked.payees, input, &salt, args)?;
    if torn > 0 {
        let (torn, path) = (count(torn, "byte", "bytes"), path.display());
        console.note(format_args!("removed an incomplete line ({torn}) at the end of {path}"));
    }
    if args.reads_accounts() && !args.rotated_key {
        history.must_know_key(&salt.fingerprint(target.key_digest()), path)?;
    }
    Ok(Known { log: Some(log), history, salt, checked })
}

/// Refuses a resume in which payees look new because the file has other customer ids for them. They would be paid
/// again.
fn must_keep_customers(history: &History, payees: &Payees, input: &Input, args: &Args) -> Result<(), Failure> {
    let renumbered = renumbered(payees, &args.policy());
    let Some(last) = history.last.as_ref().filter(|_| !renumbered.is_empty() && !args.pay_again) else { return Ok(()) };
    let (before, now) = (&last.customer, &input.layout.flag(Column::CustomerId));
    let how = if before == now {
        "use the customer ids of the last run".to_owned()
    } else {
        format!("the last run read customer_id by {before}, and this run reads it by {now}; add {before}")
    };
    let (rows_have, name) = (report::rows(renumbered), &input.name);
    let message = format!(
        "{name}: the accounts of {rows_have} were sent under other customer ids, and would be paid again; nothing was sent"
    );
    let next = format!("{how}. (With --pay-again, these accounts are paid again.)");
    Err(Failure::new(Exit::Usage, message).next(next))
}

/// Returns the rows that would be sent although their accounts may have been paid for customers that the file no longer
/// has.
pub(super) fn renumbered(payees: &Payees, policy: &Policy) -> Vec<u32> {
    let paid = Payees::paid(payees.others());
    let is_new = |row: &Row| policy.sends(&row.state) && !row.state.may_be_paid();
    payees.iter().filter(|row| is_new(row) && paid.contains(&row.payee.account)).map(|row| row.line).collect()
}

/// Refuses a resume in which accounts look new because they lost or gained zeros at the start, as numbers do when a
/// spreadsheet saves them. They would be paid again.
fn must_keep_zeros(payees: &Payees, input: &Input, salt: &Salt, args: &Args) -> Result<(), Failure> {
    let (policy, sent) = (args.policy(), Sent::new(payees));
    let is_new = |row: &Row| policy.sends(&row.state) && !row.state.may_be_paid();
    let new: HashSet<_> = payees.iter().filter(is_new).map(|row| row.line).collect();
    let changed = if args.pay_again { Vec::new() } else { sent.find(input, salt, &new)? };
    if changed.is_empty() {
        return Ok(());
    }
    let (rows, name) = (report::rows(changed), &input.name);
    let message = format!(
        "{name}: the accounts of {rows} were sent with more or fewer zeros at the start, and would be paid again; \
         nothing was sent"
    );
    let next = "spreadsheets drop such zeros: store the numbers as text, with their zeros. (With --pay-again, these accounts are paid again.)";
    Err(Failure::new(Exit::Usage, message).next(next))
}

/// The accounts that may have been paid, according to a log, and that the input does not have for the same customers.
struct Sent {
    all: HashSet<u64>,
    /// The accounts that did not fail. Zeros at the start are not how they were corrected.
    unfailed: HashSet<u64>,
}

impl Sent {
    fn new(payees: &Payees) -> Self {
        let unfailed = payees.others().filter(|(_, state)| state.outcome != Some(Outcome::Failed));
        Self { all: Payees::paid(payees.others()), unfailed: Payees::paid(unfailed) }
    }

    /// Returns these rows if their accounts were sent for any customer, perhaps with other zeros at the start.
    fn find(&self, input: &Input, salt: &Salt, rows: &HashSet<u32>) -> Result<Vec<u32>, Failure> {
        let cannot = |error: Unreadable| error.into_failure(&input.name, Exit::Usage);
        let mut found = Vec::new();
        if self.all.is_empty() || rows.is_empty() {
            return Ok(found);
        }
        let mut all = input.rows().map_err(cannot)?;
        while let Some(row) = all.next().map_err(cannot)? {
            let is_sent = || {
                let is_unfailed = |payee: PayeeHash| self.unfailed.contains(&payee.account);
                self.all.contains(&row::payee(&row, salt).account) || row::other_zeros(&row, salt).any(is_unfailed)
            };
            if rows.contains(&row.number) && is_sent() {
                found.push(row.number);
            }
        }
        Ok(found)
    }
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
/// before paying again. Also asks if such a log cannot be read. Returns a lock on the input, which lasts until it is
/// dropped.
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
    for (log, salt) in log::others(path, &args.input, |server| target.pays_like(server)) {
        let mut payees = Payees::default();
        let salt = salt.filter(|_| log::peek(&log, &mut payees).is_ok());
        let log = log.display();
        let (question, how) = if let Some(salt) = salt {
            let again = Sent::new(&payees).find(input, &salt, &sent)?.len();
            if again == 0 {
                continue;
            }
            let again = count(again, "payee", "payees");
            (
                format!(
                    "{again} in this file may have been paid before, in the run that wrote {log}, and would be paid again. Pay again?"
                ),
                format!("to pay nobody twice, continue that run with --resume and its --out (its log is {log})"),
            )
        } else {
            (
                format!("{log} is damaged or of another version, so its run may have sent payees of this file. Pay?"),
                format!(
                    "to pay nobody twice, restore {log} from a backup, or use the version of the program that wrote it, and continue its run with --resume"
                ),
            )
        };
        console.ask(&question, "--pay-again", &how)?;
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
        let message =
            format!("another run is using {}, and may send the same payees; nothing was sent", input.display());
        let next =
            "wait until that run ends. (With --pay-again, this run does not wait, and payees can be paid twice.)";
        return Err(Failure::new(Exit::Usage, message).next(next));
    }
    Ok(Some(file))
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

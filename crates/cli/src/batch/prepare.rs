//! Prepares a run: checks the arguments and the input, opens the log, and asks before a payee is paid again.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::args::Args;
use super::checked;
use super::plan::Policy;
use super::report;
use crate::connect::Target;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{Column, Input, Profile, Unreadable};
use crate::log::{self, Header, History, LogFile, Other, Outcome, PayeeHash, PayeeState, Payees, Row, Run, Salt};
use crate::payees::check::{Checked, check};
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

/// With `--resume`, opens the log of the earlier run; without it, requires that the log, the results and the file of
/// `--rest` do not exist. Checks the input.
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

/// Refuses a resume in which payees that were sent look new, because the file has other customer ids for them, or more
/// or fewer zeros at the start of their account numbers (spreadsheets drop such zeros). They would be paid again.
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
        let message = format!(
            "{name}: the accounts of {rows_were} were sent {how}, and would be paid again; nothing was sent in this run"
        );
        Err(Failure::new(Exit::Usage, message)
            .next(format!("{next}. (With --pay-again, these accounts are paid again.)")))
    };
    if !renumbered.is_empty() {
        let before = history.last.as_ref().map(|last| last.customer.as_str()).unwrap_or_default();
        let now = input.layout.flag(Column::CustomerId);
        let how = if before == now {
            "use the customer ids of the last run".to_owned()
        } else {
            format!("the last run read customer_id with {before}, and this run reads it with {now}; use {before}")
        };
        return refused(renumbered, "under other customer ids", how);
    }
    if !other_zeros.is_empty() {
        let how = "spreadsheets drop such zeros: store the numbers as text, with their zeros";
        return refused(other_zeros, "with more or fewer zeros at the start", how.to_owned());
    }
    Ok(())
}

/// The rows that would be sent because their payees look new, although their accounts may have been paid: first the
/// rows with an account that was sent under another customer id, then those with an account that was sent with more or
/// fewer zeros at the start. Payees that the file still has do not count.
pub(super) fn disguised(
    payees: &Payees,
    policy: &Policy,
    input: &Input,
    salt: &Salt,
) -> Result<[Vec<u32>; 2], Failure> {
    let is_new = |row: &Row| policy.sends(&row.state) && !row.state.may_be_paid();
    let rows = payees.iter().filter(is_new).map(|row| row.line).collect();
    sent_before(&Accounts::paid(payees.others()), input, salt, &rows)
}

/// Accounts that were, or will be, sent: hashes of the IFSC and account number, or of the UPI address.
struct Accounts {
    all: HashSet<u64>,
    /// Those that did not fail. Zeros at the start are not how an account that failed was corrected.
    unfailed: HashSet<u64>,
}

impl Accounts {
    /// The accounts that may have been paid for one of these payees, whoever their customers are.
    fn paid(payees: impl Iterator<Item = (PayeeHash, PayeeState)>) -> Self {
        let mut accounts = Self { all: HashSet::new(), unfailed: HashSet::new() };
        for (payee, state) in payees.filter(|(_, state)| state.may_be_paid()) {
            accounts.all.insert(payee.account);
            if state.outcome != Some(Outcome::Failed) {
                accounts.unfailed.insert(payee.account);
            }
        }
        accounts
    }
}

/// Finds those of these rows that have one of the accounts: as they are, and with other zeros at the start.
fn sent_before(accounts: &Accounts, input: &Input, salt: &Salt, rows: &HashSet<u32>) -> Result<[Vec<u32>; 2], Failure> {
    let cannot = |error: Unreadable| error.into_failure(&input.name, Exit::Usage);
    let [mut same, mut other_zeros] = [const { Vec::new() }; 2];
    if accounts.all.is_empty() || rows.is_empty() {
        return Ok([same, other_zeros]);
    }
    let mut all = input.rows().map_err(cannot)?;
    while let Some(row) = all.next().map_err(cannot)? {
        if !rows.contains(&row.number) {
            continue;
        }
        if accounts.all.contains(&row::payee(&row, salt).account) {
            same.push(row.number);
        } else if row::other_zeros(&row, salt).any(|payee| accounts.unfailed.contains(&payee.account)) {
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
/// before paying again. If this log was copied from another folder, searches that folder too. Also asks if such a log
/// cannot be read, and refuses to run beside another run that may send the same payees. Without a console, searches
/// only for such runs. `accepted` are the logs that cannot be read and that the user does not mind.
pub(super) fn must_not_pay_again(
    args: &Args,
    input: &Input,
    (checked, history): (&Checked, &History),
    (path, log, target): (&Path, Option<&LogFile>, &Target),
    (accepted, console): (&mut Vec<PathBuf>, Option<Console>),
) -> Result<(), Failure> {
    let sends = |row: &Row| args.policy.sends(&row.state);
    let sent = checked.payees.iter().filter(sends).map(|row| row.line).collect();
    // The input can be a symbolic link to a file in another folder.
    let real = fs::canonicalize(&args.input).ok();
    let last = history.last.iter().flat_map(|last| [PathBuf::from(&last.results), PathBuf::from(&last.input)]);
    let files = [path.to_owned(), args.input.clone()].into_iter().chain(real).chain(last);
    for (log, other) in log::others((path, log), files, |server| target.pays_like(server), console.is_none()) {
        let name = log.display();
        let (question, how) = match other {
            Other::Readable { salt, payees, last, is_in_use } => {
                let mut accounts = Accounts::paid(payees.others());
                if is_in_use {
                    let Some(all) = accounts_of(&last, &salt) else { return Err(in_use(&log)) };
                    accounts.unfailed.extend(&all);
                    accounts.all.extend(all);
                }
                let again = sent_before(&accounts, input, &salt, &sent)?.concat().len();
                if again == 0 {
                    continue;
                }
                if is_in_use {
                    return Err(in_use(&log));
                }
                let again = count(again, "payee", "payees");
                let is_named = log.extension().is_some_and(|end| end == "log");
                let rename = if is_named { "" } else { "; first rename it to its old name, which ended in .log" };
                (
                    format!(
                        "{again} in this file may have been paid before, in the run that wrote {name}, and would be paid again. Pay again?"
                    ),
                    format!("continue that run with --resume and its --out (its log is {name}{rename})"),
                )
            }
            Other::Unreadable(why, how) => {
                // Windows does not let a program read a log that a run is using.
                if console.is_none() && !accepted.contains(&log) {
                    return Err(in_use(&log));
                }
                accepted.push(log.clone());
                (format!("{name} {why}, so a run may have sent payees of this file. Pay?"), how)
            }
        };
        if let Some(console) = console {
            console.ask(&question, "--pay-again", &format!("to pay nobody twice, {how}"))?;
        }
    }
    Ok(())
}

/// The accounts that a run in progress may send: those of its input. `None` if they are not known.
fn accounts_of(run: &Run, salt: &Salt) -> Option<HashSet<u64>> {
    let path = Path::new(&run.input);
    // A run locks its input, so a file without a lock is not the one that the run reads. A pipe is not opened, because
    // that would wait.
    let file = if path.is_file() { File::open(path).ok()? } else { return None };
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let input = Input::open(path, &Profile::from_json(&run.reading).ok()?, Exit::Usage).ok()?;
    let checked = check(&input, Some(salt), false).ok()?;
    Some(checked.payees.iter().map(|row| row.payee.account).collect())
}

/// Locks the input until the returned file is dropped. The lock shows another run that it has the same input, or that
/// this run still reads the file.
pub(super) fn lock(input: &Path) -> Result<Option<File>, Failure> {
    // Only Unix allows a program to read a file that it has locked. Some file systems cannot lock a file that is open
    // only for reading; then the run continues without a lock.
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

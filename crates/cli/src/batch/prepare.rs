//! Prepares a run: checks the arguments and the input, opens the log, and asks the user.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::args::Args;
use super::checked;
use super::plan::{Action, Policy};
use crate::connect::Target;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Column, Input, Profile};
use crate::log::{self, Header, History, LogFile, PayeeState, Payees, Row, Salt};
use crate::payees::check::{Checked, check};
use crate::results::Files;
use crate::text::count;

/// Checks the arguments before the input or a log is opened.
pub(super) fn arguments(args: &Args) -> Result<(Target, Files), Failure> {
    let mut problems = Vec::new();
    let target = args.connect.target(args.reads_accounts()).map_err(|found| problems.push(found)).ok();
    let files = args.files().map_err(|found| problems.push(found)).ok();
    let input = Some(args.input.as_path()).filter(|input| *input != Path::new("-"));
    problems.extend(files.as_ref().map(|files| files.problems(input)).unwrap_or_default());
    target.zip(files).filter(|_| problems.is_empty()).ok_or_else(|| Failure::input(problems))
}

pub(super) struct Known {
    /// The log of an earlier run; `None` without `--resume`.
    pub(super) log: Option<LogFile>,
    pub(super) history: History,
    pub(super) salt: Salt,
    pub(super) checked: Checked,
}

/// Opens the log of an earlier run with `--resume`, or else requires that there is none. Checks the input.
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
    let (history, torn) = log.read(&mut checked.payees).map_err(|error| error.into_failure(path))?;
    must_keep_customers(&history, &checked.payees, input, args)?;
    if torn > 0 {
        let (torn, path) = (count(torn, "byte", "bytes"), path.display());
        console.note(format_args!("removed an incomplete line ({torn}) at the end of {path}"));
    }
    if args.reads_accounts() && !args.rotated_key {
        history.must_know_key(&salt.fingerprint(target.key_digest()), path)?;
    }
    Ok(Known { log: Some(log), history, salt, checked })
}

/// Refuses a resume in which payees of the log may look new, because the file has other customer ids for them. They
/// would be paid again.
fn must_keep_customers(history: &History, payees: &Payees, input: &Input, args: &Args) -> Result<(), Failure> {
    let is_new = |row: &Row| row.state == PayeeState::default();
    let gone: HashSet<_> = payees.others().map(|(payee, _)| payee.customer).collect();
    let may_be_same = payees.others().any(|(_, state)| state.may_be_paid()) && payees.iter().any(|row| is_new(&row));
    let Some(last) = history.last.as_ref().filter(|_| may_be_same && !args.pay_again) else { return Ok(()) };
    let (before, now) = (&last.customer, &input.layout.flag(Column::CustomerId));
    if before != now {
        let message = format!(
            "the last run read customer_id by {before}, and this run reads it by {now}; payees with another customer id count as new, and would be paid again; \
             nothing was sent"
        );
        let next = format!("add {before}. (With --pay-again, payees with another customer id are paid again.)");
        return Err(Failure::new(Exit::Usage, message).next(next));
    }
    if payees.iter().any(|row| !is_new(&row) || gone.contains(&row.payee.customer)) {
        return Ok(());
    }
    let name = &input.name;
    let message = format!(
        "none of the customer ids in {name} is in the log, so all payees count as new; payees that were sent under other ids would be paid again; nothing was sent"
    );
    let next = "use the file of the last run, with the same customer ids. (With --pay-again, all payees of this file are paid for.)";
    Err(Failure::new(Exit::Usage, message).next(next))
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

/// Searches other logs next to the input and the results for the same payees, and asks before paying again. Also asks
/// if the header of such a log is damaged.
pub(super) fn must_not_pay_again(
    args: &Args,
    input: &Input,
    (checked, policy): (&Checked, &Policy),
    (path, target): (&Path, &Target),
    console: Console,
) -> Result<(), Failure> {
    if args.pay_again || target.server() == "embedded" {
        return Ok(());
    }
    for (log, salt) in log::others(path, &args.input, &target.server()) {
        let history = log::peek(&log, &mut Payees::default());
        if history.is_err() {
            console.warn(format_args!("{} is damaged, so payees that were sent may be missing from it", log.display()));
        }
        let Some(salt) = salt else {
            let log = log.display();
            let question = format!("the program cannot know which payees were sent in the run that wrote {log}. Pay?");
            let how = format!("to pay nobody twice, restore {log} from a backup, and continue that run with --resume");
            console.ask(&question, "--pay-again", &how)?;
            continue;
        };
        // That run may have read the customers from another column. Standard input cannot be read again.
        let last = history.ok().and_then(|history| Profile::from_json(&history.last?.reading).ok());
        let profile = last.map(|last| input.profile.with_customers_of(&last)).filter(|other| *other != input.profile);
        let profile = profile.filter(|_| args.input != Path::new("-"));
        let as_before = profile.and_then(|profile| Input::look(&args.input, &profile).ok()).map(|(input, _)| input);
        let mut paid = HashSet::new();
        for input in [Some(input), as_before.as_ref()].into_iter().flatten() {
            let mut other = check(input, &salt).map_err(|stopped| stopped.into_failure(&input.name, Exit::Usage))?;
            let _ = log::peek(&log, &mut other.payees);
            paid.extend(other.payees.iter().filter(|row| row.state.may_be_paid()).map(|row| row.line));
        }
        let is_sent = |row: &Row| matches!(policy.action(&row.state), Action::Send { .. } | Action::Reconcile);
        let again = checked.payees.iter().filter(is_sent).filter(|row| paid.contains(&row.line)).count();
        if again > 0 {
            let (payees, log) = (count(again, "payee", "payees"), log.display());
            let question = format!(
                "{payees} in this file may have been paid before, in the run that wrote {log}, and would be paid again. Pay again?"
            );
            let how = format!("to pay nobody twice, continue that run with --resume and its --out (its log is {log})");
            console.ask(&question, "--pay-again", &how)?;
        }
    }
    Ok(())
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

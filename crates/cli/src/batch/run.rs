//! A run, from start to end.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use juspay_accounts::{Customer, ReconcilePolicy};

use super::args::Args;
use super::checked;
use super::dispatch::{Dispatch, Dispatched, Pace, StopReason};
use super::execute::{Clock, Executor};
use super::plan::{Doubt, Plan, Policy, Todo, settle_wait};
use super::report::{self, Ended};
use super::steps::{Step, Steps};
use crate::connect::{Connection, Target};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Input, Profile, Unreadable};
use crate::interrupt::{self, Interrupt};
use crate::log::{self, Event, Finished, Header, History, LogFile, Outcome, Records, Row, Run, Salt, Writer, millis};
use crate::payees::check::{Checked, check};
use crate::progress::{self, Progress};
use crate::results::page::{self, About};
use crate::results::{self, Files, Published};
use crate::text::count;

/// The longest time that a run may take to end after the user abandons it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most payees that are logged ahead of fast calls; more only if more calls are in flight.
const AHEAD: usize = 64;

pub(crate) fn check_only(args: &Args, console: Console) -> Result<Exit, Failure> {
    let input = Input::open(&args.input, &args.reading.profile()?, Exit::NotActive)?;
    let checked = checked::check(&input, &Salt::random(), args.problems.as_deref(), console, Exit::NotActive)?;
    checked::report(&input, &checked, console)
}

struct Known {
    /// The log of an earlier run.
    log: Option<LogFile>,
    history: History,
    salt: Salt,
    checked: Checked,
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let (target, settle, unless, files) = arguments(&args)?;
    let (out, path) = (files.out.as_path(), &log::path_of(&files.out));
    interrupt::survive_full_files();
    let input = Input::open(&args.input, &args.reading.profile()?, Exit::Usage)?;
    let Known { log, history, salt, checked } = known(&args, out, &input, &target, console)?;
    if let Some(problem) = files.too_large(&input, &checked) {
        return Err(Failure::input(vec![problem]));
    }
    let before = results::is_own(out, history.results.as_deref());
    let before = before.map_err(|error| report::unpublished(out, path, &error.into()))?;
    let is_last = history.last.as_ref().is_some_and(|run| Path::new(&run.results) == absolute(out));
    if is_last && history.results.is_some() && before.is_none() {
        console.note(format_args!("{} is missing; it will be written again from the log", out.display()));
    }

    // Decide what to do, and ask the user to confirm.
    let policy = args.policy();
    let plan = Plan::new(&checked.payees, &policy);
    console.note(format_args!("sending to {}: {}", target.describe(), report::cost(&plan)));
    must_not_pay_again(&args, &input, (&checked, &policy), (path, &target), console)?;
    if plan.drops > 0 && target.moves_money() && !args.yes {
        let question = format!("{} at {}. Pay?", report::cost(&plan), target.describe());
        console.ask(&question, "--yes", "the program does not pay without being asked to")?;
    }

    let fingerprint = salt.fingerprint(target.key_digest());
    let connection = target.connect_at(args.rate).await?;
    let log = match log {
        Some(log) => log,
        None => LogFile::create(path, Header::new(connection.server.clone(), salt))?,
    };
    let (log, records) = begin(&args, &input, out, log, fingerprint, connection.deadline)?;
    let mut interrupt = Interrupt::listen()?;
    let steps = || Ok(Steps::new(input.rows()?, salt, (&checked.payees, &records), &policy, args.rows_per_call));
    let clock = Clock::default();
    if policy.doubt == Doubt::Reconcile {
        let longest_call = connection.deadline.max(history.longest_call);
        let settle = settle.unwrap_or(longest_call.saturating_add(ReconcilePolicy::SETTLE));
        wait_to_settle(steps(), &checked, settle, &connection, &clock, &mut interrupt, console).await?;
    }
    let (lines, writer) = Writer::start(log).map_err(|error| cannot_log(path, &error))?;
    let mut progress = Progress::new(console, checked.rows, plan.send + plan.read, report::tally(&checked));
    let unless_validated_since = unless.and_then(|time| SystemTime::now().checked_sub(time));
    let executor = Executor { client: connection.client.clone(), log: lines, clock, salt, unless_validated_since };
    let dispatched = match steps() {
        Ok(steps) => {
            let (concurrency, pace) = (args.concurrency, Pace::new(args.rate));
            let (progress, interrupt) = (&mut progress, &mut interrupt);
            let ahead = concurrency.max(AHEAD / args.rows_per_call.max(1));
            Dispatch { executor, concurrency, ahead, pace, progress, interrupt }.run(steps).await
        }
        Err(unreadable) => {
            drop(executor);
            Dispatched { stop: Some(StopReason::Input(unreadable)), ..Dispatched::default() }
        }
    };
    progress.finish();

    // The end of the run, from what is on disk.
    let Dispatched { unread, stop, is_abandoned } = dispatched;
    let (written, server) = (files.clone(), connection.server.clone());
    let end = tokio::task::spawn_blocking(move || {
        let files = (&written, &history, before.is_some());
        conclude(writer.finish(), checked, &input, salt, files, &server, console)
    });
    let patience = async { if is_abandoned { tokio::time::sleep(PATIENCE).await } else { interrupt.wait().await } };
    let (checked, published, failure) = tokio::select! {
        end = end => end.map_err(|error| Failure::caused(Exit::Unknown, "the end of the run failed", &error))??,
        () = patience => {
            let path = path.display();
            let message = format!("ended without waiting for the disk; {path} may lack outcomes of the last calls");
            let next = "run the same command with --resume --reconcile: it finds out what was paid, and pays nothing twice";
            return Err(Failure::new(Exit::Unknown, message).next(next));
        }
    };
    let changes = args.resume.then_some(plan.changes);
    let published = published.as_ref();
    let ended = Ended { files: &files, log: path, published, checked: &checked, changes, unread, stop };
    let ended = report::ended(&ended, console);
    let Some(mut failure) = failure else { return ended };
    if ended.is_err_and(|ended| ended.exit == Exit::NotSent) {
        failure.exit = Exit::NotSent;
    }
    Err(failure)
}

/// Opens the log of an earlier run, and checks the input.
fn known(args: &Args, out: &Path, input: &Input, target: &Target, console: Console) -> Result<Known, Failure> {
    let path = &log::path_of(out);
    if !args.resume {
        log::must_be_new(out, args.rest.as_deref(), path)?;
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
    must_keep_customers(&history, input, args)?;
    if torn > 0 {
        let (torn, path) = (count(torn, "byte", "bytes"), path.display());
        console.note(format_args!("{torn} at the end of {path} were not written to their end, and were removed"));
    }
    if args.reads_accounts() && !args.rotated_key {
        history.must_know_key(&salt.fingerprint(target.key_digest()), path)?;
    }
    Ok(Known { log: Some(log), history, salt, checked })
}

/// Refuses a resume that sets the customers in another way: every payee would be new, and paid again.
fn must_keep_customers(history: &History, input: &Input, args: &Args) -> Result<(), Failure> {
    let Some(last) = &history.last else { return Ok(()) };
    let (before, now) = (Profile::from_json(&last.reading)?.customer(), input.profile.customer());
    if args.pay_again || before == now {
        return Ok(());
    }
    let how = |flag: &str| if flag.is_empty() { "from its own column".to_owned() } else { format!("by {flag}") };
    let message = format!(
        "the last run read customer_id {}, this one {}; payees of other customers would be paid again; nothing was sent",
        how(&before),
        how(&now)
    );
    Err(Failure::new(Exit::Usage, message).next("use the flag of the last run; --pay-again agrees to pay again"))
}

/// Logs the start of a run.
fn begin(
    args: &Args,
    input: &Input,
    out: &Path,
    mut log: LogFile,
    key: String,
    deadline: Duration,
) -> Result<(LogFile, Records), Failure> {
    let run = Run {
        at: millis(SystemTime::now()),
        key,
        rotated: args.rotated_key,
        longest_call: deadline.as_secs() + 1,
        input: if args.input == Path::new("-") { String::new() } else { absolute(&args.input).display().to_string() },
        results: absolute(out).display().to_string(),
        reading: input.profile.to_json(),
    };
    let records = log.append(&Event::Run(run)).and_then(|()| log.records());
    let records = records.map_err(|error| cannot_log(&log.path, &error))?;
    Ok((log, records))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn cannot_log(path: &Path, error: &io::Error) -> Failure {
    Failure::caused(Exit::NotSent, format!("{} cannot be written; nothing was sent", path.display()), error)
}

/// Checks the arguments without opening anything.
fn arguments(args: &Args) -> Result<(Target, Option<Duration>, Option<Duration>, Files), Failure> {
    let mut problems = Vec::new();
    let target = args.connect.target().map_err(|found| problems.extend(found)).ok();
    let settle = args.settle().map_err(|found| problems.push(found)).ok();
    let unless = args.unless_validated().map_err(|found| problems.push(found)).ok();
    let files = args.files().map_err(|found| problems.push(found)).ok();
    let input = Some(args.input.as_path()).filter(|input| *input != Path::new("-"));
    problems.extend(files.as_ref().map(|files| files.problems(input)).unwrap_or_default());
    problems.extend(target.as_ref().and_then(Target::missing));
    if args.reads_accounts() {
        problems.extend(target.as_ref().and_then(Target::without_accounts));
    }
    match (target, settle, unless, files) {
        (Some(target), Some(settle), Some(unless), Some(files)) if problems.is_empty() => {
            Ok((target, settle, unless, files))
        }
        _ => Err(Failure::input(problems)),
    }
}

fn checked(input: &Input, salt: &Salt, args: &Args, console: Console) -> Result<Checked, Failure> {
    let checked = checked::check(input, salt, args.problems.as_deref(), console, Exit::Usage)?;
    if checked.invalid > 0 {
        if !args.skip_invalid {
            return Err(checked::invalid(input, &checked, Exit::Usage));
        }
        console.warn(format_args!("{} cannot be sent, and will be left out", count(checked.invalid, "row", "rows")));
    }
    Ok(checked)
}

/// Searches other logs next to the input and the results for the same payees, and asks before paying again.
fn must_not_pay_again(
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
        let mut other = check(input, &salt).map_err(|stopped| checked::stopped(input, stopped, Exit::Usage))?;
        if log::peek(&log, &mut other.payees).is_err() {
            console.warn(format_args!("{} is damaged, and may not show all payees that were sent", log.display()));
        }
        let paid: HashSet<_> = other.payees.iter().filter(|row| row.state.may_be_paid()).map(|row| row.line).collect();
        let is_sent = |row: &Row| matches!(policy.todo(&row.state), Todo::Send { .. } | Todo::Reconcile);
        let again = checked.payees.iter().filter(is_sent).filter(|row| paid.contains(&row.line)).count();
        if again > 0 {
            let (payees, log) = (count(again, "payee", "payees"), log.display());
            let question = format!(
                "{payees} of this file may have been paid before, by the run of {log}, and would be paid again. Pay again?"
            );
            let how = format!("to pay nobody twice, continue that run: --resume with the --out of {log}");
            console.ask(&question, "--pay-again", &how)?;
        }
    }
    Ok(())
}

/// Waits until the customers' lists can prove that a payee was not processed.
///
/// # Errors
/// The user chose not to wait. Nothing was sent.
async fn wait_to_settle(
    steps: Result<Steps<'_>, Unreadable>,
    checked: &Checked,
    settle: Duration,
    connection: &Connection,
    clock: &Clock,
    interrupt: &mut Interrupt,
    console: Console,
) -> Result<(), Failure> {
    let start = SystemTime::now();
    let longest = settle_wait(&checked.payees, settle, start, false);
    let mut wait = settle_wait(&checked.payees, settle, start, true);
    // Any list shows the server's clock.
    if wait < longest
        && let Ok(mut steps) = steps
    {
        let mut steps = std::iter::from_fn(|| steps.next().ok().flatten());
        let first = steps.find_map(|step| if let Step::Reconcile(doubtful) = step { Some(doubtful) } else { None });
        if let Some(first) = first
            && let Ok(list) = connection.client.list(&Customer::from(&first.again.request)).await
        {
            clock.compare(&list);
        }
        if !clock.agrees() {
            wait = longest;
        }
    }
    if wait.is_zero() {
        return Ok(());
    }
    tokio::select! {
        () = progress::wait(console, wait, "for the vendor to settle") => Ok(()),
        () = interrupt.wait() => {
            let rows = count(report::tally(checked).of(Outcome::Unknown), "row", "rows");
            let message = format!("interrupted; nothing was sent, and the outcome of {rows} is unknown");
            Err(Failure::new(Exit::Unknown, message).next("run the same command again"))
        }
    }
}

/// Reads the log again, and writes the results from it. Returns the facts for the report, and any problem with the
/// files.
///
/// # Errors
/// The log cannot be read any more.
fn conclude(
    finished: Finished,
    mut checked: Checked,
    input: &Input,
    salt: Salt,
    (files, history, was_there): (&Files, &History, bool),
    server: &str,
    console: Console,
) -> Result<(Checked, Option<Published>, Option<Failure>), Failure> {
    let Finished { mut log, failure, unwritten, syncs } = finished;
    let path = log.path.clone();
    for line in &unwritten {
        console.warn(format_args!("this outcome could not be written to {}: {line}", path.display()));
    }
    if let Some(what) = log.recover()? {
        console.warn(format_args!("{} {what}; it was written again, with everything that it had", path.display()));
    }
    let mut failure = failure.map(|error| {
        let message = format!("{} cannot be written; nothing more was sent", path.display());
        let next = "make room on the disk, and run the same command with --resume: it pays nobody twice";
        Failure::caused(Exit::Unknown, message, &error).next(next)
    });
    if let Err(error) = log.read(&mut checked.payees) {
        let mut failure = error.into_failure(&path);
        failure.exit = Exit::Unknown;
        return Err(failure);
    }
    let out = &files.out;
    if was_there && results::is_own(out, None).is_ok_and(|now| now.is_none()) {
        console.warn(format_args!("{} was deleted or renamed during the run; it was written again", out.display()));
    }
    let mut published = None;
    match results::publish(input, &salt, &checked, &mut log, (files, history, syncs)) {
        Ok(written) => {
            written.warnings.iter().for_each(|warning| console.warn(warning));
            let about = About { input: &input.name, results: out, server, made: SystemTime::now() };
            if let Err(error) = page::publish(files.report.as_deref(), &path, about, &written.overview) {
                failure.get_or_insert(error);
            }
            published = Some(written);
        }
        Err(error) => {
            failure.get_or_insert(report::unpublished(out, &path, &error));
        }
    }
    Ok((checked, published, failure))
}

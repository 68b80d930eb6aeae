//! Runs a batch from start to end.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use juspay_accounts::ReconcilePolicy;

use super::args::Args;
use super::checked;
use super::dispatch::{Dispatch, Dispatched, Pace, StopReason};
use super::execute::Executor;
use super::plan::Plan;
use super::prepare::{Known, absolute, arguments, known, lock, must_not_pay_again};
use super::report::{self, Ended};
use super::settle::{self, Clock};
use super::steps::Steps;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Column, Input};
use crate::interrupt::{self, Interrupt};
use crate::log::{self, Event, Finished, Header, History, LogFile, Records, Run, Salt, Writer, millis};
use crate::payees::check::Checked;
use crate::progress::Progress;
use crate::results::{self, Files, Published};

/// The longest time that a run may take to end after the user abandons it.
const PATIENCE: Duration = Duration::from_secs(2);

const FIND_OUT: &str =
    "run the same command with --resume --reconcile: it finds out what was paid, and pays nothing twice";

/// While calls are fast, at most this many payees are logged in advance, or as many as can be in flight if that is
/// more.
const AHEAD: usize = 256;

pub(crate) fn check_only(args: &Args, console: Console) -> Result<Exit, Failure> {
    let input = Input::open(&args.input, &args.reading.profile()?, Exit::NotActive)?;
    let checked = checked::check(&input, None, args.problems.as_deref(), console, Exit::NotActive)?;
    checked::report(&input, &checked, console)
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let (target, files) = arguments(&args)?;
    let (out, path) = (files.out.as_path(), &log::path_of(&files.out));
    interrupt::survive_full_files();
    let input = Input::open(&args.input, &args.reading.profile()?, Exit::Usage)?;
    // Before the log, so that another run can always compare its payees with those of this file.
    let locked = if target.server() == "embedded" { Ok(None) } else { lock(&args.input) };
    let Known { log, history, salt, checked } = known(&args, out, &input, &target, console)?;
    if let Some(problem) = files.too_large(&input, &checked) {
        return Err(Failure::input(vec![problem]));
    }
    let before = existing(out, &history, console)?;

    let policy = &args.policy;
    let plan = Plan::new(&checked.payees, policy);
    let (server, cost) = (target.describe(), report::cost(&plan));
    report::announce(&plan, &server, &cost, console);
    let is_guarded = plan.send > 0 && !args.pay_again && target.server() != "embedded";
    let _locked = if is_guarded { locked? } else { locked.unwrap_or_default() };
    if plan.drops > 0 && target.moves_money() && !args.yes {
        console.ask(&format!("{cost}. Pay at {server}?"), "--yes", "the program pays only after you confirm")?;
    }

    let mut accepted = Vec::new();
    let mut must_not_pay_again = |log: Option<&LogFile>, console| {
        let (payees, place) = ((&checked, &history), (path.as_path(), log, &target));
        if is_guarded { must_not_pay_again(&args, &input, payees, place, (&mut accepted, console)) } else { Ok(()) }
    };
    // After the question about the cost, because another run can begin while a question waits.
    must_not_pay_again(log.as_ref(), Some(console))?;

    let fingerprint = salt.fingerprint(target.key_digest());
    let connection = target.clone().connect_at(args.rate).await?;
    let log = match log {
        Some(log) => log,
        None => LogFile::create(path, Header::new(connection.server.clone(), salt))?,
    };
    let mut interrupt = Interrupt::listen()?;
    let (log, records) = begin(&args, &input, out, log, fingerprint, connection.deadline)?;
    // Of two runs that begin at the same time, at least one finds the log of the other here.
    if let Err(failure) = must_not_pay_again(None, None) {
        if !args.resume {
            // The log has no payees yet. If it stays, the next run needs --resume.
            let _ = std::fs::remove_file(path);
        }
        return Err(failure);
    }
    let steps = || Ok(Steps::new(input.rows()?, salt, (&checked.payees, &records), policy, args.rows_per_call));
    let clock = Clock::default();
    if policy.reconcile {
        let longest_call = connection.deadline.max(history.longest_call);
        let settle = policy.settle.unwrap_or(longest_call.saturating_add(ReconcilePolicy::SETTLE));
        settle::wait(steps(), &checked.payees, settle, &connection.client, &clock, &mut interrupt, console).await?;
    }
    let (lines, writer) = Writer::start(log).map_err(|error| cannot_log(path, &error))?;
    let mut progress = Progress::new(console, checked.rows, plan.send + plan.read, report::tally(&checked));
    let since = |time| SystemTime::now().checked_sub(time).unwrap_or(SystemTime::UNIX_EPOCH);
    let unless_validated_since = args.unless_validated.map(since);
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

    let Dispatched { unread, stop, is_abandoned } = dispatched;
    let (written, server) = (files.clone(), connection.server.clone());
    let end = tokio::task::spawn_blocking(move || {
        let files = (&written, &history, before.is_some());
        conclude(writer.finish(), checked, &input, salt, files, &server, console)
    });
    let is_interrupted = matches!(stop, Some(StopReason::Interrupted));
    let patience = async {
        if is_abandoned {
            return tokio::time::sleep(PATIENCE).await;
        }
        interrupt.wait().await;
        if !is_interrupted {
            console.note("writing the results (interrupt again to stop waiting)");
            interrupt.wait().await;
        }
    };
    let (checked, published, failure) = tokio::select! {
        end = end => end.map_err(|error| {
            Failure::caused(Exit::Unknown, "the program failed after the last call", &error).next(FIND_OUT)
        })??,
        () = patience => {
            let what = format!("ended without waiting for the disk; {} may lack the last outcomes", path.display());
            return Err(Failure::new(Exit::Unknown, what).next(FIND_OUT));
        }
    };
    let changes = args.resume.then_some(plan.changes);
    let ended = Ended { files: &files, log: path, published, checked: &checked, changes, unread, stop };
    let ended = report::ended(ended, console);
    let Some(mut failure) = failure else { return ended };
    if ended.is_err_and(|ended| ended.exit == Exit::NotSent) {
        failure.exit = Exit::NotSent;
    }
    Err(failure)
}

/// Whether the results exist, and whether a run of this log wrote them as they are. Prints a note if they are missing.
fn existing(out: &Path, history: &History, console: Console) -> Result<Option<bool>, Failure> {
    let before = results::is_own(out, &history.written).map_err(|error| results::unreadable(out, &error))?;
    let is_last = history.last.as_ref().is_some_and(|run| Path::new(&run.results) == absolute(out));
    if is_last && !history.written.is_empty() && before.is_none() {
        console.note(format_args!("{} is missing; it will be written again from the log", out.display()));
    }
    Ok(before)
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
        customer: input.layout.flag(Column::CustomerId),
    };
    let records = log.append(&Event::Run(run)).and_then(|()| log.records());
    let records = records.map_err(|error| cannot_log(&log.path, &error))?;
    Ok((log, records))
}

fn cannot_log(path: &Path, error: &io::Error) -> Failure {
    Failure::caused(Exit::NotSent, format!("{} cannot be written; nothing was sent", path.display()), error)
        .next("fix the cause, and run the same command with --resume")
}

/// Reads the log again, and writes the results from it. Returns the input with the outcomes, the written files, and the
/// first failure, if any.
///
/// # Errors
/// The log cannot be read any more, or another program changed or replaced it.
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
    for end in &unwritten {
        let row = checked.payees.find(&end.payee).map_or(0, |row| row.line);
        let record = serde_json::to_string(&end.record).unwrap_or_default();
        console.warn(format_args!("the outcome of row {row} could not be written to {}: {record}", path.display()));
    }
    if let Some(what) = log.recover()? {
        let log = path.display();
        console.warn(format_args!("{log} {what}; the program wrote it again, and it is complete"));
    }
    let mut failure = failure.map(|error| {
        let message = format!("{} cannot be written; nothing more was sent", path.display());
        let next = "free some disk space, and run the same command with --resume: it pays nobody twice";
        Failure::caused(Exit::Unknown, message, &error).next(next)
    });
    log.read(&mut checked.payees).map_err(|error| error.into_failure(&path, Exit::Unknown))?;
    let out = &files.out;
    if was_there && results::is_own(out, &[]).is_ok_and(|now| now.is_none()) {
        console.warn(format_args!("{} was deleted or renamed during the run; it will be written again", out.display()));
    }
    let published = results::publish(input, &salt, &checked, &mut log, (files, history, syncs), server);
    let published = published.map_err(|unwritten| failure.get_or_insert(unwritten)).ok();
    Ok((checked, published, failure))
}

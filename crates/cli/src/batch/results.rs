//! `juspay-accounts results`: writes the results of a batch from its log.

use std::path::{Path, PathBuf};

use super::args::ResultsArgs;
use super::plan::Policy;
use super::prepare::disguised;
use super::report::{self, Ended};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Input, Profile};
use crate::log::{self, LogFile, Payees};
use crate::payees::check::check;
use crate::results;

pub(crate) fn command(args: &ResultsArgs, console: Console) -> Result<Exit, Failure> {
    let path = &args.log;
    let beside = path.with_extension("log");
    if beside != *path && beside.exists() {
        let message = format!("{} is not the log of a run", path.display());
        return Err(Failure::new(Exit::Usage, message).next(format!("use the log, {}", beside.display())));
    }
    let (mut log, header) = LogFile::open(path)?;
    let mut payees = Payees::default();
    let unreadable = |error: log::Unreadable| error.into_failure(path, Exit::Usage);
    let (history, _) = log.read(&mut payees).map_err(unreadable)?;
    let last = history.last.as_ref();
    let named = |given: &Option<PathBuf>, logged: Option<&String>, what, flag| {
        let logged = logged.filter(|name| !name.is_empty()).map(PathBuf::from);
        given.clone().or(logged).ok_or_else(|| {
            let message = format!("the log {} does not name the {what}", path.display());
            Failure::new(Exit::Usage, message).next(format!("name the {what} with {flag}"))
        })
    };
    let input = named(&args.input, last.map(|run| &run.input), "input", "--input")?;
    let files = args.output.named(named(&args.out, last.map(|run| &run.results), "results", "--out")?);
    let problems = files.problems(Some(&input));
    if !problems.is_empty() {
        return Err(Failure::input(problems));
    }
    // A file that the last run did not write may belong to the user.
    let is_new = last.is_none_or(|run| Path::new(&run.results) != std::path::absolute(&files.out).unwrap_or_default());
    for file in Some(&files.out).filter(|_| is_new).into_iter().chain(&files.rest) {
        let own = results::is_own(file, &history.written).map_err(|error| results::unreadable(file, &error))?;
        if own == Some(false) {
            let [file, log] = [file, path].map(|path| path.display());
            let message = format!("{file} already exists, and was edited or was not written from {log}");
            return Err(Failure::new(Exit::Usage, message).next("use another name, or move the file away"));
        }
    }
    let profile = last.map_or_else(|| Ok(Profile::default()), |run| Profile::from_json(&run.reading))?;
    let was_moved = args.input.is_none() && !input.exists();
    let opened = Input::open(&input, &profile, Exit::Usage);
    let hint = "name the input with --input if it was moved";
    let input = opened.map_err(|failure| if was_moved { failure.next(hint) } else { failure })?;
    let checked = check(&input, Some(&header.salt), false);
    let mut checked = checked.map_err(|stopped| stopped.into_failure(&input.name, Exit::Usage))?;
    log.read(&mut checked.payees).map_err(unreadable)?;
    let disguised = disguised(&checked.payees, &Policy::default(), &input, &header.salt)?.concat();
    if !disguised.is_empty() {
        let rows = report::rows(disguised);
        let sent = format!(
            "the accounts of {rows} were sent under other customer ids, or with more or fewer zeros at the start"
        );
        if files.rest.is_some() {
            let message = format!("{sent}; --rest would have these rows, and a run with that file would pay again");
            return Err(Failure::new(Exit::Usage, message)
                .next("use --input to name the file that was sent, or leave out --rest"));
        }
        console.warn(format_args!(
            "{sent}, so the results lack their outcomes; use --input to name the file that was sent"
        ));
    }
    if let Some(problem) = files.too_large(&input, &checked) {
        return Err(Failure::input(vec![problem]));
    }
    let published = results::publish(&input, &header.salt, &checked, &mut log, (&files, &history, 0), &header.target)?;
    let (published, checked) = (Some(published), &checked);
    report::ended(
        Ended { files: &files, log: path, published, checked, changes: None, unread: None, stop: None },
        console,
    )
}

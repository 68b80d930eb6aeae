//! Writes the results, and records the files in the log.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::file::{Draft, Finished, is_same};
use super::format::{Format, Sink};
use super::overview::Overview;
use super::page::{self, About};
use super::row::{ADDED, ResultRow};
use super::view::View;
use super::xlsx;
use crate::connect;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{Input, Unreadable};
use crate::log::{self, Close, Event, History, LogFile, Salt, millis};
use crate::payees::check::Checked;
use crate::text::quoted;

/// The files of a run, as the user named them.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Files {
    /// The results. This is not a flag here, because `batch` and `results` each define `--out`.
    #[arg(skip)]
    pub(crate) out: PathBuf,

    /// Write the rows that still need work to FILE
    ///
    /// The name of FILE ends in .xlsx or .csv.
    #[arg(long, value_name = "FILE")]
    pub(crate) rest: Option<PathBuf>,

    /// Write a report for an approver to FILE
    ///
    /// The name of FILE ends in .html.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// Show accounts and names unmasked
    ///
    /// This applies to the report and to the screen.
    #[arg(long)]
    pub(crate) unmasked: bool,
}

impl Files {
    /// The same files, with results of this name.
    pub(crate) fn named(&self, out: PathBuf) -> Self {
        Self { out, ..self.clone() }
    }

    /// Checks the names, so that no file replaces another. `input` is `None` for standard input.
    pub(crate) fn problems(&self, input: Option<&Path>) -> Vec<Problem> {
        let log = log::path_of(&self.out);
        let mut problems = Vec::new();
        let files = [("--out", Some(&self.out)), ("--rest", self.rest.as_ref())];
        for (flag, path) in files.into_iter().filter_map(|(flag, path)| Some((flag, path?))) {
            let kinds = match (flag, Format::of(path)) {
                ("--rest", Some(Format::Ndjson)) => "use a name that ends in .csv or .xlsx",
                (_, None) => "use a name that ends in .csv or .xlsx (or .ndjson for the results)",
                _ => "",
            };
            if path == &log || path.extension().is_some_and(|end| end == "log") {
                problems.push(Problem::new(flag, "this name is for the log; use a name that ends in .csv or .xlsx"));
            } else if !kinds.is_empty() {
                problems.push(Problem::new(flag, kinds));
            } else if input.is_some_and(|input| is_same(input, path)) {
                problems.push(Problem::new(flag, "this is the input, which is never changed; use another name"));
            } else if !log::directory(path).is_dir() {
                let problem = format!("the folder {} does not exist", log::directory(path).display());
                problems.push(Problem::new(flag, &problem));
            }
        }
        if self.rest.as_ref().is_some_and(|rest| is_same(rest, &self.out)) {
            problems.push(Problem::new("--rest", "this is the name of the results; use another name"));
        }
        if let Some(report) = &self.report {
            let others = [Some(self.out.as_path()), self.rest.as_deref(), input];
            if others.into_iter().flatten().any(|other| is_same(other, report)) {
                problems.push(Problem::new("--report", "another file of this run has this name; use another name"));
            } else if let Some(problem) = page::cannot_take(report) {
                problems.push(Problem::new("--report", &problem));
            }
        }
        problems
    }

    /// Returns a problem if a file is a workbook and the input does not fit into it.
    pub(crate) fn too_large(&self, input: &Input, checked: &Checked) -> Option<Problem> {
        let is_workbook = |path: &Path| Format::of(path) == Some(Format::Xlsx);
        let (rows, columns) = (u64::from(input.header_row) + checked.written, checked.widest + ADDED.len());
        let limit = match () {
            () if rows > xlsx::ROWS => format!("{} rows", xlsx::ROWS),
            () if columns > xlsx::COLUMNS => format!("{} columns", xlsx::COLUMNS),
            () => return None,
        };
        let problem = format!("an Excel sheet has at most {limit}; use a name that ends in .csv");
        let files = [("--out", Some(&self.out)), ("--rest", self.rest.as_ref())];
        let mut files = files.into_iter().filter(|(_, path)| path.is_some_and(|path| is_workbook(path)));
        files.next().map(|(flag, _)| Problem::new(flag, &problem))
    }
}

#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) warnings: Vec<String>,
    /// The number of rows in the file of `--rest`, if it was written.
    pub(crate) rest: Option<u64>,
    pub(crate) overview: Overview,
    /// Whether the server only simulates a bank, so that no money moved.
    pub(crate) is_trial: bool,
    /// The path of the report, if it was written.
    pub(crate) report: Option<String>,
    /// Why a file other than the results could not be written.
    pub(crate) failure: Option<Failure>,
}

/// Writes the results and the file of `--rest`, records both in the log, and then writes the report. Files that
/// somebody changed are kept under other names. `server` is the address of the server, or `embedded`.
///
/// # Errors
/// The results cannot be written. Every outcome is in the log.
pub(crate) fn publish(
    input: &Input,
    salt: &Salt,
    checked: &Checked,
    log: &mut LogFile,
    (files, history, syncs): (&Files, &History, u64),
    server: &str,
) -> Result<Published, Failure> {
    let path = &log.path.clone();
    let no_results = |broken: Unreadable| unwritten("the results", &files.out, (path, ""), &broken);
    let records = &log.records().map_err(|error| no_results(error.into()))?;
    let view = View { input, salt, checked, records };
    let mut overview = Overview::new(files.unmasked);
    let out = results(view, &files.out, &mut overview).map_err(no_results)?;
    checked.payees.others().for_each(|(_, state)| overview.pay(state.paid()));
    let no_rest = |file: &Path, broken| unwritten("the rows to correct or send", file, (path, " --rest FILE"), &broken);
    let mut failure = None;
    let rest = files.rest.as_deref();
    let left = rest.map(|file| left(view, file).map_err(|broken| no_rest(file, broken)));
    let left = keep(left, &mut failure);
    // The log has the hashes before the files have their names, so a file never looks changed after a crash.
    let rest_hash = left.as_ref().map(|(draft, _)| draft.hash.clone());
    let close = Close { at: millis(SystemTime::now()), results: Some(out.hash.clone()), rest: rest_hash, syncs };
    if let Err(error) = log.append(&Event::Close(close)) {
        failure.get_or_insert(unrecorded(&files.out, path, &error));
    }
    let mut warnings = Vec::new();
    warnings.extend(out.replace(&history.written).map_err(|error| no_results(error.into()))?);
    let placed = rest.zip(left).map(|(file, (draft, rows))| {
        warnings.extend(draft.replace(&history.written).map_err(|error| no_rest(file, error.into()))?);
        Ok(rows)
    });
    let about = About { input: &input.name, results: &files.out, server, made: SystemTime::now() };
    let report = files.report.as_ref().map(|file| page::publish(file, path, about, &overview));
    let (rest, report) = (keep(placed, &mut failure), keep(report, &mut failure));
    Ok(Published { warnings, rest, overview, is_trial: connect::described(server).1, report, failure })
}

/// Returns the value, or keeps the failure if it is the first.
fn keep<T>(result: Option<Result<T, Failure>>, failure: &mut Option<Failure>) -> Option<T> {
    result?.map_err(|error| failure.get_or_insert(error)).ok()
}

/// The failure for a file that cannot be written at the end of a run. `flag` makes the command `results` write it.
fn unwritten(what: &str, file: &Path, (log, flag): (&Path, &str), broken: &Unreadable) -> Failure {
    let (file, log) = (file.display(), log.display());
    let message = format!("{what} cannot be written to {file}; every outcome is in {log}");
    let failure = match broken {
        Unreadable::Io(error) => Failure::caused(Exit::Unknown, message, error),
        _ => Failure::new(Exit::Unknown, format!("{message}; the input was changed")),
    };
    let log = quoted(&log.to_string());
    failure.next(format!("run `juspay-accounts results {log}{flag}`, which writes them and pays nothing"))
}

/// The failure for a log that cannot record the files of a run.
fn unrecorded(out: &Path, log: &Path, error: &io::Error) -> Failure {
    let (out, log) = (out.display(), log.display());
    let message =
        format!("{log} has every outcome, but cannot be written, so it does not record that {out} was written");
    let next = format!("free some disk space; the next run renames {out} to keep it, and writes the results again");
    Failure::caused(Exit::Unknown, message, error).next(next)
}

/// Writes the results to a file with a temporary name.
fn results(view: View<'_>, path: &Path, overview: &mut Overview) -> Result<Finished, Unreadable> {
    let (draft, mut sink) = open(view.input, path)?;
    view.pass_to(&mut [&mut *sink, overview])?;
    sink.finish()?;
    Ok(draft.finish()?)
}

/// Writes the rows that still need work to a file with a temporary name. Also returns their number.
fn left(view: View<'_>, path: &Path) -> Result<(Finished, u64), Unreadable> {
    let (draft, sink) = open(view.input, path)?;
    let mut rest = Rest { sink, names: view.input.layout.names.len(), rows: 0 };
    view.pass_to(&mut [&mut rest])?;
    rest.sink.finish()?;
    Ok((draft.finish()?, rest.rows))
}

fn open(input: &Input, path: &Path) -> io::Result<(Draft, Box<dyn Sink>)> {
    let (draft, format) = (Draft::new(path)?, Format::of(path).unwrap_or(Format::Ndjson));
    let sink = format.sink(draft.open()?, input.layout.delimiter, log::directory(path))?;
    Ok((draft, sink))
}

/// Passes on the rows that still need work, without the added columns, and counts them.
struct Rest {
    sink: Box<dyn Sink>,
    /// The number of columns in the header of the input. The header that [`View`] passes also has a nameless column for
    /// each surplus cell. With those columns, the next check of this file would not notice a cell too many.
    names: usize,
    rows: u64,
}

impl Sink for Rest {
    fn header(&mut self, own: &[&str], _added: &[&str]) -> io::Result<()> {
        self.sink.header(&own[..self.names], &[])
    }

    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()> {
        if !row.result.as_ref().is_some_and(|result| result.needs_work) {
            return Ok(());
        }
        self.rows += 1;
        self.sink.row(&ResultRow { numbers: row.numbers, ..ResultRow::plain(row.number, row.cells) })
    }
}

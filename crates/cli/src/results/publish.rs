//! Writes the results, and records the files in the log.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::file::{Draft, is_same, keep_changed};
use super::format::Format;
use super::overview::Overview;
use super::page::{self, About};
use super::row::{ADDED, ResultRow};
use super::sink::{Columns, Sink};
use super::view::View;
use super::xlsx;
use crate::connect;
use crate::failure::{Failure, Problem};
use crate::input::{Input, Unreadable};
use crate::log::{self, Close, Event, History, LogFile, Salt, millis};
use crate::payees::check::Checked;

#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) out: PathBuf,
    /// The file for the rows that still need work.
    pub(crate) rest: Option<PathBuf>,
    pub(crate) report: Option<PathBuf>,
    /// Whether the report and the screen show accounts and names unmasked.
    pub(crate) unmasked: bool,
}

impl Files {
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

    /// Returns a problem if the input does not fit into a workbook.
    pub(crate) fn too_large(&self, input: &Input, checked: &Checked) -> Option<Problem> {
        let is_workbook = |path: &Path| Format::of(path) == Some(Format::Xlsx);
        let (rows, columns) = (u64::from(input.header_row) + checked.rows, input.layout.names.len() + ADDED.len());
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
    /// The number of rows that still need work.
    pub(crate) rest: u64,
    pub(crate) overview: Overview,
    /// Whether the server only simulates a bank, so that no money moved.
    pub(crate) is_trial: bool,
    /// The report, if the user asked for one: its path, or why it could not be written.
    pub(crate) report: Option<Result<String, Failure>>,
}

/// Counts the rows that still need work, and writes them to the file of `--rest`.
struct Rest {
    sink: Option<Box<dyn Sink>>,
    rows: u64,
}

impl Sink for Rest {
    fn header(&mut self, cells: &[&str]) -> std::io::Result<()> {
        self.sink.as_mut().map_or(Ok(()), |sink| sink.header(cells))
    }

    fn row(&mut self, row: &ResultRow<'_>) -> std::io::Result<()> {
        if !row.result.as_ref().is_some_and(|result| result.needs_work) {
            return Ok(());
        }
        self.rows += 1;
        self.sink.as_mut().map_or(Ok(()), |sink| sink.row(row))
    }

    fn finish(self: Box<Self>) -> std::io::Result<()> {
        self.sink.map_or(Ok(()), Sink::finish)
    }
}

/// Writes the results, records that in the log, and then writes the report. Files that somebody changed are kept under
/// other names. `server` is the address of the server, or `embedded`.
pub(crate) fn publish(
    input: &Input,
    salt: &Salt,
    checked: &Checked,
    log: &mut LogFile,
    (files, history, syncs): (&Files, &History, u64),
    server: &str,
) -> Result<Published, Unreadable> {
    let mut warnings = Vec::new();
    warnings.extend(keep_changed(&files.out, &history.written)?);
    let open = |path: &Path, columns| {
        let (draft, format) = (Draft::new(path)?, Format::of(path).unwrap_or(Format::Ndjson));
        let sink = format.sink(draft.open()?, columns, input.layout.delimiter, log::directory(path))?;
        Ok::<_, std::io::Error>((draft, sink))
    };
    let (out, mut results) = open(&files.out, Columns::All)?;
    let mut rest = Rest { sink: None, rows: 0 };
    let mut rest_draft = None;
    if let Some(path) = &files.rest {
        warnings.extend(keep_changed(path, &history.written)?);
        let (draft, sink) = open(path, Columns::Own)?;
        (rest_draft, rest.sink) = (Some(draft), Some(sink));
    }
    let mut overview = Overview::new(files.unmasked);
    let records = &log.records()?;
    View { input, salt, checked, records }.pass_to(&mut [&mut *results, &mut rest, &mut overview])?;
    let rows = rest.rows;
    results.finish()?;
    Box::new(rest).finish()?;
    let results = Some(out.publish()?);
    let rest = rest_draft.map(Draft::publish).transpose()?;
    log.append(&Event::Close(Close { at: millis(SystemTime::now()), results, rest, syncs }))?;
    let about = About { input: &input.name, results: &files.out, server, made: SystemTime::now() };
    let report = files.report.as_ref().map(|path| page::publish(path, &log.path, about, &overview));
    Ok(Published { warnings, rest: rows, overview, is_trial: connect::described(server).1, report })
}

//! The results: a view of the log, with one entry per row, in the order of the input.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use juspay_accounts::Payee;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::args::ResultsArgs;
use super::check::{self, check};
use super::input::{Column, Input, Profile, RowKind, Unreadable};
use super::report::{self, Ended};
use super::row;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log::{self, Close, Event, LogFile, Outcome, Payees, Record, Records, Salt, millis};
use crate::text::hex;

/// An entry. Its keys are documented in `--help`, and are always all there.
#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "documented")]
struct Line<'a> {
    line: u32,
    attempt: u32,
    reference: Option<&'a str>,
    /// Masked.
    account: Option<String>,
    outcome: Outcome,
    status: Option<String>,
    customer_account_id: Option<String>,
    request_id: Option<String>,
    error: Option<String>,
    again: bool,
    reason: Option<String>,
}

impl<'a> Line<'a> {
    /// The entry of a row. One that is invalid has no payee.
    fn new(line: u32, attempt: u32, record: Record, valid: Option<(Option<&'a str>, &Payee)>) -> Self {
        let Record { outcome, status, account_id, request_id, error, again, reason, .. } = record;
        let account = valid.map(|(_, payee)| match payee {
            Payee::BankAccount(account) => format!("{} {}", account.ifsc, account.account),
            Payee::Upi(vpa) => vpa.to_string(),
        });
        let (reference, customer_account_id) = (valid.and_then(|(reference, _)| reference), account_id);
        Self {
            line,
            attempt,
            reference,
            account,
            outcome,
            status,
            customer_account_id,
            request_id,
            error,
            again,
            reason,
        }
    }
}

/// Writes the results to a file that then takes the name `out`. Returns their SHA-256.
pub(crate) fn write(
    input: &Input,
    salt: Salt,
    payees: &Payees,
    records: &Records,
    out: &Path,
) -> Result<String, Unreadable> {
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = BufWriter::new(tempfile::NamedTempFile::new_in(directory)?);
    let mut rows = input.rows()?;
    while let Some(cells) = rows.next()? {
        if cells.kind != RowKind::Payee {
            continue;
        }
        let mut problems = Vec::new();
        check::problems(&cells, |column, problem| {
            problems.push(column.map_or_else(String::new, |column| format!("{}: ", column.name())) + &problem);
        });
        let line = if problems.is_empty() {
            let row = payees.find(&row::payee(&cells, &salt)).ok_or(Unreadable::Changed)?;
            let (_, payee) = row::read(&cells).map_err(|_| Unreadable::Changed)?;
            let record = match row.state.outcome {
                _ if row.line != cells.number => Record::because(Outcome::Skipped, check::repeats(row.line)),
                Some(_) => records.read(row.state.record_at)?,
                None if row.state.is_in_flight() => Record::interrupted(),
                None => Record { again: true, ..Record::because(Outcome::NotSent, "the run did not reach this row") },
            };
            let attempt = if row.line == cells.number { row.state.attempt } else { 0 };
            Line::new(cells.number, attempt, record, Some((cells.filled(Column::Reference), &payee)))
        } else {
            Line::new(cells.number, 0, Record::because(Outcome::Skipped, problems.join("; ")), None)
        };
        serde_json::to_writer(&mut file, &line).map_err(io::Error::from)?;
        file.write_all(b"\n")?;
    }
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(out).map_err(|error| error.error)?;
    log::sync_directory(out)?;
    Ok(hash(out)?)
}

/// The SHA-256 of a file.
fn hash(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

/// Whether what has the name of the results was written last by the program; `None` if nothing has the name.
pub(crate) fn is_own(out: &Path, last: Option<&str>) -> io::Result<Option<bool>> {
    match hash(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        hash => hash.map(|hash| Some(last == Some(&hash))),
    }
}

/// Renames what has the name of the results and was not written by the last run, so that it is not lost. Returns the new name.
fn keep(out: &Path) -> io::Result<PathBuf> {
    let [stem, kind] = [out.file_stem(), out.extension()].map(|part| part.unwrap_or_default().to_string_lossy());
    let names = (1..1000).map(|number| out.with_file_name(format!("{stem}.changed-{number}.{kind}")));
    let free = names.into_iter().find(|name| name.symlink_metadata().is_err());
    let name = free.ok_or(io::ErrorKind::AlreadyExists)?;
    std::fs::rename(out, &name).map(|()| name)
}

/// Writes the results, and notes that in the log. Returns warnings.
pub(crate) fn publish(
    input: &Input,
    salt: Salt,
    payees: &Payees,
    log: &mut LogFile,
    (out, last, syncs): (&Path, Option<&str>, u64),
) -> Result<Vec<String>, Unreadable> {
    let mut warnings = Vec::new();
    if is_own(out, last)? == Some(false) {
        let kept = keep(out)?;
        let (out, kept) = (out.display(), kept.display());
        warnings
            .push(format!("{out} was not as the last run wrote it; it is now {kept}, and its changes were not read"));
    }
    let hash = write(input, salt, payees, &log.records()?, out)?;
    let now = millis(SystemTime::now());
    log.append(&Event::Close(Close { at: now, results: Some(hash), syncs }))?;
    Ok(warnings)
}

/// `juspay-accounts results`.
pub(crate) fn command(args: &ResultsArgs, console: Console) -> Result<Exit, Failure> {
    let path = &args.log;
    let (mut log, header) = LogFile::open(path)?;
    let mut payees = Payees::default();
    let unreadable = |error: log::Unreadable| error.into_failure(path);
    let (history, _) = log.read(&mut payees).map_err(unreadable)?;
    let last = history.last.as_ref();
    let input = args.input.clone().or_else(|| last.map(|run| run.input.clone().into()));
    let out = args.out.clone().or_else(|| last.map(|run| run.results.clone().into()));
    let missing =
        |flag| Failure::new(Exit::Usage, format!("{} does not say where the rows are", path.display())).next(flag);
    let input = input.filter(|input| input != Path::new("")).ok_or_else(|| missing("name the input with --input"))?;
    let out = out.filter(|out| out != Path::new("")).ok_or_else(|| missing("name the results with --out"))?;
    let profile = last.map_or_else(|| Ok(Profile::default()), |run| Profile::from_json(&run.reading))?;
    let input = Input::open(&input, &profile, Exit::Usage)?;
    let checked = check(&input, &header.salt);
    let mut checked = checked.map_err(|stopped| report::stopped(&input, stopped, Exit::Usage))?;
    log.read(&mut checked.payees).map_err(unreadable)?;
    let written = (out.as_path(), history.results.as_deref(), 0);
    let warnings = publish(&input, header.salt, &checked.payees, &mut log, written)
        .map_err(|broken| report::unpublished(&out, path, &broken))?;
    for warning in warnings {
        console.warn(warning);
    }
    report::ended(&Ended { out: &out, log: path, checked: &checked, changes: None, unread: None, stop: None }, console)
}

//! The command lines of `batch` and `results`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::plan::{Doubt, Policy, Retry};
use crate::connect::ConnectArgs;
use crate::failure::Problem;
use crate::input::ReadingArgs;
use crate::results::Files;
use crate::text::{number, whole_number};
use crate::time;

/// Validate the payees of a file
///
/// The whole file is checked before anything is sent. A log keeps the outcome of each payee, so a run that ended early can be resumed,
/// also with a corrected or extended file, and nothing is paid twice.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Args {
    /// The file, a workbook or text with a header; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) input: PathBuf,

    /// File to write the results to: .xlsx, .csv or .ndjson; the log is beside it
    /// [default: IN.results.xlsx for a workbook, else IN.results.csv]
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// File to write the rows to that are still to be corrected or sent: .xlsx or .csv
    #[arg(long, value_name = "FILE")]
    pub(super) rest: Option<PathBuf>,

    /// File to write a report for an approver to: one .html page
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Show accounts and names in clear, in the report and on the screen
    #[arg(long)]
    unmasked: bool,

    /// Make at most this many calls at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = |text: &str| whole_number(text, 1..=256_usize))]
    pub(crate) concurrency: usize,

    /// Make at most this many attempts per second, such as 5 or 0.5 [default: no limit]
    #[arg(long, value_name = "R", value_parser = |text: &str| number(text, 0.001..=10_000.0))]
    pub(super) rate: Option<f64>,

    /// Send up to this many rows as one call, if they follow each other and differ only in the account
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = |text: &str| whole_number(text, 1..=100_usize))]
    pub(super) rows_per_call: usize,

    /// Check the file, and send nothing
    #[arg(long, conflicts_with_all = ["out", "rest", "report", "resume", "skip_invalid"])]
    pub(crate) check_only: bool,

    /// Leave out rows that are invalid, instead of sending nothing
    #[arg(long)]
    pub(super) skip_invalid: bool,

    /// Write everything that the check finds to this file, by row
    #[arg(long, value_name = "FILE.csv|xlsx", value_parser = table_file)]
    pub(super) problems: Option<PathBuf>,

    /// Pay without asking
    #[arg(long)]
    pub(super) yes: bool,

    /// Send payees that another log in the same directory has sent already
    #[arg(long)]
    pub(super) pay_again: bool,

    /// Leave out payees whose account was validated within this time, such as 30d, by the customer's list
    #[arg(long, value_name = "TIME")]
    unless_validated: Option<String>,

    /// Continue with the log of an earlier run
    #[arg(long)]
    pub(super) resume: bool,

    /// Read the accounts of pending payees, and record what has ended
    #[arg(long, requires = "resume")]
    follow: bool,

    /// Read the accounts of customers with an unknown outcome, and send what is proven absent
    #[arg(long, requires = "resume")]
    pub(super) reconcile: bool,

    /// Wait this long before a missing account proves that nothing was paid, from 0s to 1d
    /// [default: 3 minutes more than a call can take, so 5m without --timeout]
    #[arg(long, value_name = "TIME", requires = "reconcile")]
    settle: Option<String>,

    /// Send payees with an unknown outcome again, and risk paying twice
    #[arg(long, requires = "resume", conflicts_with = "reconcile")]
    resend_unknown: bool,

    /// Send payees with these outcomes again, and pay again
    #[arg(long, value_name = "OUTCOMES", value_enum, value_delimiter = ',', requires = "resume")]
    retry: Vec<Retry>,

    /// Declare that all API keys of this log belong to one merchant
    #[arg(long, requires = "resume")]
    pub(super) rotated_key: bool,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

impl Args {
    /// The files of the run. By default, the results are next to the input.
    pub(super) fn files(&self) -> Result<Files, Problem> {
        let (rest, report, unmasked) = (self.rest.clone(), self.report.clone(), self.unmasked);
        if let Some(out) = self.out.clone() {
            return Ok(Files { out, rest, report, unmasked });
        }
        let Some(name) = self.input.file_stem().filter(|_| self.input != Path::new("-")) else {
            return Err(Problem::new("--out", "standard input has no name; name the results, such as results.csv"));
        };
        let kind = self.input.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is_workbook = matches!(&*kind, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods");
        let mut name = name.to_owned();
        name.push(if is_workbook { ".results.xlsx" } else { ".results.csv" });
        Ok(Files { out: self.input.with_file_name(name), rest, report, unmasked })
    }

    pub(super) fn policy(&self) -> Policy {
        let doubt = match (self.reconcile, self.resend_unknown) {
            (true, _) => Doubt::Reconcile,
            (false, true) => Doubt::Resend,
            (false, false) => Doubt::Keep,
        };
        Policy { doubt, follow: self.follow, retry: self.retry.clone() }
    }

    /// The minimum age of a call before absence counts, if the user sets it.
    pub(super) fn settle(&self) -> Result<Option<Duration>, Problem> {
        let read = |text: &str| time::read("--settle", text, Duration::ZERO..=Duration::from_hours(24));
        self.settle.as_deref().map(read).transpose()
    }

    /// How recent a validation must be for its payee to be left out.
    pub(super) fn unless_validated(&self) -> Result<Option<Duration>, Problem> {
        let read = |text: &str| {
            time::read("--unless-validated", text, Duration::from_secs(1)..=Duration::from_hours(10 * 365 * 24))
        };
        self.unless_validated.as_deref().map(read).transpose()
    }

    pub(super) fn reads_accounts(&self) -> bool {
        self.reconcile || self.follow || self.unless_validated.is_some()
    }
}

fn table_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_table =
        path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv") || end.eq_ignore_ascii_case("xlsx"));
    if is_table { Ok(path) } else { Err("the name of the file ends in .csv or .xlsx".to_owned()) }
}

/// Write the results of a batch from its log
///
/// Nothing is sent. The rows come from the input of the last run, the outcomes from the log.
#[derive(clap::Args)]
pub(crate) struct ResultsArgs {
    /// The log of the batch
    #[arg(value_name = "OUT.log")]
    pub(super) log: PathBuf,

    /// The input, if it is not where the last run read it
    #[arg(long, value_name = "FILE")]
    pub(super) input: Option<PathBuf>,

    /// File to write the results to [default: the results of the last run]
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// File to write the rows to that are still to be corrected or sent
    #[arg(long, value_name = "FILE")]
    pub(super) rest: Option<PathBuf>,

    /// File to write a report for an approver to: one .html page
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,

    /// Show accounts and names in clear, in the report and on the screen
    #[arg(long)]
    pub(super) unmasked: bool,
}

/// Help on columns, results, log and exit codes. Each paragraph is one line, which clap wraps.
const MORE: &str = include_str!("help.txt");

#[cfg(test)]
mod tests;

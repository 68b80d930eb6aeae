//! The command lines of `batch` and `results`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::plan::Policy;
use crate::connect::ConnectArgs;
use crate::failure::Problem;
use crate::input::ReadingArgs;
use crate::results::{Files, Format};
use crate::text::{duration, number, whole_number};

/// Validate the payees of a file; can move money
///
/// The whole file is checked before anything is sent. A log keeps the outcome of each payee, so a run that ended early
/// can be resumed, even with a corrected or extended file, without paying twice.
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each bool is a flag")]
pub(crate) struct Args {
    /// Workbook or CSV file with a header; - is standard input
    #[arg(value_name = "FILE")]
    pub(super) input: PathBuf,

    /// Write results to FILE (.xlsx, .csv, .ndjson)
    ///
    /// The log is in the same folder. By default, the results are next to the input: in payees.results.xlsx for the
    /// workbook payees.xlsx, and in payees.results.csv for payees.csv.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    #[command(flatten)]
    pub(super) output: Files,

    /// Make at most N calls at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = |text: &str| whole_number(text, 1..=256_usize))]
    pub(crate) concurrency: usize,

    /// Make at most R attempts per second
    ///
    /// R is a number such as 5 or 0.5. By default, there is no limit.
    #[arg(long, value_name = "R", value_parser = |text: &str| number(text, 0.001..=10_000.0))]
    pub(super) rate: Option<f64>,

    /// Send up to K rows in one call
    ///
    /// Rows share a call only if no other row is sent between them and they differ only in IFSC, account, UPI address,
    /// name and reference.
    #[arg(long, hide_short_help = true, value_name = "K", default_value_t = 1,
        value_parser = |text: &str| whole_number(text, 1..=100_usize))]
    pub(super) rows_per_call: usize,

    /// Check the file, and send nothing
    #[arg(long, conflicts_with_all = ["out", "rest", "report", "resume", "skip_invalid"])]
    pub(crate) check_only: bool,

    /// Leave out invalid rows, and send the others
    ///
    /// Without this flag, nothing is sent if a row is invalid.
    #[arg(long)]
    pub(super) skip_invalid: bool,

    /// Write the findings of the check to FILE
    ///
    /// The name of FILE ends in .csv or .xlsx. FILE has one row for each finding, unmasked.
    #[arg(long, value_name = "FILE", value_parser = table_file)]
    pub(super) problems: Option<PathBuf>,

    /// Pay without asking
    ///
    /// The flag is required if money can move and there is no terminal.
    #[arg(long)]
    pub(super) yes: bool,

    /// Send payees that another run already sent
    ///
    /// Without this flag, the program asks before it sends a payee that another run may have paid. It searches the
    /// folders of the input and of the results for logs. A resume refuses accounts that were sent with another customer
    /// id, or with more or fewer zeros at the start.
    #[arg(long)]
    pub(super) pay_again: bool,

    /// Leave out payees validated in the last TIME
    ///
    /// TIME is a duration such as 30d. The vendor's list of the customer's accounts shows when each was validated.
    /// Payees that may have been validated, or are pending, are left out too.
    #[arg(long, value_name = "TIME",
        value_parser = |text: &str| duration(text, Duration::from_secs(1)..=Duration::from_hours(10 * 365 * 24)))]
    pub(super) unless_validated: Option<Duration>,

    /// Continue with the log of an earlier run
    #[arg(long)]
    pub(super) resume: bool,

    #[command(flatten)]
    pub(super) policy: Policy,

    /// Accept an API key although the log has others
    ///
    /// The flag declares that this key and all API keys of the log belong to one merchant.
    #[arg(long, hide_short_help = true, requires = "resume")]
    pub(super) rotated_key: bool,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

impl Args {
    /// The files of the run. By default, the results are next to the input.
    pub(super) fn files(&self) -> Result<Files, Problem> {
        if let Some(out) = self.out.clone() {
            return Ok(self.output.named(out));
        }
        if self.input == Path::new("-") {
            return Err(Problem::new(
                "--out",
                "standard input has no file name; choose a name for the results, such as results.csv",
            ));
        }
        let kind = self.input.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is_workbook = matches!(&*kind, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods");
        let mut name = self.input.file_stem().unwrap_or_default().to_owned();
        name.push(if is_workbook { ".results.xlsx" } else { ".results.csv" });
        Ok(self.output.named(self.input.with_file_name(name)))
    }

    pub(super) fn reads_accounts(&self) -> bool {
        self.policy.reconcile || self.policy.follow || self.unless_validated.is_some()
    }
}

fn table_file(text: &str) -> Result<PathBuf, String> {
    match Format::of(Path::new(text)) {
        Some(Format::Csv | Format::Xlsx) => Ok(text.into()),
        _ => Err("use a file name that ends in .csv or .xlsx".to_owned()),
    }
}

/// Write the results of a batch from its log; sends nothing
///
/// The rows come from the input of the last run, the outcomes from the log.
#[derive(clap::Args)]
pub(crate) struct ResultsArgs {
    /// Log of the batch
    #[arg(value_name = "OUT.log")]
    pub(super) log: PathBuf,

    /// Read the input from FILE [default: as in the last run]
    #[arg(long, value_name = "FILE")]
    pub(super) input: Option<PathBuf>,

    /// Write results to FILE [default: as in the last run]
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    #[command(flatten)]
    pub(super) output: Files,
}

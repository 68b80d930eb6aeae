//! The command lines of `batch` and `results`.

use std::path::PathBuf;
use std::time::Duration;

use super::plan::{Doubt, Policy, Retry};
use crate::connect::ConnectArgs;
use crate::failure::Problem;
use crate::text::{number, whole_number};
use crate::time;

/// Validate the payees of a CSV file
///
/// The whole file is checked before anything is sent. A log keeps the outcome of each payee, so a run that ended early can be resumed,
/// also with a corrected or extended file, and nothing is paid twice.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Args {
    /// The file, CSV with a header; `-` is standard input
    #[arg(value_name = "IN.csv")]
    pub(super) input: PathBuf,

    /// File to write the results to, one JSON object per row; the log is OUT.log
    #[arg(long, value_name = "OUT.ndjson", required_unless_present = "check_only")]
    pub(super) out: Option<PathBuf>,

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
    #[arg(long, conflicts_with_all = ["out", "resume", "skip_invalid"])]
    pub(crate) check_only: bool,

    /// Leave out rows that are invalid, instead of sending nothing
    #[arg(long)]
    pub(super) skip_invalid: bool,

    /// Pay without asking
    #[arg(long)]
    pub(super) yes: bool,

    /// Send payees that another log in the same directory has sent already
    #[arg(long)]
    pub(super) pay_again: bool,

    /// Leave out payees whose account was validated within this time, such as 30d, by the customer's list
    #[arg(long, value_name = "TIME", conflicts_with = "rows_per_call")]
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
    pub(crate) connect: ConnectArgs,
}

/// Longer than that no server processes a call.
const LONGEST_SETTLE: Duration = Duration::from_hours(24);

/// Ten years.
const LONGEST_SINCE: Duration = Duration::from_hours(10 * 365 * 24);

impl Args {
    pub(super) fn policy(&self) -> Policy {
        let doubt = match (self.reconcile, self.resend_unknown) {
            (true, _) => Doubt::Reconcile,
            (false, true) => Doubt::Resend,
            (false, false) => Doubt::Keep,
        };
        Policy { doubt, follow: self.follow, retry: self.retry.clone() }
    }

    /// How old a call must be, if the user sets it.
    pub(super) fn settle(&self) -> Result<Option<Duration>, Problem> {
        let read = |text: &str| time::read("--settle", text, Duration::ZERO..=LONGEST_SETTLE);
        self.settle.as_deref().map(read).transpose()
    }

    /// How recent a validation must be to leave a payee out.
    pub(super) fn unless_validated(&self) -> Result<Option<Duration>, Problem> {
        let read = |text: &str| time::read("--unless-validated", text, Duration::from_secs(1)..=LONGEST_SINCE);
        self.unless_validated.as_deref().map(read).transpose()
    }

    /// Whether accounts are read.
    pub(super) fn reads_accounts(&self) -> bool {
        self.reconcile || self.follow || self.unless_validated.is_some()
    }
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
    #[arg(long, value_name = "IN.csv")]
    pub(super) input: Option<PathBuf>,

    /// File to write the results to [default: the results of the last run]
    #[arg(long, value_name = "OUT.ndjson")]
    pub(super) out: Option<PathBuf>,
}

/// Columns, results, log and exit codes. Paragraphs are one line each, which clap wraps.
const MORE: &str = "\
Examples:
  juspay-accounts batch payees.csv --check-only
  juspay-accounts batch payees.csv --out results.ndjson --env sandbox --rate 5
  juspay-accounts batch payees.csv --out results.ndjson --env sandbox --rate 5 --resume --reconcile
  juspay-accounts results results.log

Input:
  CSV in UTF-8, separated by commas, with lines that end in LF or CRLF and no line break within a value. The first row is \
the header; columns can have any order and case. Every other row is one account:

    customer_id           whose account it is; in every row
    bank_code             the vendor's code for the bank, such as JP_HDFC; in every row
    ifsc, account         a bank account: its branch and its number
    name                  the holder's name, in a row with a bank account
    vpa                   a UPI address, in a row without a bank account
    gateway_id            provider that validates
    gateway_reference_id  arrangement with that provider
    preferred_gateway     gateway that should validate
    amount                rupees that a penny drop pays; without it, the vendor pays 1
    routing_id            header x-routing-id, if it is not the customer's id
    reference             up to 255 characters of your own: not sent, and back in the results

  A payee is a customer with a bank account (IFSC and number) or a UPI address. The same payee twice is a problem, since \
it would be paid for twice. A branch that is not in the list within this program is none, since the list can be out of date: a \
warning names the first of such rows.

Results:
  One line per row, in the order of the input, with all of these keys:

    line                  line of the row in the input
    attempt               how often the payee was sent
    reference             that of the input
    account               the account, masked
    outcome               active, failed, pending: what the bank says; --follow reads what has ended
                          other: there was a response, with another status
                          refused: the server refused it; nothing was paid
                          not_sent: nothing was sent or paid
                          unknown: it may have been paid; --reconcile finds out
                          skipped: it is invalid (--skip-invalid), or was validated lately
                          (--unless-validated)
    status                validation_status of the response
    customer_account_id   that of the response
    request_id            by which the vendor finds the call
    error                 kind of the failure, such as timeout or rejected
    again                 whether --resume sends it again
    reason                what was wrong, as a sentence

  The results are written at the end of a run; `juspay-accounts results OUT.log` writes them at any other time. Results that \
somebody changed are kept under another name.

  On standard output is how many rows have which outcome. With --output json: {\"rows\", \"outcomes\", \"left\", \"changes\", \
\"results\"}, where \"left\" are the rows that were not reached and \"changes\" is how the input differs from that of the runs before; \
with --check-only {\"rows\", \"problems\", \"unlisted\"}, the last of them rows whose branch is not in the list.

Log:
  A payee is sent when it is on disk that it will be. So after any end of the program, also by kill -9 or a full disk, it is known \
of each payee whether it may have been sent. Account numbers, UPI addresses, names and the key are not in the log; payees are hashes. \
Each line has a checksum that covers the lines before it: a log that was changed is refused. One change cannot be seen: whole lines \
that are missing at the end. So restore a log only from a backup of its last run.

  --resume sends what was not sent, and what was refused for the key, the address or the rate (errors unauthorized, forbidden, \
not_found, redirected, rate_limited). The input can be corrected, extended or sorted: payees with an outcome are not sent \
again, new and corrected ones are. A payee that was about to be sent when the program died is unknown, and is not sent again. \
The server has to be that of the first run.

  --resume --reconcile reads the customer's accounts of payees that are unknown. If the account is there and was validated since \
the payee was sent, its status is the outcome. If it is not there, the list is whole, and the call ended long ago (--settle), then \
nothing was paid, and the payee is sent again. Otherwise it stays unknown, with the reason. The clocks of the server and of this \
machine may be half a minute apart. With a key that the log does not know, it is refused: another merchant's list has no such \
accounts. --rotated-key declares that it is the same merchant.

  --resume --follow reads the accounts of payees that are pending, each once. Run it again for the others. It pays nothing.

  --resume --retry failed,refused,skipped sends the payees with these outcomes again, and pays for them again.

  Ctrl-C, SIGTERM and SIGHUP wait for the calls in flight; a second one does not. A run ends early when the key is refused, and \
when 10 calls in a row fail for another reason than what is in them; those that send and those that read count separately.

Money:
  Before it sends, a run prints the number of penny drops and what they cost at most. For production it asks first; without a \
terminal --yes is required. If another log in the directory of the input or of the results has sent payees of this file to the same \
server, it asks as well; without a terminal --pay-again is required.

Memory:
  The input is read and never held; about 50 bytes of each row are kept. Standard input is first copied to a temporary file that only \
this program can open, and that does not outlive it.

Exit codes, of which the first that fits is taken:
  2  wrong usage, a problem in the file, or nothing to resume; nothing was sent
  4  the outcome of some rows is unknown
  3  the server does not accept the key
  5  some rows were not sent
  3  the server refused some rows
  1  some rows are not active, or were skipped; with --check-only, the file has a problem
  0  all rows are active; with --check-only, the file has no problem";

#[cfg(test)]
mod tests {
    use super::MORE;
    use crate::batch::columns::Column;
    use crate::log::Outcome;

    #[test]
    fn help_names_every_column_and_outcome() {
        let words: Vec<_> = MORE.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        for column in Column::ALL {
            assert!(words.contains(&column.name()), "{}", column.name());
        }
        for outcome in Outcome::ALL {
            let name = serde_json::to_value(outcome).unwrap();
            assert!(words.contains(&name.as_str().unwrap()), "{name}");
        }
    }
}

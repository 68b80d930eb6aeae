//! `batch`: a whole file of payees, checked first and then sent, in memory that does not grow with it.
//!
//! The way of a row: `input` ─▶ `blocks` ─▶ `rows` ─▶ `check` (all rows, nothing sent) ─▶ `calls` ─▶ `store` (journal on disk) ─▶
//! `send` ─▶ `outcome` ─▶ `store` (output on disk). After a crash `files` and `journal` say which rows may still be sent, and
//! `reconcile` finds out what became of those that may have been paid for, and `follow` of those that were pending.

mod blocks;
mod calls;
mod check;
mod columns;
mod files;
mod follow;
mod help;
mod input;
mod journal;
mod outcome;
mod parallel;
mod partitions;
mod progress;
mod reconcile;
mod repeated;
mod report;
mod row;
mod rows;
mod send;
mod store;
mod summary;
mod unlisted;

use std::path::PathBuf;

use calls::Calls;
use files::Files;
use input::{Hashed, Input};
use journal::{Doubt, Head, Past};
use outcome::Outcome;
use progress::Progress;
use reconcile::DoubtArgs;
use send::{LISTED, Pace, Sending, Sent, Stop};
use store::Store;

use crate::connect::ConnectArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::text::{count, number, whole_number};

/// Validate the payees of a CSV file
///
/// The whole file is checked before anything is sent. What became of each row is written to a file of JSON lines, and a
/// journal beside it keeps book, so that a run that was ended can be resumed without paying for anything twice.
#[derive(clap::Args)]
#[command(after_long_help = help::MORE)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Args {
    /// The file, CSV with a header; `-` is standard input
    #[arg(value_name = "IN.csv")]
    input: PathBuf,

    /// File to write the outcomes to, one JSON object on a line; its journal is OUT.ndjson.journal
    #[arg(long, value_name = "OUT.ndjson", required_unless_present = "check_only")]
    out: Option<PathBuf>,

    /// How many calls may be under way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = |text: &str| whole_number(text, 1..=256_usize))]
    concurrency: usize,

    /// How many calls are made in a second at most, such as 5 or 0.5; without it, as many as the answers allow
    #[arg(long, value_name = "R", value_parser = |text: &str| number(text, 0.001..=10_000.0))]
    rate: Option<f64>,

    /// How many rows may be sent as one call, if they follow each other and have all but the account in common
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = |text: &str| whole_number(text, 1..=100_usize))]
    rows_per_call: usize,

    /// Check the file, and send nothing
    #[arg(long, conflicts_with_all = ["out", "resume", "skip_invalid"])]
    check_only: bool,

    /// Leave out rows that are invalid, instead of sending nothing
    #[arg(long)]
    skip_invalid: bool,

    /// Go on with a run that was ended: the same file, the same --out
    #[arg(long)]
    resume: bool,

    /// Read the accounts of rows that are pending, and write down what became of them
    #[arg(long, requires = "resume")]
    follow: bool,

    #[command(flatten)]
    doubt: DoubtArgs,

    #[command(flatten)]
    connect: ConnectArgs,
}

/// Checks a file both ways, which have to agree.
#[cfg(fuzzing)]
pub(crate) fn check_both_ways(file: &[u8]) {
    parallel::agreement::both(file);
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let Some(out) = &args.out else {
        let input = Input::open(&args.input)?;
        let checked = parallel::file(|| input.read());
        return report::checked(&input, checked.map(|(checked, _)| checked), console);
    };
    let (target, settle) = match (args.connect.target(), args.doubt.settle()) {
        (Ok(target), Ok(settle)) => (target, settle),
        (target, settle) => {
            return Err(Failure::input(target.err().into_iter().flatten().chain(settle.err()).collect()));
        }
    };
    if let Some(problem) = target.missing() {
        return Err(Failure::input(vec![problem]));
    }
    let input = Input::open(&args.input)?;
    let (checked, hashed) = parallel::file(|| input.read().map(Hashed::new))
        .map_err(|stopped| report::stopped(&input, stopped, Exit::Usage))?;
    checked.unlisted.tell(console);
    if checked.invalid > 0 {
        if !args.skip_invalid {
            return Err(report::invalid(&input, checked, Exit::Usage));
        }
        console.warn(format_args!("{} cannot be sent, and will be left out", count(checked.invalid, "row", "rows")));
    }
    console.note(format_args!("sending to {}", target.describe()));
    let connection = target.connect().await?;
    let head = Head::new(hashed.finish(), connection.server.clone());
    let mut interrupt = Interrupt::listen()?;
    let doubt = args.doubt.doubt();
    let (mut files, past) = if args.resume {
        Files::resume(out, &head, Past::new(checked.lines, doubt, args.follow), console)?
    } else {
        (Files::create(out, &head)?, Past::default())
    };
    if doubt == Doubt::Reconcile {
        reconcile::settle(&past, settle, &connection, &mut interrupt, console).await?;
    }
    if connection.deadline > past.longest_call() {
        files.limit(out, connection.deadline)?;
    }

    let before = Sent { tally: past.tally(), unknown: past.unknown().take(LISTED).collect(), unread: None, stop: None };
    // Of these nothing is known before this run has come to them.
    let in_doubt = past.in_doubt().1 > before.tally.of(Outcome::Unknown);
    let progress = Progress::new(console, checked.rows, before.tally.total());
    let cannot =
        |what: &str, error: &std::io::Error| Failure::caused(Exit::NotSent, format!("{what}; nothing was sent"), error);
    let (store, writer) = Store::start(files).map_err(|error| cannot("the journal cannot be kept", &error))?;
    let sending = Sending {
        client: connection.client.clone(),
        store,
        concurrency: args.concurrency,
        pace: Pace::new(args.rate),
        progress: &progress,
        interrupt,
    };
    let input = input.read().map_err(|error| cannot("the input cannot be read again", &error))?;
    let sent = match Calls::new(input, past, checked.repeated, args.rows_per_call) {
        Ok(calls) => sending.run(calls, before).await,
        Err(broken) => {
            drop(sending);
            Sent { stop: Some(Stop::Input(broken)), ..before }
        }
    };
    let written = writer.finish();
    progress.finish();
    report::sent(out, checked.rows, sent, written, in_doubt, console)
}

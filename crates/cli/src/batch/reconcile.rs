//! `--reconcile`: what became of a row that may have been paid for, in the words of the customer's list of accounts.
//!
//! What must stay true: **on a doubt, a row is not sent again**. It is only if the list is whole and does not have its
//! account, and if it was sent so long ago that no server is still at it.

use std::time::Duration;

use juspay_accounts::{Client, ReconcileOutcome, ReconcilePolicy, ReconcileState};

use super::calls::Call;
use super::journal::{Doubt, Moment, Past};
use super::outcome::{Entry, Record};
use super::send::{Ended, Heard};
use super::store::{Full, Store};
use crate::connect::Connection;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::interrupt::Interrupt;
use crate::text::count;
use crate::time;

/// The flags, with which one of two ways is taken, or none.
#[derive(clap::Args)]
pub(crate) struct DoubtArgs {
    /// Ask the server for the accounts of rows whose outcome is unknown, and send those again that it does not have
    #[arg(long, requires = "resume")]
    reconcile: bool,

    /// How long ago a row must have been sent for its missing account to prove that nothing was paid, from 0s to 1d
    /// [default: 3 minutes more than a call can take, so 5m without --timeout]
    #[arg(long, value_name = "TIME", requires = "reconcile")]
    settle: Option<String>,

    /// Send rows again whose outcome is unknown, at the risk of paying twice for them
    #[arg(long, requires = "resume", conflicts_with = "reconcile")]
    resend_unknown: bool,
}

/// Longer than that no server is at a call.
const LONGEST: Duration = Duration::from_hours(24);

impl DoubtArgs {
    pub(crate) fn doubt(&self) -> Doubt {
        match (self.reconcile, self.resend_unknown) {
            (true, _) => Doubt::Reconcile,
            (false, true) => Doubt::Resend,
            (false, false) => Doubt::Keep,
        }
    }

    /// How old a call must be, if the user says so.
    ///
    /// # Errors
    /// It is no time, or none that makes sense.
    pub(crate) fn settle(&self) -> Result<Option<Duration>, Problem> {
        self.settle.as_deref().map(|text| time::read("--settle", text, Duration::ZERO..=LONGEST)).transpose()
    }
}

/// Waits until every row that is in doubt is old enough.
///
/// # Errors
/// The user does not want to wait. Nothing was sent.
pub(crate) async fn settle(
    past: &Past,
    settle: Option<Duration>,
    connection: &Connection,
    interrupt: &mut Interrupt,
    console: Console,
) -> Result<(), Failure> {
    let (Some(last), rows) = past.in_doubt() else { return Ok(()) };
    // An earlier run may have given its calls more time than this one.
    let longest = connection.deadline.max(past.longest_call());
    let wait = last.until_past(settle.unwrap_or(longest.saturating_add(ReconcilePolicy::SETTLE)), Moment::now());
    if wait.is_zero() {
        return Ok(());
    }
    let time = humantime::format_duration(wait);
    console
        .note(format_args!("waiting for {time}, until what was sent last is old enough to be looked for (--settle)"));
    tokio::select! {
        () = tokio::time::sleep(wait) => Ok(()),
        () = interrupt.wait() => {
            let rows = count(rows, "row", "rows");
            let message = format!("interrupted; nothing was sent, and it is not known what became of {rows}");
            Err(Failure::new(Exit::Unknown, message).next("run the same command again"))
        }
    }
}

/// A row that may have been paid for.
#[derive(Debug)]
pub(crate) struct Doubtful {
    /// The call as it would be made again.
    pub(crate) again: Call,
    /// The row as it was sent.
    pub(crate) entry: Entry,
    /// When it was sent first.
    pub(crate) since: Moment,
    /// Whether the output does not have this attempt.
    pub(crate) unsettled: bool,
    /// The id by which the vendor finds the call, if the output has one.
    pub(crate) request_id: Option<String>,
}

/// Looks for the account of a row. What is found, or why nothing can be said, is written down; what is proven not to be there
/// is handed back to be sent.
pub(crate) async fn reconcile(client: Client, store: Store, row: Doubtful) -> Result<Ended, Full> {
    let Doubtful { again, entry, since, unsettled, request_id } = row;
    // It is old enough: one reading will do.
    let policy = ReconcilePolicy::default().settle(Duration::ZERO);
    let list = client.reconcile(&again.request, ReconcileState::new(since.time(), policy)).await;
    // A reason why the list cannot be had does not replace the one why the outcome was not known in the first place.
    let is_news = unsettled || list.is_ok();
    let mut heard = Heard::OfRows;
    let record = match list {
        Ok(found) => match found.into_iter().next().map(|found| found.outcome) {
            Some(ReconcileOutcome::Absent) => {
                return Ok(Ended {
                    rows: Vec::new(),
                    reading: true,
                    before: None,
                    unread: None,
                    heard,
                    again: Some(again),
                });
            }
            Some(ReconcileOutcome::Created(account)) => Record::found(&entry, &account),
            Some(ReconcileOutcome::Ambiguous { reason, .. }) => Record::in_doubt(&entry, reason.explanation()),
            // A call has at least one account.
            None => Record::interrupted(&entry),
        },
        Err(error) => {
            heard = Heard::in_reading(&error);
            Record::in_doubt(&entry, format_args!("the customer's accounts cannot be read: {error}"))
        }
    };
    // The last line counts, and the vendor finds the call by its id.
    let record = record.of_call(request_id);
    if is_news {
        store.record(&record, unsettled).await?;
    }
    Ok(Ended {
        rows: vec![(record.line, record.outcome)],
        reading: true,
        before: None,
        unread: None,
        heard,
        again: None,
    })
}

//! Decides when a missing account proves that nothing was paid: only if the call ended long ago, by a clock that can be
//! trusted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

use juspay_accounts::{Accounts, Client, Customer};

use super::steps::{Next, Step, Steps, UnknownPayee};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Unreadable;
use crate::interrupt::Interrupt;
use crate::log::Payees;
use crate::progress;
use crate::text::count;

/// The largest allowed difference between the clocks of the server and of this machine.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Whether the server's clock agrees with the local clock, according to the last response with a date. Clones share the
/// state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<AtomicU8>);

impl Clock {
    const AGREES: u8 = 1;
    const DIFFERS: u8 = 2;

    pub(crate) fn compare(&self, accounts: &Accounts) {
        let Some(date) = accounts.date() else { return };
        let now = SystemTime::now();
        let apart = now.duration_since(date).or_else(|_| date.duration_since(now)).unwrap_or(Duration::MAX);
        self.0.store(if apart <= TOLERANCE { Self::AGREES } else { Self::DIFFERS }, Ordering::Relaxed);
    }

    pub(crate) fn agrees(&self) -> bool {
        self.0.load(Ordering::Relaxed) == Self::AGREES
    }
}

/// Waits until the customers' lists can prove that a payee was not processed.
///
/// # Errors
/// The user chose not to wait. Nothing was sent.
pub(super) async fn wait(
    steps: Result<Steps<'_>, Unreadable>,
    payees: &Payees,
    settle: Duration,
    client: &Client,
    clock: &Clock,
    interrupt: &mut Interrupt,
    console: Console,
) -> Result<(), Failure> {
    let start = SystemTime::now();
    let longest = time_left(payees, settle, start, false);
    let mut wait = time_left(payees, settle, start, true);
    // If the clocks agree, the wait is shorter, so a list is read to compare the clocks.
    if wait < longest {
        if let Some(first) = steps.ok().and_then(first_to_reconcile)
            && let Ok(list) = client.list(&Customer::from(&first.again.request)).await
        {
            clock.compare(&list);
        }
        if !clock.agrees() {
            wait = longest;
        }
    }
    if wait.is_zero() {
        return Ok(());
    }
    tokio::select! {
        () = progress::wait(console, wait, "for requests that the vendor may still be processing") => Ok(()),
        () = interrupt.wait() => {
            let unknown = payees.iter().filter(|row| row.state.is_unknown()).count();
            let rows = count(unknown, "row", "rows");
            let message = format!("interrupted; this run sent nothing, and the outcome of {rows} is still unknown");
            Err(Failure::new(Exit::Unknown, message).next("run the same command again"))
        }
    }
}

fn first_to_reconcile(mut steps: Steps<'_>) -> Option<Box<UnknownPayee>> {
    loop {
        match steps.next() {
            Ok(Next::Step(Step::Reconcile(unknown))) => return Some(unknown),
            Ok(Next::Step(_) | Next::Skipped) => {}
            Ok(Next::End) | Err(_) => return None,
        }
    }
}

/// The time until the customers' lists can prove that a payee was not processed. If the end of its call is unknown, for
/// example because a run was killed, the time counts from the start of this run. If the local clock cannot be trusted,
/// this applies to every payee.
fn time_left(payees: &Payees, settle: Duration, now: SystemTime, is_clock_trusted: bool) -> Duration {
    let left = |ended: u32| {
        let is_known = ended > 0;
        let ended = SystemTime::UNIX_EPOCH + Duration::from_secs(ended.into());
        match now.duration_since(ended) {
            Ok(age) if is_known && is_clock_trusted => settle.saturating_sub(age),
            _ => settle,
        }
    };
    let unknown = payees.iter().filter(|row| row.state.is_unknown());
    unknown.map(|row| left(row.state.ended)).max().unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests;

//! Compares valid rows on a second thread, because comparing takes about as long as reading and checking.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::findings::Findings;
use super::near::Near;
use super::row;
use crate::input::{Column, Row, Stored, Values};
use crate::log::{CheckedRow, Salt};

/// The number of rows that are sent to the second thread at once.
const BATCH: usize = 1024;

/// The maximum number of batches that wait for the second thread.
const WAITING: usize = 16;

/// The values that the second thread receives.
const COMPARED: [Column; 6] =
    [Column::CustomerId, Column::Vpa, Column::Ifsc, Column::Account, Column::Amount, Column::Name];

/// The second thread, and the rows for it.
pub(super) struct Comparison<'scope> {
    batch: Batch,
    sender: SyncSender<Batch>,
    /// Batches to reuse.
    spare: Receiver<Batch>,
    thread: ScopedJoinHandle<'scope, Compared>,
}

/// Valid rows, in the order of the file.
#[derive(Default)]
struct Batch {
    /// The values of all rows.
    text: String,
    rows: Vec<Valid>,
}

struct Valid {
    line: u32,
    stored: Stored,
    /// The end of each value in the text of the batch.
    ends: [usize; COMPARED.len()],
}

pub(super) struct Compared {
    /// The payees for the log. Empty without a salt.
    pub(super) rows: Vec<CheckedRow>,
    pub(super) near: Near,
    pub(super) advice: Findings,
}

impl<'scope> Comparison<'scope> {
    /// Starts the second thread. `advice` receives the advice about single rows.
    pub(super) fn start(scope: &'scope Scope<'scope, '_>, salt: Option<Salt>, advice: Findings) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let (used, spare) = sync_channel(WAITING);
        let thread = scope.spawn(move || compare(&receiver, &used, salt, advice));
        Self { batch: Batch::default(), sender, spare, thread }
    }

    /// Adds a valid row. A full batch is sent to the second thread.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let Batch { text, rows } = &mut self.batch;
        let mut ends = [0; COMPARED.len()];
        for (end, column) in ends.iter_mut().zip(COMPARED) {
            text.push_str(row.values.get(column));
            *end = text.len();
        }
        rows.push(Valid { line: row.number, stored: row.stored, ends });
        if rows.len() == BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        let next = self.spare.try_recv().unwrap_or_default();
        // This fails only if the thread panicked, and then `finish` panics too.
        let _ = self.sender.send(std::mem::replace(&mut self.batch, next));
    }

    /// Waits for the second thread. Returns what it found about the added rows.
    pub(super) fn finish(mut self) -> Compared {
        self.send();
        let Self { sender, thread, .. } = self;
        drop(sender);
        join(thread)
    }
}

/// Waits for a thread. Panics if the thread panicked.
pub(super) fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn compare(batches: &Receiver<Batch>, used: &SyncSender<Batch>, salt: Option<Salt>, mut advice: Findings) -> Compared {
    let (mut logged, mut near) = (Vec::new(), Near::default());
    let mut account = String::new();
    for mut batch in batches {
        let Batch { text, rows } = &mut batch;
        let mut start = 0;
        for Valid { line, stored, ends } in rows.drain(..) {
            let mut values = Values::default();
            for (column, end) in COMPARED.into_iter().zip(ends) {
                values.set(column, &text[start..end]);
                start = end;
            }
            row::advice(&values, stored, |unusual| advice.unusual(Some(line), &unusual));
            account.clear();
            row::append_account(&values, &mut account);
            let (customer, paise) = (values.get(Column::CustomerId), row::paise(&values));
            near.add(customer, &account, line, paise);
            if let Some(salt) = salt {
                logged.push(CheckedRow { payee: salt.payee(customer, &account), line, paise });
            }
        }
        text.clear();
        // The batch is dropped if enough others wait to be reused.
        let _ = used.try_send(batch);
    }
    Compared { rows: logged, near, advice }
}

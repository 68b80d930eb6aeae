//! Compares payees on a second thread, because that takes about as long as reading and checking their rows.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::near::Near;
use super::row;
use crate::input::{Column, Row};
use crate::log::{CheckedRow, Salt};

/// The number of rows that are sent to the second thread at once.
const BATCH: usize = 1024;

/// The maximum number of batches that wait for the second thread.
const WAITING: usize = 16;

/// The second thread, and the rows for it.
pub(super) struct Comparison<'scope> {
    batch: Batch,
    sender: SyncSender<Batch>,
    thread: ScopedJoinHandle<'scope, (Vec<CheckedRow>, Near)>,
}

/// Valid rows, in the order of the file.
#[derive(Default)]
struct Batch {
    /// For each payee, its customer, a zero byte, and its account.
    text: String,
    /// For each payee, where its text ends, its line, and the amount of its penny drop in paise.
    payees: Vec<(usize, u32, u32)>,
}

impl<'scope> Comparison<'scope> {
    pub(super) fn start(scope: &'scope Scope<'scope, '_>, salt: Salt) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = scope.spawn(move || compare(receiver, salt));
        Self { batch: Batch::default(), sender, thread }
    }

    /// Adds a valid row. A full batch is sent to the second thread.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        // A zero byte separates values, because no value contains one.
        self.batch.text.push_str(row.get(Column::CustomerId));
        self.batch.text.push('\0');
        row::append_account(row, &mut self.batch.text);
        self.batch.payees.push((self.batch.text.len(), row.number, row::paise(row)));
        if self.batch.payees.len() == BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        // This fails only if the thread panicked, and then `finish` panics too.
        let _ = self.sender.send(std::mem::take(&mut self.batch));
    }

    /// Waits for the second thread. Returns the rows that were added, and the bank accounts among them.
    pub(super) fn finish(mut self) -> (Vec<CheckedRow>, Near) {
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

fn compare(batches: Receiver<Batch>, salt: Salt) -> (Vec<CheckedRow>, Near) {
    let (mut rows, mut near) = (Vec::new(), Near::default());
    for Batch { text, payees } in batches {
        let mut start = 0;
        for (end, line, paise) in payees {
            let (customer, account) = text[start..end].split_once('\0').unwrap_or_default();
            start = end;
            let payee = salt.payee(customer, &[account]);
            if let Some((ifsc, number)) = account.split_once('\0') {
                near.add(ifsc, number, payee, line);
            }
            rows.push(CheckedRow { payee, line, paise });
        }
    }
    (rows, near)
}

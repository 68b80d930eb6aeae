//! The connections that wait for a request. One of them can be ended to make room for a new connection; a connection
//! with a request cannot.

use std::collections::BTreeMap;

use tokio::task::AbortHandle;

/// The waiting connections by number. The one with the lowest number has waited longest.
#[derive(Default)]
pub(super) struct Waiting {
    last: u64,
    connections: BTreeMap<u64, AbortHandle>,
}

impl Waiting {
    /// Adds a connection. `start` gets its number and starts it.
    pub(super) fn add(&mut self, start: impl FnOnce(u64) -> AbortHandle) {
        self.last += 1;
        self.connections.insert(self.last, start(self.last));
    }

    /// Removes a connection because its request has arrived, or because it has ended. Returns `None` if the connection
    /// was ended before.
    pub(super) fn claim(&mut self, number: u64) -> Option<AbortHandle> {
        self.connections.remove(&number)
    }

    /// Ends the connection that has waited longest, if any waits.
    pub(super) fn end_oldest(&mut self) {
        if let Some((_, connection)) = self.connections.pop_first() {
            connection.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_waiting_connection_is_ended_and_the_oldest_first() {
        let mut waiting = Waiting::default();
        let start = || tokio::spawn(std::future::pending::<()>());
        let tasks = [start(), start(), start()];
        for task in &tasks {
            waiting.add(|_| task.abort_handle());
        }
        // The first connection gets a request and then waits again, now as the newest.
        let first = waiting.claim(1).unwrap();
        waiting.end_oldest();
        assert!(waiting.claim(2).is_none() && waiting.claim(1).is_none());
        waiting.add(|_| first);
        waiting.end_oldest();
        let [first, second, third] = tasks;
        assert!(second.await.unwrap_err().is_cancelled() && third.await.unwrap_err().is_cancelled());
        assert!(waiting.claim(4).is_some() && !first.is_finished());
        waiting.end_oldest();
        first.abort();
    }
}

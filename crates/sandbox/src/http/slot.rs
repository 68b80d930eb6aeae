//! The place of one connection among all connections. A connection that waits for a request can lose its place to a new
//! connection. A connection with a request cannot.

use std::sync::atomic::{AtomicU64, Ordering};

const BUSY: u64 = 0;
const LOST: u64 = u64::MAX;

pub(super) struct Slot(AtomicU64);

impl Slot {
    /// The place of a connection that waits for its first request. `number` grows with each connection and each
    /// request.
    pub(super) fn new(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }

    /// Keeps the place until it is released. Returns false if the place was lost.
    pub(super) fn claim(&self) -> bool {
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| (state != LOST).then_some(BUSY)).is_ok()
    }

    /// Releases the place: the connection waits again.
    pub(super) fn release(&self, number: u64) {
        self.0.store(number, Ordering::Release);
    }

    /// Since which number the connection waits; `None` if its request has arrived.
    pub(super) fn waits_since(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|state| !matches!(*state, BUSY | LOST))
    }

    /// Takes the place away. Returns false if a request has arrived in the meantime.
    pub(super) fn take(&self, since: u64) -> bool {
        self.0.compare_exchange(since, LOST, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_lost_only_while_its_connection_waits() {
        let slot = Slot::new(1);
        assert!(slot.claim() && slot.waits_since().is_none() && !slot.take(1));
        slot.release(2);
        assert!(!slot.take(1) && slot.take(2) && !slot.claim());
        assert_eq!(slot.waits_since(), None);
    }
}

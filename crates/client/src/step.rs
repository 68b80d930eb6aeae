//! What takes longer than a call is done in steps, so that a service can store its state between them.

use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Step<T> {
    /// The result.
    Settled(T),
    /// There is no result yet: store the state, and take another step at this time. An earlier step does nothing.
    CheckAgainAt(SystemTime),
}

/// The time of this machine, advanced by tokio's clock, which tests can pause.
pub(crate) struct Clock {
    at_start: SystemTime,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { at_start: SystemTime::now(), started: Instant::now() }
    }

    pub(crate) fn now(&self) -> SystemTime {
        later(self.at_start, self.started.elapsed())
    }

    pub(crate) async fn sleep_until(&self, moment: SystemTime) {
        sleep(moment.duration_since(self.now()).unwrap_or_default()).await;
    }
}

/// A moment this much later, or the last one that there is a number for.
pub(crate) fn later(moment: SystemTime, time: Duration) -> SystemTime {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    moment.checked_add(time.min(CENTURY)).unwrap_or(moment)
}

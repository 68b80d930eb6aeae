//! Work that takes longer than a call is done in steps, so that a service can store its state in between.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use tokio::time::Instant;

/// The result of a step, which may be the last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Step<T> {
    /// The final result.
    Settled(T),
    /// Not finished: store the state, and take the next step at this time. A step before that does nothing.
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

    pub(crate) fn until(&self, moment: SystemTime) -> Duration {
        moment.duration_since(self.now()).unwrap_or_default()
    }
}

/// Returns `moment` plus a duration, which is limited to a century. If the sum cannot be represented, returns `moment`.
pub(crate) fn later(moment: SystemTime, time: Duration) -> SystemTime {
    const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);
    moment.checked_add(time.min(CENTURY)).unwrap_or(moment)
}

/// The wait of this round: waits grow by a factor up to a maximum, and each is lengthened at random, up to double.
pub(crate) fn backoff(factor: f32, initial: Duration, max: Duration, round: u32) -> Duration {
    let waits = ExponentialBuilder::default().with_jitter().with_factor(factor);
    let waits = waits.with_min_delay(initial.min(max)).with_max_delay(max).without_max_times();
    waits.build().nth(usize::try_from(round).unwrap_or(usize::MAX)).unwrap_or(max)
}

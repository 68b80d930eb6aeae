//! The sandbox's clock, which tests can advance.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// The function that returns the time. A [`Clock`] adds the time by which it has been advanced.
pub(crate) type Source = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// The maximum time by which a clock can be advanced in total: a hundred years.
const MOST: Duration = Duration::from_hours(100 * 365 * 24);

/// A clock that can be advanced. Waits end early when it is advanced past their end.
pub(crate) struct Clock {
    source: Source,
    advanced: watch::Sender<Duration>,
}

impl Clock {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, advanced: watch::Sender::new(Duration::ZERO) }
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        (self.source)().checked_add(self.advanced()).unwrap_or(jiff::Timestamp::MAX)
    }

    fn advanced(&self) -> Duration {
        *self.advanced.borrow()
    }

    /// How far the clock has been advanced in total, in milliseconds.
    pub(crate) fn advanced_ms(&self) -> u64 {
        u64::try_from(self.advanced().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.advanced.send_modify(|advanced| *advanced = advanced.saturating_add(by).min(MOST));
    }

    /// Sets how far the clock is advanced in total.
    pub(crate) fn set_advanced(&self, to: Duration) {
        self.advanced.send_replace(to.min(MOST));
    }

    /// Waits for this long, or until the clock is advanced past the end of the wait.
    pub(crate) async fn wait(&self, time: Duration) {
        if time.is_zero() {
            return;
        }
        let mut changes = self.advanced.subscribe();
        let (began, before) = (Instant::now(), *changes.borrow_and_update());
        loop {
            let advanced = changes.borrow_and_update().saturating_sub(before);
            let left = time.saturating_sub(began.elapsed().saturating_add(advanced));
            // The channel cannot close, because `self` holds its sender. So `changed` returns only when the clock is
            // advanced or reset.
            if left.is_zero() || tokio::time::timeout(left, changes.changed()).await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_ends_when_the_clock_is_advanced_past_it() {
        // The source of this clock never advances.
        let clock = Clock::new(Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
        let waited = async {
            clock.wait(Duration::from_hours(1)).await;
            clock.now()
        };
        let advances = async {
            clock.advance(Duration::from_mins(59));
            tokio::task::yield_now().await;
            clock.advance(Duration::from_mins(1));
        };
        let (now, ()) = tokio::join!(waited, advances);
        assert_eq!(now.as_second(), 3600);
        clock.wait(Duration::ZERO).await;
        clock.wait(Duration::from_millis(1)).await;
        clock.advance(Duration::MAX);
        assert_eq!(clock.advanced(), MOST);
    }
}

//! Which failures are retried, and after what wait.
//!
//! Only two failures certainly cost nothing and are likely to pass: a failed connection, and too many requests.
//! Everything else is for the caller to decide, who may know more. Requests that only read are retried more often,
//! since they cost nothing.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::{Deserialize, Serialize};

use crate::error::kind::{Delivery, ErrorKind};
use crate::words::setters;

/// When a failed request is sent again.
///
/// By default a request is sent up to 3 times, with waits of half a second and one second in between. Each wait is
/// lengthened at random, up to double, so that many clients do not retry together. Only
/// [retryable](crate::Error::is_retryable) failures are retried; for requests that only read, also those with an
/// unknown outcome.
///
/// ```
/// use std::time::Duration;
/// use juspay_accounts::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(6).max_backoff(Duration::from_secs(30));
/// let once = RetryPolicy::disabled();
/// # let _ = (patient, once);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    unknown: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(10),
            unknown: false,
        }
    }
}

setters! {
    RetryPolicy {
        /// The maximum number of attempts, including the first. Zero counts as one.
        max_attempts: u32;
        /// The wait before the second attempt; each further wait is twice as long.
        initial_backoff: Duration;
        /// The longest wait, before it is lengthened at random. It limits the server's `Retry-After` too: if the server
        /// asks for more, the call ends with [`ErrorKind::RateLimited`], and
        /// [`Error::retry_after`](crate::Error::retry_after) has the wait.
        max_backoff: Duration;
    }

    /// Sends each request once.
    pub fn disabled() -> Self {
        Self::default().max_attempts(1)
    }

    /// Also retries requests that may already have been processed: after a timeout, a broken connection, or a response
    /// that leaves the outcome open (5XX, 408, 409, most 3XX). **Each account of the request may then be paid for
    /// more than once**, because the API has no idempotency key. A complete response that cannot be decoded is still
    /// not retried.
    #[must_use]
    pub fn dangerously_retry_unknown_outcomes(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// Whether this failure is retried if an attempt is left.
    fn covers(&self, kind: ErrorKind, safe: bool) -> bool {
        // What cannot be read once cannot be read again: it is too long, and after a payment it was a success.
        let is_open = kind.delivery() == Delivery::Unknown && kind != ErrorKind::Undecodable;
        kind.is_retryable() || ((safe || self.unknown) && is_open)
    }

    /// The waits between the attempts of one call.
    pub(crate) fn waits(self) -> Waits {
        let backoff = ExponentialBuilder::default()
            .with_jitter()
            .with_factor(2.0)
            .with_min_delay(self.initial_backoff.min(self.max_backoff))
            .with_max_delay(self.max_backoff)
            // One wait fewer than attempts.
            .with_max_times(usize::try_from(self.max_attempts.saturating_sub(1)).unwrap_or(usize::MAX));
        Waits { policy: self, backoff: backoff.build() }
    }
}

/// The waits between the attempts of one call.
pub(crate) struct Waits {
    policy: RetryPolicy,
    backoff: backon::ExponentialBackoff,
}

impl Waits {
    /// How long to wait before the next attempt, after one that failed this way; `None` if it was the last. `safe`
    /// means that the request only reads; `elapsed` is the time since the call began. An attempt starts only if there
    /// is time for all of it: a payment that is given up halfway is worse than one that never started.
    pub(crate) fn next(
        &mut self,
        kind: ErrorKind,
        safe: bool,
        retry_after: Option<Duration>,
        elapsed: Duration,
        [attempt, call]: [Duration; 2],
    ) -> Option<Duration> {
        if !self.policy.covers(kind, safe) {
            return None;
        }
        let wait = self.backoff.next()?;
        let wait = match retry_after {
            Some(asked) if asked > self.policy.max_backoff => return None,
            Some(asked) => wait.max(asked),
            None => wait,
        };
        let end = elapsed.checked_add(wait)?.checked_add(attempt)?;
        (end <= call).then_some(wait)
    }
}

/// The wait in `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). A date in the past means no wait, a number that is
/// too large means a long wait, and anything else is ignored.
pub(crate) fn retry_after(headers: &HeaderMap, now: impl FnOnce() -> SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    const LONG: [Duration; 2] = [SECOND, Duration::from_mins(2)];

    #[test]
    fn waits_grow_within_their_bounds_and_end_with_the_attempts() {
        let policy = RetryPolicy::default().max_attempts(5).initial_backoff(SECOND).max_backoff(4 * SECOND);
        for _ in 0..100 {
            let mut waits = policy.waits();
            for base in [1, 2, 4, 4].map(|seconds| seconds * SECOND) {
                let wait = waits.next(ErrorKind::NotConnected, false, None, Duration::ZERO, LONG).unwrap();
                assert!(wait >= base && wait <= 2 * base, "{base:?}: {wait:?}");
            }
            assert_eq!(waits.next(ErrorKind::NotConnected, false, None, Duration::ZERO, LONG), None);
        }
        for once in [RetryPolicy::disabled(), policy.max_attempts(0)] {
            assert_eq!(once.waits().next(ErrorKind::NotConnected, false, None, Duration::ZERO, LONG), None);
        }
    }

    #[test]
    fn the_server_is_waited_for_within_bounds() {
        let policy = RetryPolicy::default().max_backoff(10 * SECOND).initial_backoff(SECOND);
        let next = |asked: Option<Duration>, elapsed, attempt| {
            policy.waits().next(ErrorKind::RateLimited, false, asked, elapsed, [attempt, 100 * SECOND])
        };
        assert_eq!(next(Some(10 * SECOND), Duration::ZERO, SECOND), Some(10 * SECOND));
        assert_eq!(next(Some(11 * SECOND), Duration::ZERO, SECOND), None);
        assert_eq!(next(Some(Duration::MAX), Duration::ZERO, SECOND), None);
        assert!(next(Some(Duration::ZERO), Duration::ZERO, SECOND).unwrap() >= SECOND, "backoff is the least");
        assert_eq!(next(Some(5 * SECOND), 85 * SECOND, 10 * SECOND), Some(5 * SECOND));
        assert_eq!(next(Some(5 * SECOND), 86 * SECOND, 10 * SECOND), None, "no time for a whole attempt");
        assert_eq!(next(None, Duration::MAX, Duration::MAX), None);
    }

    #[test]
    fn what_may_have_been_processed_is_sent_again_only_on_request() {
        for kind in ErrorKind::ALL.iter().copied() {
            let again =
                |policy: RetryPolicy, safe| policy.waits().next(kind, safe, None, Duration::ZERO, LONG).is_some();
            let is_unknown = kind.delivery() == Delivery::Unknown && kind != ErrorKind::Undecodable;
            let is_retried = matches!(kind, ErrorKind::NotConnected | ErrorKind::RateLimited);
            assert_eq!(again(RetryPolicy::default(), false), is_retried, "{kind}");
            let risky = RetryPolicy::default().dangerously_retry_unknown_outcomes();
            assert_eq!(again(risky, false), is_retried || is_unknown, "{kind}");
            assert_eq!(again(RetryPolicy::default(), true), is_retried || is_unknown, "{kind}: reading has no risk");
        }
    }
}

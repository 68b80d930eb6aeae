//! When a request is sent again by itself, and after how long.
//!
//! Only two failures are certain to have paid for nothing and likely to pass: no connection, and too many requests.
//! Everything else is for the caller to decide, who may know more; but what only reads pays for nothing.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::delivery::{Delivery, ErrorKind};

/// How often, how long and after which failures a request is sent again.
///
/// By default 3 attempts, with half a second and then a second between them, each lengthened by up to as much again at
/// random so that many clients do not come back at once; no attempt ends later than 2 minutes after the call began. Only
/// what is [retryable](ErrorKind::is_retryable) is tried again, and of requests that only read, what has an unknown outcome.
///
/// ```
/// use std::time::Duration;
/// use juspay_accounts::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(6).longest_wait(Duration::from_secs(30)).deadline(Duration::from_secs(300));
/// let never = RetryPolicy::never();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
    deadline: Duration,
    unknown: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(10),
            deadline: Duration::from_mins(2),
            unknown: false,
        }
    }
}

impl RetryPolicy {
    /// Each request is sent once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included. Zero counts as one.
    #[must_use]
    pub fn attempts(mut self, most: u32) -> Self {
        self.attempts = most.max(1);
        self
    }

    /// The wait before the second attempt; each further wait is twice as long.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait, before it is lengthened at random. It bounds the server's `Retry-After` too: if more is asked for,
    /// the call ends with [`ErrorKind::RateLimited`], and [`Error::retry_after`](crate::Error::retry_after) says how much.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long a call may take in all, with all attempts and waits. An attempt is begun only if there is time left for
    /// all of its own [timeout](crate::ClientBuilder::timeout): a payment that is given up halfway is worse than one
    /// that was not begun.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// Also sends again what may already have been acted on: after a timeout, a broken connection, or an answer that leaves it
    /// open (5XX, 408, most of 3XX).
    /// **Each account of the request may then be paid for more than once**, as the API has no idempotency key. An answer
    /// that came whole and cannot be read is not asked for again all the same.
    #[must_use]
    pub fn also_unknown_at_the_risk_of_paying_twice(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// How long the call may take.
    pub(crate) fn overall(&self) -> Duration {
        self.deadline
    }

    /// Whether this failure is followed by another attempt, if there is one left.
    fn covers(&self, kind: ErrorKind, safe: bool) -> bool {
        kind.is_retryable() || ((safe || self.unknown) && kind.delivery() == Delivery::Unknown)
    }

    /// The waits of one call.
    pub(crate) fn waits(self) -> Waits {
        let backoff = ExponentialBuilder::default()
            .with_jitter()
            .with_factor(2.0)
            .with_min_delay(self.first_wait.min(self.longest_wait))
            .with_max_delay(self.longest_wait)
            // Of waits there is one less than of attempts.
            .with_max_times(usize::try_from(self.attempts - 1).unwrap_or(usize::MAX));
        Waits { policy: self, backoff: backoff.build() }
    }
}

/// The waits between the attempts of one call.
pub(crate) struct Waits {
    policy: RetryPolicy,
    backoff: backon::ExponentialBackoff,
}

impl Waits {
    /// How long to wait before the next attempt, after one that failed so; `None` if that was the last. `safe` says
    /// that the request only reads, `elapsed` is the time since the call began, `timeout` the time that an attempt may take.
    pub(crate) fn next(
        &mut self,
        kind: ErrorKind,
        safe: bool,
        retry_after: Option<Duration>,
        elapsed: Duration,
        timeout: Duration,
    ) -> Option<Duration> {
        if !self.policy.covers(kind, safe) {
            return None;
        }
        let wait = self.backoff.next()?;
        let wait = match retry_after {
            Some(asked) if asked > self.policy.longest_wait => return None,
            Some(asked) => wait.max(asked),
            None => wait,
        };
        let end = elapsed.checked_add(wait)?.checked_add(timeout)?;
        (end <= self.policy.deadline).then_some(wait)
    }
}

/// What `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3). A date in the past asks for no wait; anything else
/// is as if it were not there, and a number of any length is kept as a long time.
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

    #[test]
    fn retry_after_is_seconds_or_a_date_and_nothing_else() {
        let now = httpdate::parse_http_date("Wed, 25 Nov 2026 10:00:00 GMT").unwrap();
        for (value, expected) in [
            ("0", Some(Duration::ZERO)),
            (" 120 ", Some(120 * SECOND)),
            ("18446744073709551615", Some(Duration::from_secs(u64::MAX))),
            ("99999999999999999999999999", Some(Duration::MAX)),
            ("Wed, 25 Nov 2026 10:00:30 GMT", Some(30 * SECOND)),
            ("Wednesday, 25-Nov-26 10:00:30 GMT", Some(30 * SECOND)),
            ("Wed, 25 Nov 2026 09:00:00 GMT", Some(Duration::ZERO)),
            ("-5", None),
            ("1.5", None),
            ("1e3", None),
            ("soon", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            assert_eq!(retry_after(&headers, || now), expected, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), || now), None);
    }

    #[test]
    fn waits_grow_within_their_bounds_and_end_with_the_attempts() {
        let policy = RetryPolicy::default().attempts(5).first_wait(SECOND).longest_wait(4 * SECOND);
        for _ in 0..100 {
            let mut waits = policy.waits();
            for base in [1, 2, 4, 4].map(|seconds| seconds * SECOND) {
                let wait = waits.next(ErrorKind::NotConnected, false, None, Duration::ZERO, SECOND).unwrap();
                assert!(wait >= base && wait <= 2 * base, "{base:?}: {wait:?}");
            }
            assert_eq!(waits.next(ErrorKind::NotConnected, false, None, Duration::ZERO, SECOND), None);
        }
        assert_eq!(
            RetryPolicy::never().waits().next(ErrorKind::NotConnected, false, None, Duration::ZERO, SECOND),
            None
        );
        assert_eq!(policy.attempts(0), policy.attempts(1));
    }

    #[test]
    fn what_may_have_been_acted_on_is_sent_again_only_on_request() {
        let all = [
            ErrorKind::InvalidRequest,
            ErrorKind::NotConnected,
            ErrorKind::Unauthorized,
            ErrorKind::Forbidden,
            ErrorKind::NotFound,
            ErrorKind::Conflict,
            ErrorKind::RateLimited,
            ErrorKind::Rejected,
            ErrorKind::Redirected,
            ErrorKind::SeeOther,
            ErrorKind::Timeout,
            ErrorKind::Interrupted,
            ErrorKind::Server,
            ErrorKind::Contradictory,
            ErrorKind::Undecodable,
        ];
        let again = |policy: RetryPolicy, safe| {
            let mut kinds = all.to_vec();
            kinds.retain(|kind| policy.waits().next(*kind, safe, None, Duration::ZERO, SECOND).is_some());
            kinds
        };
        assert_eq!(again(RetryPolicy::default(), false), [ErrorKind::NotConnected, ErrorKind::RateLimited]);
        let risky = again(RetryPolicy::default().also_unknown_at_the_risk_of_paying_twice(), false);
        let unknown = all.into_iter().filter(|kind| kind.delivery() == Delivery::Unknown);
        let mut expected = vec![ErrorKind::NotConnected, ErrorKind::RateLimited];
        expected.extend(unknown);
        assert_eq!(risky, expected);
        assert_eq!(again(RetryPolicy::default(), true), expected, "reading is no risk");
    }

    #[test]
    fn the_server_is_waited_for_within_bounds() {
        let policy = RetryPolicy::default().longest_wait(10 * SECOND).first_wait(SECOND).deadline(100 * SECOND);
        let next = |asked: Option<Duration>, elapsed, timeout| {
            policy.waits().next(ErrorKind::RateLimited, false, asked, elapsed, timeout)
        };
        assert_eq!(next(Some(10 * SECOND), Duration::ZERO, SECOND), Some(10 * SECOND));
        assert_eq!(next(Some(11 * SECOND), Duration::ZERO, SECOND), None);
        assert_eq!(next(Some(Duration::MAX), Duration::ZERO, SECOND), None);
        assert!(next(Some(Duration::ZERO), Duration::ZERO, SECOND).unwrap() >= SECOND, "backoff is the least");
        assert_eq!(next(Some(5 * SECOND), 85 * SECOND, 10 * SECOND), Some(5 * SECOND));
        assert_eq!(next(Some(5 * SECOND), 86 * SECOND, 10 * SECOND), None, "no time for a whole attempt");
        assert_eq!(next(None, Duration::MAX, Duration::MAX), None);
    }
}

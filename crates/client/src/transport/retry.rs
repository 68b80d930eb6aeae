//! Which failures are retried, and after what wait.
//!
//! Only two failures certainly cost nothing and are likely to be temporary: a failed connection, and too many requests.
//! Everything else is up to the caller, who may know more. Requests that only read are retried after more kinds of
//! failure, since they cost nothing.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::error::kind::{Delivery, ErrorKind};
use crate::step::backoff;
use crate::transport::attempt::{CallLog, Effect};
use crate::words::policy;

policy! {
    /// When a failed request is sent again.
    ///
    /// By default, a request is sent up to 3 times, with waits of half a second and one second in between. Each wait is
    /// lengthened at random, up to double, so that many clients do not retry together. Only
    /// [retryable](crate::Error::is_retryable) failures are retried; for requests that only read, also those with an
    /// unknown outcome, except for `Contradictory` and `Undecodable`.
    pub struct RetryPolicy {
        /// The maximum number of attempts, including the first. Zero counts as one.
        max_attempts: u32 = 3;
        /// The wait before the second attempt; each further wait is twice as long.
        initial_backoff: Duration = Duration::from_millis(500);
        /// The longest wait, before it is lengthened at random. It limits the server's `Retry-After` too: if the server
        /// asks for more, the call is not retried, and [`Error::retry_after`](crate::Error::retry_after) returns the
        /// wait.
        max_backoff: Duration = Duration::from_secs(10);
        /// Whether requests that may already have been processed are retried too: after a timeout, a broken connection,
        /// or a response that leaves the outcome open (5XX, 408, 409, most 3XX). **Each account of the request may then
        /// be paid for more than once**, because the API has no idempotency key. A request is still not retried after a
        /// complete success, even if it cannot be read.
        dangerously_retry_unknown_outcomes: bool = false;
    }

    /// Sends each request once.
    pub fn disabled() -> Self {
        Self::default().max_attempts(1)
    }

    /// How long to wait before the next attempt; `None` if there is none. `left` is the time that the call has left. An
    /// attempt starts only if there is time for all of it: a payment that is given up halfway is worse than one that
    /// never started.
    pub(crate) fn wait(self, log: &CallLog, attempt: Duration, left: impl FnOnce() -> Duration) -> Option<Duration> {
        let kind = log.last.kind?;
        // A raw call returns only the error of its last attempt, which would hide an earlier unknown outcome.
        let is_at_risk = self.dangerously_retry_unknown_outcomes && !log.is_raw;
        // Here, `Undecodable` is a success with too long a body or too many accounts: a second response would be like
        // it, and a payment would be made twice.
        let is_open = kind.delivery() == Delivery::Unknown && kind != ErrorKind::Undecodable;
        let is_covered = kind.is_retryable() || is_open && (is_at_risk || log.effect == Effect::Reads);
        let asked = log.last.retry_after.unwrap_or_default();
        if !is_covered || log.attempts >= self.max_attempts || asked > self.max_backoff {
            return None;
        }
        let wait = backoff(2.0, self.initial_backoff, self.max_backoff, log.attempts - 1).max(asked);
        (wait.checked_add(attempt)? <= left()).then_some(wait)
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
    use crate::transport::attempt::Attempt;

    const SECOND: Duration = Duration::from_secs(1);

    fn log(attempts: u32, kind: ErrorKind, retry_after: Option<Duration>) -> CallLog {
        let last = Attempt { kind: Some(kind), retry_after, ..Attempt::default() };
        CallLog { attempts, last, ..CallLog::default() }
    }

    #[test]
    fn waits_grow_within_their_bounds_and_end_with_the_attempts() {
        let policy = RetryPolicy::default().max_attempts(5).initial_backoff(SECOND).max_backoff(4 * SECOND);
        let wait = |policy: RetryPolicy, attempts| {
            policy.wait(&log(attempts, ErrorKind::NotConnected, None), SECOND, || 60 * SECOND)
        };
        for _ in 0..100 {
            for (attempts, base) in [(1, SECOND), (2, 2 * SECOND), (3, 4 * SECOND), (4, 4 * SECOND)] {
                let wait = wait(policy, attempts).unwrap();
                assert!(wait >= base && wait <= 2 * base, "{base:?}: {wait:?}");
            }
        }
        assert_eq!([wait(policy, 5), wait(RetryPolicy::disabled(), 1), wait(policy.max_attempts(0), 1)], [None; 3]);
    }

    #[test]
    fn the_server_is_waited_for_within_bounds() {
        let policy = RetryPolicy::default().max_backoff(10 * SECOND).initial_backoff(SECOND);
        let wait = |asked: Option<u64>, left: u64, attempt: Duration| {
            let log = log(1, ErrorKind::RateLimited, asked.map(Duration::from_secs));
            policy.wait(&log, attempt, || Duration::from_secs(left))
        };
        assert_eq!(wait(Some(10), 60, SECOND), Some(10 * SECOND));
        assert_eq!(wait(Some(11), 60, SECOND), None);
        assert_eq!(wait(Some(u64::MAX), 60, SECOND), None);
        assert!(wait(Some(0), 60, SECOND).unwrap() >= SECOND, "the backoff is the shortest wait");
        assert_eq!(wait(Some(5), 15, 10 * SECOND), Some(5 * SECOND));
        assert_eq!(wait(Some(5), 14, 10 * SECOND), None, "no time for a whole attempt");
        assert_eq!(wait(None, u64::MAX, Duration::MAX), None);
    }

    #[test]
    fn what_may_have_been_processed_is_sent_again_only_on_request() {
        for kind in ErrorKind::ALL.iter().copied() {
            let again = |policy: RetryPolicy, effect, is_raw| {
                policy.wait(&CallLog { is_raw, effect, ..log(1, kind, None) }, SECOND, || 60 * SECOND).is_some()
            };
            let is_open = kind.delivery() == Delivery::Unknown && kind != ErrorKind::Undecodable;
            let is_retried = matches!(kind, ErrorKind::NotConnected | ErrorKind::RateLimited);
            for effect in [Effect::Pays, Effect::Changes] {
                assert_eq!(again(RetryPolicy::default(), effect, false), is_retried, "{kind}");
                let risky = RetryPolicy::default().dangerously_retry_unknown_outcomes(true);
                assert_eq!(again(risky, effect, false), is_retried || is_open, "{kind}");
                assert_eq!(again(risky, effect, true), is_retried, "{kind}: a raw call hides earlier attempts");
            }
            let read = again(RetryPolicy::default(), Effect::Reads, true);
            assert_eq!(read, is_retried || is_open, "{kind}: reading has no risk");
        }
    }
}

//! Sends a request with the API key and reads the complete response into memory, within limits for attempts, time and
//! size.

pub(crate) mod attempt;
pub(crate) mod gate;
pub(crate) mod retry;
pub(crate) mod trace;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use reqwest::{Request, Response, Url};
use tokio::time::Instant;

use attempt::CallLog;
use gate::{Gate, Stopped};
use retry::{RetryPolicy, retry_after};

use crate::error::Cause;
use crate::error::kind::ErrorKind;
use crate::redact::{Secrets, SentRequest};

/// The maximum size of the body of a refusal or failure, in bytes. Envelopes have a few hundred bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// The maximum number of JSON objects per account of a response. An account has two today; in a later version of the
/// API it may have more.
const OBJECTS_PER_ACCOUNT: usize = 4;

/// The state that the generated client passes to each of its calls.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "raw"), allow(unreachable_pub, reason = "public with the feature `raw`"))]
pub struct Transport {
    pub(crate) base_url: Url,
    /// The headers of every request: `authorization`, which is marked as sensitive, the user agent, and those that the
    /// user has set.
    pub(crate) headers: Arc<HeaderMap>,
    /// The secrets in these headers.
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) limits: Limits,
    /// The timeout of an attempt that is built into the HTTP client.
    pub(crate) http_timeout: Duration,
    pub(crate) gate: Arc<Gate>,
    /// The undocumented fields that were reported. Clones share them.
    pub(crate) new_fields: Arc<trace::NewFields>,
}

/// The limits for time and size, and the retry policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// The time for one attempt, from connecting to the last byte of the response.
    pub(crate) attempt: Duration,
    /// The time for a call, including all attempts and waits.
    pub(crate) call: Duration,
    /// The size of the body of a success, in bytes.
    pub(crate) body: usize,
    pub(crate) retry: RetryPolicy,
}

/// Makes a request to this base URL.
pub(crate) type Make<'a> = dyn Fn(&Url) -> Result<Request, Cause> + Sync + 'a;

/// A response and its body. The body can be cut off if the response is not a success. The `CallLog` has the headers.
pub(crate) struct Sent {
    pub(crate) response: Response,
    pub(crate) body: Vec<u8>,
}

/// Why there is no response, or why it must not be read.
pub(crate) enum Lost {
    Http(reqwest::Error),
    Because(Cause),
}

impl From<Lost> for Cause {
    fn from(lost: Lost) -> Self {
        match lost {
            // The URL names the customer, so it is left out.
            Lost::Http(error) => error.without_url().into(),
            Lost::Because(cause) => cause,
        }
    }
}

impl Transport {
    /// Adds the headers of every request. A header of the request itself takes precedence.
    pub(crate) fn sign(&self, mut request: Request) -> Request {
        for (name, value) in &*self.headers {
            request.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        request
    }

    /// Makes and sends a request, again after a failure if the policy allows it, and reads the whole response.
    pub(crate) async fn send(
        &self,
        http: &reqwest::Client,
        operation: &'static str,
        log: &mut CallLog,
        make: &Make<'_>,
    ) -> Result<Sent, Lost> {
        let mut began = Instant::now();
        loop {
            let mut request = match make(&self.base_url) {
                Ok(request) => self.sign(request),
                Err(cause) => {
                    log.not_sent(ErrorKind::InvalidRequest);
                    return Err(Lost::Because(cause));
                }
            };
            if log.attempts == 0 {
                log.request = SentRequest::new(&request, self.secrets.clone());
            }
            match self.gate.pass().await {
                // Waiting for a turn does not count towards the time for the call.
                Ok(wait) => began += wait,
                Err(Stopped) => return Err(stopped(log)),
            }
            let started = Instant::now();
            let timeout = self.limits.attempt.min(self.limits.call.saturating_sub(started.duration_since(began)));
            if timeout != self.http_timeout {
                *request.timeout_mut() = Some(timeout);
            }
            log.begin();
            let result = self.attempt(http, request, log).await;
            if log.last.kind == Some(ErrorKind::NotConnected) && self.gate.is_stopped() {
                log.last.kind = Some(ErrorKind::Stopped);
            }
            let left = || self.limits.call.saturating_sub(began.elapsed());
            let wait = self.limits.retry.wait(log, self.limits.attempt, left);
            trace::attempt(operation, &self.base_url, log, started, wait);
            let Some(wait) = wait else { return result };
            if let Err(Stopped) = self.gate.sleep(wait).await {
                return Err(stopped(log));
            }
        }
    }

    /// Sends the request once.
    async fn attempt(&self, http: &reqwest::Client, request: Request, log: &mut CallLog) -> Result<Sent, Lost> {
        let CallLog { max_accounts, last: seen, .. } = log;
        let mut response = http.execute(request).await.map_err(|error| seen.lost(error))?;
        seen.status = Some(response.status());
        seen.headers = std::mem::take(response.headers_mut());
        seen.retry_after = retry_after(&seen.headers, SystemTime::now);
        let mut body = Vec::new();
        if !response.status().is_success() {
            // The status of a refusal or failure counts even if its body cannot be read to its end.
            let _ = read(&mut response, self.limits.body.min(MAX_ERROR_BODY), &mut body).await;
            seen.failed(response.status(), &body);
            return Ok(Sent { response, body });
        }
        let is_whole = read(&mut response, self.limits.body, &mut body).await.map_err(|error| seen.lost(error))?;
        let reason = match objects(&body) {
            _ if !is_whole => "its body is larger than the limit",
            count if count > max_accounts.saturating_mul(OBJECTS_PER_ACCOUNT) => {
                "it has far more accounts than expected"
            }
            _ => return Ok(Sent { response, body }),
        };
        seen.kind = Some(ErrorKind::Undecodable);
        Err(Lost::Because(reason.into()))
    }
}

fn stopped(log: &mut CallLog) -> Lost {
    log.not_sent(ErrorKind::Stopped);
    Lost::Because("the client was stopped".into())
}

/// Reads a body up to a limit, and returns whether that is the whole body.
async fn read(response: &mut Response, limit: usize, body: &mut Vec<u8>) -> reqwest::Result<bool> {
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Counts the opening braces in a body: an upper bound on the number of its JSON objects.
#[allow(clippy::naive_bytecount, reason = "a response is too small to need a crate for this")]
fn objects(body: &[u8]) -> usize {
    body.iter().filter(|byte| **byte == b'{').count()
}

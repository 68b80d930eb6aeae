//! Sends a signed request and reads the complete response into memory, within limits for attempts, time and size.

pub(crate) mod attempt;
pub(crate) mod connect;
pub(crate) mod gate;
pub(crate) mod retry;
pub(crate) mod trace;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Request, Response, ResponseBuilderExt as _};
use tokio::time::Instant;

use attempt::{Attempt, CallLog, Effect};
use gate::{Gate, Stopped};
use retry::RetryPolicy;

use crate::error::envelope::Envelope;
use crate::error::kind::{Delivery, ErrorKind};
use crate::redact::Sent;

/// The largest body of a refusal or failure that is read, in bytes. Envelopes have a few hundred bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// An account of a response has two JSON objects today. A later version may have more.
const OBJECTS_PER_ACCOUNT: usize = 4;

/// The state that the generated client passes to each of its calls.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "raw"), allow(unreachable_pub, reason = "public with the generated client"))]
pub struct Transport {
    /// The headers of every request: the signature, which is marked as sensitive, and those that the user has set.
    pub(crate) headers: HeaderMap,
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

/// Marks a response that must not be read, with the reason.
#[derive(Clone)]
pub(crate) struct Discarded(pub(crate) &'static str);

impl Transport {
    /// Sends a request, as often as the policy allows, and reads the whole response.
    pub(crate) async fn send(
        &self,
        http: &reqwest::Client,
        request: Request,
        operation: &'static str,
    ) -> reqwest::Result<Response> {
        let log = CallLog::take();
        let is_raw = log.is_none();
        let mut log = log.unwrap_or_default();
        let began = Instant::now();
        let mut waits = None;
        if request.method().is_safe() {
            log.effect = Effect::Reads;
        }
        let safe = log.effect == Effect::Reads;
        let sent = Sent::new(request);
        let result = loop {
            if log.is_preview {
                break discarded("a preview is not sent");
            }
            if let Err(Stopped) = self.gate.pass().await {
                break stopped(&mut log);
            }
            let started = Instant::now();
            let timeout = self.limits.attempt.min(self.limits.call.saturating_sub(started.duration_since(began)));
            // A request with a streamed body cannot be copied, but the generated code makes none.
            let Some(mut copy) = sent.request.try_clone() else { return http.execute(sent.request).await };
            if timeout != self.http_timeout {
                *copy.timeout_mut() = Some(timeout);
            }
            log.begin();
            let result = self.attempt(http, copy, is_raw, log.max_accounts, &mut log.last).await;
            let wait = log.last.kind.and_then(|kind| {
                // A raw call returns only the error of its last attempt. So after an attempt with an unknown outcome,
                // it is not retried.
                if is_raw && !safe && kind.delivery() == Delivery::Unknown {
                    return None;
                }
                let waits = waits.get_or_insert_with(|| self.limits.retry.waits());
                waits.next(kind, safe, log.last.retry_after, began.elapsed(), [self.limits.attempt, self.limits.call])
            });
            trace::attempt(operation, &log, &sent, started.elapsed(), wait);
            let Some(wait) = wait else { break result };
            if let Err(Stopped) = self.gate.sleep(wait).await {
                break stopped(&mut log);
            }
        };
        log.sent = Some(Arc::new(sent));
        log.put();
        result
    }

    /// Sends the request once. The returned response has its body in memory.
    async fn attempt(
        &self,
        http: &reqwest::Client,
        request: Request,
        is_raw: bool,
        max_accounts: usize,
        seen: &mut Attempt,
    ) -> reqwest::Result<Response> {
        let failed = |error: &reqwest::Error| Some(ErrorKind::of_transport(error));
        let mut response = http.execute(request).await.inspect_err(|error| seen.kind = failed(error))?;
        seen.responded(&response);
        if !is_raw {
            // The generated code would copy the headers, which only the user of a raw call can read.
            *response.headers_mut() = HeaderMap::new();
        }
        let status = response.status();
        if !status.is_success() {
            // The status of a refusal or failure counts even if its body cannot be read.
            let limit = self.limits.body.min(MAX_ERROR_BODY);
            seen.body = read(&mut response, limit).await.ok().flatten().unwrap_or_default();
            seen.envelope = Envelope::read(&seen.body);
            let code = seen.envelope.as_ref().and_then(Envelope::error_code);
            seen.kind = ErrorKind::of_response(status, code.as_ref());
            return Ok(with_body(response, seen.body.clone()).into());
        }
        let body = read(&mut response, self.limits.body).await.inspect_err(|error| seen.kind = failed(error))?;
        let reason = match body {
            None => "its body is larger than the limit",
            Some(body) if objects(&body) > max_accounts.saturating_mul(OBJECTS_PER_ACCOUNT) => {
                "it has far more accounts than the request"
            }
            Some(body) => return Ok(with_body(response, body).into()),
        };
        seen.kind = Some(ErrorKind::Undecodable);
        discarded(reason)
    }
}

fn stopped(log: &mut CallLog) -> reqwest::Result<Response> {
    log.close();
    log.last.kind = Some(ErrorKind::Stopped);
    discarded("the client was stopped")
}

#[allow(clippy::unnecessary_wraps, reason = "it takes the place of an attempt's result")]
fn discarded(reason: &'static str) -> reqwest::Result<Response> {
    let mut response = http::Response::new(Vec::new());
    response.extensions_mut().insert(Discarded(reason));
    Ok(response.into())
}

/// The response with its body in memory. Without a URL, reqwest would parse a made-up one each time.
fn with_body(mut response: Response, body: Vec<u8>) -> http::Response<Vec<u8>> {
    let mut whole = http::Response::builder();
    if let Some(extensions) = whole.extensions_mut() {
        *extensions = std::mem::take(response.extensions_mut());
    }
    let mut whole = whole.url(response.url().clone()).body(body).unwrap_or_default();
    *whole.status_mut() = response.status();
    *whole.version_mut() = response.version();
    *whole.headers_mut() = std::mem::take(response.headers_mut());
    whole
}

async fn read(response: &mut Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let length = response.content_length().unwrap_or_default();
    let mut body = Vec::new();
    // A body with a `Content-Length` over the limit is not read at all.
    if length > limit as u64 {
        return Ok(None);
    }
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Counts the braces in a body, which are at least as many as its JSON objects.
#[allow(clippy::naive_bytecount, reason = "a response is small, and a crate for this is not")]
fn objects(body: &[u8]) -> usize {
    body.iter().filter(|byte| **byte == b'{').count()
}

//! From a signed request to a whole answer in memory: attempts, time, size, and a note of what was seen.
//!
//! The generated code calls this by way of the hooks. It decodes what it is given and forgets status and headers when
//! that fails; so they are noted here for the error that is made of it.

use std::cell::RefCell;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Body, Request, Response, ResponseBuilderExt as _, StatusCode};
use tokio::time::{Instant, sleep};

use crate::auth::Credentials;
use crate::delivery::{Delivery, ErrorKind};
use crate::retry::{RetryPolicy, retry_after};
use crate::trace;
use crate::watched::{self, Bytes, Taken};

/// As much of the body of a refusal or failure as is read, in bytes. Envelopes have a few hundred.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Headers in which the vendor names a call.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-request-id", "x-response-id"];

/// What the generated client carries along: the signature and the limits.
#[derive(Clone, Debug)]
pub struct Transport {
    pub(crate) credentials: Credentials,
    pub(crate) limits: Limits,
    settings: HttpSettings,
}

/// What is known of the HTTP client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HttpSettings {
    /// It is ours, and lets an attempt last so long by itself.
    Ours(Duration),
    /// It was brought along, and can do anything.
    Foreign,
}

/// How long and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For one attempt, from connecting to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// For the body of a success, in bytes.
    pub(crate) answer: usize,
    pub(crate) retry: RetryPolicy,
}

/// What was seen of a call. Of several attempts, it is that of the last.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) attempts: u32,
    /// Whether the request only reads.
    pub(crate) safe: bool,
    /// Whether an attempt before the last may have been acted on.
    pub(crate) earlier_unknown: bool,
    /// Whether anything of the form was taken to be sent.
    pub(crate) taken: bool,
    pub(crate) status: Option<StatusCode>,
    id: Option<HeaderValue>,
    pub(crate) retry_after: Option<Duration>,
    /// The request, so that nothing of it is repeated in an error.
    pub(crate) request: Option<Request>,
}

/// A mark on an answer that is not passed on, and why.
#[derive(Clone)]
pub(crate) struct Lost(pub(crate) String);

impl Notes {
    /// The id by which the vendor finds the call, if it is text.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.id.as_ref()?.to_str().ok()
    }

    fn answered(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.status = Some(status);
        self.id = request_id(headers).cloned();
        self.retry_after = retry_after(headers, SystemTime::now);
    }
}

tokio::task_local! {
    /// The place for notes on the call that is being made. The generated code has none to pass them through.
    static NOTES: RefCell<Notes>;
}

/// Makes a call, and returns the notes on it beside its result.
pub(crate) async fn noted<T>(call: impl Future<Output = T>) -> (T, Notes) {
    let mut call = pin!(NOTES.scope(RefCell::default(), call));
    let result = call.as_mut().await;
    (result, call.take_value().map(RefCell::into_inner).unwrap_or_default())
}

/// The id by which the vendor finds a call.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name))
}

impl Transport {
    pub(crate) fn new(credentials: Credentials, limits: Limits, settings: HttpSettings) -> Self {
        Self { credentials, limits, settings }
    }

    /// Sends a request, as often as the policy has it, and reads the answer whole.
    pub(crate) async fn send(
        &self,
        http: &reqwest::Client,
        mut request: Request,
        operation: &'static str,
    ) -> reqwest::Result<Response> {
        let began = Instant::now();
        let safe = request.method().is_safe();
        let form = match request.body_mut().take().map(watched::bytes).transpose() {
            Ok(form) => form,
            // A stream, which the generated code has not, can be sent once.
            Err(stream) => {
                *request.body_mut() = Some(stream);
                *request.timeout_mut() = Some(self.limits.timeout.min(self.limits.retry.overall()));
                return http.execute(request).await;
            }
        };
        *request.body_mut() = form.clone().map(Body::from);
        let mut waits = None;
        let mut sent = began;
        let mut notes = Notes { safe, ..Notes::default() };
        loop {
            notes.attempts += 1;
            let left = self.limits.retry.overall().saturating_sub(sent.duration_since(began));
            let timeout = self.limits.timeout.min(left);
            let result = self.attempt(http, &request, form.clone(), timeout, &mut notes).await;
            let kind = match (&result, notes.status) {
                (Err(error), _) => Some(ErrorKind::of_transport(error, notes.taken)),
                (Ok(answer), Some(status)) if status.is_redirection() && is_lost(answer) => {
                    Some(ErrorKind::Interrupted)
                }
                (Ok(_), Some(status)) => ErrorKind::of_status(status),
                (Ok(_), None) => None,
            };
            let wait = kind.and_then(|kind| {
                // What became of an attempt is forgotten with a raw call: so none may follow that has another end.
                if !safe && kind.delivery() == Delivery::Unknown && NOTES.try_with(|_| ()).is_err() {
                    return None;
                }
                let waits = waits.get_or_insert_with(|| self.limits.retry.waits());
                waits.next(kind, safe, notes.retry_after, began.elapsed(), self.limits.timeout)
            });
            trace::attempt(operation, &notes, &request, kind, sent, wait);
            let Some(wait) = wait else {
                notes.request = Some(request);
                // Nobody takes notes of a raw call.
                let _ = NOTES.try_with(|place| place.replace(notes));
                return result;
            };
            let unknown = kind.is_some_and(|kind| kind.delivery() == Delivery::Unknown);
            notes = Notes {
                attempts: notes.attempts,
                safe,
                // Of what only reads there is nothing to be acted on.
                earlier_unknown: !safe && (notes.earlier_unknown || unknown),
                ..Notes::default()
            };
            sleep(wait).await;
            sent = Instant::now();
        }
    }

    /// Sends the request once, with this form. The body of the answer is in memory when it returns.
    async fn attempt(
        &self,
        http: &reqwest::Client,
        request: &Request,
        form: Option<Bytes>,
        timeout: Duration,
        notes: &mut Notes,
    ) -> reqwest::Result<Response> {
        let mut copy = Request::new(request.method().clone(), request.url().clone());
        copy.headers_mut().clone_from(request.headers());
        if !matches!(self.settings, HttpSettings::Ours(own) if own == timeout) {
            *copy.timeout_mut() = Some(timeout);
        }
        // Nothing is taken of an empty form. A client that was brought along may send it and fail behind a redirect.
        let is_foreign = matches!(self.settings, HttpSettings::Foreign);
        let is_unseen = is_foreign && form.as_ref().is_some_and(Bytes::is_empty);
        let taken = form.map(|form| Taken::of(&mut copy, form));
        let result = http.execute(copy).await;
        notes.taken = is_unseen || taken.is_some_and(|taken| taken.is_so());
        let mut answer = result?;
        let status = answer.status();
        notes.answered(status, answer.headers());
        // A client that was brought along may have followed a redirect. What is refused there is another request than ours,
        // and the words of its server are not repeated.
        if answer.url() != request.url() {
            answer.extensions_mut().clear();
            answer = answer.error_for_status()?;
            if status.is_redirection() {
                let mut whole = with_body(answer, Body::default());
                whole.extensions_mut().insert(Lost("a redirect was followed, and led to another".to_owned()));
                return Ok(Response::from(whole));
            }
        }
        let limit = if status.is_success() { self.limits.answer } else { self.limits.answer.min(MAX_ERROR_BODY) };
        let body = match read(&mut answer, limit).await {
            Ok(body) => body,
            // What a status says of a refusal or failure stands without its body.
            Err(_) if !status.is_success() => None,
            Err(error) => return Err(error),
        };
        let is_left_out = body.is_none();
        let mut whole = with_body(answer, body.unwrap_or_default());
        if is_left_out && status.is_success() {
            whole.extensions_mut().insert(Lost(format!("its body is larger than {limit} bytes")));
        }
        Ok(Response::from(whole))
    }
}

fn is_lost(answer: &Response) -> bool {
    answer.extensions().get::<Lost>().is_some()
}

/// The answer with another body. Without a URL, an answer would be given one that is made up, and parsed each time.
fn with_body(mut answer: Response, body: Body) -> http::Response<Body> {
    let mut whole = http::Response::new(body);
    *whole.status_mut() = answer.status();
    *whole.version_mut() = answer.version();
    *whole.headers_mut() = std::mem::take(answer.headers_mut());
    // Only the builder can take a URL, which it puts among the extensions.
    let mut with_url = http::Response::builder();
    if let Some(extensions) = with_url.extensions_mut() {
        *extensions = std::mem::take(answer.extensions_mut());
    }
    if let Some(extensions) = with_url.url(answer.url().clone()).extensions_mut() {
        *whole.extensions_mut() = std::mem::take(extensions);
    }
    whole
}

/// The body, unless it is longer than `limit` bytes. What is compressed is counted as it unfolds.
async fn read(answer: &mut Response, limit: usize) -> reqwest::Result<Option<Body>> {
    // Not even begun, if it says so itself.
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Ok(None);
    }
    let mut length = 0;
    let mut only = None;
    let mut joined = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        length += chunk.len();
        if length > limit {
            return Ok(None);
        }
        // Most answers come in one piece, which is passed on as it is.
        if length == chunk.len() {
            only = Some(chunk);
        } else {
            if let Some(first) = only.take() {
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&chunk);
        }
    }
    Ok(Some(only.map_or_else(|| Body::from(joined), Body::from)))
}

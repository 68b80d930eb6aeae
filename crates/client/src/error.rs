//! The error of a call. It never prints the key, or the accounts and names that were sent.

pub(crate) mod code;
pub(crate) mod envelope;
pub(crate) mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use crate::masked::MaskedText;
use crate::transport::attempt::{CallLog, Effect};
use code::ErrorCode;
use envelope::Envelope;
use kind::{Delivery, ErrorKind};

pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// An error returned by an API call.
///
/// An error says whether the request [may have been processed](Self::delivery), whether it can be
/// [sent again](Self::is_retryable), what [went wrong](Self::kind), [what to do next](Self::next_step), and which
/// [id](Self::request_id) to give to the vendor. Its messages and accessors are safe to log: they contain neither the
/// key, nor the accounts and names that were sent, nor the server's sentences. Only the accessors `unmasked_…` return
/// values as they were received.
pub struct Error {
    kind: ErrorKind,
    details: Box<Details>,
}

#[derive(Default)]
struct Details {
    status: Option<StatusCode>,
    attempts: u32,
    sent_at: Option<SystemTime>,
    effect: Effect,
    /// Whether an attempt before the last one may have been processed.
    earlier_unknown: bool,
    /// The vendor's id of the call, if it is safe to print.
    request_id: Option<String>,
    /// The vendor's error code, if it is safe to print.
    code: Option<ErrorCode>,
    retry_after: Option<Duration>,
    envelope: Envelope,
    excerpt: Option<String>,
    source: Option<Cause>,
}

impl Error {
    /// Returns what went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the request may have been processed, that is, whether money may have moved.
    ///
    /// | what happened | kind | delivery | retried |
    /// |---|---|---|---|
    /// | the request cannot be made | `InvalidRequest` | `NotSent` | no |
    /// | the client was stopped before an attempt | `Stopped` | `NotSent` | no |
    /// | no connection, or no connection in time | `NotConnected` | `NotSent` | yes |
    /// | status 307 or 308 | `Redirected` | `Refused` | no |
    /// | status 401 | `Unauthorized` | `Refused` | no |
    /// | status 403 | `Forbidden` | `Refused` | no |
    /// | status 404 | `NotFound` | `Refused` | no |
    /// | status 409, or the code `DUPLICATE_REQUEST` with any 4XX, 307 or 308 | `Duplicate` | `Unknown` | no |
    /// | status 429 | `RateLimited` | `Refused` | yes |
    /// | any other 4XX status, except 408 | `Rejected` | `Refused` | no |
    /// | any other 3XX status | `SeeOther` | `Unknown` | no |
    /// | status 408 | `Timeout` | `Unknown` | no |
    /// | no complete response in time | `Timeout` | `Unknown` | no |
    /// | the connection broke before a complete response | `Interrupted` | `Unknown` | no |
    /// | status 5XX | `Server` | `Unknown` | no |
    /// | a success that holds the envelope of a failure | `Contradictory` | `Unknown` | no |
    /// | a success that cannot be read | `Undecodable` | `Unknown` | no |
    ///
    /// A request that only reads, a [list](crate::Client::list) or an [account](crate::Client::get), never moves money.
    /// It is also retried where the delivery is `Unknown`.
    ///
    /// The table does not cover successes. Even a successful response may not have the payee's account: an account that
    /// does not identify itself is not matched to anyone. [`Accounts::matched`](crate::Accounts::matched) says which
    /// account belongs to which payee.
    ///
    /// The delivery describes the whole call. If a [policy](crate::RetryPolicy) takes the risk of sending a request
    /// again, and one of several attempts may have been processed, the delivery is `Unknown`.
    pub fn delivery(&self) -> Delivery {
        if self.details.earlier_unknown { Delivery::Unknown } else { self.kind.delivery() }
    }

    /// Whether money may have moved: the outcome is unknown, and the request is one that can pay. Requests that only
    /// read, [create](crate::Client::create) accounts without a validation, or [delete](crate::Client::delete) one,
    /// cannot pay.
    pub fn may_have_moved_money(&self) -> bool {
        self.delivery() == Delivery::Unknown && self.details.effect == Effect::Pays
    }

    /// Whether the request only reads, so that it changes nothing, whatever its outcome.
    pub fn is_read_only(&self) -> bool {
        self.details.effect == Effect::Reads
    }

    /// Whether the same request can be sent again without the risk of paying twice, and is likely to succeed. The
    /// client has already retried it as often as its [policy](crate::RetryPolicy) allows, unless the response was
    /// complete but cannot be read.
    pub fn is_retryable(&self) -> bool {
        let is_harmless = self.is_read_only() && self.kind.delivery() == Delivery::Unknown;
        (self.kind.is_retryable() || is_harmless) && !self.details.earlier_unknown
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.details.status.map(|status| status.as_u16())
    }

    /// Returns the number of attempts to send the request.
    pub fn attempts(&self) -> u32 {
        self.details.attempts
    }

    /// When the first attempt began, by this machine's clock; `None` if there was none. [`Client::reconcile`] counts
    /// accounts from this time on.
    ///
    /// [`Client::reconcile`]: crate::Client::reconcile
    pub fn sent_at(&self) -> Option<SystemTime> {
        self.details.sent_at
    }

    /// Returns how long the server asks to wait (`Retry-After`), counted from its response. There is no upper limit.
    pub fn retry_after(&self) -> Option<Duration> {
        self.details.retry_after
    }

    /// Returns the id by which the vendor finds this call, if it is one word and repeats nothing that was sent.
    pub fn request_id(&self) -> Option<&str> {
        self.details.request_id.as_deref()
    }

    /// Returns the vendor's error code, if it is one word and repeats nothing that was sent.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.details.code.as_ref()
    }

    /// Returns the code as received: it can be a sentence, and repeat what was sent.
    pub fn unmasked_code(&self) -> Option<&str> {
        self.details.envelope.code.as_deref()
    }

    /// Returns the message that the vendor suggests for the payer. It can repeat what was sent.
    pub fn unmasked_user_message(&self) -> Option<&str> {
        self.details.envelope.user_message.as_deref()
    }

    /// Returns the vendor's message for the developer. It can repeat what was sent.
    pub fn unmasked_developer_message(&self) -> Option<&str> {
        self.details.envelope.developer_message.as_deref()
    }

    /// Returns the name of each field with an error, and the reason; either can be empty.
    pub fn fields(&self) -> &[(MaskedText, MaskedText)] {
        &self.details.envelope.fields
    }

    /// Returns a safe summary of an unexpected body: its status, content type and length, and the codes in it.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.details.excerpt.as_deref()
    }

    /// Returns what to do next, as a clause. It never suggests to send again a request that may be paid twice.
    pub fn next_step(&self) -> &'static str {
        let code_says = self.code().filter(|code| code.meaning().is_some());
        match (self.delivery(), code_says) {
            (Delivery::Unknown, _) if self.is_read_only() => "it can be sent again: the request only reads",
            (Delivery::Unknown, _) => "reconcile, or look at the customer's accounts, before you send it again",
            (Delivery::Refused, Some(code)) => code.next_step().unwrap_or_default(),
            _ => self.kind.explanation()[1],
        }
    }

    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind, details: Box::default() }
    }

    /// The error for a client or a request that cannot be made.
    pub(crate) fn setup(reason: impl Into<Cause>) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(reason)
    }

    /// The error for a response that was decoded as a value but is the envelope of a failure.
    pub(crate) fn contradictory(envelope: Envelope, log: &CallLog) -> Self {
        Self::new(ErrorKind::Contradictory).of_call(log, Some(envelope), &[])
    }

    pub(crate) fn because(mut self, source: impl Into<Cause>) -> Self {
        self.details.source = Some(source.into());
        self
    }

    /// The error for a success with a body that cannot be read as the expected value.
    pub(crate) fn undecodable(reason: impl Into<Cause>, log: &CallLog, body: &[u8]) -> Self {
        match Envelope::read_in_success(body) {
            Some(envelope) => Self::new(ErrorKind::Contradictory).of_call(log, Some(envelope), body),
            None => Self::new(ErrorKind::Undecodable).because(reason).of_call(log, None, body),
        }
    }

    /// The last attempt failed.
    pub(crate) fn of_attempt(kind: ErrorKind, log: &mut CallLog, body: &[u8]) -> Self {
        let envelope = log.last.envelope.take();
        Self::new(kind).of_call(log, envelope, body)
    }

    /// Adds the details of the call and of its last response.
    fn of_call(mut self, log: &CallLog, envelope: Option<Envelope>, body: &[u8]) -> Self {
        let details = &mut *self.details;
        details.status = log.last.status;
        details.attempts = log.attempts;
        details.sent_at = log.sent_at;
        details.effect = log.effect;
        details.earlier_unknown = log.earlier_unknown;
        details.retry_after = log.last.retry_after;
        details.envelope = envelope.unwrap_or_default();
        // Nothing of the response is printed unless the request is known: the response could repeat it.
        if let Some(secrets) = log.request.as_ref().map(|request| request.secrets()) {
            let id = details.envelope.request_id.as_deref().or(log.last.request_id());
            details.request_id = id.and_then(|id| secrets.id(id)).map(str::to_owned);
            let is_printable = |code: &ErrorCode| code.meaning().is_some() || secrets.code(code.as_str()).is_some();
            details.code = details.envelope.error_code().filter(is_printable);
            let status = log.last.status.filter(|_| !body.is_empty());
            details.excerpt = status.map(|status| secrets.excerpt(status, log.last.content_type(), body));
        }
        self
    }
}

/// Prints a sentence, with the status, the code and the id of the call if they are known.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [happened, _] = self.kind.explanation();
        let next = self.next_step();
        let cause = match self.code().and_then(ErrorCode::meaning) {
            Some(meaning) => format!("{happened}: {meaning}"),
            None => happened.to_owned(),
        };
        match self.delivery() {
            // The last attempt does not decide the outcome of the call: an earlier attempt may have been processed.
            _ if self.details.earlier_unknown => {
                write!(f, "an earlier attempt may have been processed; {next}; last attempt: {happened}")?;
            }
            Delivery::Unknown if self.is_read_only() => write!(f, "{happened}; this was a read-only request")?,
            _ if self.kind == ErrorKind::Duplicate => write!(f, "{happened}; {next}")?,
            Delivery::Unknown => write!(f, "{cause}; the request may have been processed; {next}")?,
            _ => write!(f, "{cause}; {next}")?,
        }
        let status = self.details.status.map(|status| format!("status {}", status.as_u16()));
        let code = self.code().map(|code| format!("code {code}"));
        let id = self.request_id().map(|id| format!("request {id}"));
        let attempts = (self.attempts() > 1).then(|| format!("{} attempts", self.attempts()));
        let details: Vec<_> = [status, code, id, attempts].into_iter().flatten().collect();
        if details.is_empty() { Ok(()) } else { write!(f, " ({})", details.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("delivery", &self.delivery())
            .field("status", &self.status())
            .field("attempts", &self.attempts())
            .field("request_id", &self.request_id())
            .field("code", &self.code())
            .field("body_excerpt", &self.body_excerpt())
            .field("source", &self.details.source)
            // The envelope's messages are left out: they can repeat what was sent.
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.details.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

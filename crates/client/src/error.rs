//! The error of a call. It never prints the key, or the accounts and names that were sent.

pub(crate) mod code;
pub(crate) mod envelope;
pub(crate) mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

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
    log: CallLog,
    /// The vendor's error code, if it is safe to print.
    code: Option<ErrorCode>,
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
    /// | code `UNAUTHORIZED` or `UNAUTHENTICATED`, any 4XX except 408, 409 and 429 | `Unauthorized` | `Refused` | no |
    /// | status 403 | `Forbidden` | `Refused` | no |
    /// | status 404 | `NotFound` | `Refused` | no |
    /// | status 409, or code `DUPLICATE_REQUEST` with 307, 308 or any 4XX except 408 | `Duplicate` | `Unknown` | no |
    /// | status 429 | `RateLimited` | `Refused` | yes |
    /// | any other 4XX status, except 408 | `Rejected` | `Refused` | no |
    /// | any other 3XX status | `SeeOther` | `Unknown` | no |
    /// | status 408 | `Timeout` | `Unknown` | no |
    /// | no complete response in time | `Timeout` | `Unknown` | no |
    /// | the connection broke before the response was complete | `Interrupted` | `Unknown` | no |
    /// | status 5XX, or one that HTTP does not define | `Server` | `Unknown` | no |
    /// | a success that holds the envelope of a failure | `Contradictory` | `Unknown` | no |
    /// | a success that cannot be read | `Undecodable` | `Unknown` | no |
    ///
    /// A request that only reads ([`list`](crate::Client::list) or [`get`](crate::Client::get)) never moves money. It
    /// is also retried where the delivery is `Unknown`, except for `Contradictory` and `Undecodable`.
    ///
    /// The delivery describes the whole call. If a [policy](crate::RetryPolicy) takes the risk of sending a request
    /// again, and one of several attempts may have been processed, the delivery is `Unknown`.
    pub fn delivery(&self) -> Delivery {
        if self.details.log.earlier_unknown { Delivery::Unknown } else { self.kind.delivery() }
    }

    /// Whether money may have moved: the outcome is unknown, and the request is one that can pay. Requests that only
    /// read, that [create](crate::Client::create) accounts without validating them, or that
    /// [delete](crate::Client::delete) an account, cannot pay.
    pub fn may_have_moved_money(&self) -> bool {
        self.delivery() == Delivery::Unknown && self.details.log.effect == Effect::Pays
    }

    /// Whether the request only reads, so that it changes nothing, whatever its outcome.
    pub fn is_read_only(&self) -> bool {
        self.details.log.effect == Effect::Reads
    }

    /// Whether the same request can be sent again without the risk of paying twice, and is likely to succeed. The
    /// client has already retried it as often as its [policy](crate::RetryPolicy) allows, unless the kind is
    /// `Contradictory` or `Undecodable`.
    pub fn is_retryable(&self) -> bool {
        let is_harmless = self.is_read_only() && self.kind.delivery() == Delivery::Unknown;
        (self.kind.is_retryable() || is_harmless) && !self.details.log.earlier_unknown
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.details.log.status()
    }

    /// Returns the number of attempts to send the request.
    pub fn attempts(&self) -> u32 {
        self.details.log.attempts
    }

    /// Returns the time when the first attempt began, by this machine's clock; `None` if there was no attempt.
    /// [`Client::reconcile`] counts an account only if it was created or validated since then, or before then by at
    /// most the [tolerance for the clocks](crate::ReconcilePolicy::clock_tolerance).
    ///
    /// [`Client::reconcile`]: crate::Client::reconcile
    pub fn sent_at(&self) -> Option<SystemTime> {
        self.details.log.sent_at
    }

    /// Returns how long the server asks the client to wait (`Retry-After`), counted from the response. There is no
    /// upper limit.
    pub fn retry_after(&self) -> Option<Duration> {
        self.details.log.last.retry_after
    }

    /// Returns the id by which the vendor finds this call, if it is one word and repeats nothing that was sent.
    pub fn request_id(&self) -> Option<&str> {
        self.details.log.request_id()
    }

    /// Returns the vendor's error code, if it is documented, or is one word without a long number that repeats nothing
    /// that was sent.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.details.code.as_ref()
    }

    /// Returns the code as received: it can be a sentence, and repeat what was sent.
    pub fn unmasked_code(&self) -> Option<&str> {
        self.details.log.last.envelope.code.as_deref()
    }

    /// Returns the message that the vendor suggests for the payer. It can repeat what was sent, except the API key and
    /// other sensitive headers.
    pub fn unmasked_user_message(&self) -> Option<&str> {
        self.details.log.last.envelope.user_message.as_deref()
    }

    /// Returns the vendor's message for the developer. It can repeat what was sent, except the API key and other
    /// sensitive headers.
    pub fn unmasked_developer_message(&self) -> Option<&str> {
        self.details.log.last.envelope.developer_message.as_deref()
    }

    /// Returns the name of each field with an error, and the reason; either can be empty.
    pub fn fields(&self) -> &[(MaskedText, MaskedText)] {
        &self.details.log.last.envelope.fields
    }

    /// Returns a safe summary of the response: its status, content type and length, and the codes in its body. `None`
    /// without a body.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.details.excerpt.as_deref()
    }

    /// Returns what to do next, as a clause. It never suggests sending a request again if that could pay twice.
    pub fn next_step(&self) -> &'static str {
        let code_says = self.code().filter(|code| code.meaning().is_some());
        match (self.delivery(), code_says) {
            (Delivery::Unknown, _) if self.is_read_only() => "the request can be sent again, because it only reads",
            (Delivery::Unknown, _) if !self.details.log.has_payees => {
                "check the customer's accounts before you send it again"
            }
            (Delivery::Unknown, _) => "reconcile, or check the customer's accounts, before you send the request again",
            (Delivery::Refused, Some(code)) => code.next_step().unwrap_or_default(),
            _ => self.kind.explanation()[1],
        }
    }

    /// The error for a client or a request that cannot be made.
    pub(crate) fn setup(reason: impl Into<Cause>) -> Self {
        Self { kind: ErrorKind::InvalidRequest, details: Box::default() }.because(reason)
    }

    pub(crate) fn because(mut self, source: impl Into<Cause>) -> Self {
        self.details.source = Some(source.into());
        self
    }

    /// The error of a call that failed. `kind` is the failure of its last attempt, and `body` the body of the last
    /// response, or empty.
    pub(crate) fn of_call(kind: ErrorKind, log: &mut CallLog, body: &[u8]) -> Self {
        let mut log = std::mem::take(log);
        log.last.envelope.change_texts(|text| log.request.without_key(text));
        let secrets = log.request.secrets();
        let is_printable = |code: &ErrorCode| code.meaning().is_some() || secrets.code(code.as_str()).is_some();
        let code = log.last.envelope.error_code().filter(is_printable);
        let status = log.last.status.filter(|_| !body.is_empty());
        let excerpt = status.map(|status| secrets.excerpt(status, log.last.content_type(), body));
        Self { kind, details: Box::new(Details { log, code, excerpt, source: None }) }
    }

    /// The error for a success that cannot be read as the expected value. If its body is the envelope of a failure,
    /// that is the error.
    pub(crate) fn undecodable(reason: impl Into<Cause>, log: &mut CallLog, body: &[u8]) -> Self {
        match Envelope::read_in_success(body) {
            Some(envelope) => Self::contradictory(envelope, log, body),
            None => Self::of_call(ErrorKind::Undecodable, log, body).because(reason),
        }
    }

    /// The error for a success that is the envelope of a failure.
    pub(crate) fn contradictory(envelope: Envelope, log: &mut CallLog, body: &[u8]) -> Self {
        log.last.envelope = envelope;
        Self::of_call(ErrorKind::Contradictory, log, body)
    }
}

/// Prints a sentence, with the status, the code and the id of the call if they are known, and the number of attempts if
/// there was more than one.
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
            _ if self.details.log.earlier_unknown => {
                write!(f, "an earlier attempt may have been processed; {next}; last attempt: {happened}")?;
            }
            Delivery::Unknown if self.is_read_only() => write!(f, "{happened}; this was a read-only request")?,
            _ if self.kind == ErrorKind::Duplicate => write!(f, "{happened}; {next}")?,
            Delivery::Unknown => write!(f, "{cause}; the request may have been processed; {next}")?,
            _ => write!(f, "{cause}; {next}")?,
        }
        let status = self.status().map(|status| format!("status {status}"));
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

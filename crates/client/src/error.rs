//! The error of a call. It never prints the key, or the accounts and names that were sent.

pub(crate) mod code;
pub(crate) mod envelope;
pub(crate) mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use progenitor_client::Error as Generated;
use reqwest::StatusCode;

use crate::redact::Secrets;
use crate::transport::attempt::{CallLog, Effect};
use code::ErrorCode;
use envelope::{Envelope, FieldError};
use kind::{Delivery, ErrorKind};

/// An error returned by an API call.
///
/// An error says whether the request [may have been processed](Self::delivery), whether it can be
/// [sent again](Self::is_retryable), what [went wrong](Self::kind), [what to do next](Self::next_step), and which
/// [id](Self::request_id) to give to the vendor. Its messages and accessors are safe to log: they contain neither the
/// key, nor the accounts and names that were sent, nor the server's sentences. Only the accessors `unmasked_…` return
/// values as they were received.
///
/// ```no_run
/// use juspay_accounts::{AccountsRequest, Client, Delivery};
///
/// # async fn run(client: Client, request: AccountsRequest) {
/// match client.validate(&request).await {
///     Ok(accounts) => println!("{} accounts", accounts.len()),
///     Err(error) => match error.delivery() {
///         Delivery::NotSent => println!("try again: {error}"),
///         Delivery::Refused => println!("fix the request: {error}"),
///         Delivery::Unknown => println!("reconcile before sending it again: {error}"),
///     },
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    status: Option<StatusCode>,
    attempts: u32,
    sent_at: Option<SystemTime>,
    effect: Effect,
    /// Whether an attempt before the last one may have been processed.
    earlier_unknown: bool,
    unmasked_request_id: Option<String>,
    /// The id, if it is safe to print.
    request_id: Option<String>,
    /// The code, if it is safe to print.
    code: Option<ErrorCode>,
    retry_after: Option<Duration>,
    envelope: Envelope,
    excerpt: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the request may have been processed, that is, whether money may have moved.
    ///
    /// | what happened | kind | delivery | retried |
    /// |---|---|---|---|
    /// | the request cannot be made | `InvalidRequest` | `NotSent` | no |
    /// | the client was stopped before an attempt | `Stopped` | `NotSent` | no |
    /// | no connection, or none within its time | `NotConnected` | `NotSent` | yes |
    /// | status 307 or 308 | `Redirected` | `Refused` | no |
    /// | status 401 | `Unauthorized` | `Refused` | no |
    /// | status 403 | `Forbidden` | `Refused` | no |
    /// | status 404 | `NotFound` | `Refused` | no |
    /// | status 409, or the code `DUPLICATE_REQUEST` with any 4XX, 307 or 308 | `Duplicate` | `Unknown` | no |
    /// | status 429 | `RateLimited` | `Refused` | yes |
    /// | any other status of 4XX, except 408 | `Rejected` | `Refused` | no |
    /// | any other status of 3XX | `SeeOther` | `Unknown` | no |
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
    /// The table does not cover successes. Even then, an account may not be for the payee: an account that does not
    /// identify itself is not matched to anyone. [`Accounts::matched`](crate::Accounts::matched) says which account
    /// belongs to which payee.
    ///
    /// The delivery is that of the whole call. If a [policy](crate::RetryPolicy) takes the risk of sending a request
    /// again, and one of several attempts may have been processed, the delivery is `Unknown`.
    pub fn delivery(&self) -> Delivery {
        if self.0.earlier_unknown { Delivery::Unknown } else { self.0.kind.delivery() }
    }

    /// Whether money may have moved: the outcome is unknown, and the request is one that can pay. Requests that only
    /// read, [create](crate::Client::create) accounts without a validation, or [delete](crate::Client::delete) one,
    /// cannot pay.
    pub fn may_have_moved_money(&self) -> bool {
        self.delivery() == Delivery::Unknown && self.0.effect == Effect::Pays
    }

    /// Whether the request only reads, so that it changes nothing, whatever its outcome.
    pub fn is_read_only(&self) -> bool {
        self.0.effect == Effect::Reads
    }

    /// Whether the same request can be sent again without the risk of paying twice, and is likely to succeed. The
    /// client has already retried it as often as its [policy](crate::RetryPolicy) allows, unless the response was
    /// complete but cannot be read.
    pub fn is_retryable(&self) -> bool {
        let is_harmless = self.is_read_only() && self.0.kind.delivery() == Delivery::Unknown;
        (self.0.kind.is_retryable() || is_harmless) && !self.0.earlier_unknown
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The number of attempts to send the request.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// When the first attempt began, by this machine's clock; `None` if there was none. [`Client::reconcile`] counts
    /// accounts from this time on.
    ///
    /// [`Client::reconcile`]: crate::Client::reconcile
    pub fn sent_at(&self) -> Option<SystemTime> {
        self.0.sent_at
    }

    /// How long the server asks to wait (`Retry-After`), counted from its response. There is no upper limit.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The id by which the vendor finds this call, if it is one word and repeats nothing that was sent.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The id of the body, or else of the headers, as received: it can contain anything.
    pub fn unmasked_request_id(&self) -> Option<&str> {
        self.0.unmasked_request_id.as_deref()
    }

    /// The vendor's error code, if it is one word and repeats nothing that was sent.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The code as received: it can be a sentence, and repeat what was sent.
    pub fn unmasked_code(&self) -> Option<&str> {
        self.0.envelope.code.as_deref()
    }

    /// The message that the vendor suggests for the payer. It can repeat what was sent.
    pub fn unmasked_user_message(&self) -> Option<&str> {
        self.0.envelope.user_message.as_deref()
    }

    /// The vendor's message for the developer. It can repeat what was sent.
    pub fn unmasked_developer_message(&self) -> Option<&str> {
        self.0.envelope.developer_message.as_deref()
    }

    /// Field-level errors reported by the API.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.envelope.fields
    }

    /// A safe summary of an unexpected body: its status, content type and length, and the codes in it.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// What to do next, as a clause. It never suggests to send again a request that may be paid twice.
    pub fn next_step(&self) -> &'static str {
        let code_says = self.code().filter(|code| code.meaning().is_some());
        match (self.delivery(), code_says) {
            (Delivery::Unknown, _) if self.is_read_only() => "it can be sent again: the request only reads",
            (Delivery::Unknown, _) => "reconcile, or look at the customer's accounts, before you send it again",
            (Delivery::Refused, Some(code)) => code.next_step().unwrap_or_default(),
            _ => self.0.kind.explanation()[1],
        }
    }

    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            attempts: 0,
            sent_at: None,
            effect: Effect::default(),
            earlier_unknown: false,
            unmasked_request_id: None,
            request_id: None,
            code: None,
            retry_after: None,
            envelope: Envelope::default(),
            excerpt: None,
            source: None,
        }))
    }

    /// The client or the request cannot be made.
    pub(crate) fn setup(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(reason)
    }

    /// The response was decoded as the expected value, but is the envelope of a failure.
    pub(crate) fn contradictory(envelope: Envelope, log: &CallLog) -> Self {
        Self::new(ErrorKind::Contradictory).of_call(log, Some(envelope), &[])
    }

    fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Combines the generated code's error with the log of the call.
    pub(crate) async fn from_generated(error: Generated<()>, log: CallLog) -> Self {
        let (body, reason) = match error {
            Generated::InvalidRequest(reason) => return Self::setup(reason),
            // The decoder's message can quote the value that it could not read.
            Generated::InvalidResponsePayload(body, error) => {
                (body, format!("its JSON cannot be read at line {}, column {}", error.line(), error.column()))
            }
            Generated::UnexpectedResponse(response) if log.last.kind.is_none() => {
                (response.bytes().await.unwrap_or_default(), "no response of this status is documented".to_owned())
            }
            other => {
                let mut made = Self::of_attempt(log.last.kind.unwrap_or(ErrorKind::Undecodable), log);
                made.0.source = match other {
                    // From the hooks: the response was not read, or there was none.
                    Generated::Custom(reason) => Some(reason.into()),
                    // The URL names the customer, so it is left out.
                    Generated::CommunicationError(error)
                    | Generated::InvalidUpgrade(error)
                    | Generated::ResponseBodyError(error) => Some(error.without_url().into()),
                    _ => None,
                };
                return made;
            }
        };
        match Envelope::read_in_success(&body) {
            Some(envelope) => Self::new(ErrorKind::Contradictory).of_call(&log, Some(envelope), &body),
            None => Self::new(ErrorKind::Undecodable).because(reason).of_call(&log, None, &body),
        }
    }

    pub(crate) fn of_attempt(kind: ErrorKind, mut log: CallLog) -> Self {
        let (body, envelope) = (std::mem::take(&mut log.last.body), log.last.envelope.take());
        Self::new(kind).of_call(&log, envelope, &body)
    }

    /// Adds the log of the call and what its last response says.
    fn of_call(mut self, log: &CallLog, envelope: Option<Envelope>, body: &[u8]) -> Self {
        let secrets = log.request.as_ref().map(Secrets::of);
        let inner = &mut *self.0;
        inner.status = log.last.status;
        inner.attempts = log.attempts;
        inner.sent_at = log.sent_at;
        inner.effect = log.effect;
        inner.earlier_unknown = log.earlier_unknown;
        inner.retry_after = log.last.retry_after;
        inner.envelope = envelope.unwrap_or_default();
        let id = inner.envelope.request_id.as_deref().or(log.last.request_id());
        inner.unmasked_request_id = id.map(str::to_owned);
        // A repetition can only be recognized if the request is known.
        if let Some(secrets) = secrets {
            inner.request_id = id.and_then(|id| secrets.id(id)).map(str::to_owned);
            let is_printable = |code: &ErrorCode| code.meaning().is_some() || secrets.code(code.as_str()).is_some();
            inner.code = inner.envelope.error_code().filter(is_printable);
            let status = log.last.status.filter(|_| !body.is_empty());
            inner.excerpt = status.map(|status| secrets.excerpt(status, log.last.content_type(), body));
        }
        self
    }
}

/// Prints a sentence, with status, code and id where they are known.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [happened, _] = self.0.kind.explanation();
        let meaning = self.code().and_then(ErrorCode::meaning);
        match (self.delivery(), meaning) {
            // The advice for the outcome of the last attempt would be wrong here.
            _ if self.0.earlier_unknown => {
                write!(
                    f,
                    "an earlier attempt may have been processed; {}; last attempt: {happened}",
                    self.next_step()
                )?;
            }
            (Delivery::Unknown, _) if self.is_read_only() => write!(f, "{happened}; this was a read-only request")?,
            _ if self.0.kind == ErrorKind::Duplicate => write!(f, "{happened}; {}", self.next_step())?,
            (Delivery::Unknown, Some(meaning)) => {
                write!(f, "{happened}: {meaning}; the request may have been processed; {}", self.next_step())?;
            }
            (Delivery::Unknown, None) => {
                write!(f, "{happened}; the request may have been processed; {}", self.next_step())?;
            }
            (_, Some(meaning)) => write!(f, "{happened}: {meaning}; {}", self.next_step())?,
            (_, None) => write!(f, "{happened}; {}", self.next_step())?,
        }
        let status = self.0.status.map(|status| format!("status {}", status.as_u16()));
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
            .field("source", &self.0.source)
            // The envelope's messages are left out: they can repeat what was sent.
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

//! What can go wrong with a call, said without printing the key, the accounts or the names that were sent.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::auth::InvalidApiKey;
use crate::delivery::{Delivery, ErrorKind};
use crate::envelope::{Envelope, FieldError};
use crate::generated::types::error::ConversionError;
use crate::masking::Sent;
use crate::transport::Notes;

/// The code that is documented for an unknown key, with a status of 401.
const UNAUTHORIZED: &str = "UNAUTHORIZED";

/// A call that did not end in the answer that was asked for.
///
/// It answers what a caller needs to know: was the request [acted on](Self::delivery), may it be
/// [sent again](Self::is_retryable), what [went wrong](Self::kind), and with which [id](Self::request_id) to ask the
/// vendor. `Display` and `Debug` print neither the key nor the accounts and names that were sent, and nothing of the server's
/// sentences.
///
/// ```no_run
/// use juspay_accounts::{AccountsRequest, Client, Delivery};
///
/// # async fn run(client: Client, request: AccountsRequest) {
/// match client.validate(request).await {
///     Ok(accounts) => println!("{} accounts", accounts.len()),
///     Err(error) => match error.delivery() {
///         Delivery::NotSent => println!("try again: {error}"),
///         Delivery::Refused => println!("mend the request: {error}"),
///         Delivery::Unknown => println!("look before you send it again: {error}"),
///     },
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    status: Option<StatusCode>,
    attempts: u32,
    /// Whether the request only reads.
    safe: bool,
    /// Whether an attempt before the last may have been acted on.
    earlier_unknown: bool,
    /// That of the headers.
    request_id: Option<String>,
    retry_after: Option<Duration>,
    envelope: Envelope,
    excerpt: Option<String>,
    /// What may be printed of code and id.
    printable: (Option<String>, Option<String>),
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the request may have been acted on, that is, whether money may have moved.
    ///
    /// | what happened | kind | delivery | sent again by itself |
    /// |---|---|---|---|
    /// | the request cannot be made | `InvalidRequest` | not sent | no |
    /// | no connection, or none within its time | `NotConnected` | not sent | yes |
    /// | an answer of 307 or 308 | `Redirected` | refused | no |
    /// | an answer of 401 | `Unauthorized` | refused | no |
    /// | an answer of 403 | `Forbidden` | refused | no |
    /// | an answer of 404 | `NotFound` | refused | no |
    /// | an answer of 409 | `Conflict` | refused | no |
    /// | an answer of 429 | `RateLimited` | refused | yes |
    /// | any other answer of 4XX, but 408 | `Rejected` | refused | no |
    /// | any other answer of 3XX | `SeeOther` | unknown | no |
    /// | an answer of 408 | `Timeout` | unknown | no |
    /// | no whole answer in time | `Timeout` | unknown | no |
    /// | the connection broke before a whole answer | `Interrupted` | unknown | no |
    /// | an answer of 5XX | `Server` | unknown | no |
    /// | a success that holds the envelope of a failure | `Contradictory` | unknown | no |
    /// | a success that cannot be read | `Undecodable` | unknown | no |
    ///
    /// What only reads, a [list](crate::Client::list) or an [account](crate::Client::get), moves no money in any case, and is sent
    /// again by itself where it says *unknown* too.
    ///
    /// It speaks of this request. That a request is *refused* because of an earlier one, as with 409, says nothing about
    /// the earlier one. Of several attempts it speaks of all: where the [policy](crate::RetryPolicy) was told to take the
    /// risk, and one of them may have been acted on, it is unknown.
    pub fn delivery(&self) -> Delivery {
        if self.0.earlier_unknown { Delivery::Unknown } else { self.0.kind.delivery() }
    }

    /// Whether money may have moved: it is unknown whether the request was acted on, and it does not only read.
    pub fn may_have_moved_money(&self) -> bool {
        self.delivery() == Delivery::Unknown && !self.0.safe
    }

    /// Whether the same request can be sent again without the risk of paying twice, and with some hope that it goes better.
    /// The client has done so already, as often as its [policy](crate::RetryPolicy) allows, but for a whole answer that cannot be
    /// read.
    pub fn is_retryable(&self) -> bool {
        let harmless = self.0.safe && self.0.kind.delivery() == Delivery::Unknown;
        (self.0.kind.is_retryable() || harmless) && !self.0.earlier_unknown
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// How often the request was sent, or its sending was tried.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server asks to wait (`Retry-After`), counted from its answer. Not bounded.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The id by which the vendor finds this call: that of the body, or else that of the headers. It is the server's word, and
    /// can be anything.
    pub fn request_id(&self) -> Option<&str> {
        self.0.envelope.request_id.as_deref().or(self.0.request_id.as_deref())
    }

    /// The vendor's code of the error, such as `UNAUTHORIZED`. It can be a sentence, and repeat what was sent.
    pub fn code(&self) -> Option<&str> {
        self.0.envelope.code.as_deref()
    }

    /// What the vendor would say to the payer. It can repeat what was sent.
    pub fn user_message(&self) -> Option<&str> {
        self.0.envelope.user_message.as_deref()
    }

    /// What the vendor says to the developer. It can repeat what was sent.
    pub fn developer_message(&self) -> Option<&str> {
        self.0.envelope.developer_message.as_deref()
    }

    /// What the vendor has against single fields of the request.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.envelope.fields
    }

    /// The beginning of the answer's body, at most 256 characters, with everything masked that may be a secret: safe to
    /// log. Of JSON it shows keys, numbers and codes.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// From an error of the generated client, as [`Client::raw`](crate::Client::raw) gives it, which would print URL,
    /// headers and body. What the generated code has dropped is missing here too: of a success that cannot be read, the
    /// status and the id; and what was sent is not known, so that code and id are not printed. With an HTTP client of your own that
    /// follows redirects, it does not see them: after one, it may say *not sent* although the first request was acted on.
    pub async fn from_raw(error: crate::generated::Error<()>) -> Self {
        Self::from_generated(error, &Notes::default()).await
    }

    /// The [code](Self::code) as `Display` prints it: only if it is one word, and repeats nothing that was sent.
    pub fn printable_code(&self) -> Option<&str> {
        self.0.printable.0.as_deref()
    }

    /// The [id](Self::request_id) as `Display` prints it: only if it is one word, and repeats nothing that was sent.
    pub fn printable_request_id(&self) -> Option<&str> {
        self.0.printable.1.as_deref()
    }

    fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            attempts: 0,
            safe: false,
            earlier_unknown: false,
            request_id: None,
            retry_after: None,
            envelope: Envelope::default(),
            excerpt: None,
            printable: (None, None),
            source: None,
        }))
    }

    /// The client cannot be made.
    pub(crate) fn setup(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(reason)
    }

    /// The answer was read as what was asked for, and is the envelope of a failure.
    pub(crate) fn contradictory(envelope: Envelope, notes: &Notes) -> Self {
        let mut made = Self::new(ErrorKind::Contradictory);
        made.0.envelope = envelope;
        made.take_notes(notes, None);
        made
    }

    fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// From the generated code's error, and what was seen of the call.
    pub(crate) async fn from_generated(error: crate::generated::Error<()>, notes: &Notes) -> Self {
        use crate::generated::Error as Generated;
        let mut status = None;
        let mut body = None;
        let mut made = match error {
            Generated::InvalidRequest(reason) => Self::setup(reason),
            // Given by the hooks alone, of an answer that is lost: a success that is too large to be read, or what a redirect
            // has led to.
            Generated::Custom(reason) => {
                let is_redirected = notes.status.is_some_and(|status| status.is_redirection());
                let kind = if is_redirected { ErrorKind::Interrupted } else { ErrorKind::Undecodable };
                Self::new(kind).because(reason)
            }
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => {
                // The URL names the customer.
                Self::new(ErrorKind::of_transport(&error, notes.taken)).because(error.without_url())
            }
            Generated::InvalidResponsePayload(payload, error) => {
                // The decoder's own words can quote the value that it stumbled over.
                let place = format!("its JSON cannot be read at line {}, column {}", error.line(), error.column());
                body = Some(payload);
                Self::new(ErrorKind::Undecodable).because(place)
            }
            Generated::ErrorResponse(answer) => {
                status = Some(answer.status());
                Self::new(ErrorKind::of_status(answer.status()).unwrap_or(ErrorKind::Undecodable))
            }
            Generated::UnexpectedResponse(answer) => {
                status = Some(answer.status());
                // It is in memory already.
                body = answer.bytes().await.ok();
                match status.and_then(ErrorKind::of_status) {
                    Some(kind) => Self::new(kind),
                    None => Self::new(ErrorKind::Undecodable).because("no answer of this status is documented"),
                }
            }
        };
        made.0.status = status;
        made.take_notes(notes, body.as_deref());
        made
    }

    /// What was seen of the call, and what its answer says.
    fn take_notes(&mut self, notes: &Notes, body: Option<&[u8]>) {
        let sent = notes.request.as_ref().map(Sent::of);
        let inner = &mut *self.0;
        inner.status = inner.status.or(notes.status);
        inner.attempts = notes.attempts;
        inner.safe = notes.safe;
        inner.earlier_unknown = notes.earlier_unknown;
        inner.request_id = notes.request_id().map(str::to_owned);
        inner.retry_after = notes.retry_after;
        if let Some(body) = body {
            inner.take_body(body, sent.as_ref());
        }
        if let Some(sent) = sent {
            self.0.printable = self.printable(&sent);
        }
    }

    fn printable(&self, sent: &Sent) -> (Option<String>, Option<String>) {
        // A code has no long number; an id has.
        let code = self.code().filter(|code| !has_long_number(code)).and_then(|code| sent.printable(code));
        let id = self.request_id().and_then(|id| sent.printable(id));
        (code.map(str::to_owned), id.map(str::to_owned))
    }

    /// What has happened, and where the delivery says it all, what follows and what a person can do about it.
    fn told(&self) -> [&'static str; 2] {
        match self.kind() {
            ErrorKind::InvalidRequest => ["the request cannot be made", ", and nothing was sent"],
            ErrorKind::NotConnected => {
                ["no connection could be made", ", and nothing was sent; check the address and the network"]
            }
            ErrorKind::Unauthorized => {
                ["the server does not accept the API key", "; check it, and that it belongs to this environment"]
            }
            ErrorKind::Forbidden => {
                ["the server does not allow this to the API key", "; ask the vendor which rights it has"]
            }
            ErrorKind::NotFound => {
                ["the server knows no such address or customer", "; check the base URL and the customer's id"]
            }
            ErrorKind::Conflict => ["the server refused the request, as it contradicts what it already has", ""],
            ErrorKind::RateLimited => {
                ["the server refused the request, as there were too many", "; send it again later"]
            }
            ErrorKind::Rejected => ["the server refused the request", "; mend it before it is sent again"],
            ErrorKind::Redirected => {
                ["the server wants the request elsewhere, which is not followed", "; check the base URL"]
            }
            ErrorKind::SeeOther => ["the server points elsewhere (is the base URL right?)", ""],
            ErrorKind::Timeout => ["there was no answer in time", ""],
            ErrorKind::Interrupted => ["the connection broke before the answer", ""],
            ErrorKind::Server => ["the server failed", ""],
            ErrorKind::Contradictory => ["the answer says success and failure at once", ""],
            ErrorKind::Undecodable => ["the answer cannot be read", ""],
        }
    }
}

impl Inner {
    /// Reads what the body says of the failure.
    fn take_body(&mut self, body: &[u8], sent: Option<&Sent>) {
        // Without knowing what was sent, a repetition of it cannot be told.
        self.excerpt = sent.and_then(|sent| sent.excerpt(body));
        let envelope = match self.kind {
            ErrorKind::Undecodable => Envelope::read_in_success(body),
            _ => Envelope::read(body),
        };
        let Some(envelope) = envelope else { return };
        if self.kind == ErrorKind::Undecodable {
            self.kind = ErrorKind::Contradictory;
        }
        // A code says more than a status, as long as both say that the request was refused.
        let unknown_key = envelope.code.as_deref().is_some_and(|code| code.eq_ignore_ascii_case(UNAUTHORIZED));
        if unknown_key && matches!(self.kind, ErrorKind::Rejected | ErrorKind::Forbidden | ErrorKind::NotFound) {
            self.kind = ErrorKind::Unauthorized;
        }
        self.envelope = envelope;
    }
}

impl From<InvalidApiKey> for Error {
    fn from(error: InvalidApiKey) -> Self {
        Self::setup(error)
    }
}

impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::setup(error)
    }
}

/// A sentence, with status, code and id where they are known.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [happened, then] = self.told();
        match self.kind() {
            // Whatever the last says, it is not the one to go by.
            _ if self.0.earlier_unknown => write!(
                f,
                "an earlier attempt may have been acted on; find out before it is sent again. Of the last: {happened}"
            ),
            kind if kind.delivery() != Delivery::Unknown => write!(f, "{happened}{then}"),
            _ if self.0.safe => write!(f, "{happened}; nothing was asked for but to read"),
            ErrorKind::Undecodable => {
                write!(f, "{happened}, and the request has most likely been acted on; find out before it is sent again")
            }
            _ => write!(f, "{happened}, and the request may have been acted on; find out before it is sent again"),
        }?;
        let status = self.0.status.map(|status| format!("status {status}"));
        let code = self.printable_code().map(|code| format!("code {code}"));
        let id = self.printable_request_id().map(|id| format!("request {id}"));
        let attempts = (self.attempts() > 1).then(|| format!("{} attempts", self.attempts()));
        let details: Vec<_> = [status, code, id, attempts].into_iter().flatten().collect();
        if !details.is_empty() {
            write!(f, " ({})", details.join(", "))?;
        }
        Ok(())
    }
}

fn has_long_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() > 4)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("delivery", &self.delivery())
            .field("status", &self.status())
            .field("attempts", &self.attempts())
            .field("request_id", &self.printable_request_id())
            .field("code", &self.printable_code())
            .field("body_excerpt", &self.body_excerpt())
            .field("source", &self.0.source)
            // The messages of the envelope are left out: they can repeat what was sent.
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

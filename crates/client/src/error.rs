//! What can go wrong with a call, said without printing what was sent or received.

use std::error::Error as StdError;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::auth::InvalidApiKey;
use crate::generated::types::error::ConversionError;
use crate::generated::types::{ErrorEnvelope, ErrorInfo};

/// As much of an error's body as is read. Envelopes have a few hundred bytes.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Headers in which the vendor names a call.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-request-id", "x-response-id"];

/// What went wrong, in the terms in which a caller decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client or the request cannot be made. Nothing was sent.
    InvalidRequest,
    /// No connection could be made. Nothing was sent.
    NotConnected,
    /// The server refused the request with a status of 3XX or 4XX (408 apart).
    Refused,
    /// The server failed, with a status of 5XX or 408. It may have acted on the request.
    Server,
    /// The connection ended without a whole answer. The server may have acted on the request.
    Interrupted,
    /// The answer is a success that cannot be read. The server has most likely acted on the request.
    Unreadable,
}

/// A call that did not end in a list of accounts.
pub struct Error {
    kind: ErrorKind,
    status: Option<StatusCode>,
    request_id: Option<String>,
    envelope: Option<Box<ErrorEnvelope>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The status of the answer, if it was not a success.
    pub fn status(&self) -> Option<u16> {
        self.status.map(|status| status.as_u16())
    }

    /// The id by which the vendor finds this call: that of the body, or else that of the headers.
    pub fn request_id(&self) -> Option<&str> {
        self.info().and_then(|info| info.request_id.as_deref()).or(self.request_id.as_deref())
    }

    /// The vendor's code of the error, such as `UNAUTHORIZED`: that of `error_info`, or else `error_code`.
    pub fn code(&self) -> Option<&str> {
        let envelope = self.envelope.as_deref()?;
        self.info().and_then(|info| info.code.as_deref()).or(envelope.error_code.as_deref())
    }

    /// What the vendor would say to the payer. It can repeat what was sent.
    pub fn user_message(&self) -> Option<&str> {
        self.info()?.user_message.as_deref()
    }

    /// What the vendor says to the developer. It can repeat what was sent.
    pub fn developer_message(&self) -> Option<&str> {
        self.info()?.developer_message.as_deref()
    }

    /// The code, if it is one: some operations put a sentence in its place, which can repeat what was sent.
    fn printable_code(&self) -> Option<&str> {
        self.code().filter(|code| is_word(code) && !has_long_number(code))
    }

    fn printable_id(&self) -> Option<&str> {
        self.request_id().filter(|id| is_word(id))
    }

    fn info(&self) -> Option<&ErrorInfo> {
        self.envelope.as_deref()?.error_info.as_ref()
    }

    fn new(kind: ErrorKind) -> Self {
        Self { kind, status: None, request_id: None, envelope: None, source: None }
    }

    fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn setup(error: reqwest::Error) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(error.without_url())
    }

    pub(crate) fn key(error: InvalidApiKey) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(error)
    }

    fn transport(error: reqwest::Error) -> Self {
        let kind = if error.is_connect() {
            ErrorKind::NotConnected
        } else if error.is_builder() {
            ErrorKind::InvalidRequest
        } else {
            ErrorKind::Interrupted
        };
        let mut made = Self::new(kind);
        made.status = error.status();
        // The URL names the customer.
        made.because(error.without_url())
    }

    /// From the generated code's error, which would print headers and bodies.
    pub(crate) async fn from_generated(error: progenitor_client::Error<()>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::InvalidRequest(reason) | Generated::Custom(reason) => {
                Self::new(ErrorKind::InvalidRequest).because(reason)
            }
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Self::transport(error),
            Generated::InvalidResponsePayload(_, error) => {
                // The decoder's own words can quote the value that it stumbled over.
                let place = format!("its JSON cannot be read at line {}, column {}", error.line(), error.column());
                Self::new(ErrorKind::Unreadable).because(place)
            }
            Generated::ErrorResponse(answer) => Self::answered(answer.status(), answer.headers()),
            Generated::UnexpectedResponse(answer) => {
                let mut made = Self::answered(answer.status(), answer.headers());
                made.envelope = envelope(answer).await.map(Box::new);
                made
            }
        }
    }

    fn answered(status: StatusCode, headers: &HeaderMap) -> Self {
        let kind = match status.as_u16() {
            408 => ErrorKind::Server,
            300..=499 => ErrorKind::Refused,
            200..=299 => ErrorKind::Unreadable,
            _ => ErrorKind::Server,
        };
        let mut made = Self::new(kind);
        made.status = Some(status);
        made.request_id = request_id(headers);
        made
    }
}

impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::new(ErrorKind::InvalidRequest).because(error)
    }
}

/// The id by which the vendor finds a call.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok())?;
    Some(id.to_owned())
}

/// The vendor's account of the error, if the body has one. A body that is cut off, too long or no JSON has none.
async fn envelope(mut answer: reqwest::Response) -> Option<ErrorEnvelope> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        if body.len() + chunk.len() > MAX_ERROR_BODY {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).ok()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ErrorKind::InvalidRequest => "the request cannot be made, and nothing was sent",
            ErrorKind::NotConnected => "no connection could be made, and nothing was sent",
            ErrorKind::Refused => "the server refused the request",
            ErrorKind::Server => "the server failed, and may have acted on the request",
            ErrorKind::Interrupted => {
                "the connection ended before the answer, and the server may have acted on the request"
            }
            ErrorKind::Unreadable => "the answer cannot be read, and the server has most likely acted on the request",
        })?;
        if let Some(status) = self.status {
            write!(f, " (status {status}")?;
            if let Some(code) = self.printable_code() {
                write!(f, ", code {code}")?;
            }
            if let Some(id) = self.printable_id() {
                write!(f, ", request {id}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

/// One word that cannot forge a line of a log.
fn is_word(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn has_long_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() > 4)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("request_id", &self.printable_id())
            .field("code", &self.printable_code())
            .field("source", &self.source)
            // The messages of the envelope are left out: they can repeat what was sent.
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

//! Whether a failed request may have been processed: the question that decides what a caller may do next.
//!
//! The API has no idempotency key, so a penny drop that is sent twice can be paid twice. The rule errs on the safe
//! side: whatever is not known to be harmless is [`Delivery::Unknown`].

use reqwest::StatusCode;

use super::code::ErrorCode;
use crate::words::words;

words! {
    /// Whether a failed request may have been processed.
    // The enum is exhaustive, because a caller must handle every case.
    #[allow(clippy::exhaustive_enums)]
    pub enum Delivery {
        /// The request was not sent; or earlier attempts changed nothing, and the last one was not sent. Safe to retry.
        NotSent = "not_sent",
        /// The server rejected the request. Nothing was paid. Unless the reason was too many requests, the server will
        /// most likely reject the same request again.
        Refused = "refused",
        /// The request was sent, at least in part, and no response settles the outcome; or the server is processing
        /// another request for the same thing. **Money may have moved, or may still move**: a second request may pay
        /// again. [Reconcile](crate::Client::reconcile) first, or ask the vendor with [`Error::request_id`].
        ///
        /// [`Error::request_id`]: crate::Error::request_id
        Unknown = "unknown",
    }
}

/// One row per kind: its word, its delivery, what happened, and what to do next, which is empty for an unknown outcome:
/// there, `Error::next_step` decides.
macro_rules! kinds {
    ($(#[$meta:meta])* pub enum ErrorKind {
        $($Variant:ident = $word:literal, $Delivery:ident, $happened:literal, $next:literal;)*
    }) => {
        words! {
            $(#[$meta])* pub enum ErrorKind { $(#[doc = concat!("Message: ", $happened, ".")] $Variant = $word,)* }

            /// All kinds of error.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)*];

            /// Whether a request that failed this way may have been processed. [`Error::delivery`] has the table.
            ///
            /// [`Error::delivery`]: crate::Error::delivery
            pub const fn delivery(self) -> Delivery {
                match self { $(Self::$Variant => Delivery::$Delivery,)* }
            }

            /// Returns what happened and what to do next, as two clauses.
            pub(crate) const fn explanation(self) -> [&'static str; 2] {
                match self { $(Self::$Variant => [$happened, $next],)* }
            }
        }
    };
}

kinds! {
    /// What went wrong, in categories that decide what a caller should do. [`Error::delivery`] has the table.
    ///
    /// [`Error::delivery`]: crate::Error::delivery
    #[non_exhaustive]
    pub enum ErrorKind {
        InvalidRequest = "invalid_request", NotSent, "the request cannot be made", "nothing was sent; fix the cause before retrying";
        Stopped = "stopped", NotSent, "the client was stopped before the request was sent", "nothing was sent; the request can be sent again";
        NotConnected = "not_connected", NotSent, "no connection could be made", "nothing was sent; check the address and the network";
        Unauthorized = "unauthorized", Refused, "the server does not accept the API key", "check that the key is correct and belongs to this environment";
        Forbidden = "forbidden", Refused, "the API key does not have permission for this request", "ask the vendor which permissions the key has";
        NotFound = "not_found", Refused, "the server does not know this address, customer or account", "check the base URL and the ids";
        Duplicate = "duplicate", Unknown, "another request for the same thing is being processed and may pay", "";
        RateLimited = "rate_limited", Refused, "the server refused the request because there were too many requests", "send it again later";
        Rejected = "rejected", Refused, "the server refused the request", "fix the request before retrying";
        Redirected = "redirected", Refused, "unexpected redirect (not followed)", "check the base URL";
        // 303 can lead to the outcome of the request, and clients follow 301 and 302 with a GET too. None of them says
        // that the request was rejected.
        SeeOther = "see_other", Unknown, "unexpected redirect (not followed; check the base URL)", "";
        Timeout = "timeout", Unknown, "the request timed out", "";
        Interrupted = "interrupted", Unknown, "the connection broke before the response was complete", "";
        Server = "server", Unknown, "the server failed", "";
        Contradictory = "contradictory", Unknown, "the response reports success and failure at once", "";
        Undecodable = "undecodable", Unknown, "the response cannot be read", "";
    }
}

impl ErrorKind {
    /// Whether the same request can be sent again without the risk of paying twice, and is likely to succeed: after a
    /// failed connection, and after too many requests.
    pub(crate) const fn is_retryable(self) -> bool {
        matches!(self, Self::NotConnected | Self::RateLimited)
    }

    /// The kind for a response with this status, code and body; `None` for a success.
    pub(crate) fn of_response(status: StatusCode, code: Option<&ErrorCode>, body: &[u8]) -> Option<Self> {
        let kind = Self::of_status(status)?;
        // `DUPLICATE_REQUEST` outweighs a status that means a refusal, because the other request may pay. So this code
        // counts wherever it is in the body, in any format. No other code changes the delivery.
        let duplicate = ErrorCode::DuplicateRequest.as_str().as_bytes();
        let is_duplicate = || body.windows(duplicate.len()).any(|part| part.eq_ignore_ascii_case(duplicate));
        Some(match code {
            // JSON can escape the underscore, so the code is also compared after decoding.
            _ if kind.delivery() == Delivery::Refused
                && (code == Some(&ErrorCode::DuplicateRequest) || is_duplicate()) =>
            {
                Self::Duplicate
            }
            Some(ErrorCode::Unauthorized | ErrorCode::Unauthenticated)
                if matches!(kind, Self::Rejected | Self::Forbidden | Self::NotFound) =>
            {
                Self::Unauthorized
            }
            _ => kind,
        })
    }

    fn of_status(status: StatusCode) -> Option<Self> {
        Some(match status.as_u16() {
            200..=299 => return None,
            307 | 308 => Self::Redirected,
            300..=399 => Self::SeeOther,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 => Self::Duplicate,
            429 => Self::RateLimited,
            400..=499 => Self::Rejected,
            _ => Self::Server,
        })
    }

    /// The kind for a missing or incomplete response.
    pub(crate) fn of_transport(error: &reqwest::Error) -> Self {
        // A connect timeout is both a timeout and a connect error.
        if error.is_connect() {
            Self::NotConnected
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::InvalidRequest
        } else {
            Self::Interrupted
        }
    }
}

//! Whether a request that failed may have been acted on: the one question that decides what a caller may do next.
//!
//! No idempotency key is documented for this API, so a penny drop that is sent twice can be paid twice. The rule has to
//! be right in one direction: what is *not* known to be harmless is [`Delivery::Unknown`].

use std::fmt;

use reqwest::StatusCode;

/// Whether a request that failed may have been acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
// Three answers, for good: a caller has to be able to match all of them.
#[allow(clippy::exhaustive_enums)]
pub enum Delivery {
    /// Nothing left this machine. It can be sent again without a second thought.
    NotSent,
    /// The server answered that it does not take the request. Nothing was paid for it; sent again as it is, it is most
    /// likely refused again.
    Refused,
    /// The request, or a part of it, was sent, and no answer settles what became of it. It **may have been acted on**:
    /// sent again, it may be paid again. Find out first, or ask the vendor with [`Error::request_id`].
    ///
    /// [`Error::request_id`]: crate::Error::request_id
    Unknown,
}

impl Delivery {
    /// The answer in lower case, as it stands in traces: `not_sent`, `refused`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotSent => "not sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        })
    }
}

/// What went wrong, in the terms in which a caller decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client or the request cannot be made.
    InvalidRequest,
    /// No connection could be made: no such host, refused, no TLS, or not within the time for connecting.
    NotConnected,
    /// The server does not know the API key: status 401, or the code `UNAUTHORIZED` with another 4XX.
    Unauthorized,
    /// The key may not do this: status 403.
    Forbidden,
    /// The server knows no such address or customer: status 404.
    NotFound,
    /// The request contradicts what the server already has: status 409.
    Conflict,
    /// Too many requests: status 429. See [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// The server refused the request with any other 4XX.
    Rejected,
    /// The server wants the same request elsewhere: status 307 or 308. It is not followed, since it would take the key along.
    Redirected,
    /// The server points elsewhere, as with 303, which shows what has become of the request, or with another 3XX. A 301 or 302
    /// is followed by a GET, so it can be the same, and none of them says that the request was not taken.
    SeeOther,
    /// No whole answer within the time limit, or the server said that it gave up waiting: status 408.
    Timeout,
    /// The connection broke before a whole answer, or what came is no HTTP.
    Interrupted,
    /// The server failed: status 5XX, or one that HTTP does not have.
    Server,
    /// The status says success, and the body is the envelope of a failure.
    Contradictory,
    /// The status says success, and the body cannot be read as what was asked for.
    Undecodable,
}

impl ErrorKind {
    /// Whether a request that failed so may have been acted on. The table is at [`Error::delivery`].
    ///
    /// [`Error::delivery`]: crate::Error::delivery
    pub const fn delivery(self) -> Delivery {
        match self {
            Self::InvalidRequest | Self::NotConnected => Delivery::NotSent,
            Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::RateLimited
            | Self::Rejected
            | Self::Redirected => Delivery::Refused,
            Self::SeeOther
            | Self::Timeout
            | Self::Interrupted
            | Self::Server
            | Self::Contradictory
            | Self::Undecodable => Delivery::Unknown,
        }
    }

    /// Whether the same request may be sent again at once, or after a while, without the risk of paying twice, and with
    /// some hope that it goes better: no connection, and too many requests.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::NotConnected | Self::RateLimited)
    }

    /// The kind in lower case, as it stands in traces: `not_connected`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::NotConnected => "not_connected",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Rejected => "rejected",
            Self::Redirected => "redirected",
            Self::SeeOther => "see_other",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Server => "server",
            Self::Contradictory => "contradictory",
            Self::Undecodable => "undecodable",
        }
    }

    /// What an answer with this status is, if it is no success.
    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        Some(match status.as_u16() {
            200..=299 => return None,
            307 | 308 => Self::Redirected,
            300..=399 => Self::SeeOther,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            400..=499 => Self::Rejected,
            _ => Self::Server,
        })
    }

    /// What it is when there is no whole answer. Once something of the form was `taken` to be sent, it is a matter of some
    /// later request, to where a redirect led, that no connection could be made or that it could not be made itself.
    pub(crate) fn of_transport(error: &reqwest::Error, taken: bool) -> Self {
        // A connection that took too long is both of the first two.
        if error.is_connect() && !taken {
            Self::NotConnected
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() && !taken {
            Self::InvalidRequest
        } else {
            Self::Interrupted
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_one_word_for_programs_and_plain_for_people() {
        for (delivery, word, plain) in [
            (Delivery::NotSent, "not_sent", "not sent"),
            (Delivery::Refused, "refused", "refused"),
            (Delivery::Unknown, "unknown", "unknown"),
        ] {
            assert_eq!((delivery.as_str(), delivery.to_string().as_str()), (word, plain));
        }
    }

    /// The rule of the docs, over every status that can be sent.
    #[test]
    fn a_status_is_refused_exactly_when_it_says_so() {
        for status in 100..=999 {
            let kind = ErrorKind::of_status(StatusCode::from_u16(status).unwrap());
            let delivery = kind.map(ErrorKind::delivery);
            let expected = match status {
                200..=299 => None,
                408 => Some(Delivery::Unknown),
                307 | 308 | 400..=499 => Some(Delivery::Refused),
                _ => Some(Delivery::Unknown),
            };
            assert_eq!(delivery, expected, "{status}");
            assert_eq!(kind.is_some_and(ErrorKind::is_retryable), status == 429, "{status}");
        }
    }
}

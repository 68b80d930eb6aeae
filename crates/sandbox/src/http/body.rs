//! The body of a request: at most so large, and at most so late.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

/// The largest body of a call, in bytes: some ten thousand accounts.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// The largest body of the control API, in bytes: a snapshot.
pub(super) const MAX_CONTROL: usize = 16 * MAX_BODY;

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What was sent as a body. An extension of the request.
pub(crate) type Sent = Result<Bytes, Unread>;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is larger than this many bytes.
    TooLarge(usize),
    /// It takes too long.
    TooSlow,
    /// It ends too early, or is not encoded as HTTP wants it.
    Broken,
}

pub(super) async fn read(body: Incoming, most: usize) -> Sent {
    match tokio::time::timeout(BODY_TIME, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge(most)),
        Ok(Err(_)) => Err(Unread::Broken),
        Err(_) => Err(Unread::TooSlow),
    }
}

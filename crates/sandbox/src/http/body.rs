//! Reads the body of a request, with limits on its size and time.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

/// The maximum size of the body of a request for one of the vendor's operations, in bytes: enough for about ten
/// thousand accounts.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// The maximum size of a body for the control API, in bytes: enough for a snapshot.
pub(super) const MAX_CONTROL: usize = 16 * MAX_BODY;

/// The longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The body of a request, or why it could not be read. Stored as an extension of the request.
pub(crate) type Sent = Result<Bytes, Unread>;

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The body takes too long.
    TooSlow,
    /// The body ends too early, or is not valid HTTP.
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

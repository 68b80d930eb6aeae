//! Reads the body of a request, with limits on its size and time.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Extensions, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;

use crate::refusal::Refusal;

/// The maximum size of the body of a request for one of the vendor's operations, in bytes: enough for about ten
/// thousand accounts.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// The maximum size of a body for the control API, in bytes: enough for a snapshot.
pub(super) const MAX_CONTROL: usize = 16 * MAX_BODY;

/// The longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The body of a request, or why it could not be read. Stored as an extension of the request.
pub(super) type Sent = Result<Bytes, Refusal>;

pub(super) async fn read(body: Incoming, most: usize) -> Sent {
    match tokio::time::timeout(BODY_TIME, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The body is larger than {most} bytes.")))
        }
        Ok(Err(_)) => Err(Refusal::bad_request("The body is incomplete or is not valid HTTP.")),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.")),
    }
}

/// Returns the body of a request from its extensions.
pub(crate) fn body(extensions: &Extensions) -> Sent {
    extensions.get::<Sent>().cloned().unwrap_or_else(|| Ok(Bytes::new()))
}

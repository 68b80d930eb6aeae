//! How a connection breaks.
//!
//! A service can only return a response. To break a connection, it returns a response with an extension, and the code
//! that serves the connection closes it, resets it, or ends it in the middle of a body.

use std::io;

use axum::body::{Body, HttpBody as _};
use axum::http::Response;
use futures_util::StreamExt as _;

/// What happens to the connection in place of a response. An extension of a response that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    Close,
    Reset,
    /// The connection is closed in the middle of the body.
    Truncate,
    /// The connection stays open, and nothing is sent.
    Hang,
}

/// The same response without the second half of its body.
pub(super) async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let length = body.size_hint().exact().unwrap_or_default();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(axum::http::header::CONTENT_LENGTH, length.into());
    let half = whole.slice(..whole.len() / 2);
    let end = io::Error::from(io::ErrorKind::ConnectionAborted);
    // Sends the first half before the connection ends.
    let parts = futures_util::stream::iter([Ok(half), Err(end)]).then(async |part| {
        tokio::task::yield_now().await;
        part
    });
    Response::from_parts(head, Body::from_stream(parts))
}

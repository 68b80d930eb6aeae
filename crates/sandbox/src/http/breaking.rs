//! Responses that break off.

use std::io;

use axum::body::{Body, HttpBody as _};
use axum::http::Response;
use futures_util::StreamExt as _;

/// Makes a response that breaks off: its second half is replaced by an error.
pub(super) async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let length = body.size_hint().exact().unwrap_or_default();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(axum::http::header::CONTENT_LENGTH, length.into());
    let half = whole.slice(..whole.len() / 2);
    let end = io::Error::from(io::ErrorKind::ConnectionAborted);
    // The pause lets the server send the first half before the error ends the connection.
    let parts = futures_util::stream::iter([Ok(half), Err(end)]).then(async |part| {
        tokio::task::yield_now().await;
        part
    });
    Response::from_parts(head, Body::from_stream(parts))
}

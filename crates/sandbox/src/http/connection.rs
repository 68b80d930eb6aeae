//! Accepts connections, serves their requests, and breaks them.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::header::{CONTENT_LENGTH, ORIGIN};
use axum::http::{Request, Response};
use futures_util::StreamExt as _;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower_service::Service as _;

use super::body::{self, MAX_BODY, MAX_CONTROL};
use crate::fault::FaultKind;

/// The longest time that the start line and headers of a request may take to arrive, and the longest time that a
/// connection may wait for a request.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The maximum size of the start line and headers together, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Whether the client is on this machine. Stored as an extension of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IsLocal(pub(crate) bool);

/// Serves connections. When the future is dropped, the connections end. `for_pages` has the same routes with CORS, for
/// requests from web pages.
pub(crate) async fn serve(listener: TcpListener, plain: Router, for_pages: Router) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                while connections.try_join_next().is_some() {}
                // Sends responses at once: they are small, so waiting for more data would only delay them.
                let _ = stream.set_nodelay(true);
                connections.spawn(connection(stream, peer, plain.clone(), for_pages.clone()));
            }
            // Probably the process has no free file descriptor, so the loop tries again soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, plain: Router, for_pages: Router) {
    // Whether to reset the connection at its end.
    let reset = AtomicBool::new(false);
    let is_local = peer.ip().to_canonical().is_loopback();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        Box::pin(async {
            let (mut head, sent) = request.into_parts();
            let is_control = is_local && head.uri.path().starts_with("/_sandbox/");
            let sent = body::read(sent, if is_control { MAX_CONTROL } else { MAX_BODY }).await;
            head.extensions.insert(sent);
            head.extensions.insert(IsLocal(is_local));
            let mut router = if head.headers.contains_key(ORIGIN) { for_pages.clone() } else { plain.clone() };
            // A router responds to every request.
            let Ok(response) = router.call(Request::from_parts(head, Body::empty())).await;
            // A service can only return a response, so a fault that breaks the connection is passed on as an extension
            // of a response.
            match response.extensions().get() {
                Some(FaultKind::Truncate) => Ok(cut(response).await),
                // This waits until the client hangs up or the server stops.
                Some(FaultKind::Hang) => std::future::pending().await,
                Some(FaultKind::Close) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                Some(FaultKind::Reset) => {
                    reset.store(true, Ordering::Relaxed);
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
                _ => Ok(response),
            }
        })
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(MAX_HEAD);
    let mut connection = http.serve_connection(TokioIo::new(stream), service);
    // An error is expected here: the client hung up, or a fault broke the connection. The connection is not shut down,
    // because a reset would then come too late. Dropping the stream closes it.
    let _ = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    if reset.load(Ordering::Relaxed) {
        // If this fails, the connection is closed instead of reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Makes a response that breaks off: its second half is replaced by an error.
async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let length = body.size_hint().exact().unwrap_or_default();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, length.into());
    let half = whole.slice(..whole.len() / 2);
    let end = io::Error::from(io::ErrorKind::ConnectionAborted);
    // The pause lets the server send the first half before the error ends the connection.
    let parts = futures_util::stream::iter([Ok(half), Err(end)]).then(async |part| {
        tokio::task::yield_now().await;
        part
    });
    Response::from_parts(head, Body::from_stream(parts))
}

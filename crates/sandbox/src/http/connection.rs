//! Serves the requests of one connection.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::ORIGIN;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::body::{self, MAX_BODY, MAX_CONTROL};
use super::breaking::cut;
use crate::fault::FaultKind;

/// The longest time that the start line and headers of a request may take, and the longest time that a connection may
/// wait for a request.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The maximum size of the start line and headers together, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The routes of the sandbox.
#[derive(Clone)]
pub(super) struct App {
    pub(super) plain: Router,
    /// The same routes with CORS, for requests of web pages.
    pub(super) for_pages: Router,
}

/// Whether the client is on this machine. Stored as an extension of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IsLocal(pub(crate) bool);

pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, app: App) {
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
            let mut router = if head.headers.contains_key(ORIGIN) { app.for_pages.clone() } else { app.plain.clone() };
            // A router responds to every request.
            let Ok(response) = router.call(Request::from_parts(head, Body::empty())).await;
            // A service can only return a response, so a fault that breaks the connection is an extension of one.
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

//! Serves the requests of one connection.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
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
use super::breaking::{Break, cut};
use super::waiting::Waiting;
use crate::shared::lock;

/// The longest time that the start line and headers of a request may take, and the longest time that a connection may
/// wait for a request.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The maximum size of the start line and headers together, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The routes of the sandbox, and the connections that wait for a request.
#[derive(Clone)]
pub(super) struct App {
    pub(super) plain: Router,
    /// The same routes with CORS, for requests of web pages.
    pub(super) for_pages: Router,
    pub(super) waiting: Arc<Mutex<Waiting>>,
}

/// The address of the client. Stored as an extension of each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Peer {
    /// Whether the client is on this machine.
    pub(crate) fn is_local(self) -> bool {
        self.0.ip().to_canonical().is_loopback()
    }
}

pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, app: App, number: u64) {
    // The connection's number in `Waiting`, and whether to reset the connection at its end.
    let (number, reset) = (Arc::new(AtomicU64::new(number)), Arc::new(AtomicBool::new(false)));
    let peer = Peer(peer);
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let (app, number, reset) = (app.clone(), number.clone(), reset.clone());
        Box::pin(async move {
            let (mut head, sent) = request.into_parts();
            let is_control = peer.is_local() && head.uri.path().starts_with("/_sandbox/");
            let sent = body::read(sent, if is_control { MAX_CONTROL } else { MAX_BODY }).await;
            let Some(task) = lock(&app.waiting).claim(number.load(Ordering::Relaxed)) else {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            };
            head.extensions.insert(sent);
            head.extensions.insert(peer);
            let mut router = if head.headers.contains_key(ORIGIN) { app.for_pages } else { app.plain };
            // A router responds to every request.
            let Ok(response) = router.call(Request::from_parts(head, Body::empty())).await;
            lock(&app.waiting).add(|next| {
                number.store(next, Ordering::Relaxed);
                task
            });
            match response.extensions().get() {
                None => Ok(response),
                Some(Break::Truncate) => Ok(cut(response).await),
                // This waits until the client hangs up, the server stops, or a new connection takes this one's place.
                Some(Break::Hang) => std::future::pending().await,
                Some(Break::Close) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                Some(Break::Reset) => {
                    reset.store(true, Ordering::Relaxed);
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
            }
        })
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(MAX_HEAD);
    let mut connection = http.serve_connection(TokioIo::new(stream), service);
    // An error is expected here: the client hung up, or a fault broke the connection. The connection is not shut down,
    // because a reset would then come too late. Dropping the stream closes it.
    let _ = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    lock(&app.waiting).claim(number.load(Ordering::Relaxed));
    if reset.load(Ordering::Relaxed) {
        // If this fails, the connection is closed instead of reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

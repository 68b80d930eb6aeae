//! One connection, which can be made to break.
//!
//! A service can only answer. So what an answer is not is said in an extension of it, and done here, beside HTTP: the
//! connection is closed, reset, or ended in the middle of a body.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::{Request, Response};
use futures_util::StreamExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower_service::Service as _;

/// What becomes of the connection in place of an answer. An extension of the answer that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// It is closed in the middle of the body.
    Truncate,
    /// It is kept, and nothing is sent.
    Hang,
}

/// Serves a connection until it ends.
pub(crate) async fn serve(stream: TcpStream, router: Router) {
    let reset = Arc::new(AtomicBool::new(false));
    let stream = Resettable { stream, reset: reset.clone() };
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (mut router, reset) = (router.clone(), reset.clone());
        async move {
            // A router answers everything.
            let Ok(answer) = router.call(request).await;
            match answer.extensions().get() {
                None => Ok(answer),
                Some(Break::Truncate) => Ok(cut(answer).await),
                // Until the client hangs up, or the server stops.
                Some(Break::Hang) => std::future::pending().await,
                Some(Break::Close) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                Some(Break::Reset) => {
                    reset.store(true, Ordering::Relaxed);
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
            }
        }
    });
    // It ends with an error whenever the client hangs up, or a fault is played: both are as they should be.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The same answer, of which the second half does not come.
async fn cut(answer: Response<Body>) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    let length = body.size_hint().exact().unwrap_or_default();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(axum::http::header::CONTENT_LENGTH, length.into());
    let half = whole.slice(..whole.len() / 2);
    let end = io::Error::from(io::ErrorKind::ConnectionAborted);
    // The half is on the wire before the end is known.
    let parts = futures_util::stream::iter([Ok(half), Err(end)]).then(async |part| {
        tokio::task::yield_now().await;
        part
    });
    Response::from_parts(head, Body::from_stream(parts))
}

/// A stream that is reset when it is dropped, if it was told so.
struct Resettable {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Resettable {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            // If it cannot be set, the connection is closed in the usual way.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Relaxed) {
            // An orderly end would come before the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

//! The body of a request, watched: whether any of it was taken to be sent.
//!
//! That no connection could be made says that nothing was sent only of the first connection. A `reqwest::Client` that a
//! caller brings along can follow a redirect, and then fail to connect to where it led. What never left its body was
//! never sent, whatever happened after.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use http_body::{Frame, SizeHint};
use reqwest::{Body, Request};

/// Bytes that all who have them share.
pub(crate) type Bytes = <Body as http_body::Body>::Data;

/// The bytes of a body that is in memory. A stream has none, and is given back.
pub(crate) fn bytes(mut body: Body) -> Result<Bytes, Body> {
    if body.as_bytes().is_none() {
        return Err(body);
    }
    // They are there, so nobody is waited for.
    match http_body::Body::poll_frame(Pin::new(&mut body), &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(Ok(frame))) => Ok(frame.into_data().unwrap_or_default()),
        // It is empty.
        _ => Ok(Bytes::new()),
    }
}

/// The body of one attempt. It cannot be copied, so that no client sends it a second time by itself.
struct Watched {
    bytes: Bytes,
    taken: Taken,
}

/// Whether something of a body was taken.
#[derive(Clone, Default)]
pub(crate) struct Taken(Arc<AtomicBool>);

impl Taken {
    /// Gives the request a body, and watches it.
    pub(crate) fn of(request: &mut Request, bytes: Bytes) -> Self {
        let taken = Self::default();
        *request.body_mut() = Some(Body::wrap(Watched { bytes, taken: taken.clone() }));
        taken
    }

    pub(crate) fn is_so(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.taken.0.store(true, Ordering::Release);
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

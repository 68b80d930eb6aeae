//! The body of a request, watched: whether any of it was taken to be sent.
//!
//! That no connection could be made says that nothing was sent only of the first connection. A `reqwest::Client` that a
//! caller brings along can follow a redirect, and then fail to connect to where it led. What never left its body was
//! never sent, whatever happened after.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use http_body::{Frame, SizeHint};
use reqwest::{Body, Request};

/// The body of one attempt. It cannot be copied, so that no client sends it a second time by itself.
struct Watched {
    body: Body,
    taken: Taken,
}

/// Whether something of a body was taken.
#[derive(Clone, Default)]
pub(crate) struct Taken(Arc<AtomicBool>);

impl Taken {
    /// Watches the body of a request from now on.
    pub(crate) fn of(request: &mut Request) -> Self {
        let taken = Self::default();
        if let Some(body) = request.body_mut().take() {
            *request.body_mut() = Some(Body::wrap(Watched { body, taken: taken.clone() }));
        }
        taken
    }

    pub(crate) fn is_so(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl http_body::Body for Watched {
    type Data = <Body as http_body::Body>::Data;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.taken.0.store(true, Ordering::Release);
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

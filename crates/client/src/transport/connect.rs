//! Connecting ends as soon as the client is stopped, so a request without a connection is not sent any more.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::gate::{Gate, Stopped};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Wraps a connector.
#[derive(Clone)]
pub(crate) struct StopConnecting(pub(crate) Arc<Gate>);

/// A connector that gives up when the client is stopped. The HTTP client clones its connector for each request, so
/// clones share the wrapped one.
pub(crate) struct Stoppable<S> {
    inner: Arc<S>,
    gate: Arc<Gate>,
}

impl<S> Clone for Stoppable<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), gate: self.gate.clone() }
    }
}

impl<S> Layer<S> for StopConnecting {
    type Service = Stoppable<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Stoppable { inner: Arc::new(inner), gate: self.0.clone() }
    }
}

impl<S, R> Service<R> for Stoppable<S>
where
    S: Service<R, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: R) -> Self::Future {
        let (mut inner, gate) = (S::clone(&self.inner), self.gate.clone());
        Box::pin(async move {
            let connecting = async {
                poll_fn(|context| inner.poll_ready(context)).await?;
                inner.call(target).await
            };
            match gate.unless_stopped(connecting).await {
                Ok(connected) => connected,
                Err(Stopped) => Err("the client was stopped".into()),
            }
        })
    }
}

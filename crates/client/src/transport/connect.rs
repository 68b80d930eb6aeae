//! Connecting ends as soon as the client is stopped, so a request without a connection is not sent any more.

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

/// A connector that gives up when the client is stopped.
#[derive(Clone)]
pub(crate) struct Stoppable<S> {
    inner: S,
    gate: Arc<Gate>,
}

impl<S> Layer<S> for StopConnecting {
    type Service = Stoppable<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Stoppable { inner, gate: self.0.clone() }
    }
}

impl<S, R> Service<R> for Stoppable<S>
where
    S: Service<R, Error = BoxError>,
    S::Response: 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let (connecting, gate) = (self.inner.call(target), self.gate.clone());
        Box::pin(async move {
            match gate.unless_stopped(connecting).await {
                Ok(connected) => connected,
                Err(Stopped) => Err("the client was stopped".into()),
            }
        })
    }
}

//! Decides when an attempt may start: at the configured rate, and never once the client is stopped. All clones of a
//! client share one gate.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tower::util::{ServiceExt as _, service_fn};
use tower::{BoxError, Service};

/// The client was stopped.
pub(crate) struct Stopped;

#[derive(Debug)]
pub(crate) struct Gate {
    stopped: watch::Sender<bool>,
    /// The time between two attempts.
    interval: Option<Duration>,
    /// When the next attempt may start.
    next: Mutex<Option<Instant>>,
}

impl Gate {
    pub(crate) fn new(interval: Option<Duration>) -> Self {
        Self { stopped: watch::Sender::new(false), interval, next: Mutex::new(None) }
    }

    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Waits until an attempt may start, and returns the wait. Unused turns are not saved up, because a server's limit
    /// applies to every second.
    pub(crate) async fn pass(&self) -> Result<Duration, Stopped> {
        if self.is_stopped() {
            return Err(Stopped);
        }
        let Some(interval) = self.interval else { return Ok(Duration::ZERO) };
        let now = Instant::now();
        let slot = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = next.map_or(now, |next| next.max(now));
            *next = slot.checked_add(interval);
            slot
        };
        self.sleep(slot - now).await?;
        Ok(slot - now)
    }

    /// Waits, unless the client is stopped.
    pub(crate) async fn sleep(&self, time: Duration) -> Result<(), Stopped> {
        self.unless_stopped(sleep(time)).await
    }

    /// Runs a future to its end, unless the client is stopped first.
    pub(crate) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Stopped> {
        let mut stopped = self.stopped.subscribe();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => Err(Stopped),
            result = work => Ok(result),
        }
    }
}

/// Wraps a connector, so that connecting ends as soon as the client is stopped: a request without a connection is not
/// sent any more. The HTTP client clones its connector for each request, so clones share the wrapped one.
pub(crate) fn stoppable<S, R>(
    connector: S,
    gate: Arc<Gate>,
) -> impl Service<R, Response = S::Response, Error = BoxError, Future: Send> + Clone + Send + Sync + 'static
where
    S: Service<R, Error = BoxError, Future: Send> + Clone + Send + Sync + 'static,
    R: Send + 'static,
{
    let connector = Arc::new(connector);
    service_fn(move |target| {
        let (connector, gate) = (S::clone(&connector), gate.clone());
        async move {
            let connected = gate.unless_stopped(connector.oneshot(target)).await;
            connected.unwrap_or_else(|Stopped| Err("the client was stopped".into()))
        }
    })
}

//! What a call tells to `tracing`: one span for the call, one event for each attempt.
//!
//! Names follow OpenTelemetry's conventions for HTTP clients where there is one. Nothing of the URL but host and port is
//! told, since the path names the customer, and nothing of headers or bodies but the id of the call.

use std::time::Duration;

use reqwest::Request;
use tokio::time::Instant;

use crate::delivery::ErrorKind;
use crate::transport::Notes;

#[cfg(feature = "tracing")]
pub(crate) use on::Span;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::Span;

/// Tells of an attempt that was begun at `sent`: `wait` is the time until the next one, if there is one.
#[cfg(feature = "tracing")]
pub(crate) fn attempt(
    operation: &'static str,
    notes: &Notes,
    request: &Request,
    kind: Option<ErrorKind>,
    sent: Instant,
    wait: Option<Duration>,
) {
    use tracing::Level;

    // The arguments of the two levels are the same, and a level is part of the call site.
    macro_rules! tell {
        ($level:expr, $message:literal) => {
            if tracing::enabled!($level) {
                let masked = crate::masking::Sent::of(request);
                tracing::event!(
                    $level,
                    operation,
                    attempt = notes.attempts,
                    http.request.resend_count = notes.attempts - 1,
                    http.request.method = request.method().as_str(),
                    http.response.status_code = notes.status.map(|status| status.as_u16()),
                    elapsed_ms = millis(sent.elapsed()),
                    request_id = notes.request_id().and_then(|id| masked.printable(id)),
                    delivery = kind.map(|kind| kind.delivery().as_str()),
                    error.type = kind.map(ErrorKind::as_str),
                    retry_in_ms = wait.map(millis),
                    $message
                );
            }
        };
    }
    if kind.is_some() {
        tell!(Level::WARN, "attempt failed");
    } else {
        tell!(Level::DEBUG, "attempt answered");
    }
}

/// Tells nothing.
#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt(_: &'static str, _: &Notes, _: &Request, _: Option<ErrorKind>, _: Instant, _: Option<Duration>) {}

#[cfg(feature = "tracing")]
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;
    use std::time::Instant;

    use tracing::Instrument;
    use tracing::field::{Empty, display};

    use crate::Error;

    /// The span of a call.
    #[derive(Clone, Debug)]
    pub(crate) struct Span {
        span: tracing::Span,
        /// Unless nobody listens.
        began: Option<Instant>,
    }

    impl Span {
        pub(crate) fn new(operation: &'static str, base_url: &str) -> Self {
            let span = tracing::info_span!(
                "juspay_accounts",
                otel.name = operation,
                otel.kind = "client",
                otel.status_code = Empty,
                operation,
                server.address = Empty,
                server.port = Empty,
                http.response.status_code = Empty,
                attempts = Empty,
                elapsed_ms = Empty,
                request_id = Empty,
                delivery = Empty,
                error.type = Empty,
            );
            if !span.is_disabled()
                && let Ok(url) = reqwest::Url::parse(base_url)
            {
                span.record("server.address", url.host_str());
                span.record("server.port", url.port_or_known_default());
            }
            let began = (!span.is_disabled()).then(Instant::now);
            Self { span, began }
        }

        /// Runs a future inside the span.
        pub(crate) fn cover<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        pub(crate) fn answered(&self, status: u16, attempts: u32) {
            self.span.record("http.response.status_code", status);
            self.end(attempts);
        }

        pub(crate) fn failed(&self, error: &Error) {
            self.span.record("otel.status_code", "ERROR");
            self.span.record("error.type", error.kind().as_str());
            self.span.record("delivery", error.delivery().as_str());
            self.span.record("http.response.status_code", error.status());
            self.span.record("request_id", error.printable_request_id().map(display));
            self.end(error.attempts());
        }

        fn end(&self, attempts: u32) {
            self.span.record("attempts", attempts);
            self.span.record("elapsed_ms", self.began.map(|began| super::millis(began.elapsed())));
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;

    use crate::Error;

    /// No span.
    #[derive(Clone, Debug)]
    pub(crate) struct Span;

    impl Span {
        pub(crate) fn new(_: &'static str, _: &str) -> Self {
            Self
        }

        #[allow(clippy::unused_self)]
        pub(crate) fn cover<F: Future>(&self, future: F) -> F {
            future
        }

        #[allow(clippy::unused_self)]
        pub(crate) fn answered(&self, _: u16, _: u32) {}

        #[allow(clippy::unused_self)]
        pub(crate) fn failed(&self, _: &Error) {}
    }
}

//! Reports calls: to `tracing` a span for each call and an event for each attempt, and to `metrics` the number of
//! calls, the number of attempts of each, and the duration of each attempt.
//!
//! Names follow OpenTelemetry's conventions for HTTP clients where possible. Only the host and the port of the URL are
//! reported, since the path names the customer. Of headers and bodies, only the id of the call and the names of
//! undocumented fields are reported.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;
use tracing::field::{Empty, display};
use tracing::{Level, Span};

use super::attempt::CallLog;
use crate::error::Error;
use crate::error::kind::ErrorKind;

/// Reports an attempt. `wait` is the time until the next attempt, if there will be one.
pub(crate) fn attempt(
    operation: &'static str,
    base_url: &Url,
    log: &CallLog,
    started: Instant,
    wait: Option<Duration>,
) {
    #[cfg(feature = "metrics")]
    numbers::attempt(operation, base_url, log, started.elapsed());
    #[cfg(not(feature = "metrics"))]
    let _ = base_url;
    let last = &log.last;
    // Both levels need the same arguments, and `tracing` fixes the level at each call site.
    macro_rules! report {
        ($level:expr, $message:literal) => {
            if tracing::enabled!($level) {
                tracing::event!(
                    $level,
                    operation,
                    attempt = log.attempts,
                    http.request.resend_count = log.attempts - 1,
                    http.request.method = log.request.method.as_str(),
                    http.response.status_code = log.status(),
                    elapsed_ms = millis(started.elapsed()),
                    request_id = log.request_id(),
                    delivery = last.kind.map(|kind| kind.delivery().as_str()),
                    error.type = last.kind.map(ErrorKind::as_str),
                    retry_in_ms = wait.map(millis),
                    $message
                );
            }
        };
    }
    if last.kind.is_some() {
        report!(Level::WARN, "attempt failed");
    } else {
        report!(Level::DEBUG, "attempt got a response");
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The maximum number of paths that are reported, because a server could invent any number of names.
const MAX_FIELDS: usize = 100;

/// The undocumented fields that a client and its clones have reported.
#[derive(Debug, Default)]
pub(crate) struct NewFields(Mutex<BTreeSet<String>>);

/// Reports one call, from its start to its end.
pub(crate) struct Call {
    #[cfg(feature = "metrics")]
    operation: &'static str,
    pub(crate) span: Span,
    /// When the call began; `None` if no subscriber listens.
    began: Option<Instant>,
}

impl Call {
    pub(crate) fn new(operation: &'static str, base_url: &Url) -> Self {
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
        span.record("server.address", base_url.host_str());
        span.record("server.port", base_url.port_or_known_default());
        let began = (!span.is_disabled()).then(Instant::now);
        Self {
            #[cfg(feature = "metrics")]
            operation,
            span,
            began,
        }
    }

    /// Reports the path of each undocumented field, once for a client and its clones; never a value, and never a name
    /// that could be one.
    pub(crate) fn new_fields<'a>(
        &self,
        reported: &NewFields,
        log: &CallLog,
        fields: impl Iterator<Item = ([&'static str; 2], &'a String)>,
    ) {
        if self.span.is_disabled() {
            return;
        }
        let _entered = self.span.enter();
        for ([to_account, to_object], name) in fields {
            let path = format!("{to_account}{to_object}{}", log.request.secrets().code(name).unwrap_or("?"));
            let mut reported = reported.0.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.len() < MAX_FIELDS && reported.insert(path.clone()) {
                tracing::info!(field = path, "response has an undocumented field");
            }
        }
    }

    pub(crate) fn succeeded(&self, log: &CallLog) {
        #[cfg(feature = "metrics")]
        numbers::call(self.operation, log.attempts, "success");
        if !self.span.is_disabled() {
            self.end(log.attempts, log.status(), log.request_id());
        }
    }

    pub(crate) fn failed(&self, error: &Error) {
        #[cfg(feature = "metrics")]
        numbers::call(self.operation, error.attempts(), error.delivery().as_str());
        self.span.record("otel.status_code", "ERROR");
        self.span.record("error.type", error.kind().as_str());
        self.span.record("delivery", error.delivery().as_str());
        self.end(error.attempts(), error.status(), error.request_id());
    }

    fn end(&self, attempts: u32, status: Option<u16>, request_id: Option<&str>) {
        self.span.record("http.response.status_code", status);
        self.span.record("request_id", request_id.map(display));
        self.span.record("attempts", attempts);
        self.span.record("elapsed_ms", self.began.map(|began| millis(began.elapsed())));
    }
}

#[cfg(feature = "metrics")]
mod numbers {
    use std::time::Duration;

    use metrics::{Label, counter, histogram};
    use reqwest::Url;

    use crate::transport::attempt::CallLog;

    pub(super) fn attempt(operation: &'static str, base_url: &Url, log: &CallLog, elapsed: Duration) {
        let mut labels = vec![
            Label::new("http.request.method", log.request.method.to_string()),
            Label::new("server.address", base_url.host_str().unwrap_or_default().to_owned()),
            Label::new("server.port", base_url.port_or_known_default().unwrap_or_default().to_string()),
            Label::from_static_parts("juspay.operation", operation),
        ];
        labels.extend(log.status().map(|status| Label::new("http.response.status_code", status.to_string())));
        labels.extend(log.last.kind.map(|kind| Label::from_static_parts("error.type", kind.as_str())));
        histogram!("http.client.request.duration", labels).record(elapsed.as_secs_f64());
    }

    pub(super) fn call(operation: &'static str, attempts: u32, outcome: &'static str) {
        counter!("juspay.client.calls", "juspay.operation" => operation, "juspay.outcome" => outcome).increment(1);
        histogram!("juspay.client.attempts", "juspay.operation" => operation).record(attempts);
    }
}

//! Keeps the events of `tracing` and `log` in memory.

use std::io;
use std::sync::{Arc, Mutex, Once};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The captured lines.
#[derive(Clone, Default)]
pub struct CapturedTraces(Arc<Mutex<Vec<u8>>>);

impl CapturedTraces {
    /// Captures all events of this thread, at every level, until the guard is dropped.
    pub fn listen() -> (Self, DefaultGuard) {
        static LOG: Once = Once::new();
        // Libraries that use `log` are captured too.
        LOG.call_once(|| {
            tracing_log::LogTracer::init().unwrap();
            // With a single subscriber, an event that another thread reaches first would be offered to that thread,
            // which has no subscriber, and would then be silent for all threads. With two live subscribers, both are
            // asked.
            std::mem::forget(tracing::Dispatch::new(tracing_subscriber::registry()));
        });
        let traces = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(traces.clone())
            .json()
            .without_time()
            .finish();
        (traces, tracing::subscriber::set_default(subscriber))
    }

    /// Everything captured so far, one line of JSON for each event.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for CapturedTraces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CapturedTraces {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

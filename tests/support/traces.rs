//! What is told to `tracing` and `log`, kept in memory.

use std::io;
use std::sync::{Arc, Mutex, Once};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The lines that were told.
#[derive(Clone, Default)]
pub struct Told(Arc<Mutex<Vec<u8>>>);

impl Told {
    /// Keeps all that this thread tells from now on, at every level, until the guard is dropped.
    pub fn listen() -> (Self, DefaultGuard) {
        static LOG: Once = Once::new();
        // What libraries tell to `log` is heard as well.
        LOG.call_once(|| {
            tracing_log::LogTracer::init().unwrap();
            // With one subscriber, an event that another thread is first to reach is asked of that thread's subscriber, which
            // is none, and is then silent for all. With two that live, both are asked.
            std::mem::forget(tracing::Dispatch::new(tracing_subscriber::registry()));
        });
        let told = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(told.clone())
            .json()
            .without_time()
            .finish();
        (told, tracing::subscriber::set_default(subscriber))
    }

    /// All that was told so far, one line of JSON for each event.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Told {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

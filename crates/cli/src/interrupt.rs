//! Ctrl-C, and the operating system's request to end.

use std::io;

use crate::exit::Exit;
use crate::failure::Failure;

/// Is told when the program is to end.
///
/// It is made before whatever must not be ended without a word: one that is only polled beside it can be too late.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    #[cfg(windows)]
    signal: tokio::signal::windows::CtrlC,
}

impl Interrupt {
    /// From here on, a signal does not end the program.
    ///
    /// # Errors
    /// The operating system does not allow it. Nothing was sent.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::new()
            .map_err(|error| Failure::caused(Exit::Usage, "the signals that end a program cannot be received", &error))
    }

    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Self> {
        Ok(Self { signal: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for the next.
    pub(crate) async fn wait(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(windows)]
        self.signal.recv().await;
    }
}

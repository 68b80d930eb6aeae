//! Receives the signals that ask the program to end: Ctrl-C, SIGTERM, and SIGHUP when the terminal closes.

use std::io;

use juspay_accounts::Error;

use crate::exit::Exit;
use crate::failure::Failure;

/// Receives the signals that ask the program to end.
///
/// Call [`listen`](Self::listen) before work that a signal must not cut off. Until then, a signal ends the program at
/// once.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    /// `None` if the program was started with the signal ignored, as `nohup` does.
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    signal: tokio::signal::windows::CtrlC,
}

impl Interrupt {
    /// Starts to receive signals. From then on, a signal does not end the program.
    ///
    /// # Errors
    /// The operating system does not allow it. Nothing was sent.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::new().map_err(|error| {
            Failure::caused(Exit::Usage, "the program cannot receive Ctrl-C and other signals", &error)
        })
    }

    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?], hangup })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Self> {
        Ok(Self { signal: tokio::signal::windows::ctrl_c()? })
    }

    pub(crate) async fn wait(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            let hangup = async {
                match &mut self.hangup {
                    Some(hangup) => drop(hangup.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                () = hangup => {}
            }
        }
        #[cfg(windows)]
        self.signal.recv().await;
    }
}

/// Waits for a call. If the user interrupts it, returns the failure `interrupted`.
pub(crate) async fn unless_interrupted<T>(
    call: impl Future<Output = Result<T, Error>>,
    unmasked: bool,
    interrupted: fn() -> Failure,
) -> Result<T, Failure> {
    let mut interrupt = Interrupt::listen()?;
    tokio::select! {
        response = call => response.map_err(|error| Failure::call(&error, unmasked)),
        () = interrupt.wait() => Err(interrupted()),
    }
}

/// Whether SIGHUP (signal 1) is ignored. Only Linux reports this in a file; on other systems, returns `false`.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Makes a write beyond the file size limit (`ulimit -f`) fail, as on a full disk. By default, the signal SIGXFSZ ends
/// the program.
#[cfg(unix)]
pub(crate) fn survive_full_files() {
    use tokio::signal::unix::{SignalKind, signal};
    // SIGXFSZ is 25 on Linux, macOS and BSD. Where its number differs, it still ends the program.
    let _ = signal(SignalKind::from_raw(25));
}

#[cfg(not(unix))]
pub(crate) fn survive_full_files() {}

//! Programs that are timed as a whole: from their start to their end, and with the most memory that they had.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// From start to end.
    pub time: Duration,
    /// The most memory that was resident, in bytes.
    pub memory: u64,
}

/// Runs a command to its end.
///
/// # Panics
/// It cannot be run, or fails.
pub fn run(command: &mut Command) -> Took {
    let began = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let ended = child.and_then(wait4::Wait4::wait4).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let time = began.elapsed();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    Took { time, memory: ended.rusage.maxrss }
}

/// This program.
///
/// # Panics
/// The system does not know where it is.
pub fn this() -> PathBuf {
    std::env::current_exe().expect("the place of this program")
}

/// The program `juspay-accounts`, which is built before this one is run.
///
/// # Panics
/// It is not there.
pub fn program() -> PathBuf {
    let program = this().with_file_name("juspay-accounts").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is missing: run `cargo xtask bench`, which builds it", program.display());
    program
}

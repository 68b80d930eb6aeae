//! Runs and measures whole programs: the time from start to end, and the peak memory.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The time and memory of a process.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// From start to end.
    pub time: Duration,
    /// The peak resident memory, in bytes.
    pub memory: u64,
}

/// Runs a command to its end.
///
/// # Panics
/// The command cannot be run, or fails.
pub fn run(command: &mut Command) -> Took {
    let began = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let ended = child.and_then(wait4::Wait4::wait4).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let time = began.elapsed();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    Took { time, memory: ended.rusage.maxrss }
}

/// The path of this program.
///
/// # Panics
/// The system does not know the path.
pub fn this() -> PathBuf {
    std::env::current_exe().expect("the place of this program")
}

/// The path of the program `juspay-accounts`, which is built before this one runs.
///
/// # Panics
/// The program does not exist.
pub fn program() -> PathBuf {
    let program = this().with_file_name("juspay-accounts").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is missing: run `cargo xtask bench`, which builds it", program.display());
    program
}

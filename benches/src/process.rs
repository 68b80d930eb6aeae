//! Runs and measures whole programs: the time from start to end, and the peak memory.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// From start to end.
    pub(crate) time: Duration,
    /// The peak resident memory, in bytes.
    pub(crate) memory: u64,
}

/// Runs a command to its end, and measures it. Panics if the command fails.
pub(crate) fn run(command: &mut Command) -> Took {
    let began = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let ended = child.and_then(wait4::Wait4::wait4).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let time = began.elapsed();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    Took { time, memory: ended.rusage.maxrss }
}

/// The path of this program.
pub(crate) fn this() -> PathBuf {
    std::env::current_exe().expect("the place of this program")
}

/// The path of the program `juspay-accounts`, which is built before this one runs.
pub(crate) fn program() -> PathBuf {
    let program = this().with_file_name("juspay-accounts").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is missing: run `cargo xtask bench`, which builds it", program.display());
    program
}

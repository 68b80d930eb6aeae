//! Runs asynchronous commands. If file descriptors or threads run out, tokio panics or hangs, so this module first
//! checks that there are enough, and returns an error if not.

use std::io;
use std::sync::mpsc::channel;
use std::thread;

use crate::exit::Exit;
use crate::failure::Failure;

/// The number of file descriptors that a command needs in addition to its connections.
const DESCRIPTORS: usize = 32;

/// The number of threads that a command needs in addition to its workers: for the log, files, host names and a slow
/// terminal.
const THREADS: usize = 5;

/// Runs a command that makes at most `calls` calls at once. One worker thread makes thousands of calls per second, and
/// with more threads the command would be slower.
///
/// # Errors
/// The command failed; or there are not enough file descriptors or threads, in which case nothing was sent.
pub(crate) fn block_on(
    command: impl Future<Output = Result<Exit, Failure>> + Send + 'static,
    calls: usize,
) -> Result<Exit, Failure> {
    run(command, calls, 1)
}

/// Runs a server with one worker thread for each processor.
///
/// # Errors
/// The errors of [`block_on`].
pub(crate) fn serve(command: impl Future<Output = Result<Exit, Failure>> + Send + 'static) -> Result<Exit, Failure> {
    run(command, 1, thread::available_parallelism().map_or(1, usize::from))
}

fn run(
    command: impl Future<Output = Result<Exit, Failure>> + Send + 'static,
    calls: usize,
    workers: usize,
) -> Result<Exit, Failure> {
    let descriptors = DESCRIPTORS + 2 * calls;
    let threads = THREADS + workers;
    let short = |what: String, error: &io::Error| {
        Failure::caused(
            Exit::Usage,
            format!("the program needs {what}, which the system does not allow; nothing was sent"),
            error,
        )
        .next("raise the limits of the shell (`ulimit -a` shows them), or close other programs")
    };
    have_descriptors(descriptors).map_err(|error| short(format!("{descriptors} open files (ulimit -n)"), &error))?;
    have_threads(threads).map_err(|error| short(format!("{threads} threads (ulimit -u)"), &error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let runtime = runtime.map_err(|error| short("an event loop".to_owned(), &error))?;
    // On a worker, the command shares a thread with its calls, so that no call has to wake another thread.
    let result = runtime.block_on(runtime.spawn(command));
    let result = result.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => Err(Failure::caused(Exit::Unknown, "the command was cancelled before it finished", &error)),
    });
    // The program does not wait for tasks that still wait for a disk.
    runtime.shutdown_background();
    result
}

#[cfg(unix)]
fn have_descriptors(number: usize) -> io::Result<()> {
    let open = (0..number).map(|_| std::fs::File::open("/dev/null"));
    open.collect::<io::Result<Vec<_>>>().map(drop)
}

/// Only Unix has a low limit for the number of open files.
#[cfg(not(unix))]
fn have_descriptors(_: usize) -> io::Result<()> {
    Ok(())
}

fn have_threads(number: usize) -> io::Result<()> {
    let mut held = Vec::new();
    let spawned = (0..number).try_for_each(|_| {
        let (release, wait) = channel::<()>();
        let thread = thread::Builder::new().spawn(move || wait.recv().is_ok())?;
        held.push((release, thread));
        Ok(())
    });
    for (release, thread) in held {
        drop(release);
        // The thread only waits, so it cannot panic.
        let _ = thread.join();
    }
    spawned
}

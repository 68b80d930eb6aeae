//! Why a log cannot be used, and what to do then.

use std::io;
use std::path::Path;

use crate::exit::Exit;
use crate::failure::Failure;

/// Why a log cannot be used.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Io(io::Error),
    /// The file is empty. This program never leaves an empty log.
    Empty,
    /// The file is not a log.
    Unknown,
    /// The file is a log of another version.
    Version,
    /// According to its checksum or its content, the line with this number cannot follow the lines before it.
    Damaged(u64),
}

impl Unreadable {
    /// Turns the error into a failure that explains what to do. `exit` is the exit code; [`Exit::Usage`] means that
    /// nothing was sent.
    pub(crate) fn into_failure(self, path: &Path, exit: Exit) -> Failure {
        let path = path.display();
        let (message, next) = match self {
            Self::Io(error) if exit == Exit::Usage => {
                let message = format!("{path} cannot be read; nothing was sent");
                return Failure::caused(exit, message, &error)
                    .next("make the file readable, and run the same command again");
            }
            Self::Io(error) => {
                let message = format!("{path} cannot be read again, so no results were written");
                let next = "make the file readable, and run the same command with --resume: it pays nobody twice";
                return Failure::caused(exit, message, &error).next(next);
            }
            Self::Empty => (format!("{path} is empty; it should contain the log of a run"), RESTORE),
            Self::Unknown | Self::Version => {
                (format!("{path} is not a log that this version of the program can read"), OTHER)
            }
            Self::Damaged(line) => {
                (format!("{path} is damaged: line {line} was changed, or lines are missing before it"), RESTORE)
            }
        };
        Failure::new(exit, message).next(next)
    }
}

pub(super) const RESTORE: &str = "before anything is sent again, restore the log from a backup made after the last run. (Without the log, a new run pays for every payee again.)";
pub(super) const PUT_BACK: &str = "put the log back: find where it was moved, or use a backup made after the last run. (Without it, a new run pays for every payee again.)";
const OTHER: &str = "resume with the version of the program that created the log, or correct the file name. (A new run pays for every payee again.)";

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

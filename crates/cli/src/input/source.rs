//! A file that is read several times and must not change.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use crate::exit::Exit;
use crate::failure::{Failure, Problem};

#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    state: State,
}

/// Properties that change when somebody writes to the file: its length, and when it was modified.
type State = (u64, Option<SystemTime>);

fn state(file: &File) -> io::Result<State> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok()))
}

impl Source {
    /// Opens a file, or standard input for `-`. Input that cannot be read twice, such as a pipe, is first copied to an
    /// unnamed file that disappears when the program ends.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Self::copy(io::stdin().lock());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if metadata.is_file() { Self::of(file) } else { Self::copy(file) }
    }

    /// Copies the input to an unnamed file.
    pub(crate) fn copy(mut from: impl Read) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut from, &mut file)?;
        Self::of(file)
    }

    pub(crate) fn of(file: File) -> io::Result<Self> {
        Ok(Self { state: state(&file)?, file })
    }

    pub(crate) fn length(&self) -> u64 {
        self.state.0
    }

    /// Returns a reader that starts at the beginning of the file.
    pub(crate) fn read(&self) -> io::Result<Steady<'_>> {
        (&self.file).rewind()?;
        Ok(Steady { file: &self.file, state: self.state })
    }
}

/// Reads a file, and fails if somebody writes to it. Half a row, read while an editor saves the file, can be a valid
/// row with half an account number.
#[derive(Debug)]
pub(crate) struct Steady<'a> {
    file: &'a File,
    state: State,
}

impl Read for Steady<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if state(self.file)? != self.state {
            return Err(io::Error::other("the file changed while it was being read"));
        }
        Ok(read)
    }
}

impl Seek for Steady<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Why an input cannot be read to its end.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Io(io::Error),
    /// Something is wrong with the whole file, or it is unclear where the next row starts.
    Problems(Vec<Problem>),
    /// The file is of the wrong kind, damaged or locked, or has no payees: what is wrong, and what to do.
    Refused {
        what: String,
        next: String,
    },
    /// The file changed between two reads, or while it was being read.
    Changed,
}

impl Unreadable {
    /// Makes the error for a row after which no more rows can be read.
    pub(crate) fn at(row: u32, problem: &(impl ToString + ?Sized)) -> Self {
        Self::Problems(vec![Problem::new(format!("row {row}"), problem)])
    }

    pub(crate) fn refused(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Refused { what: what.into(), next: next.into() }
    }

    /// Converts the error to a failure, which says that nothing was sent.
    pub(crate) fn into_failure(self, name: &str, exit: Exit) -> Failure {
        let cannot =
            |error: &io::Error| Failure::caused(Exit::Usage, format!("{name} cannot be read; nothing was sent"), error);
        match self {
            Self::Io(error) => cannot(&error),
            Self::Changed => cannot(&io::Error::other("the file changed while it was being read")),
            Self::Refused { what, next } => Failure::new(exit, format!("{name}: {what}; nothing was sent")).next(next),
            Self::Problems(problems) => {
                let found = crate::text::count(problems.len(), "problem", "problems");
                Failure::new(exit, format!("{found} in {name}; nothing was sent")).problems(problems)
            }
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

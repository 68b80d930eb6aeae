use std::fmt;
use std::path::{Path, PathBuf};

use crate::Pointer;

/// The place of a problem in its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line and a column, both starting at 1, for text that could not be parsed.
    Text(usize, usize),
    /// A value of the document.
    Value(Pointer),
}

/// One problem, and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The place of the problem.
    pub place: Place,
    /// What is wrong, and what is expected instead.
    pub message: String,
}

impl Problem {
    /// Creates a problem with a value of the document.
    pub fn at(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self { place: Place::Value(pointer.clone()), message: message.into() }
    }

    /// Creates a problem with the file as a whole.
    pub fn file(message: impl Into<String>) -> Self {
        Self { place: Place::File, message: message.into() }
    }
}

/// All problems of one file. `Display` prints one line per problem, each beginning with `error: `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    file: PathBuf,
    list: Vec<Problem>,
}

impl Problems {
    /// Collects the problems of `file`, ordered by place, without duplicates.
    pub fn new(file: &Path, mut list: Vec<Problem>) -> Self {
        list.sort();
        list.dedup();
        Self { file: file.to_owned(), list }
    }

    /// Returns an error with all problems of `file`, or `Ok` if there are none.
    pub fn check(file: &Path, list: Vec<Problem>) -> Result<(), Self> {
        if list.is_empty() { Ok(()) } else { Err(Self::new(file, list)) }
    }

    /// Returns the problems, ordered by place.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        for (index, Problem { place, message }) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            match place {
                Place::File => write!(f, "error: {file}: {message}")?,
                Place::Text(line, column) => write!(f, "error: {file}:{line}:{column}: {message}")?,
                Place::Value(pointer) => write!(f, "error: {file}: at {pointer}: {message}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

//! What is wrong with an input file, said so that a person finds the place: the file, a JSON pointer into it (or line
//! and column where there is no structure yet), and what is accepted instead.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a document, written as a JSON pointer (RFC 6901). The root is the empty pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer one step further down.
    #[must_use]
    pub fn join(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The pointer a few steps further down; each step is one key, taken as it is.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |pointer, key| pointer.join(key))
    }

    /// Takes a pointer that is already written.
    pub fn from_written(pointer: impl Into<String>) -> Self {
        Self(pointer.into())
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it points into what `other` points at.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The keys from the root down, unescaped.
    pub fn keys(&self) -> Vec<String> {
        self.0.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect()
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

/// Where in its file a problem is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line and a column, both from 1.
    Text {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A value of the document.
    Value(Pointer),
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What it is, and what is accepted.
    pub message: String,
}

impl Problem {
    /// A problem with a value of the document.
    pub fn at(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self { place: Place::Value(pointer.clone()), message: message.into() }
    }

    /// A problem with the file as a whole.
    pub fn file(message: impl Into<String>) -> Self {
        Self { place: Place::File, message: message.into() }
    }
}

/// Everything that is wrong with one file. Printed as one line for each problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    file: PathBuf,
    list: Vec<Problem>,
}

impl Problems {
    /// The problems of `file`, ordered by place.
    pub fn new(file: &Path, mut list: Vec<Problem>) -> Self {
        list.sort();
        list.dedup();
        Self { file: file.to_owned(), list }
    }

    /// The problems in order.
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
                Place::Text { line, column } => write!(f, "error: {file}:{line}:{column}: {message}")?,
                Place::Value(pointer) => write!(f, "error: {file}: at {pointer}: {message}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

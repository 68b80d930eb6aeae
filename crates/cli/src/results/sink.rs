//! The outputs of the results: one file in one format each.

use std::fs::File;
use std::io;
use std::path::Path;

use super::csv::Csv;
use super::ndjson::Ndjson;
use super::row::{ResultRow, added};
use super::xlsx::Xlsx;

/// Receives the rows of an input in order: the rows above the header, the header, then the rest.
pub(crate) trait Sink {
    /// Writes the names of the columns.
    fn header(&mut self, cells: &[&str]) -> io::Result<()>;

    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()>;

    /// Writes whatever is still buffered.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// The columns of the input, and the added columns.
    All,
    /// The columns of the input.
    Own,
}

impl Columns {
    pub(super) fn added(self, own: &[&str]) -> Vec<String> {
        if self == Self::All { added(own).into() } else { Vec::new() }
    }
}

/// The format of a file of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
    /// One JSON object for each row, masked.
    Ndjson,
}

impl Format {
    /// Picks the format by the file extension.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        match &*end {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }

    /// A sink that writes to an empty file. `directory` is for temporary files.
    pub(crate) fn sink(self, file: File, columns: Columns, directory: &Path) -> io::Result<Box<dyn Sink>> {
        Ok(match self {
            Self::Csv => Box::new(Csv::new(file, columns)?),
            Self::Xlsx => Box::new(Xlsx::new(file, columns, directory)?),
            Self::Ndjson => Box::new(Ndjson::new(file)),
        })
    }
}

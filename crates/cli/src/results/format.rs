//! The formats of the results.

use std::fs::File;
use std::io;
use std::path::Path;

use super::csv::Csv;
use super::ndjson::Ndjson;
use super::sink::{Columns, Sink};
use super::xlsx::Xlsx;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
    /// One JSON object for each payee, masked.
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

    /// Creates a sink that writes to an empty file. `delimiter` is the delimiter of the input, if the input is a text
    /// file. Temporary files are in `directory`.
    pub(crate) fn sink(
        self,
        file: File,
        columns: Columns,
        delimiter: Option<char>,
        directory: &Path,
    ) -> io::Result<Box<dyn Sink>> {
        Ok(match self {
            Self::Csv => Box::new(Csv::new(file, columns, delimiter)?),
            Self::Xlsx => Box::new(Xlsx::new(file, columns, directory)?),
            Self::Ndjson => Box::new(Ndjson::new(file)),
        })
    }
}

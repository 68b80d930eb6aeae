//! From a path to an input whose header is known.

use std::path::Path;

use super::layout::Layout;
use super::profile::Profile;
use super::records::Records;
use super::rows::Rows;
use super::source::{Source, Unreadable};
use crate::exit::Exit;
use crate::failure::Failure;

/// An open input.
#[derive(Debug)]
pub(crate) struct Input {
    /// For people.
    pub(crate) name: String,
    pub(crate) layout: Layout,
    /// The rows above the header, with their cells.
    pub(crate) above: Vec<Vec<String>>,
    /// How it is read. Contains what was detected, too.
    pub(crate) profile: Profile,
    /// The row of the header.
    pub(crate) header_row: u32,
    source: Source,
    delimiter: u8,
}

impl Input {
    /// Opens a file, or standard input for `-`, and finds its header.
    ///
    /// # Errors
    /// It cannot be opened, or is not a table of payees. `exit` is for what is wrong with its content.
    pub(crate) fn open(path: &Path, profile: &Profile, exit: Exit) -> Result<Self, Failure> {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let source = Source::open(path).map_err(Unreadable::Io);
        source
            .and_then(|source| Self::of(name.clone(), source, profile))
            .map_err(|error| error.into_failure(&name, exit))
    }

    pub(super) fn of(name: String, source: Source, profile: &Profile) -> Result<Self, Unreadable> {
        let delimiter = b',';
        let mut records = Records::new(source.read()?, delimiter);
        if records.advance()?.is_none() {
            return Err(Unreadable::refused("the file is empty", "a header and rows are expected"));
        }
        let header_row = records.number;
        let names: Vec<_> = records.record().iter().collect();
        let layout =
            Layout::read(&names, profile).map_err(|problems| Unreadable::at(header_row, &problems.join("; ")))?;
        drop(records);
        Ok(Self { name, layout, above: Vec::new(), profile: profile.clone(), header_row, source, delimiter })
    }

    /// An input with this text.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn from_bytes(bytes: &[u8], profile: &Profile) -> Result<Self, Unreadable> {
        Self::of("in.csv".to_owned(), Source::copy(bytes)?, profile)
    }

    /// How many bytes were read of how many.
    pub(crate) fn progress(&self) -> (u64, u64) {
        (self.source.position(), self.source.length())
    }

    /// The rows below the header, from the first.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Unreadable> {
        let mut records = Records::new(self.source.read()?, self.delimiter);
        while records.number < self.header_row {
            if records.advance()?.is_none() {
                return Err(Unreadable::Changed);
            }
        }
        Ok(Rows::new(&self.layout, records))
    }
}

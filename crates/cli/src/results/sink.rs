//! An output of the results, such as a file in one format.

use std::io;

use super::row::{ResultRow, added};

/// Receives the rows of an input in order: the rows above the header, the header, then the rest.
pub(crate) trait Sink {
    fn header(&mut self, cells: &[&str]) -> io::Result<()>;

    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()>;

    /// Writes whatever is still buffered.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// The columns of the input, and the columns that the program adds.
    All,
    /// Only the columns of the input.
    Own,
}

impl Columns {
    pub(super) fn added(self, own: &[&str]) -> Vec<String> {
        if self == Self::All { added(own).into() } else { Vec::new() }
    }
}

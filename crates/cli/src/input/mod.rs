//! Reads a file of payees as rows of values.
//!
//! ```text
//! source (the file, unchanged while it is read) ─▶ records (cells by row) ─▶ layout (cells by value) ─▶ rows
//! ```
//!
//! An input is opened once and read several times: by the check, by the run and by the results. Each pass starts at the
//! first row and yields the same rows.

mod args;
mod assign;
mod columns;
mod find;
mod headers;
mod hidden;
mod layout;
mod open;
mod profile;
mod records;
mod rows;
mod sniff;
mod source;
mod text;
mod workbook;

pub(crate) use args::ReadingArgs;
pub(crate) use columns::Column;
pub(crate) use layout::{Layout, Origin};
pub(crate) use open::{Input, has_header};
pub(crate) use profile::Profile;
pub(crate) use rows::{Misshapen, Row, RowKind, Rows, Stored, Values};
pub(crate) use source::Unreadable;

#[cfg(test)]
mod tests;

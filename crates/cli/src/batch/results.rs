//! The results: a view of the log, beside the rows of the input. They are made anew at the end of each run.
//!
//! `view` reads the rows and the log, `row` is a row of the results, `sink` a file in one format (`csv`, `xlsx`, `ndjson`), `cell` what
//! may be in a cell, `file` how a file is replaced, and `command` is `juspay-accounts results`.

mod cell;
mod command;
mod csv;
mod file;
mod ndjson;
mod publish;
mod row;
mod sink;
mod view;
mod xlsx;

pub(crate) use command::command;
pub(crate) use file::{Draft, is_own};
pub(crate) use publish::{Files, publish};
pub(crate) use row::ResultRow;
pub(crate) use sink::{Columns, Format};

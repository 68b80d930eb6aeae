//! The results: a view of the log, beside the rows of the input. They are made anew at the end of each run.
//!
//! `view` reads the rows and the log, `row` is a row of the results, `sink` a file in one format (`csv`, `xlsx`, `ndjson`), `cell` what
//! may be in a cell, `file` how a file is replaced, `overview` what all rows add up to, and `command` is `juspay-accounts results`.

mod cell;
mod command;
mod csv;
mod file;
mod ndjson;
mod overview;
mod publish;
mod row;
mod sink;
mod view;
mod xlsx;

pub(crate) use command::command;
pub(crate) use file::{Draft, is_own};
#[cfg(test)]
pub(crate) use overview::LISTED;
pub(crate) use overview::{AtBank, Cost, Item, List, Overview};
pub(crate) use publish::{Files, Published, publish};
pub(crate) use row::ResultRow;
#[cfg(test)]
pub(crate) use row::RowResult;
pub(crate) use sink::{Columns, Format};

//! The results: a view of the log next to the rows of the input, written again at the end of each run.
//!
//! `view` combines the rows with the log, `row` is a row of the results, `sink` is a file in one format (`csv`, `xlsx`,
//! `ndjson`), `cell` defines what a cell may contain, `file` replaces files, `overview` sums up all rows, and `page` is
//! the report for an approver.

mod cell;
mod csv;
mod file;
mod ndjson;
mod overview;
pub(crate) mod page;
mod publish;
mod row;
mod sink;
mod view;
mod xlsx;

pub(crate) use file::{Draft, is_own};
#[cfg(test)]
pub(crate) use overview::LISTED;
pub(crate) use overview::{AtBank, Cost, Item, List, Overview};
pub(crate) use publish::{Files, Published, publish};
pub(crate) use row::ResultRow;
#[cfg(test)]
pub(crate) use row::RowResult;
pub(crate) use sink::{Columns, Format};

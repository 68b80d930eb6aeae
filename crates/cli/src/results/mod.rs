//! The results of a batch: the rows of the input with the outcomes from the log. Each run writes them again at its end.
//!
//! `view` combines the rows with the log, `row` is a row of the results, `format` opens an output
//! (`csv`, `xlsx`, `ndjson`), `cell` defines what a cell may contain, `file` replaces files, `overview` sums up all
//! rows, `page` is the report for an approver, and `publish` writes the results, the file of `--rest` and the report.

mod cell;
mod csv;
mod file;
mod format;
mod ndjson;
mod overview;
mod page;
mod publish;
mod row;
mod view;
mod xlsx;

pub(crate) use file::{Draft, is_own, is_same, unreadable};
pub(crate) use format::Format;
pub(crate) use overview::{Cost, Item, Overview};
pub(crate) use page::BY_URGENCY;
pub(crate) use publish::{Files, Published, publish};
pub(crate) use row::ResultRow;

//! The facts of the vendor's pages, and how the spec compares with them.
//!
//! - [`ingest`] reads a page, [`page`] is what it finds, and [`store`] the file that keeps it.
//! - [`tree`] is the only enumeration of the facts; a [`FactPath`] names one.
//! - [`changes`] compares a page with its facts of before.
//! - [`report`] compares the spec with the facts: [`comparison`] fact by fact, `deviations` where the spec departs from
//!   them and why, `undocumented` what no page has, [`contradictions`] where a page disagrees with itself. [`coverage`] lists the result.
//! - [`examples`] writes the samples of the pages into the spec.

pub mod changes;
mod claims;
pub mod comparison;
pub mod contradictions;
pub mod coverage;
mod deviations;
pub mod examples;
pub mod ingest;
pub mod page;
mod pairs;
mod path;
pub mod report;
pub mod store;
mod table;
pub mod tree;
mod undocumented;

pub use page::Page;
pub use path::FactPath;

//! Reads the facts of the vendor's pages, and compares the spec with them.
//!
//! - [`ingest`] reads a page, [`page`] has the types of the result, and [`store`] converts it to and from YAML.
//! - [`tree`] is the only enumeration of the facts. A [`FactPath`] names a fact.
//! - [`changes`] compares a page with its stored facts.
//! - [`report`] compares the spec with the facts: [`comparison`] compares each fact, `deviations` reads which facts the
//!   spec departs from on purpose, `claims` checks what a deviation says about the spec, `undocumented` finds what no
//!   page documents, and [`contradictions`] finds where a page contradicts itself. [`coverage`] lists the result.
//! - [`examples`] writes the samples of the pages into the spec, and [`code_samples`] a `curl` command for each
//!   request.

pub mod changes;
mod claims;
pub mod code_samples;
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
pub mod table;
pub mod tree;
mod undocumented;

pub use page::Page;
pub use path::FactPath;

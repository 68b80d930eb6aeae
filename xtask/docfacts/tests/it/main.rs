//! Tests pages, their facts, and the comparison of the spec with them.
#![allow(clippy::panic, clippy::unwrap_used)]

mod edits;
mod examples;
mod fuel;
mod ingest;
mod report;

//! Pages, their facts, and the spec compared with them.
#![allow(clippy::unwrap_used)]

mod changes;
mod contradictions;
mod examples;
mod fuel;
mod ingest;
mod report;

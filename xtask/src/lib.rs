//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! A fact comes in by `ingest` (the vendor's page becomes `facts`), `changes` tells what has changed since, and `lint`
//! holds the spec against it; `coverage` shows which test witnesses it. From the spec to code the way is `document`
//! (read) → `lint` (can it be generated?) → `lower` (change what the generator cannot take) → `generate` (progenitor) →
//! `emit` (mend, format, head) → `regen` (write or compare). Beside them `directory` makes the list of bank branches,
//! `bench` builds and runs the benchmarks, and `release` checks what a release needs.

pub mod arguments;
pub mod bench;
pub mod changes;
pub mod coverage;
pub mod directory;
pub mod document;
pub mod emit;
pub mod facts;
pub mod generate;
pub mod ingest;
pub mod lint;
pub mod lower;
pub mod problem;
pub mod regen;
pub mod release;
mod table;
pub mod types;

//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! A fact comes in by `ingest` (the vendor's page becomes `facts`), `changes` tells what has changed since, and `lint`
//! holds the spec against it; `coverage` shows which test witnesses it. From the spec to code the way is `specgen`, which
//! `regen` runs with the project's table of hand-written types (`types`). Beside them `directory` makes the list of bank
//! branches, `bench` builds and runs the benchmarks, and `release` checks what a release needs.

pub mod arguments;
pub mod bench;
pub mod changes;
pub mod coverage;
pub mod directory;
pub mod facts;
pub mod ingest;
pub mod lint;
pub mod regen;
pub mod release;
mod table;
pub mod types;

// Their former places in this crate, until what uses them has moved out as well.
pub use openapi_doc as document;
pub use openapi_doc as problem;

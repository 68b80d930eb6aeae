//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! `package`, `public_api`, `semver` and `toolchains` are for releases; they run cargo and its tools, and stand apart.
//!
//! A fact comes in by `ingest` (the vendor's page becomes `facts`), `changes` tells what has changed since, and `lint`
//! holds the spec against it; `coverage` shows which test witnesses it. From the spec to code the way is `specgen`, which
//! `regen` runs with the project's table of hand-written types (`types`). Beside them `directory` makes the list of bank
//! branches, and `bench` builds and runs the benchmarks.

pub mod arguments;
pub mod bench;
pub mod cargo;
pub mod changes;
pub mod coverage;
pub mod directory;
pub mod facts;
pub mod ingest;
pub mod lint;
pub mod package;
pub mod public_api;
pub mod regen;
pub mod semver;
mod table;
pub mod toolchains;
pub mod types;

// Their former places in this crate, until what uses them has moved out as well.
pub use openapi_doc as document;
pub use openapi_doc as problem;

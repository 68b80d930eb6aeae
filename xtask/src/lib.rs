//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! - [`facts`]: `ingest` reads the vendor's pages and `lint` checks the spec with them, by `docfacts`.
//! - [`project`]: the project's spec and its pages, checked together.
//! - [`regen`]: generates code by `specgen`, with the table of hand-written types in [`types`].
//! - [`mod@outside`] tries the spec with other people's tools.
//! - [`mod@probe`] calls a server, and compares it with the spec.
//! - [`mod@bench`] builds and runs the benchmarks, and [`release`] checks what a release needs.

pub mod arguments;
pub mod bench;
pub mod facts;
pub mod outside;
pub mod probe;
pub mod project;
pub mod regen;
pub mod release;
pub mod types;

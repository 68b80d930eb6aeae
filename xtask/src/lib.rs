//! The maintainer's tasks, which keep the facts, the spec and the generated code consistent.
//!
//! - [`facts`] reads the vendor's pages (`ingest`) and checks the spec against them (`lint`), both with `docfacts`.
//! - [`project`] checks the project's spec and its pages together.
//! - [`regen`] generates code with `specgen`; [`types`] lists the hand-written types.
//! - [`mod@probe`] calls a server, and compares its responses with the spec.
//! - [`programs`] runs the benchmarks, and other people's tools on the spec.
//! - [`release`] checks that everything is ready for a release.

pub mod arguments;
pub mod facts;
pub mod probe;
pub mod programs;
pub mod project;
pub mod regen;
pub mod release;
pub mod types;

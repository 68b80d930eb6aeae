//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! `package`, `public_api`, `semver` and `toolchains` are for releases; they run cargo and its tools, and stand apart.
//!
//! `facts` reads the vendor's pages and checks the spec (by `docfacts`), and `project` is the spec with its pages. From the
//! spec to code the way is `lint` (can it be generated?) → `lower` (change what the generator cannot take) → `generate`
//! (progenitor) → `emit` (mend, format, head) → `regen` (write or compare). `bench` builds and runs the benchmarks.

pub mod arguments;
pub mod bench;
pub mod cargo;
pub mod emit;
pub mod facts;
pub mod generate;
pub mod lint;
pub mod lower;
pub mod package;
pub mod project;
pub mod public_api;
pub mod regen;
pub mod semver;
pub mod toolchains;
pub mod types;

// Their former places in this crate, until what uses them has moved out as well.
pub use openapi_doc as document;
pub use openapi_doc as problem;

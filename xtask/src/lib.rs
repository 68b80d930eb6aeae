//! The maintainer's tasks: what keeps the facts, the spec and the generated code in step.
//!
//! `package`, `public_api`, `semver` and `toolchains` are for releases; they run cargo and its tools, and stand apart.
//!
//! `facts` reads the vendor's pages and checks the spec (by `docfacts`), and `project` is the spec with its pages. `regen`
//! generates code from the spec (by `specgen`), with the project's table of hand-written types (`types`). `bench` builds
//! and runs the benchmarks.

pub mod arguments;
pub mod bench;
pub mod cargo;
pub mod facts;
pub mod package;
pub mod project;
pub mod public_api;
pub mod regen;
pub mod semver;
pub mod toolchains;
pub mod types;

//! What the contract tests share: the documented facts, the spec, and a server that keeps the bytes of each request.

use std::path::PathBuf;

pub mod behaviours;
pub mod commands;
pub mod documented;
pub mod faults;
pub mod fuzzed;
pub mod json;
pub mod markdown;
pub mod operation;
pub mod proxy;
pub mod schema;
pub mod spec;
pub mod texts;
pub mod traces;
pub mod values;
pub mod wire;

/// The root directory of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are inside the workspace").to_owned()
}

/// Compiles the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Compiles the code of the developers' guide.
#[cfg(doctest)]
#[doc = include_str!("../../docs/developers.md")]
struct Developers;

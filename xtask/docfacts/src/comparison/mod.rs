//! How the spec compares with each documented fact: where it says it, and whether it says the same.
//!
//! The walk goes over the tree of facts and asks the spec for each node, so every fact has a verdict.

mod fields;
mod operation;
mod samples;
mod walk;

pub use operation::compare;
pub use walk::{Comparison, Verdict};

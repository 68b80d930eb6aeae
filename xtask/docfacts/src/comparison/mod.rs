//! Compares the spec with each documented fact: where the spec has it, and whether they are the same.
//!
//! The walk visits the tree of facts and finds each node in the spec, so every fact has a verdict.

mod fields;
mod operation;
mod samples;
mod walk;

pub use operation::compare;
pub use walk::{Comparison, Verdict};

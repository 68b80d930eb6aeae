//! The maintainer's tasks: what keeps the generated code in step with the spec.
//!
//! The way is `document` (read) → `lint` (can it be generated?) → `lower` (change what the generator cannot take) →
//! `generate` (progenitor) → `emit` (mend, format, head) → `regen` (write or compare).

pub mod document;
pub mod emit;
pub mod generate;
pub mod lint;
pub mod lower;
pub mod problem;
pub mod regen;
pub mod types;

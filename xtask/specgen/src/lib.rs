//! Generates a Rust client, and a mock for its users' tests, from any OpenAPI 3.0 spec.
//!
//! The generator is progenitor. It panics on some specs, and generates code that fails for others. So this crate
//! changes the spec before it reaches progenitor, and completes the output:
//!
//! spec → [`lint`] (can code be generated from it?) → `lower` (changes what the generator cannot handle) → `generate`
//! (runs progenitor) → `emit` (adds what it cannot emit, and formats) → [`regen`] (writes or compares the files).
//!
//! Nothing in this crate is specific to an API. A project passes its own types in the [`Settings`].

mod direction;
mod emit;
mod generate;
mod kind;
pub mod lint;
mod lower;
mod names;
pub mod regen;
mod settings;

pub use settings::{Replacement, Settings, Target};

#[cfg(test)]
mod tests;

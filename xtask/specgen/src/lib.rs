//! Generates a Rust client, and a mock for its users' tests, from any OpenAPI 3.0 spec.
//!
//! The generator is progenitor. It panics on some specs, and generates code that fails for others, so it gets a spec that
//! it can take, and its output is completed:
//!
//! spec → [`lint`] (can it be generated?) → [`lower`] (change what the generator cannot take) → [`generate`] (progenitor)
//! → [`emit`] (add what it cannot emit, format) → [`regen`] (write the files, or compare them).
//!
//! Nothing in this crate knows a particular API. What a project adds is in its [`Settings`].

mod direction;
pub mod emit;
pub mod generate;
mod kind;
pub mod lint;
pub mod lower;
mod names;
pub mod regen;
mod settings;

pub use names::type_name;
pub use settings::{MODULE, Replacement, Settings, Target};

#[cfg(test)]
mod tests;

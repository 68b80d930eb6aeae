//! Runs the program as users do, and checks its output.

// Tests, and the code that they share, may panic on a failure.
#![allow(clippy::unwrap_used)]

mod accounts;
#[cfg(target_os = "linux")]
mod batch;
mod check;
mod exit;
mod generate;
mod help;
mod key;
mod readme;
mod reconcile;
mod sandbox;
mod secrecy;
mod support;
#[cfg(target_os = "linux")]
mod terminal;
mod validate;

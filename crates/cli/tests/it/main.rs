//! The program as its users have it: run, and looked at from outside.

// Tests may stop at the first surprise, and so may what they share.
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

//! This crate has no code. Its `Cargo.toml` says why it exists.

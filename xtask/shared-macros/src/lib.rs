//! Has no code: its `Cargo.toml` is what matters.

//! Measures what people wait for: a batch, the check of a file, the start of the program, builds, CI and `regen`; and
//! counts the instructions of what runs for each call.
//!
//! Each group of rows ([`GROUPS`]) has a module. [`by_hand`] is the baseline of a call, `pairs` times two things in
//! turns, and [`report`] prints the rows. `cargo xtask bench` builds and runs this crate.

// A benchmark that fails should stop right there, and show the line.
#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod batch;
mod builds;
pub mod by_hand;
pub mod check;
pub mod instructions;
mod pairs;
mod payees;
mod process;
pub mod report;
mod row;
mod start;
pub mod work;

use std::path::{Path, PathBuf};
use std::time::Duration;

use row::Row;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Measure less, to finish within three minutes.
    pub quick: bool,
}

impl Scale {
    /// How long to measure two things in turns.
    pub fn budget(self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { 5 })
    }
}

/// Makes the rows of a group.
pub type Measure = fn(Scale) -> Vec<Row>;

/// The groups of rows, by the name for `--only`.
pub const GROUPS: [(&str, Measure); 7] = [
    ("batch", batch::measure),
    ("check", check::measure),
    ("start", start::measure),
    ("build", builds::dependents),
    ("ci", builds::ci),
    ("regen", builds::regen),
    ("instructions", instructions::measure),
];

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

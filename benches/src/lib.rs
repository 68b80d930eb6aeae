//! Measures the speed of the workspace. Each figure is compared with a baseline that is measured in turns with it, in
//! the same run.
//!
//! Each group of rows ([`GROUPS`]) has a module. [`by_hand`] is the baseline, [`pairs`] times two things, [`row`] and
//! [`report`] print the results. `cargo xtask bench` builds and runs this crate.

// A benchmark that fails should stop right there, and show the line.
#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod batch;
pub mod by_hand;
pub mod call;
pub mod check;
pub mod codec;
pub mod directory;
pub mod footprint;
pub mod pairs;
pub mod payees;
pub mod process;
pub mod regen;
pub mod report;
pub mod row;
pub mod validators;

use std::time::Duration;

use row::Row;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Measure less, to finish within three minutes.
    pub quick: bool,
}

impl Scale {
    /// How long to measure two things that run within this process.
    pub fn budget(self) -> Duration {
        if self.quick { Duration::from_secs(1) } else { Duration::from_secs(5) }
    }
}

/// Makes the rows of a group.
pub type Measure = fn(Scale) -> Vec<Row>;

/// The groups of rows, by the name for `--only`.
pub const GROUPS: [(&str, Measure); 9] = [
    ("call", call::measure),
    ("encode", codec::encode),
    ("decode", codec::decode),
    ("validators", validators::measure),
    ("directory", directory::measure),
    ("check", check::measure),
    ("batch", batch::measure),
    ("regen", regen::measure),
    ("footprint", footprint::measure),
];

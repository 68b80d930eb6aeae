//! How fast the workspace is: each figure stands beside a baseline that is measured in the same run, in turns with it.
//!
//! A module for each group of rows ([`GROUPS`]), [`by_hand`] for what they are compared with, [`pairs`] for how two things
//! are timed, [`row`] and [`report`] for what is printed. `cargo xtask bench` builds and runs it.

// A benchmark that goes wrong is to stop there, and tell where.
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
    /// Less of everything, to be done within three minutes.
    pub quick: bool,
}

impl Scale {
    /// How long two things that run within this process are measured.
    pub fn budget(self) -> Duration {
        if self.quick { Duration::from_secs(1) } else { Duration::from_secs(5) }
    }
}

/// What makes the rows of a group.
pub type Measure = fn(Scale) -> Vec<Row>;

/// The groups of rows, by the name that `--only` takes.
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

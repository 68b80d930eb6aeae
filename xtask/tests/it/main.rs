//! Tests the tasks as a maintainer runs them, and what an edit of the spec requires.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::path::Path;

mod branches;
mod commands;
mod facts;
mod project;
mod release;
mod spec_edits;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

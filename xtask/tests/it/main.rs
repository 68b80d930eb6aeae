//! The tasks as a maintainer runs them, and what an edit of the spec takes.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::path::Path;

mod commands;
mod facts;
mod project;
mod spec_edits;

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

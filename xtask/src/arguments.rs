//! The command line of the tasks. It stands here, and not in the program, so that tests can hold the documentation against it.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// What `cargo xtask` was given.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The maintainer's tasks",
    arg_required_else_help = true
)]
pub struct Arguments {
    /// What is to be done.
    #[command(subcommand)]
    pub task: Task,
}

/// A task.
#[derive(Subcommand)]
pub enum Task {
    /// Read a page of the vendor's documentation into spec/documented
    Ingest {
        /// The page, as Markdown
        page: PathBuf,
        /// Write nothing; print what has changed, and fail if facts have
        #[arg(long)]
        check: bool,
        /// The version of the API to read, where the page has several; `default` or else the first, if not given
        #[arg(long, value_name = "VERSION")]
        api_version: Option<String>,
        /// The folder of the facts
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Check spec/openapi.yaml against the documented facts and the generator
    Lint {
        /// Print each fact with its place in the spec
        #[arg(long)]
        coverage: bool,
        /// Print where the pages contradict themselves, and where that is decided
        #[arg(long)]
        notes: bool,
    },
    /// Generate the client and the mock from spec/openapi.yaml
    Regen {
        /// Write nothing; print what would change, and fail if anything would
        #[arg(long)]
        check: bool,
        /// Generate a client from another description (without this project's own types)
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<PathBuf>,
        /// The folder for that client; a crate mounts it as `mod generated`
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
    },
    /// Make the list of bank branches in crates/validation from the npm package `ifsc`
    IfscDirectory {
        /// The folder of the unpacked package (`npm pack ifsc && tar xzf ifsc-*.tgz` makes `package`)
        package: PathBuf,
        /// The day on which this version was published (`npm view ifsc time`), such as 2026-08-24
        #[arg(long, value_name = "DATE")]
        published: String,
        /// Write nothing; print what would change, and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Measure the workspace against what an expert would write by hand
    Bench {
        /// Run for less than three minutes, and don't save the result
        #[arg(long)]
        quick: bool,
        /// Run one group of benchmarks, and don't save the result
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
    },
    /// Check what a release with this tag needs
    Release {
        /// The tag, such as v0.1.0
        tag: String,
    },
}

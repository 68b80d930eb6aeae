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
        /// The folder of the facts
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Hold spec/openapi.yaml against the documented facts and the generator
    Lint {
        /// Print each fact with its place in the spec and its tests, and fail if one has no test
        #[arg(long)]
        coverage: bool,
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
        /// Measure less of everything: done within three minutes, and not kept
        #[arg(long)]
        quick: bool,
        /// Measure one group of rows; not kept
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
    },
    /// Pack the crates that are published, and build them outside of the workspace
    Package {
        /// Ask also for what a release with this tag needs
        #[arg(long, value_name = "TAG")]
        release: Option<String>,
    },
    /// Write the public API of each published crate to its public-api.txt
    PublicApi {
        /// Write nothing; print what has changed, and fail if anything has
        #[arg(long)]
        check: bool,
    },
    /// Hold the published crates against their last release
    Semver {
        /// Another revision to compare with
        #[arg(long, value_name = "REV")]
        baseline: Option<String>,
    },
    /// Check the published crates with the oldest Rust that they promise
    Msrv,
    /// Check the validation for the installed targets that have no operating system
    NoStd,
}

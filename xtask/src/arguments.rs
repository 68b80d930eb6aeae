//! The command line of the tasks. Tests include this file to compare the documentation with it, so it uses no other
//! module of this crate.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The arguments of `cargo xtask`.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The maintainer's tasks",
    arg_required_else_help = true
)]
pub struct Arguments {
    /// The task to run.
    #[command(subcommand)]
    pub task: Task,
}

/// A task.
#[derive(Subcommand)]
pub enum Task {
    /// Read a page of the vendor's documentation into spec/documented
    ///
    /// Without `--out`, also updates the examples and commands in the spec.
    Ingest {
        /// The page, as Markdown
        page: PathBuf,
        /// Write nothing; print the changes, and fail if facts are new or differ
        #[arg(long)]
        check: bool,
        /// The version of the API to read
        ///
        /// By default, the version `default`, or else the first on the page.
        #[arg(long, value_name = "VERSION")]
        api_version: Option<String>,
        /// Read and write the facts in this folder [default: spec/documented]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Check spec/openapi.yaml against the documented facts and the generator
    Lint {
        /// Print each fact with its place in the spec
        #[arg(long)]
        coverage: bool,
        /// Print the contradictions of the pages, and where the spec decides them
        #[arg(long)]
        notes: bool,
    },
    /// Generate the client and the mock from spec/openapi.yaml
    ///
    /// Also updates the examples and commands in the spec, and the specs that the sandbox serves.
    Regen {
        /// Write nothing; print the differences, and fail if there are any
        #[arg(long)]
        check: bool,
        /// Generate a client from another spec (without this project's own types)
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<PathBuf>,
        /// The folder for that client; a crate mounts it as `mod generated`
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
    },
    /// Make the list of bank branches from the npm package `ifsc`
    IfscDirectory {
        /// The folder of the unpacked package
        ///
        /// `npm pack ifsc && tar xzf ifsc-*.tgz` makes `package`.
        package: PathBuf,
        /// The day on which this version was published, such as 2026-08-24
        ///
        /// `npm view ifsc time` prints it.
        #[arg(long, value_name = "DATE")]
        published: String,
        /// Write nothing; print the differences, and fail if there are any
        #[arg(long)]
        check: bool,
    },
    /// Run the benchmarks, and count the instructions of each call
    Bench {
        /// Finish within three minutes, and don't save the result
        #[arg(long)]
        quick: bool,
        /// Run one group of benchmarks, and don't save the result
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Count instructions only, and write benches/instructions.toml
        #[arg(long, conflicts_with_all = ["quick", "only"])]
        instructions: bool,
        /// Write nothing, and fail if a count has grown by more than 3 %
        #[arg(long, requires = "instructions")]
        check: bool,
    },
    /// Try the spec with other people's tools, against the embedded sandbox
    Outside {
        /// Try all tools, including those that take minutes
        #[arg(long)]
        all: bool,
        /// Fail if a tool cannot be installed
        #[arg(long)]
        require: bool,
        /// The tools to try, such as `redocly` (by default, the quick ones)
        tools: Vec<String>,
    },
    /// Call a server, and compare its responses with the spec and the test data
    ///
    /// This is the only task that calls the vendor. It states the number of penny drops and asks before it sends
    /// anything. The key for the server is read from the environment variable `JUSPAY_API_KEY`.
    Probe(Probe),
    /// Check that everything is ready for a release with this tag
    Release {
        /// The tag, such as v0.1.0
        tag: String,
    },
}

/// The arguments of `cargo xtask probe`.
#[derive(Args)]
pub struct Probe {
    /// The vendor's system to call: `https://sandbox.juspay.in`
    // Not production, where each penny drop would be real.
    #[arg(long, value_parser = ["sandbox"], required_unless_present = "base_url", conflicts_with = "base_url")]
    pub env: Option<String>,
    /// The address of another server; never the vendor's production
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Use this customer instead of the customer in the examples
    #[arg(long, value_name = "ID")]
    pub customer_id: Option<String>,
    /// Also run the validations that time out
    #[arg(long)]
    pub with_timeouts: bool,
    /// How long to wait for a response
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub timeout: u64,
    /// How long to wait for pending validations to end
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub follow: u64,
    /// Send without asking
    #[arg(long)]
    pub yes: bool,
    /// The folder of the recordings
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

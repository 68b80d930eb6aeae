//! Measures what people wait for: a batch, the check of a file, the start of the program, builds, CI and `regen`; and
//! counts the instructions of what runs for each call. `cargo xtask bench` builds and runs this program.
//!
//! The groups of rows ([`GROUPS`]) are measured in [`batch`], [`check`], [`start`], [`builds`] and [`instructions`].
//! [`by_hand`] is the baseline of a call, `pairs` times two things in turns, and [`report`] formats the rows. The
//! program also contains what runs in its own process ([`Part`]): the sandbox, the baselines and the counted work.

// A benchmark that fails should stop right there, and show the line.
#![allow(clippy::expect_used, clippy::panic)]

mod batch;
mod builds;
mod by_hand;
mod check;
mod instructions;
mod pairs;
mod payees;
mod process;
mod report;
mod row;
mod start;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use by_hand::Failure;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use row::Row;

/// Prints a table, and writes a full run to BENCHMARKS.md. `cargo xtask bench --help` explains the flags.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    #[arg(long)]
    quick: bool,
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(GROUPS.map(|(name, _)| name)))]
    only: Option<String>,
    #[arg(long)]
    instructions: bool,
    #[arg(long, requires = "instructions")]
    check: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// The parts that run in their own process. Only this crate starts them.
#[derive(Subcommand)]
enum Part {
    /// Runs the sandbox, which responds after this number of milliseconds
    Serve { latency: u64 },
    /// Reads a file with the `csv` crate
    Read { file: PathBuf },
    /// Makes calls by hand in a bare loop
    Load { url: String, calls: usize, concurrency: usize },
    /// Repeats work that is counted
    Work { name: String, url: String, runs: u32 },
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// Measure less, to finish within three minutes.
    quick: bool,
}

impl Scale {
    /// How long to measure two things in turns.
    fn budget(self) -> Duration {
        Duration::from_secs(if self.quick { 1 } else { 5 })
    }
}

/// Makes the rows of a group.
type Measure = fn(Scale) -> Vec<Row>;

/// The groups of rows, by the name for `--only`.
const GROUPS: [(&str, Measure); 7] = [
    ("batch", batch::measure),
    ("check", check::measure),
    ("start", start::measure),
    ("build", builds::dependents),
    ("ci", builds::ci),
    ("regen", builds::regen),
    ("instructions", instructions::measure),
];

/// The root of the workspace.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.part {
        None if arguments.instructions => instructions::update(arguments.check),
        None => measure(arguments.only.as_deref(), Scale { quick: arguments.quick }),
        Some(part) => run(part),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(only: Option<&str>, scale: Scale) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (name, measure) in GROUPS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        eprintln!("{name} …");
        rows.extend(measure(scale));
    }
    println!("{}", report::table(&rows));
    if only.is_none() && !scale.quick {
        let file = root().join("BENCHMARKS.md");
        std::fs::write(&file, report::file(&rows))?;
        println!("written to {}", file.display());
    }
    Ok(())
}

fn run(part: Part) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new();
    match part {
        Part::Serve { latency } => runtime?.block_on(batch::serve(latency))?,
        Part::Load { url, calls, concurrency } => runtime?.block_on(batch::load(&url, calls, concurrency))?,
        Part::Read { file } => println!("{}", check::read(&file)?),
        Part::Work { name, url, runs } => {
            let mut work = work::prepare(&name, &url).ok_or("no work has this name")?;
            (0..runs).for_each(|_| work());
        }
    }
    Ok(())
}

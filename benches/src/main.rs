//! The command line of the benchmarks. The same program also contains the baselines that run in their own process.
#![allow(clippy::expect_used)]

use std::path::PathBuf;
use std::process::ExitCode;

use benches::by_hand::Failure;
use benches::call::{Calls, Kind};
use benches::{GROUPS, Scale, batch, check, regen, report};
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

/// Compares the speed of the workspace with code written by hand, prints a table, and stores a full run in
/// BENCHMARKS.md.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    /// Measures less, within three minutes, and stores nothing
    #[arg(long)]
    quick: bool,

    /// Measures one group of rows, and stores nothing
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(GROUPS.map(|(name, _)| name)))]
    only: Option<String>,

    #[command(subcommand)]
    part: Option<Part>,
}

/// The parts that run in their own process.
#[derive(Subcommand)]
#[command(hide = true)]
enum Part {
    /// Runs the sandbox, which responds after this number of milliseconds
    #[command(hide = true)]
    Serve { answer: u64 },
    /// Reads a file with the `csv` crate
    #[command(hide = true)]
    Read { file: PathBuf },
    /// Makes calls by hand in a bare loop
    #[command(hide = true)]
    Load { url: String, calls: usize, concurrency: usize },
    /// Makes one call after another
    #[command(hide = true)]
    Calls { kind: Kind, url: String, calls: u32 },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.part {
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
        let file = regen::root().join("BENCHMARKS.md");
        std::fs::write(&file, report::file(&rows))?;
        println!("written to {}", file.display());
    }
    Ok(())
}

fn run(part: Part) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new();
    match part {
        Part::Serve { answer } => runtime?.block_on(batch::serve(answer))?,
        Part::Load { url, calls, concurrency } => runtime?.block_on(batch::load(&url, calls, concurrency))?,
        Part::Read { file } => println!("{}", check::read(&file)?),
        Part::Calls { kind, url, calls } => Calls::new(kind, &url).make_some(calls),
    }
    Ok(())
}

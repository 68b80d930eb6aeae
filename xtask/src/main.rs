//! The command line of the maintainer's tasks; `cargo xtask` lists them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::regen;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The maintainer's tasks",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
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
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Regen { check, spec, out } => regenerate(check, spec.zip(out)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn regenerate(check: bool, other: Option<(PathBuf, PathBuf)>) -> Result<(), Box<dyn std::error::Error>> {
    let command = other.as_ref().map_or_else(
        || "cargo xtask regen".to_owned(),
        |(spec, out)| format!("cargo xtask regen --spec {} --out {}", quoted(spec), quoted(out)),
    );
    let folders = match other {
        Some((spec, out)) => regen::other(&spec, &out)?,
        None => regen::project(&root()?)?,
    };
    let mut differences = String::new();
    for folder in folders {
        let shown = folder.path.display();
        let broken = |error| format!("error: {shown}: {error}");
        if check {
            differences.push_str(&folder.difference().map_err(broken)?.to_string());
        } else {
            let changed = folder.write().map_err(broken)?;
            println!("{shown}: {} files, {changed} changed", folder.files.len());
        }
    }
    if !differences.is_empty() {
        print!("{differences}");
        return Err(format!("error: generated code is out of date; mend it with `{command}`").into());
    }
    Ok(())
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("'{path}'") } else { path }
}

/// The root of the workspace, relative to where we are if possible, so that messages are short.
fn root() -> Result<PathBuf, String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest.parent().ok_or("error: xtask is not inside a workspace")?;
    let here = std::env::current_dir().map_err(|error| format!("error: the current folder is gone: {error}"))?;
    Ok(if here == root { PathBuf::new() } else { root.to_owned() })
}

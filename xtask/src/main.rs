//! The command line of the maintainer's tasks; `cargo xtask` lists them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::Parser as _;
use openapi_doc::{Document, Mode, Problems};
use xtask::arguments::{Arguments, Task};
use xtask::facts::command;
use xtask::{facts, probe, programs, regen, release};

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Each problem has its own line, which begins with `error: `.
            match error.downcast_ref::<Problems>() {
                Some(problems) => eprintln!("{problems}"),
                None => eprintln!("error: {error:#}"),
            }
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let root = root()?;
    match task {
        Task::Ingest { page, check, api_version, out } => {
            facts::read(&root, &page, api_version.as_deref(), mode(check), out)
        }
        Task::Lint { coverage, notes } => facts::lint(&root, coverage, notes),
        Task::Regen { check, spec, out } => regenerate(&root, mode(check), spec.zip(out)),
        Task::IfscDirectory { package, published, check } => list_branches(&root, &package, &published, mode(check)),
        Task::Bench { quick, only, instructions, check } => {
            let flags = [("--quick", quick), ("--instructions", instructions), ("--check", check)];
            let flags = flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag);
            let only = only.as_deref().into_iter().flat_map(|name| ["--only", name]);
            programs::bench(&root, flags.chain(only))
        }
        Task::Outside { all, require, tools } => programs::outside(&root, all, require, &tools),
        Task::Probe(arguments) => probe::probe(&root, arguments),
        Task::Release { tag } => check_release(&root, &tag),
    }
}

fn mode(check: bool) -> Mode {
    if check { Mode::Check } else { Mode::Write }
}

fn regenerate(root: &Path, mode: Mode, other: Option<(PathBuf, PathBuf)>) -> Result<()> {
    if let Some((spec, out)) = other {
        let command = command(["regen".as_ref(), "--spec".as_ref(), &*spec, "--out".as_ref(), &*out])?;
        let folder = specgen::regen::client(&Document::load(&spec)?, &out)?;
        return regen::write(&[folder], mode, &command);
    }
    regen::write(&regen::project(root, mode)?, mode, "cargo xtask regen")
}

fn list_branches(root: &Path, package: &Path, published: &str, mode: Mode) -> Result<()> {
    let ifsc_table::Directory { files, summary } = ifsc_table::directory(package, published)?;
    let mut differences = String::new();
    for (path, bytes) in files {
        differences.push_str(&openapi_doc::ensure(&root.join(path), bytes, mode)?);
    }
    let command = command(["ifsc-directory".as_ref(), package, "--published".as_ref(), published.as_ref()])?;
    let stale = format!("the committed branch list differs from {summary}; update it with `{command}`");
    regen::up_to_date(mode, &differences, stale)?;
    println!("the branch list matches {summary}");
    Ok(())
}

fn check_release(root: &Path, tag: &str) -> Result<()> {
    let workspace = cargo_metadata::MetadataCommand::new().current_dir(root.join(".")).no_deps().exec()?;
    release::check(&workspace, tag, &fs_err::read_to_string(root.join("CHANGELOG.md"))?)?;
    println!("everything is in place for release {tag}");
    Ok(())
}

/// The root of the workspace; empty if it is the current directory, so that messages are short.
fn root() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is not inside a workspace")?;
    ensure!(root.exists(), "this program was built from {}, which no longer exists", root.display());
    Ok(if std::env::current_dir()? == root { PathBuf::new() } else { root.to_owned() })
}

//! The command line of the maintainer's tasks; `cargo xtask` lists them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use xtask::arguments::{Arguments, Task};
use xtask::changes::{Severity, changes, places, table};
use xtask::document::Document;
use xtask::facts::Page;
use xtask::facts::store;
use xtask::ingest::{Ingested, ingest};
use xtask::{bench, coverage, directory, lint, regen, release};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Ingest { page, check, out } => read(&page, check, out),
        Task::Lint { coverage } => examine(coverage),
        Task::Regen { check, spec, out } => regenerate(check, spec.zip(out)),
        Task::IfscDirectory { package, check } => list_branches(&package, check),
        Task::Bench { quick, only } => {
            root().map_err(Failure::from).and_then(|root| Ok(bench::bench(&root, quick, only.as_deref())?))
        }
        Task::Release { tag } => check_release(&tag),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn read(file: &Path, check: bool, out: Option<PathBuf>) -> Result<(), Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| format!("error: {shown}: cannot be read: {error}"))?;
    let Ingested { page, problems, notes } = ingest(&bytes);
    for note in notes {
        println!("note: {shown}:{}: {}", note.line, note.message);
    }
    for problem in &problems {
        eprintln!("error: {shown}:{}: {}", problem.line, problem.message);
    }
    if page.page.is_empty() {
        return Err(format!("error: {shown}: nothing can be compared or written without the name of the page").into());
    }
    let root = root()?;
    let folder = out.unwrap_or_else(|| root.join("spec").join("documented"));
    let target = folder.join(format!("{}.yaml", page.page));
    let severe = if target.exists() {
        compare(&root, &store::load(&target)?, &page)?
    } else {
        println!("{}: there are no facts of this page so far", target.display());
        true
    };
    if !problems.is_empty() {
        let advice = "teach `cargo xtask ingest` what they are, so that no fact is lost";
        return Err(format!("error: {shown}: {} parts were not understood; {advice}", problems.len()).into());
    }
    if check && severe {
        return Err(
            format!("error: {shown}: facts have changed; take them over with `cargo xtask ingest {shown}`").into()
        );
    }
    if !check {
        let text = store::to_yaml(&page).map_err(|error| format!("error: {}: {error}", target.display()))?;
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&target, text))
            .map_err(|error| format!("error: {}: cannot be written: {error}", target.display()))?;
        println!("{}: written; `cargo xtask lint` says what follows for the description", target.display());
    }
    Ok(())
}

/// Prints what has changed, and says whether more than wording has.
fn compare(root: &Path, stored: &Page, page: &Page) -> Result<bool, Failure> {
    let changes = changes(stored, page);
    if changes.is_empty() {
        println!("{}: nothing has changed", page.page);
        return Ok(false);
    }
    let spec = root.join("spec").join("openapi.yaml");
    let places = if spec.exists() { places(&Document::load(&spec)?, stored) } else { BTreeMap::new() };
    println!("{}", table(&changes, &spec, &places));
    Ok(changes.iter().any(|change| change.severity != Severity::Cosmetic))
}

fn examine(with_coverage: bool) -> Result<(), Failure> {
    let root = root()?;
    let (document, accounts) = lint::project_at(&root)?;
    let shown = document.file.display();
    for account in &accounts {
        for (contradiction, answer) in &account.contradictions {
            let first = contradiction.at.first().map(String::as_str).unwrap_or_default();
            let answer = answer.as_ref().map(|at| format!("; decided in {shown}#{at}")).unwrap_or_default();
            println!("note: {} contradicts itself at `{first}`: {}{answer}", account.page, contradiction.message);
        }
    }
    if with_coverage {
        let coverage = coverage::coverage(&root, &accounts)?;
        println!("{}\n{}", coverage.table(), coverage.summary());
        coverage::readme(&root, &coverage)?;
    }
    println!("{shown}: nothing to mend");
    Ok(())
}

fn regenerate(check: bool, other: Option<(PathBuf, PathBuf)>) -> Result<(), Failure> {
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

fn list_branches(package: &Path, check: bool) -> Result<(), Failure> {
    let directory = directory::directory(package)?;
    let root = root()?;
    let broken = |error| format!("error: the list of branches: {error}");
    if !check {
        let folder = directory.write(&root).map_err(broken)?;
        println!("{}: {}, {} bytes", folder.display(), directory.summary, directory.table.len());
        return Ok(());
    }
    let difference = directory.difference(&root).map_err(broken)?;
    if !difference.is_empty() {
        print!("{difference}");
        let package = quoted(package);
        return Err(format!(
            "error: this is not the list of {}; take it over with `cargo xtask ifsc-directory {package}`",
            directory.summary
        )
        .into());
    }
    println!("the list is that of {}", directory.summary);
    Ok(())
}

fn check_release(tag: &str) -> Result<(), Failure> {
    let root = root()?;
    let workspace = cargo_metadata::MetadataCommand::new().current_dir(root.join(".")).no_deps().exec()?;
    release::check(&workspace, tag, &std::fs::read_to_string(root.join("CHANGELOG.md"))?)?;
    println!("everything is in place for the release {tag}");
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

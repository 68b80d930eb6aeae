//! The command line of the maintainer's tasks; `cargo xtask` lists them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use openapi_doc::{Mode, Problems, ensure};
use xtask::arguments::{Arguments, Task};
use xtask::cargo::Workspace;
use xtask::{bench, facts, package, project, public_api, regen, semver, toolchains};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Ingest { page, check, out } => {
            root().map_err(Failure::from).and_then(|root| facts::read(&root, &page, check, out).map_err(whole))
        }
        Task::Lint { coverage } => {
            root().map_err(Failure::from).and_then(|root| facts::lint(&root, coverage).map_err(whole))
        }
        Task::Regen { check, spec, out } => regenerate(check, spec.zip(out)),
        Task::IfscDirectory { package, check } => list_branches(&package, check),
        Task::Package { release } => pack(release.as_deref()),
        Task::PublicApi { check } => list_public_api(check),
        Task::Semver { baseline } => compare_release(baseline),
        Task::Msrv => workspace().and_then(|workspace| Ok(toolchains::msrv(&workspace)?)),
        Task::NoStd => workspace().and_then(|workspace| Ok(toolchains::no_std(&workspace)?)),
        Task::Bench { quick, only } => {
            workspace().and_then(|workspace| Ok(bench::bench(&workspace.root, quick, only.as_deref())?))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            eprintln!("{}{text}", if text.starts_with("error: ") { "" } else { "error: " });
            ExitCode::FAILURE
        }
    }
}

fn regenerate(check: bool, other: Option<(PathBuf, PathBuf)>) -> Result<(), Failure> {
    let mode = if check { Mode::Check } else { Mode::Write };
    let Some((spec, out)) = other else {
        let root = root()?;
        let stale = project::examples(&root, mode).map_err(whole)?;
        if check && !stale.is_empty() {
            print!("{stale}");
            return Err("the examples are not the documented samples; run `cargo xtask regen`".into());
        }
        return Ok(regen::ensure(&regen::project(&root).map_err(whole)?, mode, "cargo xtask regen")?);
    };
    let command = format!("cargo xtask regen --spec {} --out {}", quoted(&spec), quoted(&out));
    Ok(regen::ensure(&regen::other(&spec, &out)?, mode, &command)?)
}

fn list_branches(package: &Path, check: bool) -> Result<(), Failure> {
    let ifsc_table::Directory { files, summary } = ifsc_table::directory(package).map_err(whole)?;
    let root = root()?;
    let mode = if check { Mode::Check } else { Mode::Write };
    let mut differences = String::new();
    for (path, bytes) in files {
        differences.push_str(&ensure(&root.join(path), bytes, mode)?);
    }
    if check && !differences.is_empty() {
        print!("{differences}");
        let package = quoted(package);
        return Err(format!(
            "the committed branch list differs from {summary}; update it with `cargo xtask ifsc-directory {package}`"
        )
        .into());
    }
    println!("the branch list is that of {summary}");
    Ok(())
}

/// An error with its causes, in one line.
fn whole(error: anyhow::Error) -> Failure {
    match error.downcast::<Problems>() {
        Ok(problems) => problems.into(),
        Err(error) => format!("{error:#}").into(),
    }
}

fn pack(release: Option<&str>) -> Result<(), Failure> {
    let workspace = workspace()?;
    if let Some(tag) = release {
        let changelog = workspace.root.join("CHANGELOG.md");
        let text = std::fs::read_to_string(&changelog)
            .map_err(|error| format!("error: {}: cannot be read: {error}", changelog.display()))?;
        package::releasable(&workspace, tag, &text)?;
    }
    Ok(package::package(&workspace)?)
}

fn list_public_api(check: bool) -> Result<(), Failure> {
    let differences = public_api::public_api(&workspace()?, check)?;
    print!("{differences}");
    if check && !differences.is_empty() {
        return Err(
            "error: the public API has changed; if that is meant, write it down with `cargo xtask public-api`".into()
        );
    }
    println!("public API: {}", if differences.is_empty() { "as written down" } else { "written down" });
    Ok(())
}

fn compare_release(baseline: Option<String>) -> Result<(), Failure> {
    match semver::semver(&workspace()?, baseline)? {
        Some(revision) => println!("the versions tell what has changed since {revision}"),
        None => println!(
            "note: nothing was released so far (there is no tag `v…`), so there is nothing to compare with; \
             `cargo xtask semver --baseline REV` compares with any revision"
        ),
    }
    Ok(())
}

fn workspace() -> Result<Workspace, Failure> {
    Ok(Workspace::load(&root()?)?)
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

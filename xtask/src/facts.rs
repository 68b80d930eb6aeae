//! The tasks `ingest` and `lint`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use docfacts::changes::{Severity, changes, places, table};
use docfacts::ingest::{Ingested, ingest};
use docfacts::{Page, coverage, store};
use openapi_doc::{Document, Mode, ensure};

use crate::project;

/// Reads a page into a folder of facts, or compares it with the stored facts. Prints what has changed. Without `out`,
/// the folder is the project's own, and the examples and commands in the spec are updated too.
///
/// # Errors
/// A file cannot be read or written, a part of the page cannot be read, or, with [`Mode::Check`], facts are new or have
/// changed.
pub fn read(root: &Path, file: &Path, version: Option<&str>, mode: Mode, out: Option<PathBuf>) -> Result<()> {
    let (shown, check) = (file.display(), mode == Mode::Check);
    let Ingested { page, problems, notes } = ingest(&fs_err::read(file)?, version);
    for note in notes {
        println!("note: {shown}:{}: {}", note.line, note.message);
    }
    for problem in &problems {
        eprintln!("error: {shown}:{}: {}", problem.line, problem.message);
    }
    if page.page.is_empty() {
        bail!("{shown}: no usable `page_source` in its metadata, so the page cannot be identified");
    }
    let own = out.is_none();
    let options = [("--api-version", version.map(Path::new)), ("--out", out.as_deref())];
    let options = options.into_iter().filter_map(|(name, value)| Some([Path::new(name), value?])).flatten();
    let command = command([Path::new("ingest"), file].into_iter().chain(options))?;
    let target = out.unwrap_or_else(|| root.join("spec/documented")).join(format!("{}.yaml", page.page));
    let severe = if target.exists() {
        compare(root, &store::load(&target)?, &page)?
    } else {
        println!("{}: new page; no facts are stored yet", target.display());
        true
    };
    if !problems.is_empty() {
        let count = problems.len();
        let parts = if count == 1 { "part of the page was" } else { "parts of the page were" };
        bail!("{shown}: {count} {parts} not understood; extend xtask/docfacts/src/ingest");
    }
    if check && severe {
        bail!("{shown}: facts have changed; update them with `{command}`");
    }
    if !check {
        ensure(&target, store::to_yaml(&page)?, Mode::Write)?;
        if own {
            project::examples(root, &project::pages(root)?, Mode::Write)?;
        }
        println!("{}: written; run `cargo xtask lint` to see what the spec must address", target.display());
    }
    Ok(())
}

/// Prints what has changed, and returns whether anything but order, spelling or wording has changed.
fn compare(root: &Path, stored: &Page, page: &Page) -> Result<bool> {
    let changes = changes(stored, page);
    if changes.is_empty() {
        println!("{}: nothing has changed", page.page);
        return Ok(false);
    }
    let spec = root.join("spec/openapi.yaml");
    let places = if spec.exists() { places(&Document::load(&spec)?, stored) } else { BTreeMap::new() };
    println!("{}", table(&changes, &spec, &places));
    Ok(changes.iter().any(|change| change.severity != Severity::Cosmetic))
}

/// Checks the project's spec. On request, also prints each fact with its place, and the contradictions of the pages.
pub fn lint(root: &Path, with_coverage: bool, with_notes: bool) -> Result<()> {
    let (document, reports) = project::check_at(root)?;
    let shown = document.file.display();
    for report in reports.iter().filter(|_| with_notes) {
        for (contradiction, decision) in &report.contradictions {
            let first = contradiction.at.first().map(ToString::to_string).unwrap_or_default();
            let decided = decision.as_ref().map(|at| format!("; decided in {shown}#{at}")).unwrap_or_default();
            println!("note: {} contradicts itself at `{first}`: {}{decided}", report.page, contradiction.message);
        }
    }
    if with_coverage {
        println!("{}\n{}", coverage::table(&reports), coverage::summary(&reports));
    }
    println!("{shown}: ok");
    Ok(())
}

/// Returns `cargo xtask` with these arguments, quoted for a shell, so that a message can suggest it.
pub fn command<'a>(arguments: impl IntoIterator<Item = &'a Path>) -> Result<String> {
    let arguments =
        arguments.into_iter().map(Path::to_str).collect::<Option<Vec<_>>>().context("a path is not UTF-8")?;
    Ok(shlex::try_join(["cargo", "xtask"].into_iter().chain(arguments))?)
}

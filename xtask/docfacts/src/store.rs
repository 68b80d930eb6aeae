//! Stores facts as YAML in a fixed order and style, so that an unchanged page produces the same bytes.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

use crate::Page;

const HEADER: &str = "\
# Made from the vendor's page by `cargo xtask ingest`, and not edited: names, tags, values, nesting and samples, as they
# are on the page, without its prose. A sample request is kept as its author meant it; `as_pasted` lists what a POSIX
# shell does differently with the command. Where the spec departs from a line of this file, an `x-deviation` of
# `spec/openapi.yaml` says why; it names a fact by its path in this file, with names instead of positions in lists.
";

/// Returns the YAML text for a page.
pub fn to_yaml(page: &Page) -> Result<String> {
    Ok(format!("{HEADER}{}", serde_yaml::to_string(page)?))
}

/// Reads the file of a page.
///
/// # Errors
/// The file cannot be read, is not YAML, has an unknown key, lacks a key, or is not named after its page.
pub fn load(file: &Path) -> Result<Page> {
    let shown = file.display();
    let text = fs_err::read_to_string(file)?;
    let page: Page = serde_yaml::from_str(&text).with_context(|| format!("{shown}: not the facts of a page"))?;
    let fits = file.file_stem().is_some_and(|stem| stem == page.page.as_str());
    ensure!(fits, "{shown}: has the facts of the page `{0}`; rename it to {0}.yaml", page.page);
    Ok(page)
}

/// Reads all pages of a folder, sorted by name.
pub fn load_all(folder: &Path) -> Result<Vec<Page>> {
    let files: std::io::Result<Vec<_>> = fs_err::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut files = files?;
    files.sort();
    if files.is_empty() {
        bail!("{}: has no facts; `cargo xtask ingest PAGE.md` adds them", folder.display());
    }
    files.iter().map(|file| load(file)).collect()
}

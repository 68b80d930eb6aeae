//! `regen`: generates the project's client and mock, or a client from another spec.

use std::path::Path;

use anyhow::{Result, bail};
use openapi_doc::{Document, Mode};
use specgen::Target;
use specgen::regen::{Folder, folders};

use crate::{project, types};

/// Returns the code that is generated from the project's own spec, which must agree with the documented facts. Before
/// that, compares or writes what is copied: the documented samples into the spec, and the specs into the sandbox.
///
/// # Errors
/// A file cannot be read or written, the spec has a problem, or, with [`Mode::Check`], a copy is out of date.
pub fn project(root: &Path, mode: Mode) -> Result<Vec<Folder>> {
    let pages = project::pages(root)?;
    let (difference, document) = project::examples(root, &pages, mode)?;
    let stale = |what| format!("{what} are out of date; run `cargo xtask regen`");
    up_to_date(mode, &difference, stale("the examples or the commands in the spec"))?;
    // The sandbox needs copies, because a package contains only its own files.
    let control = root.join("crates/sandbox/control.yaml");
    let control = Document::parse_as_written(&control, &fs_err::read(&control)?)?;
    let yaml = fs_err::read_to_string(&document.file)?.replace("\r\n", "\n");
    let [spec, control] = [&document, &control].map(|document| format!("{}\n", document.value));
    let mut difference = String::new();
    for (name, text) in [("openapi.yaml", yaml), ("openapi.json", spec), ("control.json", control)] {
        difference += &openapi_doc::ensure(&root.join("crates/sandbox/src/generated").join(name), text, mode)?;
    }
    up_to_date(mode, &difference, stale("the specs that the sandbox serves"))?;
    let document = document.without_extensions();
    project::check(&document, &pages)?;
    let parts = [(Target::Client, "crates/client/src/generated"), (Target::Mock, "crates/mock/src/generated")];
    let parts = parts.map(|(target, path)| (target, root.join(path)));
    Ok(folders(&document, &types::settings(), parts)?)
}

/// Prints the difference and fails, if there is one and nothing was written.
pub fn up_to_date(mode: Mode, difference: &str, otherwise: String) -> Result<()> {
    if mode == Mode::Check && !difference.is_empty() {
        print!("{difference}");
        bail!(otherwise);
    }
    Ok(())
}

/// Compares or writes the folders. Prints the result.
///
/// # Errors
/// A file cannot be read or written, or, with [`Mode::Check`], a folder is out of date. The message suggests `command`.
pub fn write(folders: &[Folder], mode: Mode, command: &str) -> Result<()> {
    let mut differences = String::new();
    for folder in folders {
        let changed = folder.ensure(mode)?;
        if mode == Mode::Write {
            let count = folder.files.len();
            let files = if count == 1 { "file" } else { "files" };
            println!("{}: {count} {files}, {} changed", folder.path.display(), changed.len());
        }
        differences += &changed.concat();
    }
    up_to_date(mode, &differences, format!("generated code is out of date; run `{command}`"))
}

//! `regen`: generates the project's client and mock, or a client from another spec.

use std::path::Path;

use anyhow::{Result, bail};
use openapi_doc::{Document, Mode};
use specgen::Target;
use specgen::regen::{Folder, folders};

use crate::{project, types};

/// Returns the code that is generated from the project's own spec, which must agree with the documented facts. Also
/// compares or writes what is copied: the documented samples into the spec, and the specs into the sandbox.
///
/// # Errors
/// A file cannot be read or written, the spec has a problem, or, with [`Mode::Check`], a copy is out of date.
pub fn project(root: &Path, mode: Mode) -> Result<Vec<Folder>> {
    let copied = |difference: &str, what| {
        // Reported, because an example that somebody edited now has the text of the page again.
        if mode == Mode::Write && !difference.is_empty() {
            println!("{what}: updated");
        }
        up_to_date(mode, difference, format!("{what} are out of date; run `cargo xtask regen`"))
    };
    let pages = project::pages(root)?;
    let (difference, written) = project::examples(root, &pages, mode)?;
    copied(&difference, "the examples or the commands in the spec")?;
    let json = |document: &Document| format!("{}\n", document.value);
    let spec = json(&written);
    let document = written.without_extensions();
    project::check(&document, &pages)?;
    let parts = [(Target::Client, "crates/client/src/generated"), (Target::Mock, "crates/mock/src/generated")];
    let folders = folders(&document, &types::settings(), parts.map(|(target, path)| (target, root.join(path))))?;
    // The sandbox needs copies, because a package contains only its own files.
    let yaml = fs_err::read_to_string(&document.file)?.replace("\r\n", "\n");
    let control = root.join("crates/sandbox/control.yaml");
    let control = json(&Document::parse_as_written(&control, &fs_err::read(&control)?)?);
    let mut difference = String::new();
    for (name, text) in [("openapi.yaml", yaml), ("openapi.json", spec), ("control.json", control)] {
        difference += &openapi_doc::ensure(&root.join("crates/sandbox/src/generated").join(name), text, mode)?;
    }
    copied(&difference, "the specs that the sandbox serves")?;
    Ok(folders)
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

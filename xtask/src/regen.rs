//! `regen`: generates the project's client and mock, or a client from another spec.

use std::path::Path;

use anyhow::{Result, bail};
use openapi_doc::{Document, Mode};
use specgen::Target;
use specgen::regen::{Folder, folder};

use crate::{project, types};

/// Returns the code that is generated from the project's own spec, which must agree with the documented facts.
///
/// # Errors
/// The spec has a problem.
pub fn project(root: &Path) -> Result<Vec<Folder>> {
    let (document, _) = project::check_at(root)?;
    let settings = types::settings();
    let part = |target, path| folder(&document, &settings, target, root.join(path));
    Ok(vec![part(Target::Client, "crates/client/src/generated")?, part(Target::Mock, "crates/mock/src/generated")?])
}

/// Compares or writes what is copied: the documented samples into the spec, and the specs into the sandbox.
///
/// # Errors
/// A file cannot be read or written, or, with [`Mode::Check`], a copy is out of date.
pub fn copies(root: &Path, mode: Mode) -> Result<()> {
    let stale = |what| format!("{what} are out of date; run `cargo xtask regen`");
    up_to_date(mode, &project::examples(root, mode)?, stale("the examples or the commands in the spec"))?;
    // The sandbox needs copies, because a package contains only its own files.
    let (spec, control) = (root.join("spec/openapi.yaml"), root.join("crates/sandbox/control.yaml"));
    let json = |path: &Path| anyhow::Ok(format!("{}\n", Document::parse_as_written(path, &fs_err::read(path)?)?.value));
    let yaml = fs_err::read_to_string(&spec)?.replace("\r\n", "\n");
    let mut difference = String::new();
    for (name, text) in [("openapi.yaml", yaml), ("openapi.json", json(&spec)?), ("control.json", json(&control)?)] {
        difference += &openapi_doc::ensure(&root.join("crates/sandbox/src/generated").join(name), text, mode)?;
    }
    up_to_date(mode, &difference, stale("the specs that the sandbox serves"))
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

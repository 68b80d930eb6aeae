//! Generates code from a spec, and writes it to folders.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use openapi_doc::{Document, Mode, Pointer, Problem, Problems, ensure, unified_diff};

use crate::emit::{self, File};
use crate::generate::generate;
use crate::lint::lint;
use crate::lower::lower;
use crate::settings::{Replacement, Settings, Target};

/// A folder of generated code, and the files that belong in it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The path; the folder need not exist.
    pub path: PathBuf,
    /// Its generated files.
    pub files: Vec<File>,
}

/// Generates the code for a folder from a spec that has passed the lint.
///
/// # Errors
/// The generator cannot use the spec, or a replacement names a schema that the spec does not have.
pub fn folder(document: &Document, settings: &Settings, target: Target, path: PathBuf) -> Result<Folder, Problems> {
    Problems::check(&document.file, unknown_schemas(document, &settings.replacements))?;
    let lowered = lower(&document.value, &settings.replacements, target);
    let files = generate(&lowered, settings, target).and_then(|code| {
        let files = match target {
            Target::Client => emit::client(document, &lowered, code),
            Target::Mock => emit::mock(document, code),
        };
        files.map_err(|problem| vec![problem])
    });
    Ok(Folder { path, files: files.map_err(|problems| Problems::new(&document.file, problems))? })
}

/// Generates a client from any spec, without a project's types.
pub fn client(document: &Document, out: &Path) -> Result<Folder, Problems> {
    lint(document)?;
    folder(document, &Settings::default(), Target::Client, out.to_owned())
}

/// Returns a problem for each replacement of a schema that the spec does not have. Without this check, the replacement
/// of a removed schema would be ignored silently, together with its checks.
fn unknown_schemas(document: &Document, replacements: &[Replacement]) -> Vec<Problem> {
    let missing = replacements.iter().filter_map(|Replacement { schema, path, .. }| {
        let at = Pointer::component(schema);
        let message = format!("not found, but the table of hand-written types maps it to `{path}`");
        document.value.pointer(at.as_str()).is_none().then(|| Problem::at(&at, message))
    });
    missing.collect()
}

/// How a folder differed from the generated code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// A unified diff; empty if nothing differed.
    pub difference: String,
    /// The number of files that differed.
    pub changed: usize,
}

impl Folder {
    /// Compares the folder with the generated files, or updates it: writes files that differ, and removes generated
    /// files that no longer belong. A file that was not generated is never changed.
    ///
    /// # Errors
    /// A file cannot be read or written, or a file that was not generated has the name of a generated one. In the
    /// second case, nothing is written.
    pub fn ensure(&self, mode: Mode) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut add = |difference: String| {
            outcome.changed += usize::from(!difference.is_empty());
            outcome.difference.push_str(&difference);
        };
        for file in &self.files {
            let path = self.path.join(file.name);
            if mode == Mode::Write && path.exists() && !is_generated(&path)? {
                bail!("{} was not generated; move it away, or choose another folder", path.display());
            }
        }
        for file in &self.files {
            add(ensure(&self.path.join(file.name), &file.text, mode)?);
        }
        for path in self.stale()? {
            add(unified_diff(&path, &fs_err::read_to_string(&path)?, ""));
            if mode == Mode::Write {
                fs_err::remove_file(&path)?;
            }
        }
        Ok(outcome)
    }

    fn stale(&self) -> Result<Vec<PathBuf>> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in fs_err::read_dir(&self.path)? {
            let path = entry?.path();
            let belongs = self.files.iter().any(|file| path.file_name().is_some_and(|name| name == file.name));
            if !belongs && is_generated(&path)? {
                found.push(path);
            }
        }
        Ok(found)
    }
}

fn is_generated(path: &Path) -> Result<bool> {
    let rust = path.extension().is_some_and(|extension| extension == "rs") && path.is_file();
    Ok(rust && fs_err::read(path)?.starts_with(emit::MARK.as_bytes()))
}

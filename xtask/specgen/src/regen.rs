//! From a spec to folders of generated code on disk.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use openapi_doc::{Document, Mode, Pointer, Problem, Problems, ensure, unified_diff};

use crate::emit::{self, File};
use crate::generate::generate;
use crate::lint::lint;
use crate::lower::lower;
use crate::settings::{Replacement, Settings, Target};

/// A folder of generated code, and what belongs into it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder.
    pub path: PathBuf,
    /// Its files.
    pub files: Vec<File>,
}

/// Generates code from a spec that has passed the lint, for a folder.
///
/// # Errors
/// The generator cannot take the spec, or a replacement is for a schema that the spec does not have.
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

/// A client from any spec, without a project's types.
pub fn client(document: &Document, out: &Path) -> Result<Folder, Problems> {
    lint(document)?;
    folder(document, &Settings::default(), Target::Client, out.to_owned())
}

/// A replacement for a schema that is gone would be ignored silently, and its checks with it.
fn unknown_schemas(document: &Document, replacements: &[Replacement]) -> Vec<Problem> {
    let missing = replacements.iter().filter_map(|Replacement { schema, path, .. }| {
        let at = Pointer::component(schema);
        let message = format!("not found, but the table of hand-written types maps it to `{path}`");
        document.value.pointer(at.as_str()).is_none().then(|| Problem::at(&at, message))
    });
    missing.collect()
}

/// How a folder differed from what belongs into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// A unified diff.
    pub difference: String,
    /// How many files differed.
    pub changed: usize,
}

impl Folder {
    /// Compares the folder with what belongs into it, or makes it so: files that differ are written, and generated files
    /// that no longer belong are removed. A file that was not generated is never touched.
    ///
    /// # Errors
    /// A file cannot be read or written. A file that was not generated is in the place of a generated one; nothing is
    /// written then.
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

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

/// Generates the code for folders from a spec that has passed the lint.
///
/// # Errors
/// The generator cannot use the spec, or a replacement names a schema that the spec does not have.
pub fn folders(
    document: &Document,
    settings: &Settings,
    targets: impl IntoIterator<Item = (Target, PathBuf)>,
) -> Result<Vec<Folder>, Problems> {
    Problems::check(&document.file, unknown_schemas(document, &settings.replacements))?;
    targets.into_iter().map(|(target, path)| folder(document, settings, target, path)).collect()
}

/// Generates a client from any spec, without a project's types.
pub fn client(document: &Document, out: &Path) -> Result<Folder, Problems> {
    lint(document)?;
    folder(document, &Settings::default(), Target::Client, out.to_owned())
}

fn folder(document: &Document, settings: &Settings, target: Target, path: PathBuf) -> Result<Folder, Problems> {
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

/// Returns a problem for each replacement of a schema that the spec does not have. Without this check, the replacement
/// of a removed schema would be ignored silently, together with its checks.
fn unknown_schemas(document: &Document, replacements: &[Replacement]) -> Vec<Problem> {
    let missing = replacements.iter().filter_map(|Replacement { schema, path, .. }| {
        let at = Pointer::component(schema);
        let message = format!("not found, but a row of xtask/src/types.rs maps it to `{path}`");
        document.value.pointer(at.as_str()).is_none().then(|| Problem::at(&at, message))
    });
    missing.collect()
}

impl Folder {
    /// Compares the folder with the generated files, or updates it: writes files that differ, and removes generated
    /// files that no longer belong in it. A file that was not generated is never changed. Returns a unified diff of
    /// each file that differed.
    ///
    /// # Errors
    /// A file cannot be read or written, or, with [`Mode::Write`], a file that was not generated has the name of a
    /// generated one; then nothing is written.
    pub fn ensure(&self, mode: Mode) -> Result<Vec<String>> {
        for file in &self.files {
            let path = self.path.join(file.name);
            if mode == Mode::Write && path.exists() && !is_generated(&path)? {
                bail!("{} was not generated; move it away, or choose another folder", path.display());
            }
        }
        let mut differences = Vec::new();
        for file in &self.files {
            differences.push(ensure(&self.path.join(file.name), &file.text, mode)?);
        }
        let present = self.path.exists().then(|| fs_err::read_dir(&self.path)).transpose()?;
        for entry in present.into_iter().flatten() {
            let path = entry?.path();
            if self.files.iter().any(|file| path.ends_with(file.name)) || !is_generated(&path)? {
                continue;
            }
            differences.push(unified_diff(&path, &fs_err::read_to_string(&path)?, ""));
            if mode == Mode::Write {
                fs_err::remove_file(&path)?;
            }
        }
        differences.retain(|difference| !difference.is_empty());
        Ok(differences)
    }
}

fn is_generated(path: &Path) -> Result<bool> {
    let rust = path.extension().is_some_and(|extension| extension == "rs") && path.is_file();
    Ok(rust && fs_err::read(path)?.starts_with(emit::MARK.as_bytes()))
}

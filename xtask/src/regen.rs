//! `regen`: load, lint, lower, generate, write. With `--check` it writes nothing and says what would change.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::document::Document;
use crate::emit::{self, File};
use crate::generate::{Glue, generate};
use crate::lower::{Replacement, Target, lower};
use crate::problem::{Pointer, Problem, Problems};
use crate::types;
use crate::{lint, project};

/// A folder that holds nothing but generated files, and what belongs into it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder.
    pub path: PathBuf,
    /// Its files.
    pub files: Vec<File>,
}

/// What the project generates from its own spec, which is held against the documented facts first.
///
/// # Errors
/// All that is wrong with the spec.
pub fn project(root: &Path) -> anyhow::Result<Vec<Folder>> {
    let (document, _) = project::check_at(root)?;
    let table = types::table();
    unknown_rows(&document, &table)?;
    let glue = types::glue();
    Ok(vec![
        Folder { path: root.join("crates/client/src/generated"), files: client(&document, &table, &glue)? },
        Folder { path: root.join("crates/mock/src/generated"), files: mock(&document, &table, &glue)? },
    ])
}

/// A client from any spec, without the project's types.
///
/// # Errors
/// All that is wrong with the spec.
pub fn other(spec: &Path, out: &Path) -> Result<Vec<Folder>, Problems> {
    let document = Document::load(spec)?;
    lint::lint(&document)?;
    Ok(vec![Folder { path: out.to_owned(), files: client(&document, &[], &Glue::default())? }])
}

fn client(document: &Document, table: &[Replacement], glue: &Glue) -> Result<Vec<File>, Problems> {
    let fail = |problems| Problems::new(&document.file, problems);
    let lowered = lower(&document.value, table, Target::Client);
    let code = generate(&lowered, glue, Target::Client).map_err(fail)?;
    emit::client(document, &lowered, code).map_err(|problem| fail(vec![problem]))
}

fn mock(document: &Document, table: &[Replacement], glue: &Glue) -> Result<Vec<File>, Problems> {
    let fail = |problems| Problems::new(&document.file, problems);
    let lowered = lower(&document.value, table, Target::Mock);
    let code = generate(&lowered, glue, Target::Mock).map_err(fail)?;
    emit::mock(document, code).map_err(|problem| fail(vec![problem]))
}

/// A row of the table for a schema that is gone would be ignored without a word, and its check with it.
fn unknown_rows(document: &Document, table: &[Replacement]) -> Result<(), Problems> {
    let schemas = Pointer::default().at(&["components", "schemas"]);
    let problems: Vec<_> = table
        .iter()
        .map(|row| (schemas.join(&row.schema), row))
        .filter(|(at, _)| document.value.pointer(at.as_str()).is_none())
        .map(|(at, row)| {
            Problem::at(&at, format!("is missing, and `{}` stands for it in xtask/src/types.rs", row.path))
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Problems::new(&document.file, problems)) }
}

/// How a folder on disk differs from what belongs into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference(String);

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A unified diff, from what is on disk to what would be written.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Folder {
    /// Compares without writing.
    ///
    /// # Errors
    /// The folder or one of its files cannot be read.
    pub fn difference(&self) -> std::io::Result<Difference> {
        let mut text = String::new();
        let wanted = self.files.iter().map(|file| file.name.to_owned());
        let names: BTreeSet<_> = wanted.chain(self.present()?).collect();
        for name in names {
            let path = self.path.join(&name);
            let old = match std::fs::read_to_string(&path) {
                Ok(text) => text.replace("\r\n", "\n"),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(error),
            };
            let new = self.files.iter().find(|file| file.name == name).map_or("", |file| file.text.as_str());
            if old != new {
                text.push_str(&unified_diff(&path, "regenerated", &old, new));
            }
        }
        Ok(Difference(text))
    }

    /// Writes what differs, and removes what does not belong. Returns how many files changed.
    ///
    /// # Errors
    /// The folder or one of its files cannot be read or written, or somebody else's file stands where one of ours
    /// belongs. Nothing is written then.
    pub fn write(&self) -> std::io::Result<usize> {
        for file in &self.files {
            let path = self.path.join(file.name);
            if path.exists() && !is_ours(&path)? {
                let reason = format!("{} was not generated; move it away, or choose another folder", file.name);
                return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, reason));
            }
        }
        std::fs::create_dir_all(&self.path)?;
        let mut changed = 0;
        for file in &self.files {
            let path = self.path.join(file.name);
            if std::fs::read(&path).ok().as_deref() != Some(file.text.as_bytes()) {
                std::fs::write(&path, &file.text)?;
                changed += 1;
            }
        }
        for name in self.present()? {
            if !self.files.iter().any(|file| file.name == name) {
                std::fs::remove_file(self.path.join(name))?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    /// Files that are there and that we generated; a file of anybody else is never touched.
    fn present(&self) -> std::io::Result<Vec<String>> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let path = entry?.path();
            if is_ours(&path)?
                && let Some(name) = path.file_name()
            {
                names.push(name.to_string_lossy().into_owned());
            }
        }
        Ok(names)
    }
}

/// From what is in a file to what belongs into it.
pub(crate) fn unified_diff(path: &Path, wanted: &str, old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(2).header(&path.display().to_string(), wanted).to_string()
}

fn is_ours(path: &Path) -> std::io::Result<bool> {
    let rust = path.extension().is_some_and(|extension| extension == "rs") && path.is_file();
    Ok(rust && std::fs::read(path)?.starts_with(emit::MARK.as_bytes()))
}

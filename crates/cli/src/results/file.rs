//! Writes files: completely or not at all, readable only by their owner, and never over a file that the program did not
//! write.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::log;
use crate::text::hex;

/// A file with a temporary name in the directory of its final name. Its mode is 0600 from the start.
pub(crate) struct Draft {
    file: NamedTempFile,
    path: PathBuf,
}

impl Draft {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { file: NamedTempFile::new_in(log::directory(path))?, path: path.to_owned() })
    }

    /// Opens the empty file for writing.
    pub(crate) fn open(&self) -> io::Result<File> {
        self.file.as_file().try_clone()
    }

    /// Returns the SHA-256 of the file.
    pub(super) fn hash(&self) -> io::Result<String> {
        hash(self.file.path())
    }

    /// Syncs the file and gives it its final name.
    pub(crate) fn publish(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path).map_err(|error| error.error)?;
        log::sync_directory(&self.path)
    }
}

fn hash(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

/// Whether the SHA-256 of the file is one of `written`, that is, the program wrote it and nobody changed it; `None` if
/// the file does not exist.
pub(crate) fn is_own(path: &Path, written: &[String]) -> io::Result<Option<bool>> {
    match hash(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        hash => hash.map(|hash| Some(written.contains(&hash))),
    }
}

/// Renames a file that somebody changed after it was written, or that no run of this log wrote, so that nothing is
/// lost. In that case, returns a warning.
pub(crate) fn keep_changed(path: &Path, written: &[String]) -> io::Result<Option<String>> {
    if is_own(path, written)? != Some(false) {
        return Ok(None);
    }
    let [stem, kind] = [path.file_stem(), path.extension()].map(|part| part.unwrap_or_default().to_string_lossy());
    let names = (1..1000).map(|number| path.with_file_name(format!("{stem}.changed-{number}.{kind}")));
    let free = names.into_iter().find(|name| name.symlink_metadata().is_err());
    let kept = free.ok_or(io::ErrorKind::AlreadyExists)?;
    std::fs::rename(path, &kept)?;
    let (path, kept) = (path.display(), kept.display());
    Ok(Some(format!(
        "{path} was changed after the last run, or is another file; it was renamed to {kept}, and was not read"
    )))
}

/// Whether two paths lead to the same file. If a file does not exist yet, its directory and name are compared.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let full = |path: &Path| {
        path.canonicalize().ok().or_else(|| Some(log::directory(path).canonicalize().ok()?.join(path.file_name()?)))
    };
    one == other || full(one).is_some_and(|one| Some(one) == full(other))
}

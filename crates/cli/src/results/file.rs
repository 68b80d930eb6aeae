//! Writes files: completely or not at all, readable only by their owner, and never over a file that the program did not
//! write.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::log;
use crate::text::hex;

/// A file with a temporary name, in the directory where it gets its final name. Its mode is 0600 from the start.
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

    /// Computes the hash of the complete file.
    pub(super) fn finish(self) -> io::Result<Finished> {
        Ok(Finished { hash: hash(self.file.path())?, draft: self })
    }

    /// Syncs the file and gives it its final name.
    pub(crate) fn publish(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.path).map_err(|error| error.error)?;
        log::sync_directory(&self.path)
    }
}

/// A complete file with a temporary name.
pub(super) struct Finished {
    draft: Draft,
    /// The SHA-256 of the file.
    pub(super) hash: String,
}

impl Finished {
    /// Gives the file its final name. A file of that name which somebody changed after it was written, or which no run
    /// of this log wrote, is renamed, so that nothing is lost. In that case, returns a warning.
    pub(super) fn replace(self, written: &[String]) -> io::Result<Option<String>> {
        let path = self.draft.path.clone();
        let mut warning = None;
        if is_own(&path, written)? == Some(false) {
            let [stem, kind] =
                [path.file_stem(), path.extension()].map(|part| part.unwrap_or_default().to_string_lossy());
            let mut names = (1..1000).map(|number| path.with_file_name(format!("{stem}.changed-{number}.{kind}")));
            let free = names.find(|name| name.symlink_metadata().is_err());
            let kept = free.ok_or(io::ErrorKind::AlreadyExists)?;
            std::fs::rename(&path, &kept)?;
            warning = Some(format!(
                "{} was changed after the last run, or is another file; it was renamed to {}, and was not read",
                path.display(),
                kept.display()
            ));
        }
        self.draft.publish()?;
        Ok(warning)
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

/// The failure of [`is_own`]: nothing is known about the file, so it stays as it is.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{} exists but cannot be read, so it may be another file; nothing was sent", path.display());
    Failure::caused(Exit::Usage, message, error).next("make the file readable, or move it away")
}

/// Whether two paths lead to the same file. If a file does not exist yet, its directory and name are compared.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let full = |path: &Path| {
        path.canonicalize().ok().or_else(|| Some(log::directory(path).canonicalize().ok()?.join(path.file_name()?)))
    };
    one == other || full(one).is_some_and(|one| Some(one) == full(other))
}

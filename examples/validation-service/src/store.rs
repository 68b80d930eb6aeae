//! Stores the table in a file, which is replaced as a whole and synced, with its folder, after each change. A real
//! service uses a database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Outcome, Row};

/// The rows of the table by reference. Clones share the rows.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    rows: Arc<Mutex<BTreeMap<String, Row>>>,
    /// Locked while the store is used. The table itself is replaced with each change, so it cannot be locked.
    _lock: Arc<File>,
}

impl Store {
    /// Opens the table. Without a file, the table is empty.
    ///
    /// # Errors
    /// The file cannot be read, is not a table, or is used by another process, which would send the same rows.
    pub fn open(path: &Path) -> io::Result<Self> {
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock()?;
        let rows = match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), rows: Arc::new(Mutex::new(rows)), _lock: Arc::new(lock) })
    }

    /// Adds a row. Returns the row that the reference already has, unless that row has the same request and was
    /// refused: then the new row replaces it.
    ///
    /// # Errors
    /// The table cannot be written. It is unchanged.
    pub fn insert(&self, reference: &str, row: Row) -> io::Result<Option<Row>> {
        self.change(|rows| match rows.get(reference) {
            Some(own) if own.request.0 != row.request.0 || !matches!(own.outcome, Outcome::Refused { .. }) => {
                Some(own.clone())
            }
            _ => rows.insert(reference.to_owned(), row).and(None),
        })
    }

    /// Updates the outcome of a row.
    ///
    /// # Errors
    /// The table cannot be written. It is unchanged.
    pub fn update(&self, reference: &str, outcome: &Outcome) -> io::Result<()> {
        self.change(|rows| {
            if let Some(row) = rows.get_mut(reference) {
                row.outcome = outcome.clone();
            }
        })
    }

    /// Returns the row with this reference, if there is one.
    pub fn get(&self, reference: &str) -> Option<Row> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).get(reference).cloned()
    }

    /// Returns the references of the rows that are not final.
    pub fn unfinished(&self) -> Vec<String> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter().filter(|(_, row)| !row.outcome.is_final()).map(|(reference, _)| reference.clone()).collect()
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Row>) -> T) -> io::Result<T> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = rows.clone();
        let result = change(&mut changed);
        if let Err(error) = self.write(&changed) {
            // Perhaps only the last step failed, and the file has the change. The caller may send the payee again, so
            // the change must not come back after a restart.
            let _ = self.write(&rows);
            return Err(error);
        }
        *rows = changed;
        Ok(result)
    }

    fn write(&self, rows: &BTreeMap<String, Row>) -> io::Result<()> {
        let next = self.path.with_extension("next");
        let mut file = File::create(&next)?;
        file.write_all(&serde_json::to_vec(rows)?)?;
        file.sync_all()?;
        std::fs::rename(&next, &self.path)?;
        sync_folder(&self.path)
    }
}

/// Syncs the folder of a file. Otherwise, a power loss can bring the old file back, with a row that says `Queued`
/// although its request was sent.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Other systems cannot sync a folder.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

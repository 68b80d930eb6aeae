//! Reads the API key: from a file that only its owner can read, or from the environment. The key is never an argument,
//! because every user of the machine can see arguments, and every shell writes them to its history.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use juspay_accounts::ApiKey;
use sha2::{Digest as _, Sha256};

use crate::failure::Problem;
use crate::text::{hex, quoted};

pub(crate) const VARIABLE: &str = "JUSPAY_API_KEY";

pub(crate) const FLAG: &str = "--api-key-file";

/// The maximum size of a key file, in bytes. A key has about thirty.
const LARGEST: usize = 4096;

/// An API key and its SHA-256 digest. To distinguish keys, the log of a batch has a salted fingerprint of the digest.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) key: ApiKey,
    pub(crate) digest: String,
}

impl Key {
    fn new(text: String) -> Result<Self, juspay_accounts::InvalidSetting> {
        let digest = hex(&Sha256::digest(&text));
        Ok(Self { key: ApiKey::new(text)?, digest })
    }
}

/// Reads the key from `file`, or from the environment if `file` is `None`. Returns `None` if there is no key.
pub(crate) fn read(file: Option<&Path>) -> Result<Option<Key>, Problem> {
    if let Some(path) = file {
        return from_file(path).map(Some).map_err(|reason| Problem::new(FLAG, &reason));
    }
    match std::env::var(VARIABLE) {
        Ok(text) if text.is_empty() => {
            Err(Problem::new(VARIABLE, "the variable is empty; set it to the key, or unset it"))
        }
        Ok(text) => Key::new(text).map(Some).map_err(|error| Problem::new(VARIABLE, &error)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Problem::new(VARIABLE, "the variable is not text; set it to the key, or unset it"))
        }
    }
}

fn from_file(path: &Path) -> Result<Key, String> {
    let shown = path.display();
    let cannot = |error: io::Error| format!("{shown} cannot be read: {error}");
    // The permissions of the open file are checked, because the path can lead to another file a moment later.
    let file = File::open(path).map_err(cannot)?;
    refuse_if_shared(&file, path)?;
    let mut bytes = Vec::with_capacity(LARGEST + 1);
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > LARGEST {
        return Err(format!(
            "{shown} is larger than {LARGEST} bytes, so it is not a key; choose the file with the key"
        ));
    }
    let mut text =
        String::from_utf8(bytes).map_err(|_| format!("{shown} is not a text file; choose the file with the key"))?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Key::new(text).map_err(|error| format!("{shown}: {error}"))
}

#[cfg(unix)]
fn refuse_if_shared(file: &File, path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let shown = path.display();
    let mode = file.metadata().map_err(|error| format!("{shown} cannot be checked: {error}"))?.permissions().mode();
    let others = mode & 0o077;
    if others == 0 {
        return Ok(());
    }
    let file = quoted(&shown.to_string());
    Err(format!("{shown} can be opened by other users (mode {:04o}); fix it with: chmod 600 {file}", mode & 0o7777))
}

/// Only Unix has permissions that are simple to check.
#[cfg(not(unix))]
fn refuse_if_shared(_: &File, _: &Path) -> Result<(), String> {
    Ok(())
}

//! Finds the logs, and decides whether a run may use them. Advice that leads to paying a payee again says so.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::file::{LogFile, peek, read_at, read_header};
use super::format::{Header, LONGEST, Run, Salt};
use super::state::{History, Payees};
use super::unreadable::{PUT_BACK, Unreadable};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::clean;

fn refused<T>(message: String, next: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::new(Exit::Usage, message).next(next))
}

/// Refuses to start a new run if its log, its results or its file of `--rest` already exists.
pub(crate) fn must_be_new(out: &Path, rest: Option<&Path>, path: &Path) -> Result<(), Failure> {
    // A symbolic link without a target also counts as a file.
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    let [results, log] = [out.display(), path.display()];
    if exists(path) {
        let next = "continue with --resume, which pays nobody twice. (Another --out starts a new run, which pays for every payee \
                    of the file again.)";
        return refused(format!("{log} already exists, so its payees may have been sent"), next);
    }
    if exists(out) {
        let next = format!(
            "if it has the results of a run, put {log} back and add --resume, which pays nobody twice; if it is another file, \
             choose another --out. (A new run pays for every payee of the file, even for those that were paid before.)"
        );
        return refused(format!("{results} already exists, and its log {log} is missing"), next);
    }
    match rest.filter(|rest| exists(rest)) {
        None => Ok(()),
        Some(rest) => refused(
            format!("{} already exists, and is not replaced", rest.display()),
            "choose another --rest, or move the file away",
        ),
    }
}

/// Opens the log of an earlier run. Refuses the log of a run with another server.
pub(crate) fn resume(out: &Path, path: &Path, server: &str) -> Result<(LogFile, Header), Failure> {
    let [results, log] = [out.display(), path.display()];
    if !path.exists() && out.exists() {
        return refused(format!("{log} is missing: it is the log of the run that wrote {results}"), PUT_BACK);
    }
    if !path.exists() {
        return refused(
            format!("there is nothing to resume: {log} does not exist"),
            "check --out. (Without --resume, this would be a new run, which pays for every payee of the file.)",
        );
    }
    let (file, header) = LogFile::open(path)?;
    if header.target == server {
        return Ok((file, header));
    }
    let next = if header.target == "embedded" {
        "that run was a trial in the embedded sandbox, and paid nothing. To start a run with this server, choose another --out"
    } else {
        "resume with the --env or --base-url of that run. (Another --out starts a new run, which pays for every payee of the file.)"
    };
    refused(format!("{log} is the log of a run with another server: {}", clean(&header.target)), next)
}

impl History {
    /// Refuses a key if the log has a different one: another merchant's accounts say nothing about the payees of this
    /// log.
    pub(crate) fn must_know_key(&self, fingerprint: &str, path: &Path) -> Result<(), Failure> {
        if self.keys.iter().all(|key| key == fingerprint) {
            return Ok(());
        }
        let message = format!("{} was written with another API key, or with several", path.display());
        let next = "use the key of the run that sent the payees. If the merchant has replaced that key, add \
                    --rotated-key; with the key of another merchant, payees would look unpaid and be paid twice";
        refused(message, next)
    }
}

/// A log of another run.
#[derive(Debug)]
pub(crate) enum Other {
    Readable {
        salt: Salt,
        payees: Payees,
        last: Box<Run>,
        /// Whether the last run is still writing the log, and may add payees.
        is_in_use: bool,
    },
    /// The log cannot be read, so it may contain any payee. The clauses say why it cannot be read, and what to do.
    Unreadable(&'static str, String),
}

impl Other {
    /// Reads a log if `is_meant` accepts its server. A log that cannot be read may be for any server. With
    /// `only_in_use`, leaves out a log that no run is writing.
    fn read(
        path: &Path,
        own: Option<&LogFile>,
        is_meant: &impl Fn(&str) -> bool,
        only_in_use: bool,
    ) -> Result<Option<Self>, Unreadable> {
        let file = File::open(path)?;
        let salt = match read_header(&file) {
            Ok(header) if is_meant(&header.target) => header.salt,
            // Any program can have files with such names.
            Ok(_) | Err(Unreadable::Unknown | Unreadable::Empty) => return Ok(None),
            Err(unreadable) => return Err(unreadable),
        };
        let is_in_use = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        let is_own = || own.is_some_and(|own| is_backup(path, own).unwrap_or_default());
        if !is_in_use && (only_in_use || is_own()) {
            return Ok(None);
        }
        let mut payees = Payees::default();
        let history = peek(path, &mut payees)?;
        // The run has not logged that it started. It searches for other logs after that, and so does this run, so the
        // later of the two finds the other.
        if is_in_use && history.last.is_none() {
            return Ok(None);
        }
        let last = Box::new(history.last.unwrap_or_default());
        Ok(Some(Self::Readable { salt, payees, last, is_in_use }))
    }
}

/// Finds the logs other than `own`, which is at `path`, in the directories of these files, under any name with `.log`
/// in it, such as that of a copy: `out.log.old`. Leaves out backups of this log, logs with a server that `is_meant`
/// does not accept, and with `only_in_use`, logs that no run is writing. A directory that cannot be listed may have any
/// log.
pub(crate) fn others(
    (path, own): (&Path, Option<&LogFile>),
    files: impl IntoIterator<Item = PathBuf>,
    is_meant: impl Fn(&str) -> bool,
    only_in_use: bool,
) -> impl Iterator<Item = (PathBuf, Other)> {
    let logs_beside = |file: PathBuf| {
        let directory = Path::new(".").join(file.parent().unwrap_or(Path::new("")));
        match logs_in(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            listed => listed.unwrap_or_else(|_| vec![directory]),
        }
    };
    let mut seen: Vec<_> = fs::canonicalize(path).into_iter().collect();
    files.into_iter().flat_map(logs_beside).filter_map(move |name| {
        let full = fs::canonicalize(&name).unwrap_or_else(|_| name.clone());
        if seen.contains(&full) {
            return None;
        }
        seen.push(full);
        let other = Other::read(&name, own, &is_meant, only_in_use).unwrap_or_else(|unreadable| {
            let log = name.display();
            Some(if matches!(unreadable, Unreadable::Io(_)) {
                let how = format!("make {log} readable, and run the same command again");
                Other::Unreadable("cannot be read", how)
            } else {
                let how = format!(
                    "restore {log} from a backup, or use the version of the program that wrote it, and continue its run with \
                     --resume"
                );
                Other::Unreadable("is damaged or of another version", how)
            })
        });
        Some((name, other?))
    })
}

/// Whether a log is this log as it was earlier: all of its complete lines, and at least one, are the first lines of
/// this log. An incomplete line was not on disk before the log was copied, so its payee was not sent.
fn is_backup(log: &Path, own: &LogFile) -> io::Result<bool> {
    let mut log = BufReader::new(File::open(log)?);
    let (mut line, mut same, mut at) = (Vec::new(), Vec::new(), 0);
    loop {
        line.clear();
        log.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok(at > 0);
        }
        same.resize(line.len(), 0);
        // Windows lets a program read its locked log only through the file that has the lock.
        if read_at(&own.file, &mut same, at)? != line.len() || same != line {
            return Ok(false);
        }
        at += line.len() as u64;
    }
}

fn logs_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let is_log = |name: &PathBuf| {
        let is_named = name.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().contains(".log"));
        is_named && name.is_file()
    };
    let entries: Vec<_> = fs::read_dir(directory)?.collect::<io::Result<_>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(is_log).collect())
}

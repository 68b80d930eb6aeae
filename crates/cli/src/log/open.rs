//! Finds the logs, and decides whether a run may use them. Advice that leads to paying a payee again says so.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{LogFile, Unreadable, read_header};
use super::format::{Header, Salt};
use super::state::History;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::clean;

fn refused(message: String, next: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, message).next(next)
}

/// Refuses to start a new run if its log, its results or its file of `--rest` exist.
pub(crate) fn must_be_new(out: &Path, rest: Option<&Path>, path: &Path) -> Result<(), Failure> {
    let [results, log] = [out.display(), path.display()];
    // A symbolic link without a target also counts as a file.
    if path.symlink_metadata().is_ok() {
        let message = format!("{log} already exists, so its payees may have been sent");
        let next = "continue with --resume, which pays nobody twice. (Another --out starts a new run, which pays for every payee \
                    of the file again.)";
        return Err(Failure::new(Exit::Usage, message).next(next));
    }
    if out.symlink_metadata().is_ok() {
        let message = format!("{results} already exists, and its log {log} is missing");
        let next = format!(
            "if it has the results of a run, put {log} back and add --resume, which pays nobody twice; if it is another file, \
             choose another --out. (A new run pays for every payee of the file, even for those that were paid before.)"
        );
        return Err(Failure::new(Exit::Usage, message).next(next));
    }
    if let Some(rest) = rest.filter(|rest| rest.symlink_metadata().is_ok()) {
        let message = format!("{} already exists, and is not replaced", rest.display());
        return Err(refused(message, "choose another --rest, or move the file away"));
    }
    Ok(())
}

/// Opens the log of an earlier run.
pub(crate) fn resume(out: &Path, path: &Path, server: &str) -> Result<(LogFile, Header), Failure> {
    if !path.exists() {
        let (results, log) = (out.display(), path.display());
        let failure = if out.exists() {
            Failure::new(Exit::Usage, format!("{log} is missing: it is the log of the run that wrote {results}"))
                .next("put the log back: find where it was moved, or use a backup made after the last run. (Without it, a new run pays for every payee again.)")
        } else {
            Failure::new(Exit::Usage, format!("there is nothing to resume: {log} does not exist")).next(
                "check --out. (Without --resume, this would be a new run, which pays for every payee of the file.)",
            )
        };
        return Err(failure);
    }
    let (log, header) = LogFile::open(path)?;
    if header.target == server {
        return Ok((log, header));
    }
    let message = format!("{} is the log of a run with another server: {}", path.display(), clean(&header.target));
    let next = if header.target == "embedded" {
        "that run was a trial in the embedded sandbox, and paid nothing. To start a run with this server, choose another --out"
    } else {
        "resume with the --env or --base-url of that run. (Another --out starts a new run, which pays for every payee of the file.)"
    };
    Err(Failure::new(Exit::Usage, message).next(next))
}

impl History {
    /// Refuses a key if the log has a different one: another merchant's accounts say nothing about the payees of this
    /// log.
    pub(crate) fn must_know_key(&self, fingerprint: &str, path: &Path) -> Result<(), Failure> {
        if self.keys.iter().all(|key| key == fingerprint) {
            return Ok(());
        }
        let message = format!("{} was written with another API key, or with several", path.display());
        let next = "use the key of the run that sent the payees. If the key was replaced and belongs to the same merchant, add \
                    --rotated-key; with the key of another merchant, payees would look unpaid and be paid twice";
        Err(refused(message, next))
    }
}

/// Other logs in the directories of this log and of the input, if `is_meant` accepts their server, each with its salt.
/// A log that is damaged or of another version has none, and may be for any server.
pub(crate) fn others(path: &Path, input: &Path, is_meant: impl Fn(&str) -> bool) -> Vec<(PathBuf, Option<Salt>)> {
    let directory = |path: &Path| path.parent().map_or(PathBuf::new(), |parent| Path::new(".").join(parent));
    let names = [path, input].map(directory).into_iter().filter_map(|directory| fs::read_dir(directory).ok());
    let names = names.flatten().flatten().map(|entry| entry.path());
    let mut seen: Vec<_> = fs::canonicalize(path).into_iter().collect();
    let mut others = Vec::new();
    for name in names.filter(|name| name.extension().is_some_and(|kind| kind == "log")) {
        let Ok(full) = fs::canonicalize(&name) else { continue };
        if seen.contains(&full) {
            continue;
        }
        seen.push(full);
        match fs::File::open(&name).map_err(Unreadable::from).and_then(|file| read_header(&file)) {
            Ok(header) => others.extend(is_meant(&header.target).then_some((name, Some(header.salt)))),
            Err(Unreadable::Damaged(_) | Unreadable::Version) => others.push((name, None)),
            // Any program can have files with names that end in .log.
            Err(Unreadable::Unknown | Unreadable::Empty | Unreadable::Io(_)) => {}
        }
    }
    others
}

//! Output and journal as files: created once, held by one process, mended after a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::journal::{Damage, Event, Extent, Head, Past, read_lines};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::{clean, count};

/// The two files, open at their ends. The lock on the journal is held for as long as it is open.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) journal: File,
    pub(crate) output: File,
}

/// The journal of an output: the same name with `.journal` behind it.
pub(crate) fn journal_of(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".journal");
    name.into()
}

impl Files {
    /// Creates both. Neither may be there: what they hold would be paid for again.
    pub(crate) fn create(output: &Path, head: &Head) -> Result<Self, Failure> {
        let journal = journal_of(output);
        for path in [output, &journal] {
            // A link that leads nowhere is there too.
            if path.symlink_metadata().is_ok() {
                let message = format!("{} is there already, so that rows of it may have been sent", path.display());
                return Err(
                    Failure::new(Exit::Usage, message).next("continue with --resume, or choose another name for --out")
                );
            }
        }
        let mut files = Self { journal: open(&journal, true)?, output: open(output, true)? };
        lock(&files.journal, &journal)?;
        files.begin(head).map_err(|error| cannot_write(&journal, &error))?;
        sync_names(output)?;
        Ok(files)
    }

    /// Opens those of an earlier run, mends what was torn, and tells what they say.
    pub(crate) fn resume(
        output: &Path,
        head: &Head,
        mut past: Past,
        console: Console,
    ) -> Result<(Self, Past), Failure> {
        let path = journal_of(output);
        if !path.exists() {
            let message = format!("there is nothing to resume: {} is not there", path.display());
            return Err(Failure::new(Exit::Usage, message).next("start without --resume"));
        }
        let journal = open(&path, false)?;
        lock(&journal, &path)?;
        let mut found = None;
        let mut belongs = Ok(());
        let extent = read_lines(&journal, |number, text| match number {
            1 => {
                found = serde_json::from_slice::<Head>(text).ok();
                belongs = found.as_ref().map_or(Ok(()), |found| found.must_be(head, &path));
                found.is_some()
            }
            // What another input has in its lines cannot be understood.
            _ => belongs.is_err() || past.take_event(text),
        });
        let extent = extent.map_err(|damage| damaged(&path, damage))?;
        belongs?;
        // The very beginning was torn; or this is another file, which is not to be cut.
        if found.is_none() && extent.torn > 0 {
            let message = format!("{} has no first line, so that nothing was sent by it", path.display());
            return Err(Failure::new(Exit::Usage, message).next("remove it, and start without --resume"));
        }
        let created = !output.exists();
        if created && past.has_sent() {
            let message = format!("{} is not there, and {} says that rows were sent", output.display(), path.display());
            return Err(Failure::new(Exit::Usage, message).next("put the output back"));
        }
        let file = open(output, created)?;
        let written = read_lines(&file, |_, text| past.take_written(text)).map_err(|damage| damaged(output, damage))?;
        if let Some(line) = past.contradiction() {
            let message =
                format!("{} was changed: what it has of line {line} is not what was written", output.display());
            return Err(Failure::new(Exit::Usage, message).next("put the output back as it was"));
        }
        let mut files = Self { journal, output: file };
        mend(&files.journal, &path, &extent, console)?;
        mend(&files.output, output, &written, console)?;
        if found.is_none() {
            files.begin(head).map_err(|error| cannot_write(&path, &error))?;
        }
        sync_names(output)?;
        Ok((files, past))
    }

    /// Writes down how long calls may take from here on.
    pub(crate) fn limit(&mut self, output: &Path, longest: Duration) -> Result<(), Failure> {
        let line = Event::Limit { seconds: longest.as_secs() + 1 }.to_string();
        self.journal.write_all(line.as_bytes()).map_err(|error| cannot_write(&journal_of(output), &error))
    }

    fn begin(&mut self, head: &Head) -> io::Result<()> {
        let mut line = serde_json::to_vec(head)?;
        line.push(b'\n');
        self.journal.write_all(&line)?;
        self.journal.sync_all()
    }
}

impl Head {
    fn must_be(&self, now: &Self, journal: &Path) -> Result<(), Failure> {
        let journal = journal.display();
        let (message, next) = if !self.is_known() {
            (format!("{journal} was not written by this version of the program"), "resume with the version that began")
        } else if self.sha256 != now.sha256 {
            let next = "resume with the file as it was, or start anew with another name for --out";
            (format!("the input is not the one with which {journal} was begun"), next)
        } else if self.target != now.target {
            let next = "resume with the same environment, or start anew with another name for --out";
            (format!("{journal} was begun with another target: {}", clean(&self.target)), next)
        } else {
            return Ok(());
        };
        Err(Failure::new(Exit::Usage, message).next(next))
    }
}

fn open(path: &Path, new: bool) -> Result<File, Failure> {
    let file = OpenOptions::new().read(true).append(true).create_new(new).open(path);
    let file = file.map_err(|error| {
        Failure::caused(Exit::Usage, format!("{} cannot be opened for writing", path.display()), &error)
    })?;
    if file.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Failure::new(Exit::Usage, format!("{} is no file", path.display())));
    }
    Ok(file)
}

fn lock(journal: &File, path: &Path) -> Result<(), Failure> {
    match journal.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another process is working on {}", path.display());
            Err(Failure::new(Exit::Usage, message).next("wait for its end"))
        }
        Err(TryLockError::Error(error)) => {
            let message = format!("{} cannot be locked, so that another process could send the same", path.display());
            Err(Failure::caused(Exit::Usage, message, &error).next("choose a directory for --out that has locks"))
        }
    }
}

fn mend(file: &File, path: &Path, extent: &Extent, console: Console) -> Result<(), Failure> {
    let cut = || {
        file.set_len(extent.good)?;
        file.sync_all()?;
        (&*file).seek(SeekFrom::End(0))
    };
    if extent.torn > 0 {
        cut().map_err(|error| cannot_write(path, &error))?;
        let bytes = count(extent.torn, "byte", "bytes");
        console.note(format_args!("{bytes} at the end of {} were torn, and are gone", path.display()));
    }
    Ok(())
}

fn damaged(path: &Path, damage: Damage) -> Failure {
    match damage {
        Damage::Io(error) => Failure::caused(Exit::Usage, format!("{} cannot be read", path.display()), &error),
        Damage::Line(line) => {
            let message = format!("{} is damaged: line {line} is not one that this program wrote", path.display());
            Failure::new(Exit::Usage, message).next("put it back as it was")
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::caused(Exit::Usage, format!("{} cannot be written; nothing was sent", path.display()), error)
}

/// The names of both have to be on disk too: they are in one directory. The run that made them may have ended before that.
#[cfg(unix)]
fn sync_names(output: &Path) -> Result<(), Failure> {
    let directory = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(|error| cannot_write(output, &error))
}

/// Elsewhere a directory is no file that can be written to disk.
#[cfg(not(unix))]
fn sync_names(_: &Path) -> Result<(), Failure> {
    Ok(())
}

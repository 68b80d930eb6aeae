//! The log file: created once, locked by one process, checked and repaired when it is read.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::format::{Chain, End, Event, Header, LONGEST, NAME, event_of};
use super::state::{History, Payees};
use super::unreadable::{PUT_BACK, RESTORE, Unreadable};
use crate::exit::Exit;
use crate::failure::Failure;

/// File extensions of results. The name of the log does not depend on them.
const RESULTS: [&str; 6] = ["ndjson", "jsonl", "json", "csv", "xlsx", "ods"];

/// The path of the log for these results: `out.log` for `out.ndjson`.
pub(crate) fn path_of(results: &Path) -> PathBuf {
    let known = |kind: &&str| results.extension().is_some_and(|end| end.eq_ignore_ascii_case(kind));
    if RESULTS.iter().any(known) {
        return results.with_extension("log");
    }
    let mut name = results.as_os_str().to_owned();
    name.push(".log");
    name.into()
}

/// Reads the first line of a log.
pub(crate) fn read_header(file: &File) -> Result<Header, Unreadable> {
    let mut text = Vec::new();
    BufReader::new(file).take(LONGEST as u64).read_until(b'\n', &mut text)?;
    match Chain::default().open(text.strip_suffix(b"\n").unwrap_or(&text)) {
        _ if text.is_empty() => Err(Unreadable::Empty),
        Some(Event::Log(header)) if header.is_known() => Ok(header),
        Some(Event::Log(_)) => Err(Unreadable::Version),
        // The first line is like that of a log, so the log is damaged: a byte was changed, or another program saved the
        // file, with a mark at its start or more quotation marks.
        None if text.starts_with(b"{\"seq\":0,\"event\":{\"log\":")
            || memchr::memmem::find(&text, NAME.as_bytes()).is_some() =>
        {
            Err(Unreadable::Damaged(1))
        }
        _ => Err(Unreadable::Unknown),
    }
}

/// An open log. It is locked until it is dropped.
#[derive(Debug)]
pub(crate) struct LogFile {
    pub(crate) path: PathBuf,
    pub(super) file: File,
    pub(super) chain: Chain,
    /// The length of the file, in bytes.
    pub(super) length: u64,
}

impl LogFile {
    /// Creates a log that holds its header. The file gets its name after the header is on disk, so a log is never
    /// empty.
    pub(crate) fn create(path: &Path, header: Header) -> Result<Self, Failure> {
        let create = || {
            let mut file = tempfile::Builder::new().append(true).tempfile_in(directory(path))?;
            let (mut chain, mut line) = (Chain::default(), Vec::new());
            chain.seal(&Event::Log(header), &mut line)?;
            file.write_all(&line)?;
            file.as_file().sync_all()?;
            Ok((file, chain, line.len() as u64))
        };
        let (file, chain, length) = create().map_err(|error| cannot_write(path, &error))?;
        lock(file.as_file(), path)?;
        let file = file.persist_noclobber(path).map_err(|error| cannot_write(path, &error.error))?;
        sync_directory(path).map_err(|error| cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), file, chain, length })
    }

    /// Opens and locks a log, and reads only its header.
    pub(crate) fn open(path: &Path) -> Result<(Self, Header), Failure> {
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(|error| {
            let message = format!("the log {} cannot be opened for reading and writing", path.display());
            Failure::caused(Exit::Usage, message, &error)
        })?;
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(Failure::new(Exit::Usage, format!("{} is not a file", path.display())));
        }
        lock(&file, path)?;
        let header = read_header(&file).map_err(|unreadable| unreadable.into_failure(path, Exit::Usage))?;
        Ok((Self { path: path.to_owned(), file, chain: Chain::default(), length: 0 }, header))
    }

    /// Reads the whole log and repairs its end: removes an incomplete last line and zero bytes, and adds a missing line
    /// break. The payee of an incomplete `send` line was not sent. Returns the history, and the number of removed
    /// bytes.
    pub(crate) fn read(&mut self, payees: &mut Payees) -> Result<(History, u64), Unreadable> {
        let scan = scan(&self.file, payees)?;
        (self.chain, self.length) = (scan.chain, scan.good);
        if scan.torn > 0 {
            self.file.set_len(scan.good)?;
            self.file.sync_all()?;
        }
        if scan.lacks_end {
            (&self.file).write_all(b"\n")?;
            self.length += 1;
        }
        Ok((scan.history, scan.torn))
    }

    /// Returns a reader of the log's records. It can read while the log grows.
    pub(crate) fn records(&self) -> io::Result<Records> {
        Ok(Records { file: self.file.try_clone()?, window: Mutex::default() })
    }

    /// Appends a line and syncs it to disk.
    pub(crate) fn append(&mut self, event: &Event) -> io::Result<()> {
        let (mut chain, mut line) = (self.chain, Vec::new());
        chain.seal(event, &mut line)?;
        if !self.is_whole() {
            return Err(io::Error::other("another program changed the log"));
        }
        if let Err(error) = (&self.file).write_all(&line).and_then(|()| self.file.sync_data()) {
            // If the file cannot be truncated, the next read removes a partial line.
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        (self.chain, self.length) = (chain, self.length + line.len() as u64);
        Ok(())
    }

    /// Writes the log again if it was deleted or renamed while open, which works because the open file still has all
    /// lines. If another file replaced it, writes a copy next to that file. Returns a clause that says what happened to
    /// the file, or `None` if nothing did.
    ///
    /// # Errors
    /// Another program changed or replaced the file, or the log cannot be written again.
    pub(crate) fn recover(&mut self) -> Result<Option<&'static str>, Failure> {
        let path = self.path.clone();
        let failed = |what: &str, next: &str| {
            let log = path.display();
            Err(Failure::new(Exit::Unknown, format!("{log} {what} while it was in use")).next(next))
        };
        if !self.is_whole() {
            return failed("was changed by another program", RESTORE);
        }
        match (path.metadata(), self.file.metadata()) {
            (Ok(named), Ok(open)) if is_same(&named, &open) => Ok(None),
            (Ok(_), _) => {
                let copy = path.with_extension("recovered.log");
                match self.write_to(&copy) {
                    Ok(()) => {
                        let (copy, log) = (copy.display(), path.display());
                        let next = format!("move {copy} back to {log}, and run the same command with --resume");
                        failed("was replaced", &next)
                    }
                    Err(_) => failed("was replaced", RESTORE),
                }
            }
            (Err(_), _) => match self.write_to(&path) {
                Ok(()) => Ok(Some("was deleted or renamed while it was in use")),
                Err(_) => failed("was deleted or renamed", PUT_BACK),
            },
        }
    }

    /// Whether the file has the length that this program gave it.
    fn is_whole(&self) -> bool {
        self.file.metadata().is_ok_and(|open| open.len() == self.length)
    }

    /// Copies the log to this path, and continues with the copy.
    fn write_to(&mut self, path: &Path) -> io::Result<()> {
        let mut copy = tempfile::Builder::new().append(true).tempfile_in(directory(path))?;
        (&self.file).rewind()?;
        io::copy(&mut &self.file, &mut copy)?;
        copy.as_file().sync_all()?;
        copy.as_file().lock()?;
        self.file = copy.persist_noclobber(path).map_err(|error| error.error)?;
        sync_directory(path)
    }
}

/// Reads a log without changing it. After an error, `payees` has the states from the lines before the error.
pub(crate) fn peek(path: &Path, payees: &mut Payees) -> Result<History, Unreadable> {
    scan(&File::open(path)?, payees).map(|scan| scan.history)
}

/// The result of reading a log.
struct Scan {
    history: History,
    chain: Chain,
    /// The length of all complete lines, in bytes.
    good: u64,
    /// The length of everything after them, in bytes.
    torn: u64,
    /// Whether the last complete line lacks only its line break.
    lacks_end: bool,
}

fn scan(mut file: &File, payees: &mut Payees) -> Result<Scan, Unreadable> {
    let (end, length) = (end_of_text(file)?, file.seek(SeekFrom::End(0))?);
    file.rewind()?;
    let mut input = BufReader::with_capacity(64 * 1024, file).take(end);
    let (chain, history) = (Chain::default(), History::begin(payees));
    let mut scan = Scan { history, chain, good: 0, torn: 0, lacks_end: false };
    let (mut text, mut number) = (Vec::new(), 0);
    loop {
        text.clear();
        let read = input.by_ref().take(LONGEST as u64).read_until(b'\n', &mut text)? as u64;
        let is_cut = text.last() != Some(&b'\n');
        let line = text.strip_suffix(b"\n").unwrap_or(&text);
        if read == 0 || is_cut && is_torn(scan.chain, line) {
            break;
        }
        number += 1;
        let event = scan.chain.open(line);
        if !event.is_some_and(|event| scan.history.apply(payees, event, scan.good)) {
            return Err(Unreadable::Damaged(number));
        }
        scan.good += read;
        scan.lacks_end = is_cut;
    }
    scan.torn = length - scan.good;
    match scan.history.header {
        Some(_) => Ok(scan),
        None if scan.torn > 0 => Err(Unreadable::Unknown),
        None => Err(Unreadable::Empty),
    }
}

/// The length of a file without the zero bytes at its end. A power cut can leave them in a file that was growing, in
/// place of lines that were not on disk yet. No line contains a zero byte.
fn end_of_text(mut file: &File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(LONGEST as u64);
        file.seek(SeekFrom::Start(start))?;
        block.clear();
        file.take(end - start).read_to_end(&mut block)?;
        if let Some(last) = block.iter().rposition(|byte| *byte != 0) {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Reads records from a log that was already checked, through the file that is locked: Windows lets no other handle
/// read it.
#[derive(Debug)]
pub(crate) struct Records {
    file: File,
    /// A part of the file, and its offset.
    window: Mutex<(u64, Vec<u8>)>,
}

impl Records {
    /// Reads the `end` line at this offset. Outcomes are mostly in the order of the input, so the line is usually in
    /// the window.
    pub(crate) fn read(&self, at: u64) -> io::Result<End> {
        let window = &mut *self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let line = |(start, window): &(u64, Vec<u8>)| {
            let text = window.get(usize::try_from(at.checked_sub(*start)?).ok()?..)?;
            event_of(&text[..memchr::memchr(b'\n', text)?])
        };
        let mut event = line(window);
        if event.is_none() {
            let bytes = &mut window.1;
            bytes.resize(LONGEST, 0);
            let length = read_at(&self.file, bytes, at)?;
            bytes.truncate(length);
            window.0 = at;
            event = line(window);
        }
        match event {
            Some(Event::End(end)) => Ok(end),
            _ => Err(io::Error::other("the log was changed while it was in use")),
        }
    }
}

/// Reads at an offset, because the writer moves the position of the file.
#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Whether the file ends in a line that was being written when the program ended. A damaged complete line looks
/// different: it has another byte in place of the line break, or a wrong checksum.
fn is_torn(chain: Chain, line: &[u8]) -> bool {
    let is_line = |line: &[u8]| { chain }.open(line).is_some();
    let has_sum = line.len().checked_sub(26).is_some_and(|start| line[start..].starts_with(b",\"sum\":\""));
    !has_sum && line.len() < LONGEST && !line.split_last().is_some_and(|(_, line)| is_line(line))
}

pub(crate) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns true, because the standard library cannot compare files on other systems. A log that was replaced while open
/// is not noticed there.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another process is using {}", path.display());
            Err(Failure::new(Exit::Usage, message).next("wait until that process ends"))
        }
        Err(TryLockError::Error(error)) => {
            let message = format!("{} cannot be locked, so another process could pay the same payees", path.display());
            Err(Failure::caused(Exit::Usage, message, &error).next(
                "choose a folder for --out where files can be locked (to resume a run, move its log there first)",
            ))
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::caused(Exit::Usage, format!("{} cannot be written; nothing was sent", path.display()), error)
        .next("check that its folder is writable and has free disk space")
}

/// Syncs the directory, because a new file name must be on disk too.
#[cfg(unix)]
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(directory(path)).and_then(|directory| directory.sync_all())
}

/// Other systems cannot sync a directory.
#[cfg(not(unix))]
pub(crate) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;

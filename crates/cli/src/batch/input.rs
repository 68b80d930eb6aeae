//! The input, which is read twice: once to check it, once to send it. It has to be the same both times.

use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _};
use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::exit::Exit;
use crate::failure::Failure;

/// An open input.
pub(crate) struct Input {
    file: File,
    /// As it is told to people.
    pub(crate) name: String,
    state: State,
}

/// What tells whether a file was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Input {
    /// Opens a file, or standard input for `-`. What cannot be read twice, such as a pipe, is first copied to a file
    /// without a name, which is gone when the program ends.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let open = || {
            let (file, metadata) = if path == Path::new("-") {
                copy(io::stdin().lock())?
            } else {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                if metadata.is_file() { (file, metadata) } else { copy(file)? }
            };
            Ok((file, State::of(&metadata)))
        };
        match open() {
            Ok((file, state)) => Ok(Self { file, name, state }),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }

    /// That it cannot be read, before anything of it was sent.
    pub(crate) fn unreadable(&self, error: &io::Error) -> Failure {
        unreadable(&self.name, error)
    }

    /// Reads it from the beginning.
    pub(crate) fn read(&self) -> io::Result<Steady<'_>> {
        (&self.file).rewind()?;
        Ok(Steady { file: &self.file, state: self.state })
    }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::caused(Exit::Usage, format!("{name} cannot be read; nothing was sent"), error)
}

fn copy(mut from: impl Read) -> io::Result<(File, Metadata)> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut from, &mut file)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

/// Reads a file for as long as nobody writes to it: half a line, read while an editor saves the file, can be a valid
/// row with half an account number.
pub(crate) struct Steady<'a> {
    file: &'a File,
    state: State,
}

impl Read for Steady<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if State::of(&self.file.metadata()?) != self.state {
            return Err(io::Error::other("it was changed while it was read"));
        }
        Ok(read)
    }
}

/// Reads, and takes the hash of what was read.
pub(crate) struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// In hexadecimal.
    pub(crate) fn finish(self) -> String {
        self.hash.finalize().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap_or_default();
            text
        })
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_that_is_written_to_is_not_read_on() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"some rows").unwrap();
        let input = Input::open(file.path()).unwrap();
        for _ in 0..2 {
            let mut text = String::new();
            input.read().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "some rows");
        }
        let mut steady = input.read().unwrap();
        assert_eq!(steady.read(&mut [0; 4]).unwrap(), 4);
        file.write_all(b"!").unwrap();
        assert_eq!(steady.read(&mut [0; 4]).unwrap_err().to_string(), "it was changed while it was read");
    }

    #[test]
    fn the_hash_is_that_of_all_that_was_read() {
        let mut input = Hashed::new(&b"abc"[..]);
        io::copy(&mut input, &mut io::sink()).unwrap();
        assert_eq!(input.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

//! Numbers for the rows of a file, sorted into heaps, of which the full ones lie in a file: so memory hardly grows with the
//! rows. Equal numbers are in the same heap, and each thread reads one heap at a time back.

use std::env;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, PoisonError};

/// So many heaps: each is a small part of all.
pub(crate) const HEAPS: usize = 64;

/// So many rows of a heap are put away together.
const FULL: usize = 512;

/// The number of a row, and its line.
pub(crate) type Seen = (u64, u64);

/// Their bytes in the file.
type Bytes = [[u8; 8]; 2];

/// The rows that one thread has seen.
pub(crate) struct Heaps {
    heaps: [Vec<Seen>; HEAPS],
    away: Option<Away>,
}

impl Heaps {
    pub(crate) fn new() -> Self {
        Self { heaps: [const { Vec::new() }; HEAPS], away: None }
    }

    /// Adds a row. An error is one of the file.
    pub(crate) fn add(&mut self, seen: Seen) -> io::Result<()> {
        let (number, _) = seen;
        let [first, ..] = number.to_be_bytes();
        let index = usize::from(first) % HEAPS;
        let heap = &mut self.heaps[index];
        heap.push(seen);
        if heap.len() == FULL {
            let away = match &mut self.away {
                Some(away) => away,
                None => self.away.insert(Away::new().map_err(|error| broken(&error))?),
            };
            away.put(index, heap).map_err(|error| broken(&error))?;
            heap.clear();
        }
        Ok(())
    }

    /// Adds a heap to what is in `all`.
    pub(crate) fn read(&self, index: usize, all: &mut Vec<Seen>) -> io::Result<()> {
        all.extend_from_slice(&self.heaps[index]);
        self.away.as_ref().map_or(Ok(()), |away| away.read(index, all)).map_err(|error| broken(&error))
    }
}

/// With the directory, which nobody has named.
fn broken(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("in {}: {error}", env::temp_dir().display()))
}

/// Full heaps in a file without a name, which is gone when the program ends.
struct Away {
    file: Mutex<File>,
    /// Which heaps they are, in the order of the file.
    heaps: Vec<usize>,
}

impl Away {
    fn new() -> io::Result<Self> {
        Ok(Self { file: Mutex::new(tempfile::tempfile()?), heaps: Vec::new() })
    }

    fn put(&mut self, index: usize, heap: &[Seen]) -> io::Result<()> {
        let bytes: Vec<Bytes> = heap.iter().map(|(number, line)| [number.to_le_bytes(), line.to_le_bytes()]).collect();
        let bytes = bytes.as_flattened().as_flattened();
        self.file.get_mut().unwrap_or_else(PoisonError::into_inner).write_all(bytes)?;
        self.heaps.push(index);
        Ok(())
    }

    fn read(&self, index: usize, all: &mut Vec<Seen>) -> io::Result<()> {
        let mut bytes = [Bytes::default(); FULL];
        for (place, _) in (0_u64..).zip(&self.heaps).filter(|(_, heap)| **heap == index) {
            {
                let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(place * size_of_val(&bytes) as u64))?;
                file.read_exact(bytes.as_flattened_mut().as_flattened_mut())?;
            }
            all.extend(bytes.map(|[number, line]| (u64::from_le_bytes(number), u64::from_le_bytes(line))));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_heap_whether_put_away_or_not() {
        // More than are put away of each heap, and some that are not.
        let rows = (HEAPS * (2 * FULL + FULL / 2)) as u64;
        let seen = |line: u64| (line.wrapping_mul(0x9E37_79B9_7F4A_7C15), line);
        let mut heaps = Heaps::new();
        (0..rows).for_each(|line| heaps.add(seen(line)).unwrap());
        let held: usize = heaps.heaps.iter().map(Vec::len).sum();
        let away = heaps.away.as_ref().unwrap();
        assert_eq!(held + away.heaps.len() * FULL, usize::try_from(rows).unwrap());
        assert!(away.heaps.len() >= HEAPS && held > 0 && heaps.heaps.iter().all(|heap| heap.len() < FULL));
        let mut all = Vec::new();
        for index in 0..HEAPS {
            let before = all.len();
            heaps.read(index, &mut all).unwrap();
            let mut firsts = all[before..].iter().map(|(number, _)| number.to_be_bytes()[0]);
            assert!(firsts.all(|first| usize::from(first) % HEAPS == index));
        }
        all.sort_by_key(|(_, line)| *line);
        assert!(all.into_iter().eq((0..rows).map(seen)));
    }
}

//! Numbers for the rows of a file, in partitions by their first byte, of which full chunks are spilled to a file: so memory
//! hardly grows with the rows. Equal numbers are in one partition, and each thread reads one partition at a time back.

use std::env;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, PoisonError};

/// So many partitions: each is a small part of all.
pub(crate) const PARTITIONS: usize = 64;

/// So many rows of a partition are spilled together.
const CHUNK: usize = 512;

/// The number of a row, and its line.
pub(crate) type Seen = (u64, u64);

/// Their bytes in the file.
type Bytes = [[u8; 8]; 2];

/// The rows that one thread has seen.
pub(crate) struct Partitions {
    partitions: [Vec<Seen>; PARTITIONS],
    spilled: Option<Spilled>,
}

impl Partitions {
    pub(crate) fn new() -> Self {
        Self { partitions: [const { Vec::new() }; PARTITIONS], spilled: None }
    }

    /// Adds a row. An error is one of the file.
    pub(crate) fn add(&mut self, seen: Seen) -> io::Result<()> {
        let (number, _) = seen;
        let [first, ..] = number.to_be_bytes();
        let index = usize::from(first) % PARTITIONS;
        let partition = &mut self.partitions[index];
        partition.push(seen);
        if partition.len() == CHUNK {
            let spilled = match &mut self.spilled {
                Some(spilled) => spilled,
                None => self.spilled.insert(Spilled::new().map_err(|error| broken(&error))?),
            };
            spilled.put(index, partition).map_err(|error| broken(&error))?;
            partition.clear();
        }
        Ok(())
    }

    /// Adds a partition to what is in `all`.
    pub(crate) fn read(&self, index: usize, all: &mut Vec<Seen>) -> io::Result<()> {
        all.extend_from_slice(&self.partitions[index]);
        self.spilled.as_ref().map_or(Ok(()), |spilled| spilled.read(index, all)).map_err(|error| broken(&error))
    }
}

/// With the directory, which nobody has named.
fn broken(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("in {}: {error}", env::temp_dir().display()))
}

/// Chunks in a file without a name, which is gone when the program ends.
struct Spilled {
    file: Mutex<File>,
    /// Of which partitions they are, in the order of the file.
    partitions: Vec<usize>,
}

impl Spilled {
    fn new() -> io::Result<Self> {
        Ok(Self { file: Mutex::new(tempfile::tempfile()?), partitions: Vec::new() })
    }

    fn put(&mut self, index: usize, partition: &[Seen]) -> io::Result<()> {
        let bytes: Vec<Bytes> =
            partition.iter().map(|(number, line)| [number.to_le_bytes(), line.to_le_bytes()]).collect();
        let bytes = bytes.as_flattened().as_flattened();
        self.file.get_mut().unwrap_or_else(PoisonError::into_inner).write_all(bytes)?;
        self.partitions.push(index);
        Ok(())
    }

    fn read(&self, index: usize, all: &mut Vec<Seen>) -> io::Result<()> {
        let mut bytes = [Bytes::default(); CHUNK];
        for (place, _) in (0_u64..).zip(&self.partitions).filter(|(_, partition)| **partition == index) {
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
    fn every_row_is_in_one_partition_whether_spilled_or_not() {
        // More than are spilled of each partition, and some that are not.
        let rows = (PARTITIONS * (2 * CHUNK + CHUNK / 2)) as u64;
        let seen = |line: u64| (line.wrapping_mul(0x9E37_79B9_7F4A_7C15), line);
        let mut partitions = Partitions::new();
        (0..rows).for_each(|line| partitions.add(seen(line)).unwrap());
        let held: usize = partitions.partitions.iter().map(Vec::len).sum();
        let spilled = partitions.spilled.as_ref().unwrap();
        assert_eq!(held + spilled.partitions.len() * CHUNK, usize::try_from(rows).unwrap());
        assert!(
            spilled.partitions.len() >= PARTITIONS
                && held > 0
                && partitions.partitions.iter().all(|partition| partition.len() < CHUNK)
        );
        let mut all = Vec::new();
        for index in 0..PARTITIONS {
            let before = all.len();
            partitions.read(index, &mut all).unwrap();
            let mut firsts = all[before..].iter().map(|(number, _)| number.to_be_bytes()[0]);
            assert!(firsts.all(|first| usize::from(first) % PARTITIONS == index));
        }
        all.sort_by_key(|(_, line)| *line);
        assert!(all.into_iter().eq((0..rows).map(seen)));
    }
}

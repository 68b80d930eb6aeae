//! Accounts that come twice in a file: each would be paid for twice.
//!
//! Of each row a number for its account is kept, and its line. That two different accounts have the same number
//! happens in one of 37 million files of a million rows; and nobody can make a file in which it does, since the numbers are
//! other ones in each run.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::panic::resume_unwind;
use std::thread;

use super::columns::Column;
use super::partitions::{PARTITIONS, Partitions};
use super::row::{self, Words};
use super::rows::Cells;

/// The accounts of some rows of a file.
pub(crate) struct Accounts {
    hasher: RandomState,
    partitions: Partitions,
    /// What stands for an account, in one piece: it is used again for each row.
    key: Vec<u8>,
}

impl Accounts {
    /// For all rows of a file, the hasher has to be the same.
    pub(crate) fn new(hasher: RandomState) -> Self {
        Self { hasher, partitions: Partitions::new(), key: Vec::new() }
    }

    /// Adds a row in which nothing is wrong, and its line.
    pub(crate) fn add(&mut self, cells: &Cells<'_>, line: u64) -> io::Result<()> {
        let customer = cells.get(Column::CustomerId);
        self.key.clear();
        self.key.extend_from_slice(customer.as_bytes());
        // No value holds a control character.
        match row::account(cells) {
            Words::Bank { ifsc, account, .. } => {
                self.key.push(0);
                self.key.extend_from_slice(ifsc.as_bytes());
                self.key.extend_from_slice(account.as_bytes());
            }
            Words::Upi(vpa) => {
                self.key.push(1);
                self.key.extend_from_slice(vpa.as_bytes());
            }
        }
        // An answer does not tell accounts apart by case either.
        self.key[customer.len()..].make_ascii_lowercase();
        let mut hasher = self.hasher.build_hasher();
        hasher.write(&self.key);
        self.partitions.add((hasher.finish(), line))
    }
}

/// Rows whose account stands in an earlier one: their lines, in order, each with the line of the first.
#[derive(Debug, Default)]
pub(crate) struct Repeated(Vec<(u64, u64)>);

impl Repeated {
    /// Finds them in what was seen of a file, by as many threads as have seen it.
    pub(crate) fn find(all: &[Accounts]) -> io::Result<Self> {
        let find = |first: usize| {
            let mut repeated = Vec::new();
            let mut partition = Vec::new();
            for number in (first..PARTITIONS).step_by(all.len()) {
                partition.clear();
                all.iter().try_for_each(|accounts| accounts.partitions.read(number, &mut partition))?;
                partition.sort_unstable();
                for same in partition.chunk_by(|(one, _), (other, _)| one == other) {
                    if let [(_, first), more @ ..] = same {
                        repeated.extend(more.iter().map(|(_, line)| (*line, *first)));
                    }
                }
            }
            Ok::<_, io::Error>(repeated)
        };
        let mut repeated = thread::scope(|scope| {
            let others: Vec<_> = (1..all.len()).map(|first| scope.spawn(move || find(first))).collect();
            let mut repeated = find(0)?;
            for thread in others {
                repeated.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok::<_, io::Error>(repeated)
        })?;
        repeated.sort_unstable();
        Ok(Self(repeated))
    }

    /// How many they are.
    pub(crate) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Their lines, in order, each with the line that it repeats.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied()
    }

    /// The line that a row repeats.
    pub(crate) fn first(&self, line: u64) -> Option<u64> {
        let index = self.0.binary_search_by_key(&line, |(line, _)| *line).ok()?;
        self.0.get(index).map(|(_, first)| *first)
    }
}

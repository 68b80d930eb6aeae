//! Finds payees that are almost the same: one of them may be a mistake.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use super::flaw::Likeness;
use crate::log::PayeeHash;

/// In a file with fewer bank accounts than this, a single branch is normal.
const BRANCH: usize = 5;

/// The bank accounts of a file. Each is stored as a few short hashes, because there can be a million.
#[derive(Debug, Default)]
pub(super) struct Near {
    accounts: Vec<Account>,
    hasher: RandomState,
    is_mixed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Account {
    /// A hash of the number without leading zeros. The last bits hold the count of leading zeros.
    number: u64,
    ifsc: u32,
    customer: u32,
    line: u32,
}

/// The number of bits for the count of zeros.
const ZEROS: u32 = 6;

impl Account {
    fn group(&self) -> u64 {
        self.number >> ZEROS
    }
}

impl Near {
    /// Adds the bank account of the payee in a row. Rows arrive in the order of the file.
    pub(super) fn add(&mut self, ifsc: &str, account: &str, payee: PayeeHash, line: u32) {
        let number = account.trim_start_matches('0');
        let zeros = (account.len() - number.len()).min((1 << ZEROS) - 1) as u64;
        let number = self.hasher.hash_one(number) >> ZEROS << ZEROS | zeros;
        let [ifsc, customer] =
            [self.hasher.hash_one(ifsc), payee.customer].map(|hash| u32::try_from(hash >> 32).unwrap_or_default());
        self.is_mixed |= self.accounts.first().is_some_and(|first| first.ifsc != ifsc);
        self.accounts.push(Account { number, ifsc, customer, line });
    }

    /// Whether all accounts have the same IFSC, in a file with enough of them for that to be unusual.
    pub(super) fn has_one_ifsc(&self) -> bool {
        self.accounts.len() >= BRANCH && !self.is_mixed
    }

    /// Finds the payees that resemble a payee in an earlier row. Returns the row of each, the likeness and the earlier
    /// row.
    pub(super) fn find(mut self) -> Vec<(u32, Likeness, u32)> {
        let mut found = Vec::new();
        self.accounts.sort_unstable_by_key(|account| (account.group(), account.line));
        for group in self.accounts.chunk_by(|one, other| one.group() == other.group()) {
            let Some((first, others)) = group.split_first() else { continue };
            for other in others {
                let likeness = if other.number != first.number {
                    Likeness::LeadingZeros
                } else if other.ifsc != first.ifsc {
                    Likeness::OtherIfsc
                } else if other.customer != first.customer {
                    Likeness::OtherCustomer
                } else {
                    // The same payee twice is already reported as a problem.
                    continue;
                };
                found.push((other.line, likeness, first.line));
            }
        }
        found.sort_unstable_by_key(|(line, ..)| *line);
        found
    }
}

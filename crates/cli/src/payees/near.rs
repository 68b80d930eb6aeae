//! Finds payees that are almost the same: one of them may be a mistake.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

use super::flaw::Unusual;
use crate::log::Row;

/// In a file with fewer bank accounts than this, a single branch is normal.
const BRANCH: usize = 5;

/// Bank accounts in 16 bytes each, because there can be a million.
#[derive(Debug, Default)]
pub(crate) struct Near {
    accounts: Vec<Account>,
    hasher: RandomState,
    first_ifsc: Option<u32>,
    is_mixed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Account {
    /// A hash of the number without leading zeros. The last bits hold the count of leading zeros.
    number: u64,
    ifsc: u32,
    index: u32,
}

/// The number of bits for the count of zeros.
const ZEROS: u32 = 6;

impl Account {
    fn group(&self) -> u64 {
        self.number >> ZEROS
    }
}

impl Near {
    /// Adds the bank account of the payee at an index.
    pub(crate) fn add(&mut self, ifsc: &str, account: &str, index: usize) {
        let number = account.trim_start_matches('0');
        let zeros = (account.len() - number.len()).min((1 << ZEROS) - 1) as u64;
        let ifsc = u32::try_from(self.hasher.hash_one(ifsc) >> 32).unwrap_or_default();
        let Ok(index) = u32::try_from(index) else { return };
        let number = self.hasher.hash_one(number) >> ZEROS << ZEROS | zeros;
        self.is_mixed |= *self.first_ifsc.get_or_insert(ifsc) != ifsc;
        self.accounts.push(Account { number, ifsc, index });
    }

    /// Reports each account that resembles an account in an earlier row, by the index of its payee. A finding about the
    /// file has no index. `rows` are the payees in the order in which they were added.
    pub(crate) fn report(mut self, rows: &[Row], mut report: impl FnMut(Option<&Row>, Unusual)) {
        if self.accounts.len() >= BRANCH && !self.is_mixed {
            report(None, Unusual::SameIfsc);
        }
        self.accounts.sort_unstable_by_key(|account| (account.group(), account.index));
        for group in self.accounts.chunk_by(|one, other| one.group() == other.group()) {
            let Some((first, others)) = group.split_first() else { continue };
            let row = |account: &Account| rows.get(usize::try_from(account.index).unwrap_or(usize::MAX));
            for other in others {
                let (Some(before), Some(row)) = (row(first), row(other)) else { continue };
                let what = if other.number != first.number {
                    Unusual::LeadingZeros(before.line)
                } else if other.ifsc != first.ifsc {
                    Unusual::OtherIfsc(before.line)
                } else if row.payee.customer != before.payee.customer {
                    Unusual::OtherCustomer(before.line)
                } else {
                    // The same payee twice is already reported as a problem.
                    continue;
                };
                report(Some(row), what);
            }
        }
    }
}

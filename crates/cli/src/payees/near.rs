//! Finds payees that occur twice, and payees that are almost the same: one of them may be a mistake.

use std::hash::{BuildHasher as _, RandomState};

use super::flaw::Likeness;

/// In a file with fewer bank accounts than this, a single branch is normal.
const BRANCH: u64 = 5;

/// The payees of a file. Each is stored as a few short hashes, because there can be a million.
#[derive(Debug, Default)]
pub(super) struct Near {
    payees: Vec<Payee>,
    /// The `number` of each payee, without the count of zeros. The numbers are sorted in pieces of [`SORTED`].
    numbers: Vec<u64>,
    hasher: RandomState,
    /// The last customer, and its hash: rows often have the customer of the row before.
    customer: (String, u64),
    /// The number of penny drops, one for each bank account, and their sum in paise.
    money: (u64, u64),
    /// The first IFSC, and whether another differs.
    ifsc: Option<u32>,
    is_mixed: bool,
}

/// Two rows have the same payee if all fields except `line` and `paise` are equal. Two payees with different numbers
/// can be equal only by a collision of 122 bits.
#[derive(Clone, Copy, Debug)]
struct Payee {
    /// A hash of the account number without leading zeros, or of the UPI address. The last bits hold the count of
    /// leading zeros.
    number: u64,
    /// A hash of the customer and the whole account.
    whole: u64,
    ifsc: u32,
    customer: u32,
    line: u32,
    /// The amount of the penny drop; 0 for a UPI address.
    paise: u32,
}

/// The number of account numbers that are sorted at once, so that little sorting is left for the end.
const SORTED: usize = 1 << 16;

/// The number of bits for the count of zeros.
const ZEROS: u32 = 6;

/// The result of [`Near::find`].
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Rows with the payee of an earlier row: the number of each, and the number of the first row with its payee.
    pub(super) repeated: Vec<(u32, u32)>,
    /// Rows with a bank account that resembles one in an earlier row: the number of each, the likeness, and the number
    /// of the earlier row. Sorted.
    pub(super) near: Vec<(u32, Likeness, u32)>,
    /// The number of penny drops, with repeated payees counted once, and their sum in paise.
    pub(super) money: (u64, u64),
}

impl Payee {
    fn group(&self) -> u64 {
        self.number >> ZEROS
    }

    fn identity(&self) -> (u64, u64, u32, u32) {
        (self.number, self.whole, self.ifsc, self.customer)
    }

    /// How the bank account resembles the first one with the same number apart from leading zeros. `None` for the
    /// same payee, and for a UPI address.
    fn likeness(&self, first: &Self) -> Option<Likeness> {
        if self.paise == 0 {
            None
        } else if self.number != first.number {
            Some(Likeness::LeadingZeros)
        } else if self.ifsc != first.ifsc {
            Some(Likeness::OtherIfsc)
        } else {
            (self.customer != first.customer).then_some(Likeness::OtherCustomer)
        }
    }
}

impl Near {
    /// Adds the payee of a row. `account` is the UPI address in lower case, or the IFSC, a zero byte and the account
    /// number in upper case. Rows arrive in the order of the file.
    pub(super) fn add(&mut self, customer: &str, account: &str, line: u32, paise: u32) {
        if customer != self.customer.0 {
            self.customer = (customer.to_owned(), self.hasher.hash_one(customer));
        }
        let customer = self.customer.1;
        let whole = self.hasher.hash_one((customer, account));
        let (ifsc, number) = account.split_once('\0').unwrap_or(("", account));
        let digits = number.trim_start_matches('0');
        let zeros = (number.len() - digits.len()).min((1 << ZEROS) - 1) as u64;
        let number = self.hasher.hash_one(digits) >> ZEROS << ZEROS | zeros;
        let [ifsc, customer] =
            [self.hasher.hash_one(ifsc), customer].map(|hash| u32::try_from(hash >> 32).unwrap_or_default());
        if paise > 0 {
            self.money.0 += 1;
            self.money.1 += u64::from(paise);
            self.is_mixed |= *self.ifsc.get_or_insert(ifsc) != ifsc;
        }
        let payee = Payee { number, whole, ifsc, customer, line, paise };
        self.numbers.push(payee.group());
        if self.numbers.len().is_multiple_of(SORTED) {
            let start = self.numbers.len() - SORTED;
            self.numbers[start..].sort_unstable();
        }
        self.payees.push(payee);
    }

    /// Whether all bank accounts have the same IFSC, and there are enough of them for that to be unusual.
    pub(super) fn has_one_ifsc(&self) -> bool {
        self.money.0 >= BRANCH && !self.is_mixed
    }

    pub(super) fn find(mut self) -> Found {
        let mut found = Found { money: self.money, ..Found::default() };
        // The numbers show which payees share one. Only those payees, which are few, are sorted and compared.
        #[allow(clippy::stable_sort_primitive, reason = "it merges the sorted pieces")]
        self.numbers.sort();
        let shared: Vec<_> =
            self.numbers.array_windows().filter(|[one, next]| one == next).map(|[one, _]| *one).collect();
        if shared.is_empty() {
            return found;
        }
        self.payees.retain(|payee| shared.binary_search(&payee.group()).is_ok());
        self.payees.sort_unstable_by_key(|payee| (payee.identity(), payee.line));
        for group in self.payees.chunk_by(|one, other| one.group() == other.group()) {
            let Some(first) = group.iter().min_by_key(|payee| payee.line) else { continue };
            let likeness = |payee: &Payee| Some((payee.line, payee.likeness(first)?, first.line));
            found.near.extend(group.iter().filter_map(likeness));
            for same in group.chunk_by(|one, other| one.identity() == other.identity()) {
                let [first, repeated @ ..] = same else { continue };
                found.repeated.extend(repeated.iter().map(|payee| (payee.line, first.line)));
                found.money.0 -= repeated.iter().filter(|payee| payee.paise > 0).count() as u64;
                found.money.1 -= repeated.iter().map(|payee| u64::from(payee.paise)).sum::<u64>();
            }
        }
        found.near.sort_unstable_by_key(|(line, ..)| *line);
        found
    }
}

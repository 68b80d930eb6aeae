//! Looks up an IFSC in a list of bank branches.
//!
//! An IFSC with the right structure can still be mistyped, and the penny drop costs money anyway. [`Ifsc::listing`]
//! looks up the IFSC. The result is advice, never a reason to reject: branches open, merge and change their numbers,
//! and no list is complete. Not even the IFSC in the vendor's sample, `AABF0008032`, is listed.
//!
//! ```
//! use juspay_accounts_validation::directory::Listing;
//! use juspay_accounts_validation::{Ifsc, ParseError};
//!
//! let listing = |code: &str| code.parse::<Ifsc>().map(|ifsc| ifsc.listing());
//!
//! assert!(listing("YESB0000262")?.is_listed());
//! assert_eq!(listing("YESB0000262")?.bank().unwrap().to_string(), "Yes Bank");
//! // Two characters are swapped.
//! assert!(matches!(listing("YESB0002062")?, Listing::UnknownBranch(_)));
//! // The list has no bank with this prefix.
//! assert_eq!(listing("AABF0008032")?, Listing::UnknownBank);
//! # Ok::<(), ParseError>(())
//! ```
//!
//! # The list
//!
//! The list is made from the npm package [`ifsc`](https://www.npmjs.com/package/ifsc), which collects what the Reserve
//! Bank of India and the National Payments Corporation of India publish: about 177,000 branches of 257 banks, 15 of
//! them without a name. [`VERSION`] is the version of the package and [`DATE`] the day it was published. The package
//! does not say when its data was collected.
//!
//! [`Listing::bank`] is the bank that owns the first four letters. Some banks lend codes to smaller banks, mostly
//! co-operative ones without a prefix of their own; [`Ifsc::sub_member`] names those that the package knows.
//!
//! The list adds 300 KB to a program. It is searched in place: nothing is unpacked or allocated.

use core::cmp::Ordering;
use core::fmt::{self, Write as _};

use crate::generated::{ABBREVIATIONS, BANKS, SUB_MEMBERS, TABLE};
use crate::ifsc::Ifsc;

/// The version of the npm package `ifsc` that the list is made from.
pub const VERSION: &str = crate::generated::VERSION;

/// The day on which this version was published, such as `2026-08-24`.
pub const DATE: &str = crate::generated::DATE;

/// What the list says about an IFSC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listing {
    /// The branch is in the list.
    Listed(Bank),
    /// The list has branches of this bank, but not this branch.
    UnknownBranch(Bank),
    /// The list has no bank with these first four letters.
    UnknownBank,
}

impl Listing {
    /// Whether the branch is in the list.
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Listed(_))
    }

    /// Returns the bank that owns the first four letters, if the list has it.
    pub const fn bank(self) -> Option<Bank> {
        match self {
            Self::Listed(bank) | Self::UnknownBranch(bank) => Some(bank),
            Self::UnknownBank => None,
        }
    }
}

/// A bank with branches in the list.
///
/// `Display` prints its name, or its four letters if the list has no name for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bank {
    prefix: &'static [u8; 4],
    name: Option<&'static str>,
}

impl Bank {
    /// Returns the first four letters of the bank's IFSCs.
    pub fn prefix(self) -> &'static str {
        str::from_utf8(self.prefix).unwrap_or_default()
    }

    /// Returns the name of the bank; `None` for the few banks without a name in the list.
    pub const fn name(self) -> Option<&'static str> {
        self.name
    }
}

impl fmt::Display for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name().unwrap_or(self.prefix()))
    }
}

impl fmt::Debug for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bank").field("prefix", &self.prefix()).field("name", &self.name()).finish()
    }
}

/// A smaller bank that uses IFSCs of a larger one.
///
/// `Display` prints its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubMember {
    /// The name with frequent words abbreviated, as the table stores it.
    name: &'static str,
}

impl fmt::Display for SubMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.chars().try_for_each(|c| match ABBREVIATIONS.iter().find(|(sign, _)| *sign == c) {
            Some((_, word)) => f.write_str(word),
            None => f.write_char(c),
        })
    }
}

/// Finds the sub-member of an IFSC. The table has sorted lines of the form `KEY=NAME`, where the key is an IFSC or its
/// beginning. The longest key that matches wins.
fn sub_member(code: &str) -> Option<SubMember> {
    (4..=code.len()).rev().find_map(|length| line(code.get(..length)?)).map(|name| SubMember { name })
}

/// Finds the name for a key in the table of sub-members, by binary search.
fn line(key: &str) -> Option<&'static str> {
    let mut rest = SUB_MEMBERS;
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let start = rest.as_bytes().get(..middle)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (before, from) = rest.split_at_checked(start)?;
        let (line, after) = from.split_once('\n').unwrap_or((from, ""));
        let (code, name) = line.split_once('=')?;
        match code.cmp(key) {
            Ordering::Equal => return Some(name),
            Ordering::Less => rest = after,
            Ordering::Greater => rest = before,
        }
    }
    None
}

impl Ifsc {
    /// Looks up this IFSC in the [list of branches](crate::directory). Does not allocate.
    pub fn listing(&self) -> Listing {
        listing(self.as_str())
    }

    /// Returns the sub-member that uses this IFSC: a smaller, mostly co-operative bank that uses IFSCs of a larger one.
    /// `None` if the list has no sub-member for this IFSC.
    ///
    /// ```
    /// use juspay_accounts_validation::Ifsc;
    ///
    /// let ifsc: Ifsc = "YESB0ACB002".parse()?;
    /// assert_eq!(ifsc.sub_member().unwrap().to_string(), "Adinath Co-operative Bank");
    /// assert_eq!(ifsc.listing().bank().unwrap().to_string(), "Yes Bank");
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn sub_member(&self) -> Option<SubMember> {
        sub_member(self.as_str())
    }
}

/// Looks up an IFSC. For any other string, returns `UnknownBank`.
pub(crate) fn listing(ifsc: &str) -> Listing {
    Code::read(ifsc).map_or(Listing::UnknownBank, Code::listing)
}

/// An IFSC in the form that the table uses.
#[derive(Clone, Copy)]
struct Code {
    prefix: [u8; 4],
    /// The branch as a number; `xtask/ifsc-table/src/table.rs` describes the numbering.
    branch: u32,
}

impl Code {
    /// Returns `None` if the text is not an IFSC.
    fn read(text: &str) -> Option<Self> {
        let [a, b, c, d, b'0', branch @ ..] = text.as_bytes().as_array::<11>()? else { return None };
        let prefix = [*a, *b, *c, *d];
        let digits = branch.map(digit);
        let highest = digits.into_iter().fold(0, u32::max);
        if highest > 35 || !prefix.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let number = |radix| digits.into_iter().fold(0, |number, digit| number * radix + digit);
        Some(Self { prefix, branch: if highest < 10 { number(10) } else { number(36) + 1_000_000 } })
    }

    fn listing(self) -> Listing {
        let Some(index) = index(self.prefix) else { return Listing::UnknownBank };
        let bank = Bank { prefix: &BANKS[index].prefix, name: BANKS[index].name };
        let listed = page(index, self.branch / 1024).is_some_and(|page| {
            let present = u32::from_le_bytes(PRESENT[page]);
            let group = 1 << (self.branch / 32 % 32);
            let before = (present & (group - 1)).count_ones();
            let at = u32::from_le_bytes(FIRST_OF_PAGE[page]) + before;
            present & group != 0 && u32::from_le_bytes(BRANCHES[at as usize]) >> (self.branch % 32) & 1 == 1
        });
        if listed { Listing::Listed(bank) } else { Listing::UnknownBranch(bank) }
    }
}

/// Finds a bank's page by its number. Returns the page's position in the table. A page covers 1,024 branch numbers.
fn page(bank: usize, number: u32) -> Option<usize> {
    let first = FIRST_PAGES[bank];
    // A bank's pages are sorted by number, so at most `n` of them precede page `n`. This shortens the search for
    // branches with digits only, which have low numbers.
    let end = FIRST_PAGES[bank + 1].min(first + number as usize + 1);
    PAGES[first..end].binary_search_by_key(&number, |page| u32::from_le_bytes(*page)).ok().map(|page| first + page)
}

/// The value of a digit or capital letter in base 36; more than 35 for any other character.
fn digit(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => (byte - b'0').into(),
        b'A'..=b'Z' => (byte - b'A' + 10).into(),
        _ => u32::MAX,
    }
}

/// The index in `BANKS` of the bank with this prefix.
fn index(prefix: [u8; 4]) -> Option<usize> {
    BANKS.binary_search_by_key(&u32::from_be_bytes(prefix), |row| u32::from_be_bytes(row.prefix)).ok()
}

/// The position of each bank's first page. The last item is the total number of pages.
static FIRST_PAGES: [usize; BANKS.len() + 1] = {
    let mut first = [0; BANKS.len() + 1];
    let mut bank = 0;
    while bank < BANKS.len() {
        first[bank + 1] = first[bank] + BANKS[bank].pages;
        bank += 1;
    }
    first
};

// The four parts of the table, in the order in which `xtask/ifsc-table/src/table.rs` writes them.
const SPLIT: [&[[u8; 4]]; 4] = {
    let pages = FIRST_PAGES[BANKS.len()];
    let (numbers, rest) = TABLE.as_chunks().0.split_at(pages);
    let (present, rest) = rest.split_at(pages);
    let (first, branches) = rest.split_at(pages);
    [numbers, present, first, branches]
};
static PAGES: &[[u8; 4]] = SPLIT[0];
static PRESENT: &[[u8; 4]] = SPLIT[1];
static FIRST_OF_PAGE: &[[u8; 4]] = SPLIT[2];
static BRANCHES: &[[u8; 4]] = SPLIT[3];

#[cfg(test)]
mod tests;

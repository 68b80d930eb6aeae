//! The table of branches: small enough to be carried along, and searched without being unpacked.
//!
//! The branch of an IFSC is a number: one of digits only is what its digits say, and any other is 1,000,000 more than
//! what it says to the base 36 (`0` to `9`, then `A` to `Z`). Since banks count their branches, the numbers lie close
//! together, and those of a bank are written in groups of 32 that have neighbours in common (0 to 31, 32 to 63, and so on),
//! and the groups in pages of 32, which are 1024 numbers. Only groups and pages with a branch in them are written. The
//! table is made of words of 4 bytes, low byte first:
//!
//! 1. for each page its first number, divided by 1024;
//! 2. for each page which groups it has: bit `n` is set if there is a branch in its group `n`;
//! 3. for each page where its groups begin, counted from the first of all banks;
//! 4. for each group its branches: bit `n` is set if there is a branch `n` behind its first number.
//!
//! The pages of a bank are in order, and those of the next bank follow them; so are the groups of a page. How many pages a
//! bank has stands beside its name; where they begin follows from that, so that a new branch is a change in one line.
//!
//! A branch is looked for among the pages of its bank, which are few, and from there on found without a search.

use std::collections::BTreeMap;

use super::package::Bank;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) bytes: Vec<u8>,
    pub(super) pages: Vec<usize>,
}

impl Table {
    pub(super) fn of(banks: &[Bank]) -> Self {
        let mut parts: [Vec<u32>; 4] = Default::default();
        let [numbers, present, first, branches] = &mut parts;
        let mut lengths = Vec::new();
        let mut written = 0;
        for bank in banks {
            let mut pages = BTreeMap::<u32, BTreeMap<u32, u32>>::new();
            for branch in &bank.branches {
                let number = number(branch);
                let page = pages.entry(number / 1024).or_default();
                *page.entry(number / 32 % 32).or_default() |= 1 << (number % 32);
            }
            lengths.push(pages.len());
            for (number, groups) in pages {
                numbers.push(number);
                present.push(groups.keys().fold(0, |present, group| present | 1 << group));
                first.push(written);
                for group in groups.into_values() {
                    branches.push(group);
                    written += 1;
                }
            }
        }
        let bytes = parts.into_iter().flatten().flat_map(u32::to_le_bytes).collect();
        Self { bytes, pages: lengths }
    }
}

/// The number of a branch, which is six capital letters or digits.
fn number(branch: &str) -> u32 {
    let radix = if branch.bytes().all(|c| c.is_ascii_digit()) { 10 } else { 36 };
    let number = branch.chars().filter_map(|c| c.to_digit(radix)).fold(0, |number, digit| number * radix + digit);
    if radix == 10 { number } else { number + 1_000_000 }
}

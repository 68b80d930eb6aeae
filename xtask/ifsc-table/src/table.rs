//! The table of branches. It is small enough to be part of `crates/validation`, and is searched without being unpacked.
//!
//! Each branch is a number. A branch of six digits is the number that the digits represent. Any other branch is
//! 1,000,000 more than its value in base 36 (`0` to `9`, then `A` to `Z`). Banks number their branches consecutively,
//! so the numbers of a bank lie close together. They are written in groups of 32 neighbours (0 to 31, 32 to 63, and so
//! on), and the groups in pages of 32 groups, which are 1024 numbers. Only groups and pages that contain a branch are
//! written. The table consists of words of 4 bytes, low byte first:
//!
//! 1. for each page, its first number, divided by 1024;
//! 2. for each page, which groups it has: bit `n` is set if its group `n` contains a branch;
//! 3. for each page, the position of its first group, counted from the first group of all banks;
//! 4. for each group, its branches: bit `n` is set if its first number plus `n` is a branch.
//!
//! The pages of each bank are in order, and follow those of the previous bank. The groups of each page are in order
//! too. The row of each bank in the generated `mod.rs` has the number of its pages. The position of the pages follows
//! from these numbers, so a new branch changes only one row.
//!
//! To find a branch, search the few pages of its bank. The group and the bit of the branch are then found without a
//! search.

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

fn number(branch: &str) -> u32 {
    let radix = if branch.bytes().all(|c| c.is_ascii_digit()) { 10 } else { 36 };
    let number = branch.chars().filter_map(|c| c.to_digit(radix)).fold(0, |number, digit| number * radix + digit);
    if radix == 10 { number } else { number + 1_000_000 }
}

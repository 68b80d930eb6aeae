//! Rows with an IFSC that is not in the list of bank branches. They are no problem and are sent, since branches are opened
//! while a list stays what it is; but whoever has mistyped a code wants to hear of it before it is paid for.

use std::fmt;

use juspay_accounts_validation::directory::{self, Bank};

use crate::console::Console;
use crate::text::count;

/// So many rows are told; of the others, only how many there are.
const TOLD: usize = 5;

/// What is known of them after a check.
#[derive(Debug, Default)]
pub(crate) struct Unlisted {
    rows: u64,
    first: Vec<Told>,
}

#[derive(Debug)]
struct Told {
    line: u64,
    ifsc: String,
    bank: Option<Bank>,
}

impl Unlisted {
    /// How many there are.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Looks up the IFSC of a row in which nothing is wrong; it is empty in a row with a UPI address.
    pub(crate) fn look_up(&mut self, line: u64, ifsc: &str) {
        let Ok(listing) = directory::lookup(ifsc) else { return };
        if listing.is_listed() {
            return;
        }
        self.rows += 1;
        if self.first.len() < TOLD {
            self.first.push(Told { line, ifsc: ifsc.to_owned(), bank: listing.bank() });
        }
    }

    /// Adds those of other rows of the same file.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.rows += other.rows;
        self.first.extend(other.first);
        self.first.sort_by_key(|told| told.line);
        self.first.truncate(TOLD);
        self
    }

    /// Says so, if there are any.
    pub(crate) fn tell(&self, console: Console) {
        if self.rows > 0 {
            console.warn(self);
        }
    }
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = count(self.rows, "row has", "rows have");
        write!(f, "{rows} an IFSC that is not in the list of branches (ifsc {}): ", directory::VERSION)?;
        for (index, Told { line, ifsc, bank }) in self.first.iter().enumerate() {
            let separator = if index > 0 { "; " } else { "" };
            write!(f, "{separator}line {line}, {ifsc}")?;
            match bank {
                Some(bank) => write!(f, " of {bank}")?,
                None => f.write_str(" of no listed bank")?,
            }
        }
        let more = if self.rows > self.first.len() as u64 { "; and others" } else { "" };
        write!(f, "{more}. The list can be out of date, so this is no problem; but look whether they are mistyped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_told() {
        let mut unlisted = Unlisted::default();
        for (line, ifsc) in (2..).zip(["HDFC0000001", "", "AABF0008032", "YESB0002062"]) {
            unlisted.look_up(line, ifsc);
        }
        let list = format!("an IFSC that is not in the list of branches (ifsc {})", directory::VERSION);
        let first = "line 4, AABF0008032 of no listed bank; line 5, YESB0002062 of Yes Bank";
        let end = "The list can be out of date, so this is no problem; but look whether they are mistyped";
        assert_eq!((unlisted.rows(), unlisted.to_string()), (2, format!("2 rows have {list}: {first}. {end}")));
        (6..1_000).for_each(|line| unlisted.look_up(line, "GABK0999999"));
        let more = "line 6, GABK0999999 of GABK; line 7, GABK0999999 of GABK; line 8, GABK0999999 of GABK; and others";
        assert_eq!(
            (unlisted.rows(), unlisted.to_string()),
            (996, format!("996 rows have {list}: {first}; {more}. {end}"))
        );
    }
}

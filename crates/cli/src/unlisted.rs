//! Rows whose branch is not in the list of bank branches.

use std::fmt;

use juspay_accounts_validation::directory::{self, Bank};

use crate::console::Console;
use crate::text::count;

/// As many rows are listed.
const LISTED: usize = 5;

/// Rows with an IFSC that is not in the list of bank branches. They are sent: branches open while a list stays the same. But
/// whoever mistyped a code wants to know before it is paid for.
#[derive(Debug, Default)]
pub(crate) struct Unlisted {
    pub(crate) rows: u64,
    first: Vec<(u32, String, Option<Bank>)>,
}

impl Unlisted {
    /// Looks up the IFSC of a row in which nothing is wrong; it is empty in a row with a UPI address.
    pub(crate) fn look_up(&mut self, line: u32, ifsc: &str) {
        let Ok(listing) = directory::lookup(ifsc) else { return };
        if listing.is_listed() {
            return;
        }
        self.rows += 1;
        if self.first.len() < LISTED {
            self.first.push((line, ifsc.to_owned(), listing.bank()));
        }
    }
}

impl Unlisted {
    /// Warns, if there are such rows.
    pub(crate) fn warn(&self, console: Console) {
        if self.rows > 0 {
            console.warn(self);
        }
    }
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = count(self.rows, "row has", "rows have");
        write!(f, "{rows} an IFSC that is not in the list of branches (ifsc {}): ", directory::VERSION)?;
        for (index, (line, ifsc, bank)) in self.first.iter().enumerate() {
            let separator = if index > 0 { "; " } else { "" };
            write!(f, "{separator}line {line}, {ifsc}")?;
            match bank {
                Some(bank) => write!(f, " of {bank}")?,
                None => f.write_str(" of no listed bank")?,
            }
        }
        let more = if self.rows > self.first.len() as u64 { "; and others" } else { "" };
        write!(f, "{more}. The list can be out of date, so this is not a problem; but check whether they are mistyped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_unlisted_branches_are_counted_and_the_first_are_listed() {
        let mut unlisted = Unlisted::default();
        for (line, ifsc) in (2..).zip(["HDFC0000001", "", "AABF0008032", "YESB0002062"]) {
            unlisted.look_up(line, ifsc);
        }
        let list = format!("an IFSC that is not in the list of branches (ifsc {})", directory::VERSION);
        let first = "line 4, AABF0008032 of no listed bank; line 5, YESB0002062 of Yes Bank";
        let end = "The list can be out of date, so this is not a problem; but check whether they are mistyped";
        assert_eq!((unlisted.rows, unlisted.to_string()), (2, format!("2 rows have {list}: {first}. {end}")));
        (6..1_000).for_each(|line| unlisted.look_up(line, "GABK0999999"));
        let more = "line 6, GABK0999999 of GABK; line 7, GABK0999999 of GABK; line 8, GABK0999999 of GABK; and others";
        assert_eq!(
            (unlisted.rows, unlisted.to_string()),
            (996, format!("996 rows have {list}: {first}; {more}. {end}"))
        );
    }
}

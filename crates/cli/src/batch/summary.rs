//! What a run came to, with a bar for each outcome.

use std::io::{self, Write};

use serde::Serialize;

use super::outcome::Tally;

/// The longest bar, in characters.
const WIDTH: u64 = 40;

/// What a run came to.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    /// Rows of the input.
    pub(crate) rows: u64,
    pub(crate) outcomes: Tally,
    /// Rows that were not reached.
    pub(crate) left: u64,
    pub(crate) output: &'a str,
}

impl Summary<'_> {
    /// For people.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let left = (self.left > 0).then_some(("not reached", self.left));
        let lines = self.outcomes.iter().map(|(outcome, number)| (outcome.name(), number)).chain(left);
        let digits = self.rows.to_string().len();
        for (name, number) in lines {
            let share = permille(number, self.rows);
            let bar = "█".repeat(usize::try_from((number * WIDTH).div_ceil(self.rows.max(1))).unwrap_or_default());
            writeln!(out, "{name:<11}  {number:>digits$}  {:>3}.{} %  {bar}", share / 10, share % 10)?;
        }
        writeln!(out, "{:<11}  {:>digits$}  in {}", "rows", self.rows, self.output)
    }
}

/// Rounded down, so that only all is all.
fn permille(number: u64, of: u64) -> u64 {
    (u128::from(number) * 1000 / u128::from(of.max(1))).try_into().unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::outcome::Outcome;

    #[test]
    fn each_outcome_has_a_bar_and_none_is_too_small_to_be_seen() {
        let mut outcomes = Tally::default();
        (0..9_989).for_each(|_| outcomes.add(Outcome::Active));
        (0..10).for_each(|_| outcomes.add(Outcome::NotSent));
        let summary = Summary { rows: 10_000, outcomes, left: 1, output: "out.ndjson" };
        let mut text = Vec::new();
        summary.write(&mut text).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        active        9989   99.8 %  ████████████████████████████████████████
        not sent        10    0.1 %  █
        not reached      1    0.0 %  █
        rows         10000  in out.ndjson
        ");
    }
}

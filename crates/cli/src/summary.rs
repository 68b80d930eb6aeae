//! Prints how many rows of a batch have each outcome.

use std::io::{self, Write};

use anstyle::Style;
use serde::Serialize;

use crate::console::{self, BAD, CAUTION, Console, GOOD};
use crate::log::{Changes, Outcome, Tally};
use crate::text::percent;

const LONGEST: usize = 40;

pub(crate) fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Active => GOOD,
        Outcome::Failed | Outcome::Refused | Outcome::Unknown => BAD,
        Outcome::Pending | Outcome::Other | Outcome::Skipped | Outcome::NotSent => CAUTION,
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    pub(crate) rows: u64,
    pub(crate) outcomes: Tally,
    /// The number of rows that the run did not reach.
    pub(crate) left: u64,
    /// How the input differs from the inputs of earlier runs, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<Changes>,
    pub(crate) results: &'a str,
}

impl Summary<'_> {
    pub(crate) fn write(&self, out: &mut dyn Write, console: Console) -> io::Result<()> {
        let left = (self.left > 0).then_some(("not reached", self.left, CAUTION));
        let lines = self.outcomes.iter().map(|(outcome, number)| (outcome.name(), number, style(outcome))).chain(left);
        let digits = self.rows.to_string().len();
        let numbers = "not reached".len() + digits + "  ".len() + "  100.0 %  ".len();
        let longest = console::width().map_or(LONGEST, |width| width.saturating_sub(numbers).min(LONGEST)) as u64;
        for (name, number, style) in lines {
            let style = console.style(style);
            let bar = "█".repeat(usize::try_from((number * longest).div_ceil(self.rows.max(1))).unwrap_or_default());
            let share = percent(number, self.rows);
            let line = format!("{style}{name:<11}{style:#}  {number:>digits$}  {share:>5} %  {style}{bar}");
            writeln!(out, "{}{style:#}", line.trim_end())?;
        }
        if let Some(Changes { done, new, changed, removed }) = self.changes {
            writeln!(out, "input        {done:>digits$} done before, {new} new, {changed} changed, {removed} removed")?;
        }
        writeln!(out, "{:<11}  {:>digits$}  in {}", "rows", self.rows, self.results)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::{Color, Format};

    #[test]
    fn every_outcome_has_a_visible_bar() {
        let mut outcomes = Tally::default();
        outcomes.add(Outcome::Active, 9_989);
        outcomes.add(Outcome::NotSent, 10);
        let changes = Some(Changes { done: 9_000, new: 998, changed: 2, removed: 1 });
        let summary = Summary { rows: 10_000, outcomes, left: 1, changes, results: "out.ndjson" };
        let mut text = Vec::new();
        summary.write(&mut text, Console::new(Format::Table, Color::Never)).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        active        9989   99.8 %  ████████████████████████████████████████
        not sent        10    0.1 %  █
        not reached      1    0.0 %  █
        input         9000 done before, 998 new, 2 changed, 1 removed
        rows         10000  in out.ndjson
        ");
    }
}

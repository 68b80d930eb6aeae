//! `check names`: compares the given name with the name at the bank.

use std::io;

use juspay_accounts_validation::names::{self, Comparison};
use serde::Serialize;

use super::Report;
use crate::console::{Format, json_line};
use crate::names::{differences, style_of};

#[derive(Serialize)]
struct Record<'a> {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_bank: Option<&'a str>,
    verdict: Option<names::Verdict>,
    score: Option<u8>,
    differences: Option<&'a [names::Difference]>,
    problem: Option<&'a str>,
}

impl Report<'_> {
    /// Compares the two names in a line.
    pub(super) fn names(&mut self, text: Result<&str, &'static str>) -> io::Result<()> {
        let pair = text.and_then(|text| {
            let pair = text.split_once('\t').filter(|(_, at_bank)| !at_bank.contains('\t'));
            pair.ok_or("expected two names with a tab between them")
        });
        let compared = pair.map(|(given, at_bank)| names::compare(given, at_bank));
        self.tally.invalid += usize::from(compared.is_err());
        match self.format {
            Format::Json => {
                let shown = pair.ok().filter(|_| self.args.unmasked);
                let comparison = compared.as_ref().ok();
                let record = Record {
                    line: self.tally.checked,
                    given: shown.map(|(given, _)| given),
                    at_bank: shown.map(|(_, at_bank)| at_bank),
                    verdict: comparison.map(|comparison| comparison.verdict),
                    score: comparison.map(|comparison| comparison.score),
                    differences: comparison.map(|comparison| &*comparison.differences),
                    problem: compared.as_ref().err().copied(),
                };
                json_line(self.out, &record)
            }
            Format::Table => self.verdict(&compared),
        }
    }

    fn verdict(&mut self, compared: &Result<Comparison, &'static str>) -> io::Result<()> {
        let line = self.tally.checked;
        match compared {
            Ok(comparison) => {
                let style = style_of(comparison.verdict, self.styles);
                let Comparison { verdict, score, differences: found, .. } = comparison;
                let differences = differences(found);
                writeln!(self.out, "{line:>7}  {style}{verdict:11}{style:#}  {score:>5}  {differences}")
            }
            Err(problem) => writeln!(self.out, "{line:>7}  {:11}  {:>5}  {problem}", "-", "-"),
        }
    }
}

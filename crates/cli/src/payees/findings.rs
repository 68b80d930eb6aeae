//! The findings of a check: counted by kind, with the first few in words, and all of them on request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::flaw::{Flaw, Unusual};
use crate::failure::{Count, Problem};
use crate::input::{Column, Layout};

/// The most findings that are listed on screen.
pub(crate) const LISTED: usize = 10;
/// The most rows that are named for each kind.
const NAMED: usize = 5;

/// Problems, or advice.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) total: u64,
    kinds: BTreeMap<(Option<Column>, Cow<'static, str>), Kind>,
    first: Vec<(u32, Problem)>,
    all: Option<Vec<Finding>>,
}

/// Findings that differ only in the row.
#[derive(Debug, Default)]
struct Kind {
    count: u64,
    /// The first rows.
    rows: Vec<u32>,
}

/// A finding for the file of findings.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// `None` for a finding about the whole file.
    pub(crate) row: Option<u32>,
    pub(crate) column: Option<Column>,
    pub(crate) text: String,
    /// In clear text.
    pub(crate) suggestion: String,
}

impl Findings {
    /// `keeps_all` is whether all findings are kept for a file.
    pub(crate) fn new(keeps_all: bool) -> Self {
        Self { all: keeps_all.then(Vec::new), ..Self::default() }
    }

    pub(crate) fn flaw(&mut self, layout: &Layout, row: u32, flaw: &Flaw) {
        let text = flaw.to_string();
        let shown = match flaw.masked_suggestion() {
            Some(suggestion) => format!("{text}; did you mean {suggestion}?"),
            None => text.clone(),
        };
        self.list(row, || Problem::new(layout.at(row, flaw.column()), &shown));
        let suggestion = flaw.suggestion().unwrap_or_default().to_owned();
        self.add(Finding { row: Some(row), column: flaw.column(), text, suggestion }, flaw.kind());
    }

    /// Adds something unusual about a row or the file.
    pub(crate) fn unusual(&mut self, row: Option<u32>, unusual: &Unusual) {
        let text = if self.all.is_some() { unusual.to_string() } else { String::new() };
        self.add(Finding { row, column: unusual.column(), text, suggestion: String::new() }, unusual.kind());
    }

    fn add(&mut self, finding: Finding, kind: Cow<'static, str>) {
        self.total += 1;
        let kind = self.kinds.entry((finding.column, kind)).or_default();
        kind.count += 1;
        if let Some(row) = finding.row {
            // Repeated rows arrive in any order.
            let at = kind.rows.partition_point(|other| *other < row);
            if at < NAMED {
                kind.rows.insert(at, row);
                kind.rows.truncate(NAMED);
            }
        }
        if let Some(all) = &mut self.all {
            all.push(finding);
        }
    }

    fn list(&mut self, row: u32, problem: impl FnOnce() -> Problem) {
        let at = self.first.partition_point(|(other, _)| *other <= row);
        if at < LISTED {
            self.first.insert(at, (row, problem()));
            self.first.truncate(LISTED);
        }
    }

    /// The first findings, in the order of the file.
    pub(crate) fn first(&self) -> Vec<Problem> {
        self.first.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// The count of each kind, the most frequent first.
    pub(crate) fn counts(&self, layout: &Layout) -> Vec<Count> {
        let mut counts: Vec<_> = self
            .kinds
            .iter()
            .map(|((column, kind), Kind { count, rows })| Count {
                number: *count,
                at: column.map(|column| layout.column(column)).unwrap_or_default(),
                problem: kind.to_string(),
                rows: rows.clone(),
            })
            .collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.number));
        counts
    }

    pub(crate) fn all(&mut self) -> &[Finding] {
        let all = self.all.get_or_insert_default();
        all.sort_by_key(|finding| (finding.row, finding.column));
        all
    }
}

//! What a check found: counted by kind, the first of them in words, and all of them on request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::flaw::{Flaw, Unusual};
use super::input::{Column, Layout};
use crate::failure::{Count, Problem};

/// As many are listed on a screen.
pub(crate) const LISTED: usize = 10;
/// As many rows of a kind are named.
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
    /// The first of them.
    rows: Vec<u32>,
}

/// A finding as it is written to a file.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// `None`: the file as a whole.
    pub(crate) row: Option<u32>,
    pub(crate) column: Option<Column>,
    pub(crate) text: String,
    /// In clear.
    pub(crate) suggestion: String,
}

impl Findings {
    /// `keeps_all` is whether all are written to a file.
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

    /// Something unusual about a row, or about the file.
    pub(crate) fn unusual(&mut self, row: Option<u32>, unusual: &Unusual) {
        let text = if self.all.is_some() { unusual.to_string() } else { String::new() };
        self.add(Finding { row, column: unusual.column(), text, suggestion: String::new() }, unusual.kind());
    }

    fn add(&mut self, finding: Finding, kind: Cow<'static, str>) {
        self.total += 1;
        let kind = self.kinds.entry((finding.column, kind)).or_default();
        kind.count += 1;
        if let Some(row) = finding.row {
            // Repeated rows are found in no order.
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

    /// The first of them, in the order of the file.
    pub(crate) fn first(&self) -> Vec<Problem> {
        self.first.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// How often each kind was found, the most frequent first.
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

    /// All of them by row, if they were kept.
    pub(crate) fn all(&mut self) -> &[Finding] {
        let all = self.all.get_or_insert_default();
        all.sort_by_key(|finding| (finding.row, finding.column));
        all
    }
}

//! The findings of a check: counted by kind, with the first few in words, and all of them on request.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::flaw::{Flaw, Unusual};
use crate::failure::{Count, Problem};
use crate::input::{Column, Layout};

/// The maximum number of problems that are printed.
pub(crate) const LISTED: usize = 10;
/// The maximum number of rows that are listed for each kind of finding.
const NAMED: usize = 5;

/// All problems of a check, or all advice.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) total: u64,
    kinds: Vec<Kind>,
    first: Vec<(u32, Problem)>,
    all: Option<Vec<Finding>>,
}

/// The findings of one kind about one column.
#[derive(Debug)]
struct Kind {
    column: Option<Column>,
    text: Cow<'static, str>,
    count: u64,
    /// The numbers of the first rows.
    rows: Vec<u32>,
}

/// A finding for the file of `--problems`.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// `None` for a finding about the whole file.
    pub(crate) row: Option<u32>,
    pub(crate) column: Option<Column>,
    pub(crate) text: String,
    /// The probable correction, unmasked.
    pub(crate) suggestion: String,
}

impl Findings {
    /// With `keeps_all`, keeps every finding for the file of `--problems`.
    pub(crate) fn new(keeps_all: bool) -> Self {
        Self { all: keeps_all.then(Vec::new), ..Self::default() }
    }

    pub(crate) fn flaw(&mut self, layout: &Layout, row: u32, flaw: &Flaw) {
        self.count(Some(row), flaw.column(), flaw.kind());
        let at = self.first.partition_point(|(other, _)| *other <= row);
        if at < LISTED {
            let shown = match flaw.masked_suggestion() {
                Some(suggestion) => format!("{flaw}; did you mean {suggestion}?"),
                None => flaw.to_string(),
            };
            self.first.insert(at, (row, Problem::new(layout.at(row, flaw.column()), &shown)));
            self.first.truncate(LISTED);
        }
        if let Some(all) = &mut self.all {
            let suggestion = flaw.suggestion().unwrap_or_default().to_owned();
            all.push(Finding { row: Some(row), column: flaw.column(), text: flaw.to_string(), suggestion });
        }
    }

    /// Adds something unusual about a row or the file.
    pub(crate) fn unusual(&mut self, row: Option<u32>, unusual: &Unusual) {
        self.count(row, unusual.column(), unusual.kind());
        if let Some(all) = &mut self.all {
            let (column, text) = (unusual.column(), unusual.to_string());
            all.push(Finding { row, column, text, suggestion: String::new() });
        }
    }

    fn count(&mut self, row: Option<u32>, column: Option<Column>, text: Cow<'static, str>) {
        self.total += 1;
        let is_same = |kind: &Kind| kind.column == column && kind.text == text;
        let at = self.kinds.iter().position(is_same).unwrap_or_else(|| {
            self.kinds.push(Kind { column, text, count: 0, rows: Vec::new() });
            self.kinds.len() - 1
        });
        let kind = &mut self.kinds[at];
        kind.count += 1;
        if let Some(row) = row {
            // Findings about repeated rows do not arrive in the order of the file.
            let at = kind.rows.partition_point(|other| *other < row);
            if at < NAMED {
                kind.rows.insert(at, row);
                kind.rows.truncate(NAMED);
            }
        }
    }

    /// Whether a value of this column has a finding.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.kinds.iter().any(|kind| kind.column == Some(column))
    }

    /// The first problems, in the order of the file. Empty for advice.
    pub(crate) fn first(&self) -> Vec<Problem> {
        self.first.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// The count of each kind, the most frequent first.
    pub(crate) fn counts(&self, layout: &Layout) -> Vec<Count> {
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|kind| (Reverse(kind.count), kind.column, &kind.text));
        let count = |Kind { column, text, count, rows }: &Kind| Count {
            number: *count,
            at: column.map(|column| layout.column(column)).unwrap_or_default(),
            problem: text.to_string(),
            rows: rows.clone(),
        };
        kinds.into_iter().map(count).collect()
    }

    pub(crate) fn all(&mut self) -> &[Finding] {
        let all = self.all.get_or_insert_default();
        all.sort_by_key(|finding| (finding.row, finding.column));
        all
    }
}

//! What was read, and what could not be.

use crate::Page;

/// Something that a person should know about a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line of the page, from 1.
    pub line: usize,
    /// What it is.
    pub message: String,
}

/// What was read, and what could not be.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// The facts. Those that a problem hides are missing.
    pub page: Page,
    /// What was not understood: facts may be missing.
    pub problems: Vec<Remark>,
    /// What was understood and looks odd.
    pub notes: Vec<Remark>,
}

impl Ingested {
    pub(super) fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Remark { line, message: message.into() });
    }

    pub(super) fn expect(&mut self, holds: bool, line: usize, message: impl Into<String>) {
        if !holds {
            self.problem(line, message);
        }
    }

    pub(super) fn note(&mut self, line: usize, message: impl Into<String>) {
        self.notes.push(Remark { line, message: message.into() });
    }
}

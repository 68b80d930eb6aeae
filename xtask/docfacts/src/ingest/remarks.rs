use std::fmt::Display;

use comrak::nodes::Node;

use super::markdown::{line, name};
use crate::Page;

/// A remark on a page for the maintainer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line of the page, starting at 1.
    pub line: usize,
    /// The text of the remark.
    pub message: String,
}

/// The result of reading a page.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// The facts, without those in parts that could not be read.
    pub page: Page,
    /// Parts that could not be read, so facts may be missing.
    pub problems: Vec<Remark>,
    /// Parts that look odd, or that were skipped on purpose.
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

    /// Reports a block at a place that should not have it. `place` says where, such as "in a sample".
    pub(super) fn unexpected(&mut self, block: Node<'_>, place: impl Display) {
        self.problem(line(block), format!("{} is not expected {place}", name(block)));
    }

    pub(super) fn note(&mut self, line: usize, message: impl Into<String>) {
        self.notes.push(Remark { line, message: message.into() });
    }

    /// Adds an item to a list. If the list has one with the same name, reports that instead. `what` says what the items
    /// are.
    pub(super) fn add<T>(&mut self, line: usize, what: &str, list: &mut Vec<T>, item: T, name: fn(&T) -> &str) {
        let is_new = list.iter().all(|other| name(other) != name(&item));
        self.expect(is_new, line, format!("the {what} `{}` occurs twice; the first was read", name(&item)));
        list.extend(Some(item).filter(|_| is_new));
    }
}

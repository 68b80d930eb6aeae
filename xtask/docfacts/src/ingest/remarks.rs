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
    /// The facts. Facts that a problem hides are missing.
    pub page: Page,
    /// Parts that could not be read, so facts may be missing.
    pub problems: Vec<Remark>,
    /// Parts that were read, but look odd.
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

    /// Adds an item to a list, unless the list has one with the same name. `repeated` is the message for that.
    pub(super) fn add<T>(
        &mut self,
        list: &mut Vec<T>,
        name: impl Fn(&T) -> &str,
        (line, item): (usize, T),
        repeated: impl FnOnce(&str) -> String,
    ) {
        if list.iter().any(|other| name(other) == name(&item)) {
            self.problem(line, repeated(name(&item)));
        } else {
            list.push(item);
        }
    }
}

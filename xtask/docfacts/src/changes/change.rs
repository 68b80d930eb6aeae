//! A change, and how much it matters.

use crate::FactPath;

/// How much a change matters to somebody who calls the API today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What worked may stop working, or do something else.
    Breaking,
    /// Facts have changed, and what worked still works.
    Additive,
    /// The facts are the same: their order, spelling or wording has changed.
    Cosmetic,
}

/// What happened to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
    /// The page says something else about it.
    Changed,
    /// The facts below it have another order.
    Reordered,
    /// The text of the page has changed, and its facts are the same.
    Reworded,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub severity: Severity,
    /// The kind of fact.
    pub kind: String,
    /// What happened.
    pub what: What,
    /// The fact; by its path of before, if it existed before.
    pub path: FactPath,
    /// What the page said.
    pub before: String,
    /// What it says now.
    pub after: String,
}

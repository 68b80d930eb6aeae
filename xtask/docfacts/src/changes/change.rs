//! A change, and its severity.

use crate::FactPath;

/// How much a change matters to callers of the API today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A call that worked may stop working, or do something else.
    Breaking,
    /// Facts have changed, but calls that worked still work.
    Additive,
    /// The facts are the same, but their order, spelling or wording has changed.
    Cosmetic,
}

/// What happened to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The fact is new.
    Added,
    /// The fact is gone.
    Removed,
    /// The fact has another name.
    Renamed,
    /// The page says something else about the fact.
    Changed,
    /// The facts below it are in another order.
    Reordered,
    /// The text of the page has changed, but the facts are the same.
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
    /// The path of the fact; the old one if the fact existed before.
    pub path: FactPath,
    /// What the page said before.
    pub before: String,
    /// What the page says now.
    pub after: String,
}

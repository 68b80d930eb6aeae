//! Compares two trees of facts node by node. A fact that is added or removed with everything below it is one change. A
//! fact that changes only its name is one change too.

use super::severity::{self, Severity, Side, json_type};
use crate::tree::{Kind, Node};
use crate::{FactPath, Page};

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

/// All changes, in the order of the page.
pub fn changes(before: &Page, after: &Page) -> Vec<Change> {
    let mut found = Found(Vec::new());
    found.compare(&before.tree(), &after.tree(), Side::Request);
    // If facts have changed, the text has changed as well. Whether anything else in the text has changed is unknown.
    if found.0.is_empty() && before.content_sha256 != after.content_sha256 {
        let [before, after] = [before, after].map(|page| page.content_sha256.chars().take(12).collect());
        let path = FactPath::default().join("content_sha256");
        let kind = "text".to_owned();
        found.0.push(Change { severity: Severity::Cosmetic, kind, what: What::Reworded, path, before, after });
    }
    found.0
}

struct Found(Vec<Change>);

impl Found {
    fn add(&mut self, severity: Severity, kind: &str, what: What, at: &Node, before: &str, after: &str) {
        let [kind, before, after] = [kind, before, after].map(str::to_owned);
        self.0.push(Change { severity, kind, what, path: at.path.clone(), before, after });
    }

    fn compare(&mut self, before: &Node, after: &Node, side: Side) {
        let side = side.of(before.kind);
        if before.value != after.value {
            let (old, new) = (before.said(), after.said());
            let severity = severity::changed(before.kind, side, old, new);
            let other_type = before.kind == Kind::SampleField && json_type(old) != json_type(new);
            let kind = if other_type { "type of a sample field".to_owned() } else { before.kind.name() };
            self.add(severity, &kind, What::Changed, before, old, new);
            // Below a value of another type, nothing is a separate change.
            if other_type {
                return;
            }
        }
        let gone = before.children.iter().filter(|child| partner(child, after).is_none()).count();
        let mut new: Vec<_> = after.children.iter().filter(|child| partner(child, before).is_none()).collect();
        for child in &before.children {
            if let Some(other) = partner(child, after) {
                self.compare(child, other, side);
            } else if let Some(at) = new.iter().position(|other| gone == 1 && is_renamed(child, other)) {
                let (severity, name) = (severity::renamed(child.kind), child.kind.name());
                self.add(severity, &name, What::Renamed, child, child.key(), new.remove(at).key());
            } else {
                for (fact, side) in facts(child, side) {
                    let severity = severity::removed(fact, side);
                    self.add(severity, &fact.kind.name(), What::Removed, fact, &summary(fact), "");
                }
            }
        }
        for (fact, side) in new.into_iter().flat_map(|child| facts(child, side)) {
            self.add(severity::added(fact, side), &fact.kind.name(), What::Added, fact, "", &summary(fact));
        }
        let order = |node: &Node, other: &Node| {
            let common = node.children.iter().filter(|child| partner(child, other).is_some());
            common.map(Node::key).collect::<Vec<_>>().join(", ")
        };
        let (old, new) = (order(before, after), order(after, before));
        // The keys of a JSON object have no order.
        if old != new && !matches!(before.kind, Kind::SampleField | Kind::SampleFormField) {
            self.add(Severity::Cosmetic, "order", What::Reordered, before, &old, &new);
        }
    }
}

fn partner<'a>(child: &Node, other: &'a Node) -> Option<&'a Node> {
    other.child(child.key()).filter(|found| found.kind == child.kind)
}

/// Whether one fact is another fact with a new name: it has a name of its own, and everything else is unchanged.
fn is_renamed(before: &Node, after: &Node) -> bool {
    let named = !matches!(before.kind, Kind::PossibleValue | Kind::Tag | Kind::SampleOption | Kind::Group);
    named && before.is_like(after)
}

/// A fact with the side that sends it. A group is not a fact, so its members are returned instead.
fn facts(node: &Node, side: Side) -> Vec<(&Node, Side)> {
    match node.kind {
        Kind::Group => node.children.iter().flat_map(|child| facts(child, side)).collect(),
        kind => vec![(node, side.of(kind))],
    }
}

fn summary(node: &Node) -> String {
    if let Some(value) = &node.value {
        return value.clone();
    }
    let said = ["type", "required", "value", "fixed", "default"].iter().filter_map(|key| Some(node.child(key)?.said()));
    let said: Vec<_> = said.collect();
    if !said.is_empty() {
        return said.join(", ");
    }
    match node.all().iter().filter(|inner| inner.kind != Kind::Group).count() {
        1 => node.key().to_owned(),
        facts => format!("{} with {} facts", node.key(), facts - 1),
    }
}

//! Compares two trees of facts node by node. A fact that is added or removed with everything below it is one change. A
//! fact that changes only its name is one change too.

use super::change::{Change, Severity, What};
use super::severity::{self, Side, json_type};
use crate::tree::{Kind, Node};
use crate::{FactPath, Page};

/// All changes, in the order of the page.
pub fn changes(before: &Page, after: &Page) -> Vec<Change> {
    let mut found = Vec::new();
    node(&before.tree(), &after.tree(), Side::Request, &mut found);
    // If facts have changed, the text has changed as well. Whether anything else in the text has changed is unknown.
    if found.is_empty() && before.content_sha256 != after.content_sha256 {
        let [before, after] = [before, after].map(|page| page.content_sha256.chars().take(12).collect());
        let path = FactPath::default().join("content_sha256");
        let kind = "text".to_owned();
        found.push(Change { severity: Severity::Cosmetic, kind, what: What::Reworded, path, before, after });
    }
    found
}

fn node(before: &Node, after: &Node, side: Side, found: &mut Vec<Change>) {
    let side = side.of(before.kind);
    let change = |severity, kind: String, what, before: &Node, old: String, new: String| Change {
        severity,
        kind,
        what,
        path: before.path.clone(),
        before: old,
        after: new,
    };
    if before.value != after.value {
        let (old, new) = (before.said(), after.said());
        let severity = severity::changed(before.kind, side, old, new);
        let other_type = before.kind == Kind::SampleField && json_type(old) != json_type(new);
        let kind = if other_type { "type of a sample field".to_owned() } else { before.kind.name() };
        found.push(change(severity, kind, What::Changed, before, old.to_owned(), new.to_owned()));
        // Below a value of another type, nothing is a separate change.
        if other_type {
            return;
        }
    }
    let gone = before.children.iter().filter(|child| partner(child, after).is_none()).count();
    let mut new: Vec<_> = after.children.iter().filter(|child| partner(child, before).is_none()).collect();
    for child in &before.children {
        if let Some(other) = partner(child, after) {
            node(child, other, side, found);
        } else if let Some(at) = new.iter().position(|other| gone == 1 && is_renamed(child, other)) {
            let (old, new) = (child.key().to_owned(), new.remove(at).key().to_owned());
            found.push(change(severity::renamed(child.kind), child.kind.name(), What::Renamed, child, old, new));
        } else {
            whole(child, side, &mut |fact, side| {
                let severity = severity::removed(fact, side);
                found.push(change(severity, fact.kind.name(), What::Removed, fact, summary(fact), String::new()));
            });
        }
    }
    for child in new {
        whole(child, side, &mut |fact, side| {
            let severity = severity::added(fact, side);
            found.push(change(severity, fact.kind.name(), What::Added, fact, String::new(), summary(fact)));
        });
    }
    let order = |node: &Node, other: &Node| {
        let common = node.children.iter().filter(|child| partner(child, other).is_some());
        common.map(Node::key).collect::<Vec<_>>().join(", ")
    };
    let (old, new) = (order(before, after), order(after, before));
    // The keys of a JSON object have no order.
    if old != new && !matches!(before.kind, Kind::SampleField | Kind::SampleFormField) {
        found.push(change(Severity::Cosmetic, "order".to_owned(), What::Reordered, before, old, new));
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

/// Visits a fact with everything below it. A group is not a fact, so its members are visited one by one.
fn whole(node: &Node, side: Side, visit: &mut dyn FnMut(&Node, Side)) {
    match node.kind {
        Kind::Group => node.children.iter().for_each(|child| whole(child, side, visit)),
        kind => visit(node, side.of(kind)),
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

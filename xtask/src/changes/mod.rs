//! What has changed between the facts that are stored and those of a page: a list of decisions for the maintainer.
//!
//! The two trees of facts are compared node by node. A fact with everything below it that comes or goes is one change; so
//! is one that keeps everything but its name.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::document::{Document, operations};
use crate::facts::Page;
use crate::facts::tree::{ARRAY, Kind, Node, OBJECT, join};
use crate::lint::standing::standings;
use crate::problem::Pointer;

mod severity;
mod table;

pub use severity::Severity;
pub use table::{place, table};

/// What happened to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
    /// The page says something else of it.
    Changed,
    /// The facts below it stand in another order.
    Reordered,
    /// The text of the page is another, and its facts are the same.
    Reworded,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub severity: Severity,
    /// The kind of fact. A sample's value that is of another type is said to be so.
    pub kind: &'static str,
    /// What happened.
    pub what: What,
    /// The path of the fact, that of before if it was there before.
    pub path: String,
    /// What the page said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// All changes, in the order of the page.
pub fn changes(before: &Page, after: &Page) -> Vec<Change> {
    let mut found = Vec::new();
    node("", &before.tree(), &after.tree(), Side::Request, &mut found);
    // If facts have changed as well, so has the text, and more than that cannot be told.
    if found.is_empty() && before.content_sha256 != after.content_sha256 {
        found.push(Change {
            severity: Severity::Cosmetic,
            kind: "text",
            what: What::Reworded,
            path: "content_sha256".to_owned(),
            before: before.content_sha256.chars().take(12).collect(),
            after: after.content_sha256.chars().take(12).collect(),
        });
    }
    found
}

/// Who says it: what breaks a request is no harm in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Request,
    Answer,
}

fn node(path: &str, before: &Node, after: &Node, side: Side, found: &mut Vec<Change>) {
    let side = match before.kind {
        Kind::Response | Kind::SampleResponse => Side::Answer,
        _ => side,
    };
    if before.value != after.value {
        let [old, new] = [before, after].map(|node| node.value.clone().unwrap_or_default());
        found.push(Change {
            severity: severity::changed(before.kind, side, &old, &new),
            kind: changed_kind(before.kind, &old, &new),
            what: What::Changed,
            path: path.to_owned(),
            before: old.clone(),
            after: new.clone(),
        });
        // What is below a value of another type is no change of its own.
        if before.kind == Kind::SampleField && changed_kind(before.kind, &old, &new) != before.kind.name() {
            return;
        }
    }
    let gone: Vec<_> = before.children.iter().filter(|child| partner(child, after).is_none()).collect();
    let mut new: Vec<_> = after.children.iter().filter(|child| partner(child, before).is_none()).collect();
    for child in &before.children {
        let path = join(path, &child.key);
        if let Some(other) = partner(child, after) {
            node(&path, child, other, side, found);
        } else if let Some(renamed) = new.iter().position(|other| gone.len() == 1 && is_renamed(child, other)) {
            let other = new.remove(renamed);
            found.push(Change {
                severity: severity::renamed(child.kind),
                kind: child.kind.name(),
                what: What::Renamed,
                path,
                before: child.key.clone(),
                after: other.key.clone(),
            });
        } else {
            found.extend(whole(child, What::Removed, side, path));
        }
    }
    for child in new {
        found.extend(whole(child, What::Added, side, join(path, &child.key)));
    }
    let order = |node: &Node, other: &Node| {
        let common = node.children.iter().filter(|child| partner(child, other).is_some());
        common.map(|child| child.key.clone()).collect::<Vec<_>>()
    };
    let (old, new) = (order(before, after), order(after, before));
    // The keys of an object of JSON have no order.
    if old != new && before.kind != Kind::SampleField {
        found.push(Change {
            severity: Severity::Cosmetic,
            kind: "order",
            what: What::Reordered,
            path: path.to_owned(),
            before: old.join(", "),
            after: new.join(", "),
        });
    }
}

/// The same fact on the other page.
fn partner<'a>(child: &Node, other: &'a Node) -> Option<&'a Node> {
    other.child(&child.key).filter(|found| found.kind == child.kind)
}

/// Whether one fact is another by a new name: something with a name of its own, and all the rest as before.
fn is_renamed(before: &Node, after: &Node) -> bool {
    let named = !matches!(before.kind, Kind::PossibleValue | Kind::Tag | Kind::SampleOption | Kind::Group);
    named && before.kind == after.kind && before.value == after.value && before.children == after.children
}

/// A fact with all below it. A group is none, so its members are told one by one.
fn whole(node: &Node, what: What, side: Side, path: String) -> Vec<Change> {
    if node.kind == Kind::Group {
        let member = |child: &Node| whole(child, what, side, join(&path, &child.key));
        return node.children.iter().flat_map(member).collect();
    }
    let side = if matches!(node.kind, Kind::Response | Kind::SampleResponse) { Side::Answer } else { side };
    let kind = node.kind.name();
    let (said, nothing) = (summary(node), String::new());
    vec![match what {
        What::Added => Change { severity: severity::added(node, side), kind, what, path, before: nothing, after: said },
        _ => Change { severity: severity::removed(node, side), kind, what, path, before: said, after: nothing },
    }]
}

/// A fact in a few words: what is said of it, or how much there is below it.
fn summary(node: &Node) -> String {
    if let Some(value) = &node.value {
        return value.clone();
    }
    let said: Vec<_> = ["type", "required", "value", "fixed", "default"]
        .into_iter()
        .filter_map(|key| node.child(key)?.value.as_deref())
        .collect();
    if !said.is_empty() {
        return said.join(", ");
    }
    let mut facts = 0;
    node.visit(&mut |_, inner| facts += usize::from(inner.kind != Kind::Group));
    if facts == 1 { node.key.clone() } else { format!("{} with {} facts", node.key, facts - 1) }
}

fn changed_kind(kind: Kind, before: &str, after: &str) -> &'static str {
    if kind == Kind::SampleField && type_of(before) != type_of(after) {
        return "type of a sample field";
    }
    kind.name()
}

/// The type of a value that a node of JSON holds.
fn type_of(text: &str) -> std::mem::Discriminant<Value> {
    let value = match text {
        ARRAY => Value::Array(Vec::new()),
        OBJECT => Value::Object(Map::new()),
        scalar => serde_json::from_str(scalar).unwrap_or_default(),
    };
    std::mem::discriminant(&value)
}

/// Where the spec says each fact of a page, by the path of the fact; empty if the spec has no operation of the page.
pub fn places(spec: &Document, page: &Page) -> BTreeMap<String, Pointer> {
    let operations = operations(&spec.value);
    let named = |operation: &&crate::document::Operation<'_>| {
        let documented = operation.value.get("x-documented").and_then(|documented| documented.get("page"));
        documented.and_then(Value::as_str) == Some(page.page.as_str())
    };
    let Some(operation) = operations.iter().find(named) else { return BTreeMap::new() };
    let standings = standings(&spec.value, operation, page).into_iter();
    let places = standings.map(|standing| (standing.path, standing.at));
    // What the page says as a whole belongs to the operation.
    places.chain([("content_sha256".to_owned(), operation.pointer.join("x-documented"))]).collect()
}

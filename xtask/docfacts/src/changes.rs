//! Lists the differences between the stored facts and those of a page, each with its place in the spec. The maintainer
//! decides on each one.
//!
//! The two trees of facts are compared node by node. A fact that is added or removed is one change, including
//! everything below it. A fact that is renamed is one change too, unless another fact below the same parent has also
//! gone.

use std::collections::BTreeMap;
use std::path::Path;

use openapi_doc::{Document, Pointer, operations};

use crate::comparison::compare;
use crate::report::page_of;
use crate::table::markdown;
use crate::tree::{Kind, Node};
use crate::{FactPath, Page};

mod severity;

pub use severity::Severity;
use severity::json_type;

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
    /// The facts below this one are in another order.
    Reordered,
    /// The text of the page has changed, but the facts are the same.
    Reworded,
}

/// A change to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much the change matters.
    pub severity: Severity,
    /// What has changed: a fact, by its kind in words, such as `body parameter`; or `type of a sample field`, `order`
    /// or `text`.
    pub kind: String,
    /// What happened to the fact.
    pub what: What,
    /// The path of the fact; the old path if the fact existed before.
    pub path: FactPath,
    /// What the page said before.
    pub before: String,
    /// What the page says now.
    pub after: String,
}

/// Returns all changes, in the order of the page. Within a fact, additions follow the other changes, and a new order is
/// last.
pub fn changes(before: &Page, after: &Page) -> Vec<Change> {
    let mut found = Found(Vec::new());
    found.compare(&before.tree(), &after.tree());
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

    fn compare(&mut self, before: &Node, after: &Node) {
        if before.value != after.value {
            let (old, new) = (before.said(), after.said());
            let severity = severity::changed(before, new);
            let other_type = before.kind == Kind::SampleField && json_type(old) != json_type(new);
            let kind = if other_type { "type of a sample field".to_owned() } else { before.kind.name() };
            self.add(severity, &kind, What::Changed, before, old, new);
            // A value of another type has other contents, so comparing the contents would only repeat this change.
            if other_type {
                return;
            }
        }
        let gone = before.children.iter().filter(|child| partner(child, after).is_none()).count();
        let mut new: Vec<_> = after.children.iter().filter(|child| partner(child, before).is_none()).collect();
        for child in &before.children {
            if let Some(other) = partner(child, after) {
                self.compare(child, other);
            } else if let Some(at) = new.iter().position(|other| gone == 1 && is_renamed(child, other)) {
                let (severity, name) = (severity::renamed(child.kind), child.kind.name());
                self.add(severity, &name, What::Renamed, child, child.key(), new.remove(at).key());
            } else {
                for fact in facts(child) {
                    self.add(severity::removed(fact), &fact.kind.name(), What::Removed, fact, &summary(fact), "");
                }
            }
        }
        for fact in new.into_iter().flat_map(facts) {
            self.add(severity::added(fact), &fact.kind.name(), What::Added, fact, "", &summary(fact));
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

/// Whether a fact was only renamed. Facts such as possible values and tags have no name apart from their text, so they
/// are never renamed.
fn is_renamed(before: &Node, after: &Node) -> bool {
    let named = !matches!(before.kind, Kind::PossibleValue | Kind::Tag | Kind::SampleOption | Kind::Group);
    named && before.is_like(after)
}

/// The fact itself. A group is not a fact, so its members are returned instead.
fn facts(node: &Node) -> Vec<&Node> {
    match node.kind {
        Kind::Group => node.children.iter().flat_map(facts).collect(),
        _ => vec![node],
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
        2 => format!("{} with 1 fact", node.key()),
        facts => format!("{} with {} facts", node.key(), facts - 1),
    }
}

/// Returns the place in the spec of each fact of a page; empty if the spec has no operation for the page.
pub fn places(spec: &Document, page: &Page) -> BTreeMap<FactPath, Pointer> {
    let operations = operations(&spec.value);
    let Some(operation) = operations.iter().find(|operation| page_of(operation) == Some(page.page.as_str())) else {
        return BTreeMap::new();
    };
    let places = compare(&spec.value, operation, page).into_iter().map(|fact| (fact.path, fact.at));
    // `x-documented` records which text of the page was reviewed.
    let whole = (FactPath::default().join("content_sha256"), operation.pointer.join("x-documented"));
    places.chain([whole]).collect()
}

/// Returns the place of a fact and `true`, or the place of the nearest fact around it and `false`.
pub fn place<'a>(path: &FactPath, places: &'a BTreeMap<FactPath, Pointer>) -> Option<(&'a Pointer, bool)> {
    if let Some(at) = places.get(path) {
        return Some((at, true));
    }
    // A path sorts after the paths around it, so the last path around the fact is the nearest.
    places.iter().rfind(|(around, _)| path.is_below(around)).map(|(_, at)| (at, false))
}

/// Returns the changes as a table. `places` has the place of each fact in `file`. For a new fact, the table has the
/// place of the nearest fact around it.
pub fn table(changes: &[Change], file: &Path, places: &BTreeMap<FactPath, Pointer>) -> String {
    let row = |change: &Change| {
        let place = place(&change.path, places).map_or_else(
            || "nowhere".to_owned(),
            |(at, exact)| format!("{}{}#{at}", if exact { "" } else { "belongs to " }, file.display()),
        );
        let Change { severity, kind, what, path, before, after } = change;
        let [severity, what] = [format!("{severity:?}"), format!("{what:?}")].map(|word| word.to_lowercase());
        [severity, kind.clone(), what, path.to_string(), before.clone(), after.clone(), place]
    };
    let header = ["severity", "kind of fact", "change", "where", "before", "after", "in the spec"];
    markdown(header, changes.iter().map(row))
}

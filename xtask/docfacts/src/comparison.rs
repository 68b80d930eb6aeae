//! Compares the spec with each documented fact: where the spec has the fact, and whether the two agree.
//!
//! One walk visits the tree of facts, so every fact has a verdict.

use openapi_doc::{Operation, Pointer, object, target};
use serde_json::Value;

use crate::tree::{Kind, Node};
use crate::{FactPath, Page};

mod fields;
mod operation;
mod samples;

/// How the spec compares with a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The spec says the same.
    Same,
    /// The spec says the same, with a tighter limit. That needs no reason: requests may be stricter than documented,
    /// and the values that the spec lists for a response are compared one by one.
    Narrower,
    /// The spec says something else, or nothing.
    Differs(String),
    /// The spec lacks the parent of this fact, or has it in another form. The verdict is on the parent.
    WithParent,
}

/// A fact, and its comparison with the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The path of the fact.
    pub path: FactPath,
    /// The kind of the fact. A group is not a fact; it is included for its place.
    pub kind: Kind,
    /// What the page says.
    pub value: Option<String>,
    /// The place of the fact in the spec, or the nearest place that the spec has.
    pub at: Pointer,
    /// How the spec compares with the fact.
    pub verdict: Verdict,
}

/// Compares an operation of the spec with the facts of its page.
pub fn compare(spec: &Value, operation: &Operation<'_>, page: &Page) -> Vec<Comparison> {
    let (tree, mut found) = (page.tree(), Vec::new());
    let judge = Judge { spec, operation, page };
    tree.children.iter().for_each(|chapter| visit(chapter, judge.chapter(chapter), &mut found));
    found
}

fn visit<'a>(node: &'a Node, Judged { at, verdict, below }: Judged<'a>, found: &mut Vec<Comparison>) {
    let (path, kind, value) = (node.path.clone(), node.kind, node.value.clone());
    found.push(Comparison { path, kind, value, at: at.clone(), verdict });
    for child in &node.children {
        let judged = below.as_ref().map_or_else(|| judged(&at, Verdict::WithParent), |below| below(child));
        visit(child, judged, found);
    }
}

/// The place of a fact in the spec, the verdict, and the function that judges the facts below. Without a function, each
/// fact below has the same place and the verdict [`Verdict::WithParent`].
struct Judged<'a> {
    at: Pointer,
    verdict: Verdict,
    below: Option<Box<dyn Fn(&'a Node) -> Judged<'a> + 'a>>,
}

impl<'a> Judged<'a> {
    fn with(self, below: impl Fn(&'a Node) -> Judged<'a> + 'a) -> Self {
        Self { below: Some(Box::new(below)), ..self }
    }
}

fn judged<'a>(at: &Pointer, verdict: Verdict) -> Judged<'a> {
    Judged { at: at.clone(), verdict, below: None }
}

fn same<'a>(at: &Pointer) -> Judged<'a> {
    judged(at, Verdict::Same)
}

fn absent<'a>(at: &Pointer, how: impl Into<String>) -> Judged<'a> {
    agrees(at, false, how)
}

fn agrees<'a>(at: &Pointer, holds: bool, otherwise: impl Into<String>) -> Judged<'a> {
    judged(at, check(holds, otherwise))
}

fn check(holds: bool, otherwise: impl Into<String>) -> Verdict {
    if holds { Verdict::Same } else { Verdict::Differs(otherwise.into()) }
}

#[derive(Clone, Copy)]
struct Judge<'a> {
    spec: &'a Value,
    operation: &'a Operation<'a>,
    page: &'a Page,
}

impl<'a> Judge<'a> {
    fn get(self, at: &Pointer) -> Option<&'a Value> {
        self.spec.pointer(at.as_str())
    }

    fn part(self, keys: &[&str]) -> Option<(Pointer, &'a Value)> {
        let at = target(self.spec, self.operation.pointer.at(keys));
        Some((at.clone(), self.get(&at)?))
    }

    /// The first media type of a part: its place, its name and its value.
    fn media(self, keys: &[&str]) -> Option<(Pointer, &'a str, &'a Value)> {
        let (at, holder) = self.part(keys)?;
        let (name, media) = object(holder.get("content")).next()?;
        Some((at.at(&["content", name]), name, media))
    }

    /// The named examples of a media type or parameter, with their places. References are followed.
    fn examples(self, at: &Pointer, holder: &'a Value) -> Vec<(Pointer, &'a Value)> {
        let each = object(holder.get("examples")).map(|(name, _)| target(self.spec, at.at(&["examples", name])));
        each.filter_map(|at| Some((at.clone(), self.get(&at)?))).collect()
    }

    /// The values of the named examples of a media type or parameter.
    fn values(self, at: &Pointer, holder: &'a Value) -> Vec<&'a Value> {
        self.examples(at, holder).into_iter().filter_map(|(_, example)| example.get("value")).collect()
    }

    /// A parameter by its location and name. Names of headers are case-insensitive.
    fn parameter(self, location: &str, name: &str) -> Option<(Pointer, &'a Value)> {
        self.operation.parameters().find_map(|(at, _)| {
            let at = target(self.spec, at);
            let parameter = self.get(&at)?;
            let text = |key| parameter.get(key).and_then(Value::as_str);
            let same = |own: &str| own == name || location == "header" && own.eq_ignore_ascii_case(name);
            (text("in") == Some(location) && text("name").is_some_and(same)).then_some((at, parameter))
        })
    }
}

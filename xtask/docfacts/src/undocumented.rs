//! Finds parts of the spec that no page documents; `comparison` does the opposite. Each parameter, field, listed value,
//! status and response header must be on the page of an operation that uses it, or have an `x-deviation` with the
//! reason: either `fact: null` at the place itself (impossible for a listed value, which is not an object), or `absent`
//! with the path that the part would have on the page.

use std::collections::{BTreeMap, BTreeSet};

use openapi_doc::{COMPOSITIONS, Operation, Pointer, Problem, listed, members, object, target};
use serde_json::Value;

use crate::deviations::Deviation;
use crate::tree::{Kind, Node};
use crate::{FactPath, Page};

struct Element {
    what: &'static str,
    at: Pointer,
    /// The path of the element on the page, or the path that it would have.
    path: FactPath,
    operation: Pointer,
    has_page: bool,
    documented: bool,
}

/// Finds elements that are neither documented nor explained, and deviations for elements that the spec does not have.
pub(crate) fn undocumented(
    spec: &Value,
    operations: &[(&Operation<'_>, Option<&Page>)],
    deviations: &[Deviation],
) -> Vec<Problem> {
    let pages: Vec<_> = operations.iter().map(|(_, page)| page.map(known)).collect();
    let mut elements = Vec::new();
    for ((operation, _), page) in operations.iter().zip(&pages) {
        let known = page.as_ref().map_or_else(|| pages.iter().flatten().collect(), |own| vec![own]);
        Walk { spec, operation, known, has_page: page.is_some(), found: &mut elements }.operation();
    }
    // A part of the spec that several operations use is documented if any of their pages has it. What explains the
    // operations without a page does not explain what the others use.
    let mut places: BTreeMap<(Pointer, &str), Vec<&Element>> = BTreeMap::new();
    for element in &elements {
        places.entry((element.at.clone(), element.path.key())).or_default().push(element);
    }
    let mut problems = Vec::new();
    for ((at, name), mut uses) in places {
        if uses.iter().any(|element| element.has_page) {
            uses.retain(|element| element.has_page);
        }
        let explained = |element: &&Element| deviations.iter().any(|deviation| explains(deviation, element));
        let Some(first) = uses.first().filter(|_| !uses.iter().any(|one| one.documented || explained(one))) else {
            continue;
        };
        let here = if first.what == "value" { "" } else { "`fact: null` here, or " };
        let message = format!(
            "{} `{name}` is not documented; add an `x-deviation` that says why, with {here}`absent: {}` at an \
             enclosing place",
            first.what, first.path
        );
        problems.push(Problem::at(&at, message));
    }
    for deviation in deviations {
        let own = || elements.iter().filter(|element| deviation.operations.contains(&element.operation));
        for path in &deviation.absent {
            // The path can lead to a field's tag, such as `required`.
            let field = path.rsplit_once('.').map_or(path.as_str(), |(field, _)| field);
            let has = |element: &Element| {
                let own = element.path.to_string();
                own.eq_ignore_ascii_case(path) || own.eq_ignore_ascii_case(field) || is_within(&own, path)
            };
            if !own().any(has) {
                let message = format!("obsolete or misspelled: the spec has nothing that `{path}` would document");
                problems.push(Problem::at(&deviation.at.join("absent"), message));
            }
        }
    }
    problems
}

fn explains(deviation: &Deviation, element: &Element) -> bool {
    let own = element.path.to_string();
    let is_named = || deviation.absent.iter().any(|path| *path == own || is_within(&own, path));
    let is_here = deviation.facts.is_empty() && deviation.holder().as_ref() == Some(&element.at);
    is_here || deviation.operations.contains(&element.operation) && is_named()
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}

/// The contents of a page: paths in lower case, without positions in lists, and the values that the page shows or lists
/// there.
type Known = BTreeMap<FactPath, BTreeSet<String>>;

fn known(page: &Page) -> Known {
    let (tree, mut known) = (page.tree(), Known::new());
    for node in tree.all() {
        let (path, value) = match node.kind {
            Kind::Value | Kind::FixedValue | Kind::DefaultValue => (node.path.parent(), Some(node.said())),
            Kind::PossibleValue => (node.path.parent().parent(), Some(node.key())),
            _ => (node.path.clone(), None),
        };
        known.entry(path.to_lowercase()).or_default().extend(value.map(str::to_owned));
    }
    for (path, values) in tree.samples() {
        known.entry(path).or_default().extend(values.into_iter().map(Node::text));
    }
    known
}

struct Walk<'a, 'b> {
    spec: &'a Value,
    operation: &'b Operation<'a>,
    known: Vec<&'b Known>,
    has_page: bool,
    found: &'b mut Vec<Element>,
}

impl Walk<'_, '_> {
    fn push(&mut self, what: &'static str, at: &Pointer, path: &FactPath, value: Option<&str>) {
        // An operation without a page shares the parameters and statuses of the other operations, but not their fields.
        let counts = self.has_page || matches!(what, "parameter" | "response");
        let lower = path.to_lowercase();
        let mut found = self.known.iter().filter_map(|known| known.get(&lower));
        let documented = counts && found.any(|values| value.is_none_or(|value| values.contains(value)));
        let path = value.map_or(path.clone(), |value| path.join("possible_values").join(value));
        let operation = self.operation.pointer.clone();
        self.found.push(Element { what, at: at.clone(), path, operation, has_page: self.has_page, documented });
    }

    fn operation(&mut self) {
        let root = FactPath::default();
        for (at, _) in self.operation.parameters() {
            let at = target(self.spec, at);
            let part = |key| self.spec.pointer(at.as_str()).and_then(|one| one.get(key)?.as_str());
            let (Some(name), Some(location)) = (part("name"), part("in")) else { continue };
            let group = if location == "header" { "headers".to_owned() } else { format!("{location}_parameters") };
            let path = root.join(group).join(name);
            self.push("parameter", &at, &path, None);
            self.values(&at.join("schema"), &path);
        }
        self.content(&self.operation.pointer.join("requestBody"), &root.join("body_parameters"));
        let responses = self.operation.pointer.join("responses");
        for (status, _) in object(self.operation.value.get("responses")) {
            let (at, path) = (target(self.spec, responses.join(status)), root.join("responses").join(status));
            self.push("response", &at, &path, None);
            let headers = self.spec.pointer(at.as_str()).and_then(|response| response.get("headers"));
            for (name, _) in object(headers) {
                let header = target(self.spec, at.at(&["headers", name]));
                self.push("header", &header, &path.join("headers").join(name), None);
            }
            self.content(&at, &path.join("fields"));
        }
    }

    fn content(&mut self, holder: &Pointer, fields: &FactPath) {
        let at = target(self.spec, holder.clone()).join("content");
        for (media, _) in object(self.spec.pointer(at.as_str())) {
            self.fields(&at.at(&[media, "schema"]), fields, &mut Vec::new());
        }
    }

    /// Visits the fields of a schema. `around` has the schemas around it, because a schema can contain itself.
    fn fields(&mut self, schema: &Pointer, fields: &FactPath, around: &mut Vec<Pointer>) {
        let keywords = [&["items"][..], &COMPOSITIONS].concat();
        for (at, part) in members(self.spec, schema, &keywords, |_| true) {
            if around.contains(&at) {
                continue;
            }
            around.push(at.clone());
            for (name, _) in object(part.get("properties")) {
                let (own, path) = (at.at(&["properties", name]), fields.join(name));
                self.push("field", &own, &path, None);
                self.values(&own, &path);
                self.fields(&own, &path.join("fields"), around);
            }
            around.pop();
        }
    }

    fn values(&mut self, schema: &Pointer, path: &FactPath) {
        let Some(listed) = listed(self.spec, schema) else { return };
        for value in &listed.values {
            self.push("value", &listed.at, path, Some(value));
        }
    }
}

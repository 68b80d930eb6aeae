//! Finds contradictions within a page: between its tables and its samples, among its samples, and between its samples
//! and what a shell does with them. Each contradiction needs a decision, which an `x-deviation` of the spec records.

use std::collections::{BTreeMap, BTreeSet};

use openapi_doc::type_of;

use crate::FactPath;
use crate::page::{Page, is_mandatory, type_of_tag};
use crate::tree::{ARRAY, Kind, Node, OBJECT, Samples, json};

/// Facts that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// The facts that contradict each other. A deviation that names one of them decides the contradiction.
    pub at: Vec<FactPath>,
    /// The contradiction in words.
    pub message: String,
}

/// Returns all contradictions within a page.
pub fn contradictions(page: &Page) -> Vec<Contradiction> {
    let (tree, mut found) = (page.tree(), Found::default());
    let samples = |kind| tree.child("samples").map_or(&[][..], |samples| samples.within(kind));
    let (requests, responses) = (samples("requests"), samples("responses"));
    let values = tree.samples();
    unsent(&tree, requests, &mut found);
    for sample in requests {
        request(&tree, sample, &mut found);
    }
    against_tables(&tree, &values, &mut found);
    shown(&tree, &values, &mut found);
    echoes(requests, responses, &mut found);
    found.0.into_values().collect()
}

/// The contradictions by subject, so that a contradiction in several samples is reported once.
#[derive(Default)]
struct Found(BTreeMap<String, Contradiction>);

impl Found {
    fn add(&mut self, about: &str, at: &Node, message: String) {
        let one = self.0.entry(about.to_owned()).or_insert_with(|| Contradiction { at: Vec::new(), message });
        if !one.at.contains(&at.path) {
            one.at.push(at.path.clone());
        }
    }

    fn at(&mut self, at: &Node, message: String) {
        self.add(&at.path.to_string(), at, message);
    }
}

fn unsent(tree: &Node, samples: &[Node], found: &mut Found) {
    let mut judge = |field: &Node, sends: &dyn Fn(&Node) -> bool| {
        let Some(tag) = field.child("required").filter(|tag| is_mandatory(tag.said())) else { return };
        let without = samples.iter().filter(|sample| !sends(sample)).map(|sample| format!("`{}`", sample.key()));
        let without: Vec<_> = without.collect();
        if !without.is_empty() {
            found.at(tag, format!("tagged `{}`, and not sent by the samples {}", tag.said(), without.join(", ")));
        }
    };
    for header in tree.within("headers") {
        judge(header, &|sample| {
            sample.within("headers").iter().any(|sent| sent.key().eq_ignore_ascii_case(header.key()))
        });
    }
    for field in tree.within("body_parameters") {
        judge(field, &|sample| match sample.child("body") {
            Some(body) => has(body, field.key()),
            None => sample.within("form").iter().any(|sent| sent.key() == field.key()),
        });
    }
}

/// Whether a JSON object has a key, or each object of an array does. Any other body cannot be checked, so it counts.
fn has(body: &Node, key: &str) -> bool {
    match body.said() {
        OBJECT => body.child(key).is_some(),
        ARRAY => body.children.iter().all(|item| has(item, key)),
        _ => true,
    }
}

fn request(tree: &Node, sample: &Node, found: &mut Found) {
    if let Some(pasted) = sample.child("as_pasted") {
        found.at(pasted, format!("a shell reads the command differently: {}", pasted.said()));
    }
    if let Some(url) = sample.child("url") {
        let query = url.said().split_once('?').map_or("", |(_, query)| query);
        let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
        for name in names.filter(|name| tree.within("query_parameters").iter().all(|field| field.key() != *name)) {
            let message = format!("samples send `{name}` in the query, but no table has it");
            found.add(&format!("query {name}"), url, message);
        }
    }
}

/// Compares the values in samples with the tables of their fields.
fn against_tables(tree: &Node, samples: &Samples<'_>, found: &mut Found) {
    let nodes = tree.all().into_iter().rev();
    let tables: BTreeMap<_, _> = nodes.map(|node| (node.path.to_lowercase(), node)).collect();
    for (path, value) in samples.iter().flat_map(|(path, values)| values.iter().map(move |value| (path, value))) {
        // A form field must have exactly the name in the table. A key within JSON that differs only in case is reported
        // as a different spelling.
        let (name, in_form) = (value.key(), value.kind == Kind::SampleFormField);
        match tables.get(path).filter(|field| !in_form || field.key() == name) {
            Some(field) if in_form || field.kind == Kind::Response => {}
            Some(field) => {
                if field.key() != name {
                    found.at(field, format!("the samples spell it `{name}`"));
                }
                field_against(field, value.said(), found);
            }
            None => {
                let table = tables.get(&path.parent()).filter(|table| table.key() != "responses");
                if let Some(table) = table.map(|table| &table.path) {
                    let message = format!("samples have `{name}`, which is not in the table `{table}`");
                    found.add(&format!("{table} lacks {name}"), value, message);
                }
            }
        }
    }
}

fn field_against(field: &Node, value: &str, found: &mut Found) {
    let value = json(value);
    if value.is_null() {
        return;
    }
    let kind = type_of(&value);
    if let Some(tag) = field.child("type")
        && type_of_tag(tag.said()).map(|tag| if tag == "integer" { "number" } else { tag }) != Some(kind)
    {
        found.at(tag, format!("tagged `{}`, and the type in the samples is {kind}", tag.said()));
    }
    if let (Some(text), Some(listed)) = (value.as_str(), field.child("possible_values"))
        && listed.child(text).is_none()
    {
        found.at(listed, format!("a sample has `{text}`, which is not listed"));
    }
}

/// Finds fields of a response that no sample has, and times with more fractional digits in one place than in another.
fn shown(tree: &Node, samples: &Samples<'_>, found: &mut Found) {
    let fields = tree.within("responses").iter().flat_map(Node::all);
    for field in fields.filter(|node| matches!(node.kind, Kind::ResponseField | Kind::ErrorField)) {
        let path = field.path.to_lowercase();
        let Some(values) = samples.get(&path) else {
            if samples.get(&path.parent().parent()).is_some_and(|around| !around.is_empty()) {
                found.at(field, "the table has it, but no sample does".to_owned());
            }
            continue;
        };
        let Some(shown) = field.child("value") else { continue };
        let texts = values.iter().map(|value| value.text()).chain([shown.said().to_owned()]);
        let digits: BTreeSet<_> = texts.filter_map(|text| fraction_digits(&text)).collect();
        if digits.len() > 1 {
            let digits: Vec<_> = digits.iter().map(usize::to_string).collect();
            found.at(shown, format!("times have {} fractional digits", digits.join(" and ")));
        }
    }
}

/// The number of fractional digits in a time such as `2023-06-06T13:28:20.5Z`; `None` for any other string.
fn fraction_digits(text: &str) -> Option<usize> {
    const SECONDS: &str = "0000-00-00T00:00:00";
    let shape: String = text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    let rest = shape.strip_prefix(SECONDS)?.strip_suffix('Z')?;
    match rest.strip_prefix('.') {
        Some(digits) if digits.bytes().all(|digit| digit == b'0') => Some(digits.len()),
        None if rest.is_empty() => Some(0),
        _ => None,
    }
}

/// Compares each sample response with each sample request that the name of the response mentions. A value of the
/// response must be one of the values with the same name in the form of the request, if there are any.
fn echoes(requests: &[Node], responses: &[Node], found: &mut Found) {
    for request in requests {
        let mut sent = BTreeMap::<_, BTreeSet<_>>::new();
        for (key, leaf) in request.within("form").iter().flat_map(|field| leaves(field.key(), field)) {
            sent.entry(key).or_default().insert(leaf.text());
        }
        let name = request.key().to_lowercase();
        for response in responses.iter().filter(|response| response.key().to_lowercase().contains(&name)) {
            for (key, leaf) in response.child("body").into_iter().flat_map(|body| leaves("", body)) {
                if sent.get(key).is_some_and(|sent| !sent.contains(&leaf.text())) {
                    let message = format!("the sample responses have a different `{key}` from the sample requests");
                    found.add(&format!("echo {key}"), leaf, message);
                }
            }
        }
    }
}

/// The values within JSON that are neither arrays nor objects, each with the last name on the path to it.
fn leaves<'a>(name: &'a str, json: &'a Node) -> Vec<(&'a str, &'a Node)> {
    match json.said() {
        ARRAY => json.children.iter().flat_map(|item| leaves(name, item)).collect(),
        OBJECT => json.children.iter().flat_map(|value| leaves(value.key(), value)).collect(),
        _ => vec![(name, json)],
    }
}

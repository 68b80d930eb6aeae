//! Where a page contradicts itself: its tables against its samples, its samples against each other and against what a
//! shell makes of them. Each contradiction needs a decision, which an `x-deviation` of the spec writes down.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::facts::tree::{join, key_within, structured};
use crate::facts::{Field, Page, RequestSample};

/// Facts that cannot all be meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// The paths of the facts where it shows. A deviation that names one of them answers for all.
    pub at: Vec<String>,
    /// What it is.
    pub message: String,
}

/// All contradictions of a page.
pub fn contradictions(page: &Page) -> Vec<Contradiction> {
    let mut found = Found::default();
    unsent(page, &mut found);
    for sample in page.samples.requests.iter().filter(|sample| sample.as_pasted.is_some()) {
        let path = format!("samples.requests.{}.as_pasted", sample.name);
        found.add(
            &path,
            &path,
            format!("a shell reads the command otherwise than it was meant: {}", sample.differences().join("; ")),
        );
    }
    requests(page, &mut found);
    responses(page, &mut found);
    echoes(page, &mut found);
    found.0.into_values().collect()
}

/// By what it is about, so that one that shows in several samples is one.
#[derive(Default)]
struct Found(BTreeMap<String, Contradiction>);

impl Found {
    fn add(&mut self, about: &str, at: &str, message: String) {
        let one = self.0.entry(about.to_owned()).or_insert_with(|| Contradiction { at: Vec::new(), message });
        if !one.at.iter().any(|other| other == at) {
            one.at.push(at.to_owned());
        }
    }
}

/// What must be sent, and is not in a sample.
fn unsent(page: &Page, found: &mut Found) {
    let mut judge = |path: &str, field: &Field, sends: &dyn Fn(&RequestSample) -> bool| {
        let without: Vec<_> = page.samples.requests.iter().filter(|sample| !sends(sample)).collect();
        if field.is_mandatory() && !without.is_empty() {
            let path = join(&join(path, &field.name), "required");
            let names: Vec<_> = without.iter().map(|sample| format!("`{}`", sample.name)).collect();
            let tag = field.required.as_deref().unwrap_or_default();
            found.add(&path, &path, format!("tagged `{tag}`, and not sent by the samples {}", names.join(", ")));
        }
    };
    for header in &page.headers {
        judge("headers", header, &|sample| sample.header(&header.name).is_some());
    }
    for field in &page.body_parameters {
        judge("body_parameters", field, &|sample| match sample.body.as_deref().map(structured) {
            Some(Some(json)) => json.get(&field.name).is_some(),
            // What is no JSON cannot be looked into.
            Some(None) => true,
            None => sample.form.iter().any(|(name, _)| *name == field.name),
        });
    }
}

fn requests(page: &Page, found: &mut Found) {
    for sample in &page.samples.requests {
        let query = sample.url.split_once('?').map_or("", |(_, query)| query);
        let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
        for name in names.filter(|name| page.query_parameters.iter().all(|field| field.name != *name)) {
            let message = format!("samples send `{name}` in the query, which is in no table");
            found.add(&format!("query {name}"), &format!("samples.requests.{}.url", sample.name), message);
        }
        let path = format!("samples.requests.{}.form", sample.name);
        for (name, value) in &sample.form {
            let at = join(&path, name);
            match page.body_parameters.iter().find(|field| field.name == *name) {
                None => {
                    let message = format!("samples send `{name}`, which is in no table");
                    found.add(&format!("form {name}"), &at, message);
                }
                Some(field) if !field.fields.is_empty() => {
                    if let Some(json) = structured(value) {
                        let table = join("body_parameters", name);
                        compare(&table, key_within, &field.fields, &json, &at, found);
                    }
                }
                Some(_) => {}
            }
        }
        if let Some(json) = sample.body.as_deref().and_then(structured) {
            let at = format!("samples.requests.{}.body", sample.name);
            compare("body_parameters", str::to_owned, &page.body_parameters, &json, &at, found);
        }
    }
}

fn responses(page: &Page, found: &mut Found) {
    for response in &page.responses {
        let table = join("responses", &response.status);
        let samples: Vec<_> = page
            .samples
            .responses
            .iter()
            .filter(|sample| sample.status == response.status)
            .filter_map(|sample| Some((format!("samples.responses.{}.body", sample.name), structured(&sample.body)?)))
            .collect();
        for (at, json) in &samples {
            compare(&table, str::to_owned, &response.fields, json, at, found);
        }
        if !samples.is_empty() {
            let bodies: Vec<_> = samples.iter().map(|(_, json)| json).collect();
            shown(&table, str::to_owned, &response.fields, &bodies, found);
        }
    }
}

type Key = fn(&str) -> String;

/// The fields of a table against the JSON of a sample. An array is described by the fields of its items. `key` is under which
/// key a fact of the table stands that is about a field.
fn compare(table: &str, key: Key, fields: &[Field], json: &Value, at: &str, found: &mut Found) {
    match json {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                compare(table, key, fields, item, &join(at, &index.to_string()), found);
            }
        }
        Value::Object(map) => {
            for (name, value) in map {
                let at = join(at, name);
                let exact = fields.iter().find(|field| field.name == *name);
                let Some(field) = exact.or_else(|| fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)))
                else {
                    let message = format!("samples have `{name}`, which is not in the table `{table}`");
                    found.add(&format!("{table} lacks {name}"), &at, message);
                    continue;
                };
                let path = join(table, &key(&field.name));
                if field.name != *name {
                    found.add(&path, &path, format!("the samples spell it `{name}`"));
                }
                field_against(&path, field, value, found);
                if !field.fields.is_empty() {
                    compare(&path, key_within, &field.fields, value, &at, found);
                }
            }
        }
        _ => {}
    }
}

fn field_against(path: &str, field: &Field, value: &Value, found: &mut Found) {
    let (kind, fits): (&str, &[&str]) = match value {
        Value::Null => return,
        Value::Bool(_) => ("a boolean", &["boolean", "bool"]),
        Value::Number(_) => ("a number", &["number", "integer", "int", "float", "double", "decimal"]),
        Value::String(_) => ("a text", &["string", "text"]),
        Value::Array(_) => ("an array", &["array"]),
        Value::Object(_) => ("an object", &["object"]),
    };
    if let Some(tag) = &field.type_tag
        && !fits.iter().any(|word| tag.eq_ignore_ascii_case(word))
    {
        let path = join(path, "type");
        found.add(&path, &path, format!("tagged `{tag}`, and the samples have {kind}"));
    }
    if let Value::String(text) = value
        && !field.possible_values.is_empty()
        && !field.possible_values.contains(text)
    {
        let path = join(path, "possible_values");
        found.add(&path, &path, format!("a sample has `{text}`, which is not listed"));
    }
}

/// Fields of a table that no sample has, and times that are written with more digits here than there.
fn shown(table: &str, key: Key, fields: &[Field], bodies: &[&Value], found: &mut Found) {
    for field in fields {
        let path = join(table, &key(&field.name));
        let mut values = Vec::new();
        for body in bodies {
            collect(body, &field.name, &mut values);
        }
        if values.is_empty() {
            found.add(&path, &path, "in the table and in no sample".to_owned());
            continue;
        }
        let texts = values.iter().filter_map(|value| value.as_str()).chain(field.value.as_deref());
        let digits: BTreeSet<_> = texts.filter_map(fraction_digits).collect();
        if digits.len() > 1 && field.value.is_some() {
            let path = join(&path, "value");
            let digits: Vec<_> = digits.iter().map(usize::to_string).collect();
            found.add(&path, &path, format!("written with {} digits behind the second", digits.join(" and ")));
        }
        shown(&path, key_within, &field.fields, &values, found);
    }
}

/// The values of a field in a body, or in each item of it.
fn collect<'a>(body: &'a Value, name: &str, values: &mut Vec<&'a Value>) {
    match body {
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, values)),
        Value::Object(map) => {
            values.extend(map.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value));
        }
        _ => {}
    }
}

/// How many digits follow the second of a time such as `2023-06-06T13:28:20.5Z`; none for another text.
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

/// A sample response whose name holds that of a sample request is taken for its answer: what both have is the same.
fn echoes(page: &Page, found: &mut Found) {
    for request in &page.samples.requests {
        let mut sent = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in &request.form {
            match structured(value) {
                Some(json) => leaves("", &json, &mut |key, _, leaf| sent.entry(key.to_owned()).or_default().push(leaf)),
                None => sent.entry(name.clone()).or_default().push(value.clone()),
            }
        }
        let name = request.name.to_lowercase();
        for answer in page.samples.responses.iter().filter(|answer| answer.name.to_lowercase().contains(&name)) {
            let Some(json) = structured(&answer.body) else { continue };
            let base = format!("samples.responses.{}.body", answer.name);
            leaves(&base, &json, &mut |key, at, leaf| {
                if sent.get(key).is_some_and(|sent| !sent.contains(&leaf)) {
                    let message = format!("the answers of the samples have another `{key}` than the requests");
                    found.add(&format!("echo {key}"), at, message);
                }
            });
        }
    }
}

/// Visits the texts and numbers of JSON: key, path and value.
fn leaves(at: &str, json: &Value, visit: &mut impl FnMut(&str, &str, String)) {
    fn go(key: &str, at: &str, json: &Value, visit: &mut impl FnMut(&str, &str, String)) {
        match json {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| go(key, &join(at, &index.to_string()), item, visit));
            }
            Value::Object(map) => map.iter().for_each(|(key, value)| go(key, &join(at, key), value, visit)),
            Value::String(text) => visit(key, at, text.clone()),
            other => visit(key, at, other.to_string()),
        }
    }
    go("", at, json, visit);
}

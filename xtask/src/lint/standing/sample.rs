//! A sample against the example that has its name.

use serde_json::Value;

use super::{Verdict, Walk, check, media, named_examples, text};
use crate::document::{object, resolve};
use crate::facts::tree::{ARRAY, Kind, Node, OBJECT, join};
use crate::problem::Pointer;

impl<'a> Walk<'a> {
    pub(super) fn sample(&mut self, path: &str, node: &Node) {
        let holder = match node.child("status").and_then(|status| status.value.as_deref()) {
            Some(status) => self.part(&["responses", status]),
            None => self.part(&["requestBody"]),
        };
        let media = holder.as_ref().and_then(|(at, holder)| media(at, holder));
        let example = media.as_ref().and_then(|(at, _, media)| {
            let mut examples = named_examples(media);
            examples
                .find(|(_, example, _)| example.get("summary") == Some(&node.key.as_str().into()))
                .map(|(key, _, value)| (at.at(&["examples", key, "value"]), value))
        });
        let has_data = node.child("body").is_some() || node.child("form").is_some_and(|form| !form.children.is_empty());
        let nearest = holder.map_or_else(|| self.operation.pointer.clone(), |(at, _)| at);
        let at = example.as_ref().map_or(nearest, |(at, _)| at.clone());
        let verdict =
            check(example.is_some() || !has_data, || "no example of the spec has its name as `summary`".to_owned());
        let absent = verdict != Verdict::Same;
        let value = example.as_ref().map(|(_, value)| *value);
        let more = node.child("form").zip(value).map_or_else(Vec::new, |(form, example)| added(form, example));
        let verdict = if more.is_empty() {
            verdict
        } else {
            Verdict::Differs(format!("the example has {} too", more.join(", ")))
        };
        self.push(path, node, at.clone(), verdict);
        let media = media.map(|(_, name, _)| name);
        for child in &node.children {
            let path = join(path, &child.key);
            if absent && matches!(child.key.as_str(), "form" | "body") {
                self.push(&path, child, at.clone(), Verdict::WithParent);
                self.below_absent(&path, child, &at);
                continue;
            }
            match child.key.as_str() {
                "form" => self.form(&path, child, &at, value),
                "body" => self.json(&path, child, &at, value),
                "headers" => {
                    self.group(&path, child, &self.operation.pointer.clone());
                    for header in &child.children {
                        self.sample_header(&join(&path, &header.key), header, media);
                    }
                }
                "options" => {
                    self.group(&path, child, &at);
                    for option in &child.children {
                        let verdict =
                            Verdict::Differs("an option of the command is no part of a description".to_owned());
                        self.push(&join(&path, &option.key), option, self.operation.pointer.clone(), verdict);
                    }
                }
                _ => self.sample_line(&path, child, &at),
            }
        }
    }

    fn sample_line(&mut self, path: &str, node: &Node, example: &Pointer) {
        let said = node.value.as_deref().unwrap_or_default();
        let operation = self.operation.pointer.clone();
        match node.kind {
            Kind::SampleMethod => {
                let method = self.operation.method;
                let verdict = check(method.eq_ignore_ascii_case(said), || format!("the operation is a {method}"));
                self.push(path, node, operation, verdict);
            }
            Kind::SampleUrl => {
                let known = self.page.endpoints.iter().any(|endpoint| is_of_template(said, &endpoint.url));
                let verdict = check(known, || "it is none of the documented addresses".to_owned());
                self.push(path, node, operation, verdict);
            }
            // The example holds what was meant. That a shell reads something else is a contradiction of the page.
            // And it was looked for under the documented status.
            _ => self.push(path, node, example.clone(), Verdict::Same),
        }
    }

    fn sample_header(&mut self, path: &str, node: &Node, media: Option<&str>) {
        let said = node.value.as_deref().unwrap_or_default();
        let operation = self.operation.pointer.clone();
        let (at, verdict) = match node.key.to_ascii_lowercase().as_str() {
            "content-type" => (
                operation.join("requestBody"),
                check(media == Some(said), || format!("the media type is `{}`", media.unwrap_or("none"))),
            ),
            "authorization" => {
                let scheme = said.split(' ').next().unwrap_or_default();
                let known = self.page.authorization.scheme.to_ascii_lowercase().contains(&scheme.to_ascii_lowercase());
                (operation, check(known, || "it is not of the documented scheme".to_owned()))
            }
            name => {
                let found = self.operation.parameters().find(|(_, parameter)| {
                    let parameter = resolve(self.spec, parameter).unwrap_or(&Value::Null);
                    let named = parameter.get("name").and_then(Value::as_str);
                    parameter.get("in") == Some(&"header".into())
                        && named.is_some_and(|named| named.eq_ignore_ascii_case(name))
                });
                let verdict = check(found.is_some(), || "the operation has no such header".to_owned());
                (found.map_or(operation, |(at, _)| at), verdict)
            }
        };
        self.push(path, node, at, verdict);
    }

    fn form(&mut self, path: &str, node: &Node, at: &Pointer, example: Option<&'a Value>) {
        self.group(path, node, at);
        for field in &node.children {
            let (path, at) = (join(path, &field.key), at.join(&field.key));
            let value = example.and_then(|example| example.get(&field.key));
            if field.children.is_empty() {
                let verdict = check(value.map(text).as_ref() == field.value.as_ref(), || differs(value));
                self.push(&path, field, at, verdict);
            } else {
                let verdict =
                    check(value.is_some_and(|value| children(value) == field.children.len()), || differs(value));
                self.push(&path, field, at.clone(), verdict);
                self.inner(&path, field, &at, value);
            }
        }
    }

    fn json(&mut self, path: &str, node: &Node, at: &Pointer, example: Option<&'a Value>) {
        let matches = match (node.value.as_deref(), example) {
            (Some(ARRAY), Some(example)) => example.is_array() && children(example) == node.children.len(),
            (Some(OBJECT), Some(example)) => example.is_object() && children(example) == node.children.len(),
            (Some(scalar), Some(example)) => serde_json::from_str(scalar).is_ok_and(|value| same(&value, example)),
            _ => false,
        };
        self.push(path, node, at.clone(), check(matches, || differs(example)));
        self.inner(path, node, at, example);
    }

    fn inner(&mut self, path: &str, node: &Node, at: &Pointer, example: Option<&'a Value>) {
        for (index, child) in node.children.iter().enumerate() {
            let value = example.and_then(|example| example.get(&child.key).or_else(|| example.get(index)));
            self.json(&join(path, &child.key), child, &at.join(&child.key), value);
        }
    }
}

/// Fields of an example that a form does not have.
fn added(form: &Node, example: &Value) -> Vec<String> {
    object(Some(example))
        .map(|(name, _)| name)
        .filter(|name| form.child(name).is_none())
        .map(|name| format!("`{name}`"))
        .collect()
}

/// Whether two values of JSON are one, `1` and `1.0` being one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

fn differs(example: Option<&Value>) -> String {
    example.map_or_else(|| "the example lacks it".to_owned(), |value| format!("the example has {value}"))
}

fn children(value: &Value) -> usize {
    value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len)).unwrap_or(0)
}

/// Whether an address is made from a template such as `https://host/a/{b}`.
fn is_of_template(url: &str, template: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (url, template): (Vec<_>, Vec<_>) = (url.split('/').collect(), template.split('/').collect());
    let fits = |(part, template): (&&str, &&str)| {
        part == template || template.starts_with('{') && template.ends_with('}') && !part.is_empty()
    };
    url.len() == template.len() && url.iter().zip(&template).all(fits)
}

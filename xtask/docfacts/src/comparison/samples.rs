//! Compares each sample with the example that has its name as `summary`. `examples` writes the examples from the
//! samples, so they differ only if somebody has edited the spec, or the page has changed.

use openapi_doc::Pointer;
use serde_json::Value;

use super::fields::text;
use super::{Verdict, Walk, check};
use crate::tree::{ARRAY, Kind, Node, OBJECT};

impl Walk<'_> {
    pub(super) fn sample(&mut self, node: &Node) {
        let status = node.child("status").map(Node::said);
        let keys = status.map_or(vec!["requestBody"], |status| vec!["responses", status]);
        let media = self.media(&keys);
        let summary = Some(Value::from(node.key()));
        let example = media.as_ref().and_then(|(at, _, media)| {
            self.examples(at, media).into_iter().find(|(_, example)| example.get("summary") == summary.as_ref())
        });
        let nearest = self.part(&keys).map_or(self.operation.pointer.clone(), |(at, _)| at);
        let at = example.as_ref().map_or(nearest, |(at, _)| at.join("value"));
        let value = example.and_then(|(_, example)| example.get("value"));
        let has_data = node.child("body").is_some() || !node.within("form").is_empty();
        let missing = value.is_none() && has_data;
        let fields = value.filter(|_| node.child("body").is_none()).and_then(Value::as_object).into_iter().flatten();
        let sent = node.within("form");
        let more: Vec<_> =
            fields.map(|(name, _)| name).filter(|name| sent.iter().all(|field| field.key() != *name)).collect();
        let verdict = match more.as_slice() {
            _ if missing => Verdict::Differs("no example of the spec has its name as `summary`".into()),
            more => check(more.is_empty(), || format!("the example also has {more:?}")),
        };
        self.push(node, &at, verdict);
        let media = media.map_or("none", |(_, name, _)| name);
        for child in &node.children {
            match child.key() {
                "form" | "body" if missing => {
                    child.all().into_iter().for_each(|below| self.push(below, &at, Verdict::WithParent));
                }
                "form" => {
                    self.push(child, &at, Verdict::Same);
                    for field in &child.children {
                        self.json(field, &at.join(field.key()), value.and_then(|value| value.get(field.key())));
                    }
                }
                "body" => self.json(child, &at, value),
                "headers" => {
                    self.push(child, &self.operation.pointer, Verdict::Same);
                    child.children.iter().for_each(|header| self.sample_header(header, media));
                }
                "options" => {
                    self.push(child, &at, Verdict::Same);
                    for option in &child.children {
                        self.absent(option, &self.operation.pointer, "an option of the command has no place in a spec");
                    }
                }
                "method" => self.method(child),
                "url" => {
                    let known = self.page.endpoints.iter().any(|endpoint| matches(child.said(), &endpoint.url));
                    let verdict = check(known, || "it does not match a documented address".into());
                    self.push(child, &self.operation.pointer, verdict);
                }
                // `as_pasted` is a contradiction of the page, not a part of the example. `status` was used to find the
                // example.
                _ => self.push(child, &at, Verdict::Same),
            }
        }
    }

    fn sample_header(&mut self, node: &Node, media: &str) {
        let operation = self.operation.pointer.clone();
        let (at, verdict) = match node.key().to_ascii_lowercase().as_str() {
            "content-type" => {
                (operation.join("requestBody"), check(media == node.said(), || format!("the media type is `{media}`")))
            }
            "authorization" => {
                let scheme = node.said().split(' ').next().unwrap_or_default().to_ascii_lowercase();
                let known = self.page.authorization.scheme.to_ascii_lowercase().contains(&scheme);
                (operation, check(known, || "it does not have the documented scheme".into()))
            }
            name => {
                let found = self.parameter("header", |other| other.eq_ignore_ascii_case(name));
                let verdict = check(found.is_some(), || "the operation has no such header".into());
                (found.map_or(operation, |(at, _)| at), verdict)
            }
        };
        self.push(node, &at, verdict);
    }

    fn json(&mut self, node: &Node, at: &Pointer, example: Option<&Value>) {
        let same = match (node.said(), example) {
            (ARRAY, Some(Value::Array(items))) => items.len() == node.children.len(),
            (OBJECT, Some(Value::Object(map))) => map.len() == node.children.len(),
            (said, Some(example)) if node.kind == Kind::SampleFormField => text(example) == said,
            (said, Some(example)) => serde_json::from_str::<Value>(said).is_ok_and(|value| value == *example),
            _ => false,
        };
        let how = || example.map_or("the example lacks it".to_owned(), |value| format!("the example has {value}"));
        self.push(node, at, check(same, how));
        for (index, child) in node.children.iter().enumerate() {
            let value = example.and_then(|example| example.get(child.key()).or_else(|| example.get(index)));
            self.json(child, &at.join(child.key()), value);
        }
    }
}

/// Whether an address matches a template such as `https://host/a/{b}`.
fn matches(url: &str, template: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (url, template): (Vec<_>, Vec<_>) = (url.split('/').collect(), template.split('/').collect());
    let fits = |(part, template): (&&str, &&str)| {
        part == template || template.starts_with('{') && template.ends_with('}') && !part.is_empty()
    };
    url.len() == template.len() && url.iter().zip(&template).all(fits)
}

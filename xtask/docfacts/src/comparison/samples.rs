//! Compares each sample with the example that has its name as `summary`. `examples` writes the examples from the
//! samples, so they differ only if somebody has edited the spec, or the page has changed.

use openapi_doc::Pointer;
use serde_json::Value;

use super::fields::text;
use super::{Judge, Judged, Verdict, absent, agrees, check, judged, same};
use crate::tree::{ARRAY, Kind, Node, OBJECT};

impl<'a> Judge<'a> {
    pub(super) fn sample(self, node: &Node) -> Judged<'a> {
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
        let (body, sent) = (node.child("body"), node.within("form"));
        let missing = value.is_none() && (body.is_some() || !sent.is_empty());
        let fields = value.filter(|_| body.is_none()).and_then(Value::as_object).into_iter().flatten();
        let more: Vec<_> =
            fields.map(|(name, _)| name).filter(|name| sent.iter().all(|field| field.key() != *name)).collect();
        let verdict = match more.as_slice() {
            _ if missing => Verdict::Differs("no example of the spec has its name as `summary`".into()),
            more => check(more.is_empty(), format!("the example also has {more:?}")),
        };
        let (operation, media) = (&self.operation.pointer, media.map_or("none", |(_, name, _)| name));
        judged(&at.clone(), verdict).with(move |node| match node.key() {
            "form" | "body" if missing => judged(&at, Verdict::WithParent),
            "form" => within(same(&at), value),
            "body" => json(node, &at, value),
            "headers" => same(operation).with(move |header| self.sample_header(header, media)),
            "options" => same(&at).with(|_| absent(operation, "an option of the command has no place in a spec")),
            "method" => self.method(node),
            "url" => {
                let known = self.page.endpoints.iter().any(|endpoint| matches(node.said(), &endpoint.url));
                agrees(operation, known, "it does not match a documented address")
            }
            // `as_pasted` is where the page contradicts itself, not a part of the example. `status` was used to find
            // the example.
            _ => same(&at),
        })
    }

    fn sample_header(self, node: &Node, media: &str) -> Judged<'a> {
        let operation = &self.operation.pointer;
        match node.key().to_ascii_lowercase().as_str() {
            "content-type" => {
                agrees(&operation.join("requestBody"), media == node.said(), format!("the media type is `{media}`"))
            }
            "authorization" => {
                let scheme = node.said().split(' ').next().unwrap_or_default().to_ascii_lowercase();
                let known = self.page.authorization.scheme.to_ascii_lowercase().contains(&scheme);
                agrees(operation, known, "it does not have the documented scheme")
            }
            name => self
                .parameter("header", name)
                .map_or_else(|| absent(operation, "the operation has no such header"), |(at, _)| same(&at)),
        }
    }
}

fn json<'a>(node: &Node, at: &Pointer, example: Option<&'a Value>) -> Judged<'a> {
    let same = match (node.said(), example) {
        (ARRAY, Some(Value::Array(items))) => items.len() == node.children.len(),
        (OBJECT, Some(Value::Object(map))) => map.len() == node.children.len(),
        (said, Some(example)) if node.kind == Kind::SampleFormField => text(example) == said,
        (said, Some(example)) => serde_json::from_str::<Value>(said).is_ok_and(|value| value == *example),
        _ => false,
    };
    let how = example.map_or("the example lacks it".to_owned(), |value| format!("the example has {value}"));
    within(agrees(at, same, how), example)
}

/// Compares the fields of a form, or the values within JSON, with those of the example.
fn within<'a>(around: Judged<'a>, example: Option<&'a Value>) -> Judged<'a> {
    let at = around.at.clone();
    around.with(move |node| {
        let key = node.key();
        let value = example.and_then(|example| example.get(key).or_else(|| example.get(key.parse::<usize>().ok()?)));
        json(node, &at.join(key), value)
    })
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

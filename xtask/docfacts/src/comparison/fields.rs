//! Compares parameters and fields: whether the spec has them, with the documented types, values and tags.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, Property, bound, listed, property, target, types};
use serde_json::Value;

use super::{Verdict, Walk, check};
use crate::page::is_mandatory;
use crate::tree::{Kind, Node};

struct Place<'a> {
    at: Pointer,
    schema: Pointer,
    required: bool,
    /// The values of the field in the examples around it.
    examples: Vec<&'a Value>,
}

/// A value as the text that a page shows for it.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl<'a> Walk<'a> {
    pub(super) fn parameters(&mut self, node: &Node, location: &str) {
        let group = self.operation.pointer.join("parameters");
        self.push(node, &group, Verdict::Same);
        for child in &node.children {
            // Names of headers are case-insensitive.
            let key = child.key();
            let found = self.parameter(location, |name| {
                if location == "header" { name.eq_ignore_ascii_case(key) } else { name == key }
            });
            if let Some((at, parameter)) = found {
                let place = Place {
                    schema: target(self.spec, at.join("schema")),
                    required: parameter.get("required") == Some(&Value::Bool(true)),
                    examples: parameter.get("example").into_iter().chain(self.values(&at, parameter)).collect(),
                    at,
                };
                self.field(child, &place, Verdict::Same);
            } else if location == "header" && key.eq_ignore_ascii_case("content-type") {
                self.content_type(child);
            } else {
                self.absent(child, &group, &format!("the operation has no such parameter in its {location}"));
            }
        }
    }

    /// Compares the header `Content-Type`. In OpenAPI it is not a parameter, but the media type of the body.
    fn content_type(&mut self, node: &Node) {
        let media = self.media(&["requestBody"]);
        let at = media.as_ref().map_or(self.operation.pointer.clone(), |(at, ..)| at.clone());
        let name = media.map_or("none", |(_, name, _)| name);
        self.push(node, &at, Verdict::Differs("it is the media type of the body, not a parameter".into()));
        for child in &node.children {
            let verdict = match child.kind {
                Kind::FixedValue => check(child.said() == name, || format!("the media type is `{name}`")),
                Kind::Type => check(child.said().eq_ignore_ascii_case("string"), || "a media type is a string".into()),
                _ => Verdict::WithParent,
            };
            self.push(child, &at, verdict);
        }
    }

    pub(super) fn body(&mut self, node: &Node) {
        let Some((at, _, media)) = self.media(&["requestBody"]) else {
            let at = self.operation.pointer.clone();
            self.push(node, &at, Verdict::Same);
            return node.children.iter().for_each(|child| self.absent(child, &at, "the operation has no body"));
        };
        let schema = target(self.spec, at.join("schema"));
        self.push(node, &schema, Verdict::Same);
        self.properties(node, &schema, &self.values(&at, media));
    }

    pub(super) fn response(&mut self, node: &Node) {
        let keys = ["responses", node.key()];
        let Some((at, _)) = self.part(&keys) else {
            let at = self.operation.pointer.join("responses");
            return self.absent(node, &at, "the operation has no such response");
        };
        let media = self.media(&keys);
        let schema = media.as_ref().map_or(at.clone(), |(at, ..)| target(self.spec, at.join("schema")));
        let array = self.get(&schema).and_then(|schema| schema.get("type")) == Some(&"array".into());
        let verdict = check(!array || node.within("fields").is_empty(), || {
            "the fields are those of one object, and the spec has an array of them".into()
        });
        self.push(node, &at, verdict);
        let examples = media.map(|(at, _, media)| self.values(&at, media)).unwrap_or_default();
        for fields in &node.children {
            self.push(fields, &at, Verdict::Same);
            self.properties(fields, &schema, &examples);
        }
    }

    fn properties(&mut self, fields: &Node, schema: &Pointer, examples: &[&'a Value]) {
        for node in &fields.children {
            let Some(Property { at, name, required }) = property(self.spec, schema, node.key()) else {
                self.absent(node, schema, "the schema has no such property");
                continue;
            };
            // The fields of an array describe its items.
            let each = examples.iter().flat_map(|example| match example {
                Value::Array(items) => items.iter().collect(),
                other => vec![*other],
            });
            let examples = each.filter_map(|example| example.get(&name)).collect();
            let place = Place { schema: target(self.spec, at.clone()), at, required, examples };
            self.field(node, &place, check(name == node.key(), || format!("the spec spells it `{name}`")));
        }
    }

    fn field(&mut self, node: &Node, place: &Place<'a>, verdict: Verdict) {
        self.push(node, &place.at, verdict);
        let schema = self.get(&place.schema).unwrap_or(&Value::Null);
        for child in &node.children {
            let said = child.said();
            let (at, verdict) = match child.kind {
                Kind::Value => self.value(said, place, schema),
                Kind::FixedValue => {
                    let found = listed(self.spec, &place.schema);
                    let only = found.as_ref().is_some_and(|listed| listed.values == [said] && !listed.open);
                    let at = found.map_or(place.schema.clone(), |listed| listed.at);
                    (at, check(only, || "the spec allows other values".into()))
                }
                Kind::DefaultValue => {
                    let default = schema.get("default").map(text);
                    let verdict = check(default.as_deref() == Some(said), || match default {
                        Some(default) => format!("the default in the spec is `{default}`"),
                        None => "the spec has no default".into(),
                    });
                    (place.schema.clone(), verdict)
                }
                Kind::Type => {
                    let narrower = node.child("possible_values").or(node.child("fixed")).is_none();
                    (place.schema.clone(), self.type_tag(said, &place.schema, narrower))
                }
                Kind::Required => {
                    let verdict = check(place.required == is_mandatory(said), || {
                        format!("it is {} in the spec", if place.required { "required" } else { "optional" })
                    });
                    (place.at.clone(), verdict)
                }
                Kind::PossibleValues => {
                    self.possible_values(child, place);
                    continue;
                }
                _ => {
                    self.push(child, &place.at, Verdict::Same);
                    self.properties(child, &place.schema, &place.examples);
                    continue;
                }
            };
            self.push(child, &at, verdict);
        }
    }

    fn value(&self, said: &str, place: &Place<'a>, schema: &Value) -> (Pointer, Verdict) {
        if schema.get("example").is_some_and(|example| text(example) == said) {
            return (place.schema.join("example"), Verdict::Same);
        }
        if let Some(listed) = listed(self.spec, &place.schema).filter(|listed| listed.values.contains(&said)) {
            return (listed.at, Verdict::Same);
        }
        let shown = place.examples.iter().any(|example| text(example) == said);
        (place.at.clone(), check(shown, || "no example of the spec has this value".into()))
    }

    fn type_tag(&self, said: &str, schema: &Pointer, narrower: bool) -> Verdict {
        // A field that is tagged `JSON` is a string with JSON in it.
        let documented = match said.to_ascii_lowercase().as_str() {
            "array" => "array",
            "object" => "object",
            "integer" | "int" => "integer",
            "number" | "float" | "double" | "decimal" => "number",
            "boolean" | "bool" => "boolean",
            _ => "string",
        };
        let types = types(self.spec, schema);
        if types != BTreeSet::from([documented.to_owned()]) {
            let types: Vec<_> = types.into_iter().collect();
            return Verdict::Differs(format!("the type in the spec is {}", types.join(" or ")));
        }
        if narrower && self.get(schema).and_then(bound).is_some() { Verdict::Narrower } else { Verdict::Same }
    }

    fn possible_values(&mut self, node: &Node, place: &Place<'a>) {
        let Some(listed) = listed(self.spec, &place.schema) else {
            return self.absent(node, &place.schema, "the spec lists no values");
        };
        let more: Vec<_> = listed.values.iter().copied().filter(|value| node.child(value).is_none()).collect();
        let more = if listed.open { "any other value".to_owned() } else { more.join(", ") };
        let verb = if listed.open { "allows" } else { "has" };
        let verdict = check(more.is_empty(), || format!("the spec {verb} {more} too"));
        self.push(node, &listed.at, verdict);
        for child in &node.children {
            let known = listed.values.contains(&child.key());
            self.push(child, &listed.at, check(known, || "the spec does not list it".into()));
        }
    }
}

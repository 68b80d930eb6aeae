//! Compares parameters and fields: whether the spec has them, with the documented types, values and tags.

use std::collections::BTreeSet;

use openapi_doc::{Pointer, Property, bound, listed, property, target, types};
use serde_json::Value;

use super::{Judge, Judged, Verdict, absent, agrees, check, judged, same};
use crate::page::{is_mandatory, type_of_tag};
use crate::tree::{Kind, Node};

/// The place of a field or a group of fields in the spec.
#[derive(Clone)]
struct Place<'a> {
    at: Pointer,
    schema: Pointer,
    required: bool,
    /// The values of the field in the examples of the parameter, body or response.
    examples: Vec<&'a Value>,
}

/// A value as the text that a page shows for it.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl<'a> Judge<'a> {
    pub(super) fn parameters(self, location: &'static str) -> Judged<'a> {
        let group = self.operation.pointer.join("parameters");
        same(&group).with(move |node| {
            if let Some((at, parameter)) = self.parameter(location, node.key()) {
                let schema = target(self.spec, at.join("schema"));
                let required = parameter.get("required") == Some(&Value::Bool(true));
                let examples = parameter.get("example").into_iter().chain(self.values(&at, parameter)).collect();
                self.field(node, Place { at, schema, required, examples }, Verdict::Same)
            } else if location == "header" && node.key().eq_ignore_ascii_case("content-type") {
                self.content_type()
            } else {
                absent(&group, format!("the operation has no such {location} parameter"))
            }
        })
    }

    /// Compares the header `Content-Type`. In OpenAPI it is not a parameter, but the media type of the body.
    fn content_type(self) -> Judged<'a> {
        let media = self.media(&["requestBody"]);
        let (at, name) = media.map_or((self.operation.pointer.clone(), "none"), |(at, name, _)| (at, name));
        absent(&at.clone(), "in OpenAPI it is the media type of the body, not a parameter").with(move |node| {
            let verdict = match node.kind {
                Kind::FixedValue => check(node.said() == name, format!("the media type is `{name}`")),
                Kind::Type => check(node.said().eq_ignore_ascii_case("string"), "a media type is a string"),
                _ => Verdict::WithParent,
            };
            judged(&at, verdict)
        })
    }

    pub(super) fn body(self) -> Judged<'a> {
        let Some((at, _, media)) = self.media(&["requestBody"]) else {
            let at = &self.operation.pointer;
            return same(at).with(move |_| absent(at, "the operation has no body"));
        };
        let (schema, examples) = (target(self.spec, at.join("schema")), self.values(&at, media));
        self.properties(Place { at: schema.clone(), schema, required: true, examples })
    }

    pub(super) fn response(self, node: &Node) -> Judged<'a> {
        let keys = ["responses", node.key()];
        let Some((at, _)) = self.part(&keys) else {
            return absent(&self.operation.pointer.join("responses"), "the operation has no such response");
        };
        let media = self.media(&keys);
        let schema = media.as_ref().map_or(at.clone(), |(at, ..)| target(self.spec, at.join("schema")));
        let array = self.get(&schema).and_then(|schema| schema.get("type")) == Some(&"array".into());
        let how = "the spec has an array of objects, not one object with these fields";
        let holds = !array || node.within("fields").is_empty();
        let examples = media.map(|(at, _, media)| self.values(&at, media)).unwrap_or_default();
        let place = Place { at: at.clone(), schema, required: true, examples };
        agrees(&at, holds, how).with(move |_| self.properties(place.clone()))
    }

    fn properties(self, around: Place<'a>) -> Judged<'a> {
        same(&around.at).with(move |node| {
            let Some(Property { at, name, required }) = property(self.spec, &around.schema, node.key()) else {
                return absent(&around.schema, "the schema has no such property");
            };
            // The fields of an array describe its items.
            let each = around.examples.iter().flat_map(|example| match example {
                Value::Array(items) => items.iter().collect(),
                other => vec![*other],
            });
            let examples = each.filter_map(|example| example.get(&name)).collect();
            let place = Place { schema: target(self.spec, at.clone()), at, required, examples };
            self.field(node, place, check(name == node.key(), format!("the spec spells it `{name}`")))
        })
    }

    fn field(self, field: &'a Node, place: Place<'a>, verdict: Verdict) -> Judged<'a> {
        judged(&place.at.clone(), verdict).with(move |node| {
            let (said, Place { at, schema, required, .. }) = (node.said(), &place);
            match node.kind {
                Kind::Value => self.value(said, &place),
                Kind::FixedValue => {
                    let found = listed(self.spec, schema);
                    let only = found.as_ref().is_some_and(|listed| listed.values == [said] && !listed.open);
                    let at = found.map_or(schema.clone(), |listed| listed.at);
                    agrees(&at, only, "the spec allows other values")
                }
                Kind::DefaultValue => {
                    let default = self.get(schema).and_then(|schema| schema.get("default")).map(text);
                    let how = default.as_ref().map(|default| format!("the default in the spec is `{default}`"));
                    let how = how.unwrap_or_else(|| "the spec has no default".to_owned());
                    agrees(schema, default.as_deref() == Some(said), how)
                }
                Kind::Type => judged(schema, self.type_tag(said, schema, field)),
                Kind::Required => {
                    let need = if *required { "required" } else { "optional" };
                    let how = format!("the {} is {need} in the spec", field.kind.name());
                    agrees(at, *required == is_mandatory(said), how)
                }
                Kind::PossibleValues => self.possible_values(node, schema),
                _ => self.properties(place.clone()),
            }
        })
    }

    fn value(self, said: &str, Place { at, schema, examples, .. }: &Place<'a>) -> Judged<'a> {
        let example = self.get(schema).and_then(|schema| schema.get("example"));
        if example.is_some_and(|example| text(example) == said) {
            return same(&schema.join("example"));
        }
        if let Some(listed) = listed(self.spec, schema).filter(|listed| listed.values.contains(&said)) {
            return same(&listed.at);
        }
        let shown = examples.iter().any(|example| text(example) == said);
        agrees(at, shown, "no example of the spec has this value")
    }

    fn type_tag(self, said: &str, schema: &Pointer, field: &Node) -> Verdict {
        let documented = type_of_tag(said).filter(|kind| *kind != "json").unwrap_or("string");
        let types = types(self.spec, schema);
        if types != BTreeSet::from([documented.to_owned()]) {
            let types: Vec<_> = types.into_iter().collect();
            return Verdict::Differs(match types.as_slice() {
                [] => "the spec has no type".into(),
                types => format!("the type in the spec is {}", types.join(" or ")),
            });
        }
        let free = field.child("possible_values").or(field.child("fixed")).is_none();
        match self.get(schema).and_then(bound).filter(|_| free) {
            None => Verdict::Same,
            // An `enum` is judged elsewhere: `undocumented` reports each listed value that is not documented.
            Some(bound) if matches!(field.kind, Kind::ResponseField | Kind::ErrorField) && bound != "enum" => {
                Verdict::Differs(format!("`{bound}` in the spec excludes values that the server may return"))
            }
            Some(_) => Verdict::Narrower,
        }
    }

    fn possible_values(self, node: &Node, schema: &Pointer) -> Judged<'a> {
        let Some(listed) = listed(self.spec, schema) else { return absent(schema, "the spec lists no values") };
        let more: Vec<_> = listed.values.iter().copied().filter(|value| node.child(value).is_none()).collect();
        let more = if listed.open { "any other value".to_owned() } else { more.join(", ") };
        let verb = if listed.open { "allows" } else { "has" };
        agrees(&listed.at.clone(), more.is_empty(), format!("the spec {verb} {more} too"))
            .with(move |value| agrees(&listed.at, listed.values.contains(&value.key()), "the spec does not list it"))
    }
}

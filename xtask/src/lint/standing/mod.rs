//! What the spec says of each documented fact: where it says it, and whether it is the same.
//!
//! The walk goes over the tree of facts and asks the spec for each node, so a fact without an answer cannot exist.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::{Property, bound, listed, property, types};
use crate::document::{Operation, object, operations, resolve, target};
use crate::facts::tree::{Kind, Node, join};
use crate::facts::{Page, is_mandatory};
use crate::problem::Pointer;

mod sample;

/// How the spec compares with a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says the same.
    Same,
    /// It says the same and bounds it further, which needs no excuse: what is sent is held to more than is documented.
    Narrower(String),
    /// It says something else, or nothing.
    Differs(String),
    /// What the fact belongs to is not in the spec; that is said there.
    WithParent,
}

/// A fact, and what the spec says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The path of the fact.
    pub path: String,
    /// Its kind; a group is no fact and stands here for its place.
    pub kind: Kind,
    /// What the page says.
    pub value: Option<String>,
    /// Where the spec says it, or the place that is nearest.
    pub at: Pointer,
    /// How the two compare.
    pub verdict: Verdict,
}

/// The facts of a page against the operation that it describes.
pub fn standings(spec: &Value, operation: &Operation<'_>, page: &Page) -> Vec<Standing> {
    let mut walk = Walk { spec, operation, page, found: Vec::new() };
    for node in &page.tree().children {
        walk.chapter(node);
    }
    walk.found
}

struct Walk<'a> {
    spec: &'a Value,
    operation: &'a Operation<'a>,
    page: &'a Page,
    found: Vec<Standing>,
}

/// Where the spec describes a field.
struct Place<'a> {
    /// The property or parameter.
    at: Pointer,
    /// Its schema, with references followed.
    schema: Pointer,
    required: bool,
    /// Its values in the examples around it.
    examples: Vec<&'a Value>,
}

/// A value as the text that a page shows.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Verdict::Same } else { Verdict::Differs(otherwise()) }
}

impl<'a> Walk<'a> {
    fn push(&mut self, path: &str, node: &Node, at: Pointer, verdict: Verdict) {
        self.found.push(Standing { path: path.to_owned(), kind: node.kind, value: node.value.clone(), at, verdict });
    }

    fn group(&mut self, path: &str, node: &Node, at: &Pointer) {
        self.push(path, node, at.clone(), Verdict::Same);
    }

    /// Everything below a fact that the spec does not have.
    fn below_absent(&mut self, path: &str, node: &Node, at: &Pointer) {
        for child in &node.children {
            let path = join(path, &child.key);
            self.push(&path, child, at.clone(), Verdict::WithParent);
            self.below_absent(&path, child, at);
        }
    }

    fn get(&self, at: &Pointer) -> Option<&'a Value> {
        self.spec.pointer(at.as_str())
    }

    /// A part of the operation, with references followed.
    fn part(&self, keys: &[&str]) -> Option<(Pointer, &'a Value)> {
        let at = target(self.spec, self.operation.pointer.at(keys));
        Some((at.clone(), self.get(&at)?))
    }

    fn chapter(&mut self, node: &Node) {
        let path = node.key.as_str();
        let operation = self.operation.pointer.clone();
        match path {
            "title" | "metadata_title" => self.of_the_page(node, "description"),
            "source" => self.of_the_page(node, "url"),
            "method" => {
                let method = self.operation.method;
                let said = node.value.as_deref().unwrap_or_default();
                let verdict = check(method.eq_ignore_ascii_case(said), || format!("the operation is a {method}"));
                self.push(path, node, operation, verdict);
            }
            "endpoints" => self.endpoints(node),
            "authorization" => self.authorization(node),
            "headers" => self.parameters(node, "header"),
            "path_parameters" => self.parameters(node, "path"),
            "query_parameters" => self.parameters(node, "query"),
            "body_parameters" => self.body(node),
            "responses" => {
                self.group(path, node, &operation.join("responses"));
                node.children.iter().for_each(|response| self.response(response));
            }
            "samples" => {
                self.group(path, node, &operation);
                for list in &node.children {
                    let path = join(path, &list.key);
                    self.group(&path, list, &operation);
                    for sample in &list.children {
                        self.sample(&join(&path, &sample.key), sample);
                    }
                }
            }
            "see_also" => self.links(node),
            // The version, and whatever is added to the tree before it is taught here.
            _ => self.push(path, node, operation, Verdict::Differs("the spec has no place for it".to_owned())),
        }
    }

    fn of_the_page(&mut self, node: &Node, key: &str) {
        let at = self.operation.pointer.at(&["externalDocs", key]);
        let said = self.get(&at).and_then(Value::as_str);
        let verdict = check(said.is_some() && said == node.value.as_deref(), || match said {
            Some(said) => format!("`externalDocs` has `{said}`"),
            None => format!("the operation has no `externalDocs` with a `{key}`"),
        });
        let at = if said.is_some() { at } else { self.operation.pointer.clone() };
        self.push(&node.key, node, at, verdict);
    }

    fn endpoints(&mut self, node: &Node) {
        let servers = Pointer::default().join("servers");
        self.group(&node.key, node, &servers);
        for child in &node.children {
            let servers = crate::document::items(self.spec.get("servers"), servers.clone());
            let url = child.value.as_deref();
            let mut of_endpoint = servers.filter_map(|(at, server)| Some((at, server.get("url")?.as_str()?)));
            let found =
                of_endpoint.find(|(_, server)| Some(format!("{server}{}", self.operation.path).as_str()) == url);
            let verdict =
                check(found.is_some(), || "no server has this address with the path of the operation".to_owned());
            let at = found.map_or_else(|| Pointer::default().join("servers"), |(at, _)| at.join("url"));
            self.push(&join(&node.key, &child.key), child, at, verdict);
        }
    }

    fn authorization(&mut self, node: &Node) {
        let security = self.operation.value.get("security").or_else(|| self.spec.get("security"));
        let alternatives: Vec<_> = security.and_then(Value::as_array).into_iter().flatten().collect();
        let name = alternatives.first().and_then(|first| object(Some(*first)).next()).map(|(name, _)| name.clone());
        let schemes = Pointer::default().at(&["components", "securitySchemes"]);
        let at = name.map_or_else(|| schemes.clone(), |name| target(self.spec, schemes.join(name)));
        let scheme = self.get(&at).cloned().unwrap_or_default();
        let part = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let always = !alternatives.is_empty() && alternatives.iter().all(|one| object(Some(*one)).next().is_some());
        self.group(&node.key, node, &at);
        for child in &node.children {
            let path = join(&node.key, &child.key);
            let said = child.value.as_deref().unwrap_or_default().to_ascii_lowercase();
            let verdict = match child.key.as_str() {
                "scheme" => {
                    let known = ["basic", "bearer", "digest"].iter().find(|word| said.contains(**word));
                    check(part("type") == "http" && known.is_some_and(|known| part("scheme") == *known), || {
                        format!("the security scheme is `{} {}`", part("type"), part("scheme"))
                    })
                }
                "required" => check(always == is_mandatory(&said), || {
                    let signed =
                        if always { "every operation has to be signed" } else { "an operation need not be signed" };
                    signed.to_owned()
                }),
                "tags" => {
                    self.group(&path, child, &at);
                    for tag in &child.children {
                        let verdict = check(part("description").contains(&tag.key.to_ascii_lowercase()), || {
                            "the security scheme does not say so".to_owned()
                        });
                        self.push(&join(&path, &tag.key), tag, at.clone(), verdict);
                    }
                    continue;
                }
                _ => check(part("description").contains(&said), || {
                    "the description of the security scheme does not have it".to_owned()
                }),
            };
            self.push(&path, child, at.clone(), verdict);
        }
    }

    fn parameters(&mut self, node: &Node, location: &str) {
        let group = self.operation.pointer.join("parameters");
        self.group(&node.key, node, &group);
        for child in &node.children {
            let path = join(&node.key, &child.key);
            // Names of headers have no case.
            let same = |name: &str| {
                if location == "header" { name.eq_ignore_ascii_case(&child.key) } else { name == child.key }
            };
            let found = self.operation.parameters().find_map(|(at, parameter)| {
                let at = target(self.spec, at);
                let parameter = resolve(self.spec, parameter)?;
                let text = |key| parameter.get(key).and_then(Value::as_str);
                (text("in") == Some(location) && text("name").is_some_and(same)).then_some((at, parameter))
            });
            if let Some((at, parameter)) = found {
                let named = object(parameter.get("examples")).filter_map(|(_, example)| example.get("value"));
                let place = Place {
                    schema: target(self.spec, at.join("schema")),
                    required: parameter.get("required") == Some(&Value::Bool(true)),
                    examples: parameter.get("example").into_iter().chain(named).collect(),
                    at,
                };
                self.field(&path, child, &place, Verdict::Same);
            } else if location == "header" && child.key.eq_ignore_ascii_case("content-type") {
                self.content_type(&path, child);
            } else {
                let missing = format!("the operation has no such parameter in its {location}");
                self.push(&path, child, group.clone(), Verdict::Differs(missing));
                self.below_absent(&path, child, &group);
            }
        }
    }

    /// OpenAPI has a place of its own for this header: the media type of the body.
    fn content_type(&mut self, path: &str, node: &Node) {
        let body = self.part(&["requestBody"]);
        let media = body.as_ref().and_then(|(at, body)| media(at, body));
        let at = media.as_ref().map_or_else(|| self.operation.pointer.clone(), |(at, ..)| at.clone());
        let name = media.map_or("none", |(_, name, _)| name);
        let no_parameter = "it is the media type of the body, and no parameter".to_owned();
        self.push(path, node, at.clone(), Verdict::Differs(no_parameter));
        for child in &node.children {
            let said = child.value.as_deref().unwrap_or_default();
            let verdict = match child.kind {
                Kind::FixedValue => check(said == name, || format!("the media type is `{name}`")),
                Kind::Type => check(said.eq_ignore_ascii_case("string"), || "a media type is a text".to_owned()),
                _ => Verdict::WithParent,
            };
            self.push(&join(path, &child.key), child, at.clone(), verdict);
        }
    }

    fn body(&mut self, node: &Node) {
        let body = self.part(&["requestBody"]);
        let media = body.as_ref().and_then(|(at, body)| media(at, body));
        let Some((at, _, media)) = media else {
            let at = self.operation.pointer.clone();
            self.group(&node.key, node, &at);
            for child in &node.children {
                let path = join(&node.key, &child.key);
                self.push(&path, child, at.clone(), Verdict::Differs("the operation has no body".to_owned()));
                self.below_absent(&path, child, &at);
            }
            return;
        };
        let schema = target(self.spec, at.join("schema"));
        self.group(&node.key, node, &schema);
        let examples: Vec<_> = named_examples(media).map(|(_, _, value)| value).collect();
        for child in &node.children {
            self.property(&join(&node.key, &child.key), child, &schema, &examples);
        }
    }

    fn response(&mut self, node: &Node) {
        let path = join("responses", &node.key);
        let Some((at, response)) = self.part(&["responses", &node.key]) else {
            let at = self.operation.pointer.join("responses");
            self.push(&path, node, at.clone(), Verdict::Differs("the operation has no such response".to_owned()));
            self.below_absent(&path, node, &at);
            return;
        };
        let media = media(&at, response);
        let schema = media.as_ref().map_or_else(|| at.clone(), |(at, ..)| target(self.spec, at.join("schema")));
        let array = self.get(&schema).and_then(|schema| schema.get("type")) == Some(&"array".into());
        let verdict = check(!array || node.children.is_empty(), || {
            "the fields are those of one object, and the spec has an array of them".to_owned()
        });
        self.push(&path, node, at, verdict);
        let examples = media.as_ref().map(|(.., media)| named_examples(media)).into_iter().flatten();
        let examples: Vec<_> = examples.map(|(_, _, value)| value).collect();
        for child in &node.children {
            self.property(&join(&path, &child.key), child, &schema, &examples);
        }
    }

    fn property(&mut self, path: &str, node: &Node, schema: &Pointer, examples: &[&'a Value]) {
        let name = node.key.strip_prefix("fields.").unwrap_or(&node.key);
        let Some(Property { at, name: found, required }) = property(self.spec, schema, name) else {
            self.push(path, node, schema.clone(), Verdict::Differs("the schema has no such property".to_owned()));
            self.below_absent(path, node, schema);
            return;
        };
        // An array is described by the fields of its items.
        let each = examples.iter().flat_map(|example| match example {
            Value::Array(items) => items.iter().collect(),
            other => vec![*other],
        });
        let examples = each.filter_map(|example| example.get(&found)).collect();
        let place = Place { schema: target(self.spec, at.clone()), at, required, examples };
        let verdict = check(found == name, || format!("the spec spells it `{found}`"));
        self.field(path, node, &place, verdict);
    }

    fn field(&mut self, path: &str, node: &Node, place: &Place<'a>, verdict: Verdict) {
        self.push(path, node, place.at.clone(), verdict);
        let schema = self.get(&place.schema).unwrap_or(&Value::Null);
        for child in &node.children {
            let path = join(path, &child.key);
            let said = child.value.as_deref().unwrap_or_default();
            let (at, verdict) = match child.kind {
                Kind::Value => self.value(said, place, schema),
                Kind::FixedValue => {
                    let found = listed(self.spec, &place.schema);
                    let only = found.as_ref().is_some_and(|listed| listed.values == [said] && !listed.open);
                    let at = found.map_or_else(|| place.schema.clone(), |listed| listed.at);
                    (at, check(only, || "the spec takes other values, or another".to_owned()))
                }
                Kind::DefaultValue => {
                    let default = schema.get("default").map(text);
                    let verdict = check(default.as_deref() == Some(said), || match default {
                        Some(default) => format!("the default is `{default}`"),
                        None => "the spec has no default".to_owned(),
                    });
                    (place.schema.clone(), verdict)
                }
                Kind::Type => {
                    let narrower = node.child("possible_values").or(node.child("fixed")).is_none();
                    (place.schema.clone(), self.type_tag(said, place, schema, narrower))
                }
                Kind::Required => {
                    let verdict = check(place.required == is_mandatory(said), || {
                        format!("the spec has it {}", if place.required { "required" } else { "optional" })
                    });
                    (place.at.clone(), verdict)
                }
                Kind::PossibleValues => {
                    self.possible_values(&path, child, place);
                    continue;
                }
                _ => {
                    self.property(&path, child, &place.schema, &place.examples);
                    continue;
                }
            };
            self.push(&path, child, at, verdict);
        }
    }

    fn value(&self, said: &str, place: &Place<'a>, schema: &Value) -> (Pointer, Verdict) {
        let values = listed(self.spec, &place.schema);
        if schema.get("example").is_some_and(|example| text(example) == said) {
            (place.schema.join("example"), Verdict::Same)
        } else if values.as_ref().is_some_and(|listed| listed.values.contains(&said)) {
            (values.map_or_else(|| place.schema.clone(), |listed| listed.at), Verdict::Same)
        } else {
            let shown = place.examples.iter().any(|example| text(example) == said);
            (place.at.clone(), check(shown, || "no example of the spec has this value".to_owned()))
        }
    }

    fn type_tag(&self, said: &str, place: &Place<'a>, schema: &Value, narrower: bool) -> Verdict {
        // A text that holds JSON is a text.
        let wanted = match said.to_ascii_lowercase().as_str() {
            "array" => "array",
            "object" => "object",
            "integer" | "int" => "integer",
            "number" | "float" | "double" | "decimal" => "number",
            "boolean" | "bool" => "boolean",
            _ => "string",
        };
        let types = types(self.spec, &place.schema);
        if types != BTreeSet::from([wanted.to_owned()]) {
            let types: Vec<_> = types.into_iter().collect();
            return Verdict::Differs(format!("the type in the spec is {}", types.join(" or ")));
        }
        match bound(schema).filter(|_| narrower) {
            Some(keyword) => Verdict::Narrower(format!("the spec has a `{keyword}` too")),
            None => Verdict::Same,
        }
    }

    fn possible_values(&mut self, path: &str, node: &Node, place: &Place<'a>) {
        let Some(listed) = listed(self.spec, &place.schema) else {
            self.push(path, node, place.schema.clone(), Verdict::Differs("the spec lists no values".to_owned()));
            return self.below_absent(path, node, &place.schema);
        };
        let documented: BTreeSet<_> = node.children.iter().map(|child| child.key.as_str()).collect();
        let more: Vec<_> = listed.values.iter().copied().filter(|value| !documented.contains(value)).collect();
        let verdict = check(!listed.open && more.is_empty(), || {
            if listed.open {
                "the spec takes any other value too".to_owned()
            } else {
                format!("the spec has {} too", more.join(", "))
            }
        });
        self.push(path, node, listed.at.clone(), verdict);
        for child in &node.children {
            let known = listed.values.contains(&child.key.as_str());
            let verdict = check(known, || "the spec does not list it".to_owned());
            self.push(&join(path, &child.key), child, listed.at.clone(), verdict);
        }
    }

    fn links(&mut self, node: &Node) {
        self.group(&node.key, node, &self.operation.pointer.clone());
        for link in &node.children {
            let described = operations(self.spec).into_iter().find(|operation| {
                let url = operation.value.get("externalDocs").and_then(|docs| docs.get("url")?.as_str());
                url.is_some() && url == link.value.as_deref()
            });
            let verdict =
                check(described.is_some(), || "the spec does not describe the operation of that page".to_owned());
            let at = described.map_or_else(|| self.operation.pointer.clone(), |operation| operation.pointer);
            self.push(&join(&node.key, &link.key), link, at, verdict);
        }
    }
}

/// The named examples of a media type: key, example and value.
fn named_examples(media: &Value) -> impl Iterator<Item = (&str, &Value, &Value)> {
    object(media.get("examples")).filter_map(|(key, example)| Some((key.as_str(), example, example.get("value")?)))
}

/// The first media type of a body or response: where it stands, its name and its value.
fn media<'a>(at: &Pointer, holder: &'a Value) -> Option<(Pointer, &'a str, &'a Value)> {
    let (name, media) = object(holder.get("content")).next()?;
    Some((at.at(&["content", name]), name, media))
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;
use openapi_doc::{COMPOSITIONS, Operation, Pointer, examples_at, listed, members, object, resolve, target, type_of};
use serde_json::{Map, Value};

use crate::judge::{ITEM, Judge};

/// Headers of HTTP, proxies and browsers. A response may have them even if the spec does not list them.
#[rustfmt::skip]
const STANDARD_HEADERS: [&str; 25] = [
    "age", "allow", "alt-svc", "cache-control", "connection", "content-encoding", "content-language", "content-length",
    "content-security-policy", "content-type", "date", "etag", "expires", "keep-alive", "last-modified", "location",
    "pragma", "referrer-policy", "retry-after", "server", "strict-transport-security", "transfer-encoding", "vary", "via",
    "www-authenticate",
];

/// A response from a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// The media type of the body, without parameters.
    pub media_type: Option<String>,
    /// The names of the headers, in lower case.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// How a response differs from the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The spec does not have the status.
    NewStatus,
    /// The spec does not have the media type for this status.
    OtherMediaType,
    /// The body is not JSON, or not UTF-8.
    Unreadable,
    /// A required header is missing.
    MissingHeader,
    /// The spec does not have the header.
    NewHeader,
    /// The spec does not have the field.
    NewField,
    /// A field that all documented samples have is missing.
    MissingField,
    /// A field that all documented samples have is missing, and the response has a field instead that the spec does not
    /// have.
    RenamedField,
    /// The type of the value differs from the spec, or from all documented samples.
    OtherType,
    /// The spec does not list the value.
    NewValue,
    /// The value breaks another constraint of the spec.
    Invalid,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// Where in the response: `status`, `header NAME`, or the keys that lead to the value in the body, with `*` for any
    /// item.
    pub at: String,
    /// The kind of difference.
    pub difference: Difference,
    /// What the spec expects.
    pub expected: String,
    /// What the response has.
    pub found: String,
    /// The place in the spec that has the expected value, or that would have the new one.
    pub place: Pointer,
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, difference, expected, found, place } = self;
        write!(f, "{at}: {difference:?}, expected {expected:?}, found {found:?} ({place})")
    }
}

/// What the spec says about the responses of an operation.
pub struct Responses<'a> {
    document: &'a Value,
    at: Pointer,
    bodies: BTreeMap<Pointer, Body<'a>>,
}

/// The body of a response with one status and media type.
struct Body<'a> {
    schema: Pointer,
    judge: Judge,
    /// The documented samples of the schema.
    samples: Vec<&'a Value>,
}

impl<'a> Responses<'a> {
    /// Reads the responses of an operation.
    ///
    /// # Errors
    /// A schema of the operation is not valid.
    pub fn new(document: &'a Value, operation: &Operation<'a>) -> Result<Self> {
        let at = operation.pointer.join("responses");
        let mut contents = Vec::new();
        for (status, _) in object(operation.value.get("responses")) {
            let content = target(document, at.join(status)).join("content");
            for (media_type, value) in object(document.pointer(content.as_str())) {
                contents.push((content.join(media_type), value));
            }
        }
        // Only the samples of a page are a promise; other examples are not.
        let is_documented = operation.value.get("x-documented").is_some();
        let mut bodies = BTreeMap::new();
        for (content, value) in &contents {
            let Some(schema) = value.get("schema") else { continue };
            // A sample belongs to its schema wherever the schema is used. An example that operations share is not from
            // a page.
            let is_sample = |at: &Pointer| is_documented && at.is_below(&operation.pointer);
            let same = contents.iter().filter(|(at, other)| is_sample(at) && other.get("schema") == Some(schema));
            let samples = same.flat_map(|(content, value)| {
                let examples = examples_at(value, content).into_iter();
                examples.filter_map(|at| {
                    let example = document.pointer(at.as_str())?;
                    // A named example has its value under the key `value`.
                    if at == content.join("example") { Some(example) } else { resolve(document, example)?.get("value") }
                })
            });
            let judge = Judge::new(document, schema)?;
            bodies.insert(content.clone(), Body { schema: content.join("schema"), judge, samples: samples.collect() });
        }
        Ok(Self { document, at, bodies })
    }

    /// Where the spec has a status: its own response, the response of its class (such as `4XX`), or the default.
    pub fn described(&self, status: u16) -> Option<Pointer> {
        let keys = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
        let all = self.document.pointer(self.at.as_str());
        let key = keys.into_iter().find(|key| all.is_some_and(|all| all.get(key).is_some()))?;
        Some(target(self.document, self.at.join(key)))
    }

    /// How a response differs from the spec.
    pub fn departures(&self, received: &Received) -> BTreeSet<Departure> {
        let mut found = Found { document: self.document, list: BTreeSet::new() };
        let Received { status, media_type, headers, body } = received;
        let Some(response) = self.described(*status) else {
            let all = object(self.document.pointer(self.at.as_str())).map(|(status, _)| status.as_str());
            found.add("status", Difference::NewStatus, &all.collect::<Vec<_>>().join(", "), status, &self.at);
            return found.list;
        };
        found.headers(&response.join("headers"), headers);
        let content = response.join("content");
        let described = object(self.document.pointer(content.as_str())).map(|(media_type, _)| media_type.as_str());
        let described: Vec<_> = described.collect();
        match media_type.as_deref() {
            None if described.is_empty() || body.is_empty() && *status >= 300 => {}
            None => {
                found.add("header content-type", Difference::MissingHeader, &described.join(", "), "nothing", &content);
            }
            Some(media_type) => match self.bodies.get(&content.join(media_type)) {
                None => {
                    let difference = Difference::OtherMediaType;
                    found.add("header content-type", difference, &described.join(", "), media_type, &content);
                }
                Some(expected) => found.body(expected, media_type, body),
            },
        }
        found.list
    }
}

struct Found<'a> {
    document: &'a Value,
    list: BTreeSet<Departure>,
}

impl Found<'_> {
    fn add(&mut self, at: &str, difference: Difference, expected: &str, found: impl fmt::Display, place: &Pointer) {
        let [at, expected, found] = [at.to_owned(), expected.to_owned(), found.to_string()];
        self.list.insert(Departure { at, difference, expected, found, place: place.clone() });
    }

    fn headers(&mut self, at: &Pointer, received: &[String]) {
        let described: Vec<_> = object(self.document.pointer(at.as_str())).collect();
        for (name, header) in &described {
            let is_required =
                resolve(self.document, header).is_some_and(|one| one.get("required") == Some(&true.into()));
            if is_required && !received.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                let place = at.join(name);
                self.add(&format!("header {name}"), Difference::MissingHeader, name, "nothing", &place);
            }
        }
        for name in received {
            let is_known = described.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
            if !is_known && !STANDARD_HEADERS.contains(&name.as_str()) {
                self.add(&format!("header {name}"), Difference::NewHeader, "nothing", name, at);
            }
        }
    }

    fn body(&mut self, expected: &Body<'_>, media_type: &str, body: &[u8]) {
        let value = if media_type == "application/json" {
            serde_json::from_slice(body).ok()
        } else {
            std::str::from_utf8(body).ok().map(Value::from)
        };
        let Some(value) = value else {
            return self.add("body", Difference::Unreadable, media_type, "other bytes", &expected.schema);
        };
        self.value(std::slice::from_ref(&expected.schema), &value, &expected.samples, &mut Vec::new());
        for broken in expected.judge.broken(&value) {
            let at = place(&broken.at);
            // A wrong type or value inside already explains why the value around it is invalid.
            let is_explained = |departure: &Departure| {
                let is_cause = matches!(departure.difference, Difference::OtherType | Difference::NewValue);
                is_cause && (at == "body" || departure.at.starts_with(&at))
            };
            if !self.list.iter().any(is_explained) {
                self.add(&at, Difference::Invalid, &broken.keyword, "a value that breaks it", &expected.schema);
            }
        }
    }

    /// Compares a value with schemas that may describe it, and with samples of it.
    fn value(&mut self, schemas: &[Pointer], value: &Value, samples: &[&Value], steps: &mut Vec<String>) {
        let document = self.document;
        let parts = schemas.iter().flat_map(|at| members(document, at, &COMPOSITIONS, |_| true));
        let parts: Vec<(Pointer, &Value)> = parts.collect();
        let at = place(steps);
        let first = parts.first().map(|(at, _)| at.clone()).unwrap_or_default();
        if let Some(types) = other_type(&parts, value, samples) {
            return self.add(&at, Difference::OtherType, &types, type_of(value), &first);
        }
        match value {
            Value::Object(map) => self.fields(&parts, map, samples, steps),
            Value::Array(list) => {
                let items =
                    parts.iter().filter(|(_, part)| part.get("items").is_some()).map(|(at, _)| at.join("items"));
                let items: Vec<_> = items.collect();
                let samples: Vec<_> = samples.iter().filter_map(|sample| sample.as_array()).flatten().collect();
                steps.push(ITEM.to_owned());
                for item in list {
                    self.value(&items, item, &samples, steps);
                }
                steps.pop();
            }
            Value::String(text) => {
                let lists: Vec<_> = schemas.iter().filter_map(|at| listed(document, at)).collect();
                if let Some(list) = lists.first()
                    && !lists.iter().any(|list| list.values.contains(&text.as_str()))
                {
                    self.add(&at, Difference::NewValue, "a listed value", text, &list.at);
                }
            }
            _ => {}
        }
    }

    fn fields(
        &mut self,
        parts: &[(Pointer, &Value)],
        map: &Map<String, Value>,
        samples: &[&Value],
        steps: &mut Vec<String>,
    ) {
        let mut of_samples = samples.iter().filter_map(|sample| sample.as_object());
        let mut promised: Vec<_> = of_samples.next().into_iter().flatten().collect();
        of_samples.for_each(|sample| promised.retain(|(name, _)| sample.contains_key(*name)));
        let missing: Vec<_> = promised.into_iter().filter(|(name, _)| !map.contains_key(*name)).collect();
        let new: Vec<_> = map.iter().filter(|(name, _)| properties(parts, name).is_empty()).collect();
        let is_object = |part: &Value| part.get("properties").is_some();
        let object = parts.iter().find(|(_, part)| is_object(part)).or(parts.first()).map(|(at, _)| at.clone());
        let object = object.unwrap_or_default();
        let inner = |name: &String| place(&[steps.as_slice(), std::slice::from_ref(name)].concat());
        match (missing.as_slice(), new.as_slice()) {
            ([(before, sample)], [(after, value)]) if type_of(sample) == type_of(value) => {
                let at = properties(parts, before).into_iter().next().unwrap_or(object);
                self.add(&inner(before), Difference::RenamedField, before, after, &at);
            }
            _ => {
                for (name, _) in missing {
                    let at = properties(parts, name).into_iter().next().unwrap_or_else(|| object.clone());
                    self.add(&inner(name), Difference::MissingField, name, "nothing", &at);
                }
                for (name, value) in new {
                    self.add(&inner(name), Difference::NewField, "nothing", type_of(value), &object);
                }
            }
        }
        for (name, value) in map {
            let described = properties(parts, name);
            // A value that is new as a whole is one difference; the fields in it are not reported.
            if !described.is_empty() {
                let samples: Vec<_> = samples.iter().filter_map(|sample| sample.get(name)).collect();
                steps.push(name.clone());
                self.value(&described, value, &samples, steps);
                steps.pop();
            }
        }
    }
}

fn properties(parts: &[(Pointer, &Value)], name: &str) -> Vec<Pointer> {
    let has = |part: &Value| part.get("properties").is_some_and(|properties| properties.get(name).is_some());
    parts.iter().filter(|(_, part)| has(part)).map(|(at, _)| at.at(&["properties", name])).collect()
}

fn place(steps: &[String]) -> String {
    if steps.is_empty() { "body".to_owned() } else { steps.join(".") }
}

/// The expected types, if the value has a different one. A value that the spec does not describe may have any type.
fn other_type(parts: &[(Pointer, &Value)], value: &Value, samples: &[&Value]) -> Option<String> {
    let of_schema: BTreeSet<_> = parts.iter().filter_map(|(_, part)| part.get("type")?.as_str()).collect();
    let nullable = parts.iter().any(|(_, part)| part.get("nullable") == Some(&true.into()));
    let matches = |name: &str| match name {
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        name => name == type_of(value),
    };
    let of_schema_fits =
        of_schema.is_empty() || of_schema.iter().any(|name| matches(name)) || nullable && value.is_null();
    if !of_schema_fits {
        return Some(of_schema.into_iter().collect::<Vec<_>>().join(" or "));
    }
    let of_samples: BTreeSet<_> = samples.iter().map(|sample| type_of(sample)).collect();
    let fits = value.is_null() || of_samples.is_empty() || of_samples.contains(type_of(value));
    (!fits).then(|| of_samples.into_iter().collect::<Vec<_>>().join(" or "))
}

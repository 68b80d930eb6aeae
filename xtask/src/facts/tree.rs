//! The facts of a page as one tree: the only enumeration of them. What changed (`changes`), what the spec says of a fact
//! (`lint`) and what a test witnesses (`coverage`) are all asked of its nodes, so none of them can overlook one.
//!
//! A fact is named by its path, such as `body_parameters.account_details.Upi.Vpa.type`. Paths are compared and never
//! taken apart, since a name may hold a dot.

use serde_json::Value;

use super::{Field, Page, RequestSample, ResponseSample};

/// What sort of fact a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// No fact, a place for others.
    Group,
    /// The page's heading, or the title in its metadata.
    Title,
    /// The page's address.
    Source,
    /// The version of the API.
    ApiVersion,
    /// The method of the operation.
    Method,
    /// An address of the operation.
    Endpoint,
    /// A part of how a request is signed.
    Authorization,
    /// A header of the request.
    Header,
    /// A parameter in the path.
    PathParameter,
    /// A parameter in the query.
    QueryParameter,
    /// A parameter in the body, or a field within one.
    BodyParameter,
    /// A value that is shown.
    Value,
    /// The one value that is taken.
    FixedValue,
    /// What is taken for a value that is not sent.
    DefaultValue,
    /// A list of values, as such.
    PossibleValues,
    /// One of them.
    PossibleValue,
    /// A tag that is a type.
    Type,
    /// A tag that says whether something must be sent.
    Required,
    /// Any other tag.
    Tag,
    /// A status code with its table.
    Response,
    /// A field of a response.
    ResponseField,
    /// A field of a response that is an error.
    ErrorField,
    /// A sample request.
    SampleRequest,
    /// Its method.
    SampleMethod,
    /// Its address.
    SampleUrl,
    /// An option of its command.
    SampleOption,
    /// One of its headers.
    SampleHeader,
    /// A field of its form.
    SampleFormField,
    /// What a shell makes of it.
    SampleCommand,
    /// A sample response.
    SampleResponse,
    /// Its status.
    SampleStatus,
    /// A value within the JSON of a sample.
    SampleField,
    /// A link to another page.
    Link,
}

impl Kind {
    /// Its name, for a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Title => "title",
            Self::Source => "source",
            Self::ApiVersion => "API version",
            Self::Method => "method",
            Self::Endpoint => "endpoint",
            Self::Authorization => "authorization",
            Self::Header => "header",
            Self::PathParameter => "path parameter",
            Self::QueryParameter => "query parameter",
            Self::BodyParameter => "body parameter",
            Self::Value => "value",
            Self::FixedValue => "fixed value",
            Self::DefaultValue => "default value",
            Self::PossibleValues => "list of values",
            Self::PossibleValue => "possible value",
            Self::Type => "type tag",
            Self::Required => "required tag",
            Self::Tag => "tag",
            Self::Response => "response code",
            Self::ResponseField => "response field",
            Self::ErrorField => "error field",
            Self::SampleRequest => "sample request",
            Self::SampleMethod => "sample method",
            Self::SampleUrl => "sample address",
            Self::SampleOption => "sample option",
            Self::SampleHeader => "sample header",
            Self::SampleFormField => "sample form field",
            Self::SampleCommand => "sample as pasted",
            Self::SampleResponse => "sample response",
            Self::SampleStatus => "sample status",
            Self::SampleField => "sample field",
            Self::Link => "link",
        }
    }
}

/// A fact with those below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What sort of fact it is.
    pub kind: Kind,
    /// The last step of its path; no two children of a node share one.
    pub key: String,
    /// What the page says, if that is more than that the fact is there. For a value of JSON, its JSON.
    pub value: Option<String>,
    /// Facts below it, in the order of the page.
    pub children: Vec<Node>,
}

/// The path of a child.
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl Node {
    /// Visits this node and all below it, outer before inner, with their paths.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&str, &'a Node)) {
        self.visit_at("", visit);
    }

    fn visit_at<'a>(&'a self, path: &str, visit: &mut impl FnMut(&str, &'a Node)) {
        visit(path, self);
        for child in &self.children {
            child.visit_at(&join(path, &child.key), visit);
        }
    }

    /// The child with this key.
    pub fn child(&self, key: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.key == key)
    }
}

fn node(kind: Kind, key: impl Into<String>, value: Option<&str>, children: Vec<Node>) -> Node {
    let mut children = children;
    // A name that stands twice is reported by `ingest`; its second fact needs a path all the same.
    for index in 1..children.len() {
        let (before, rest) = children.split_at_mut(index);
        let taken = |key: &str| before.iter().any(|other| other.key == key);
        let name = rest[0].key.clone();
        let mut count = 1;
        while taken(&rest[0].key) {
            count += 1;
            rest[0].key = format!("{name}#{count}");
        }
    }
    Node { kind, key: key.into(), value: value.map(str::to_owned), children }
}

fn leaf(kind: Kind, key: impl Into<String>, value: &str) -> Node {
    node(kind, key, Some(value), Vec::new())
}

fn group(key: &str, children: Vec<Node>) -> Node {
    node(Kind::Group, key, None, children)
}

impl Page {
    /// All facts of the page.
    pub fn tree(&self) -> Node {
        let fields = |key, kind, list: &[Field]| group(key, list.iter().map(|one| field(kind, one)).collect());
        let endpoints = self.endpoints.iter().map(|one| leaf(Kind::Endpoint, &one.name, &one.url));
        let response = |response: &super::Response| {
            let kind = if response.status.starts_with('2') { Kind::ResponseField } else { Kind::ErrorField };
            node(Kind::Response, &response.status, None, response.fields.iter().map(|one| field(kind, one)).collect())
        };
        let samples = vec![
            group("requests", self.samples.requests.iter().map(request).collect()),
            group("responses", self.samples.responses.iter().map(answer).collect()),
        ];
        let children = vec![
            leaf(Kind::Title, "title", &self.title),
            leaf(Kind::Title, "metadata_title", &self.metadata_title),
            leaf(Kind::Source, "source", &self.source),
            leaf(Kind::ApiVersion, "api_version", &self.api_version),
            leaf(Kind::Method, "method", &self.method),
            group("endpoints", endpoints.collect()),
            self.authorization(),
            fields("headers", Kind::Header, &self.headers),
            fields("path_parameters", Kind::PathParameter, &self.path_parameters),
            fields("query_parameters", Kind::QueryParameter, &self.query_parameters),
            fields("body_parameters", Kind::BodyParameter, &self.body_parameters),
            group("responses", self.responses.iter().map(response).collect()),
            group("samples", samples),
            group("see_also", self.see_also.iter().map(|link| leaf(Kind::Link, &link.title, &link.url)).collect()),
        ];
        group("", children)
    }

    fn authorization(&self) -> Node {
        let said = &self.authorization;
        let parts = [("username", &said.username), ("password", &said.password), ("value", &said.value)];
        let parts = parts.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
        let mut children = vec![leaf(Kind::Authorization, "scheme", &said.scheme)];
        children.extend(parts.map(|(key, value)| leaf(Kind::Authorization, key, value)));
        children.extend(said.required.as_deref().map(|tag| leaf(Kind::Required, "required", tag)));
        if !said.tags.is_empty() {
            children.push(group("tags", said.tags.iter().map(|tag| node(Kind::Tag, tag, None, Vec::new())).collect()));
        }
        group("authorization", children)
    }
}

/// Keys that a field has of its own. A field within it that is called so stands one step further down.
const OF_A_FIELD: [&str; 6] = ["value", "fixed", "default", "possible_values", "type", "required"];

/// The key of a field within another.
pub fn key_within(name: &str) -> String {
    if OF_A_FIELD.contains(&name) { format!("fields.{name}") } else { name.to_owned() }
}

fn field(kind: Kind, field: &Field) -> Node {
    // The media type that is shown is the one that is taken, and no example of one.
    let fixed = kind == Kind::Header && field.name.eq_ignore_ascii_case("content-type");
    let own = [
        (if fixed { Kind::FixedValue } else { Kind::Value }, "value", &field.value),
        (Kind::FixedValue, "fixed", &field.fixed),
        (Kind::DefaultValue, "default", &field.default),
        (Kind::Type, "type", &field.type_tag),
        (Kind::Required, "required", &field.required),
    ];
    let mut children: Vec<_> =
        own.into_iter().filter_map(|(kind, key, value)| Some(leaf(kind, key, value.as_deref()?))).collect();
    if !field.possible_values.is_empty() {
        let values = field.possible_values.iter().map(|value| node(Kind::PossibleValue, value, None, Vec::new()));
        children.push(node(Kind::PossibleValues, "possible_values", None, values.collect()));
    }
    children.extend(field.fields.iter().map(|inner| {
        let mut inner = self::field(kind, inner);
        inner.key = key_within(&inner.key);
        inner
    }));
    node(kind, &field.name, None, children)
}

fn request(sample: &RequestSample) -> Node {
    let mut children = vec![
        leaf(Kind::SampleMethod, "method", &sample.method),
        leaf(Kind::SampleUrl, "url", &sample.url),
        group("options", sample.options.iter().map(|one| node(Kind::SampleOption, one, None, Vec::new())).collect()),
        group("headers", sample.headers.iter().map(|(name, value)| leaf(Kind::SampleHeader, name, value)).collect()),
        group("form", sample.form.iter().map(|(name, value)| form_field(name, value)).collect()),
    ];
    children.extend(sample.body.as_deref().map(body));
    if sample.as_pasted.is_some() {
        children.push(leaf(Kind::SampleCommand, "as_pasted", &sample.differences().join("; ")));
    }
    node(Kind::SampleRequest, &sample.name, None, children)
}

fn form_field(name: &str, value: &str) -> Node {
    match structured(value) {
        Some(json) if !inner(&json).is_empty() => node(Kind::SampleFormField, name, None, inner(&json)),
        Some(json) => leaf(Kind::SampleFormField, name, &json.to_string()),
        None => leaf(Kind::SampleFormField, name, value),
    }
}

/// The JSON that a field of a form holds. A text that happens to be a number or a word of JSON is a text.
pub fn structured(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|json: &Value| json.is_object() || json.is_array())
}

fn answer(sample: &ResponseSample) -> Node {
    let children = vec![leaf(Kind::SampleStatus, "status", &sample.status), body(&sample.body)];
    node(Kind::SampleResponse, &sample.name, None, children)
}

fn body(text: &str) -> Node {
    // A body that is no JSON is one text.
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    json("body", &value)
}

/// What stands for an array or an object in a node that has its items as children.
pub const ARRAY: &str = "[…]";
/// See [`ARRAY`].
pub const OBJECT: &str = "{…}";

fn json(key: &str, value: &Value) -> Node {
    let text = match value {
        Value::Array(_) => ARRAY.to_owned(),
        Value::Object(_) => OBJECT.to_owned(),
        scalar => scalar.to_string(),
    };
    node(Kind::SampleField, key, Some(&text), inner(value))
}

fn inner(value: &Value) -> Vec<Node> {
    match value {
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| json(&index.to_string(), item)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| json(key, value)).collect(),
        _ => Vec::new(),
    }
}

//! The facts of a page as one tree: the only enumeration of the facts. `changes`, `comparison`, `contradictions` and
//! `undocumented` all read its nodes, so they cannot miss a fact or name it differently.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::{Map, Value};

use crate::FactPath;
use crate::page::{Field, Page, RequestSample};

/// The kind of fact that a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "most kinds are named after the part of the vendor's page that has the fact")]
pub enum Kind {
    /// Contains facts, and is not a fact itself.
    Group,
    /// The heading of the page, or the title in its metadata.
    Title,
    Source,
    ApiVersion,
    Method,
    Endpoint,
    /// A part of the authorization: the scheme, the user name, the password or the example value.
    Authorization,
    Header,
    PathParameter,
    QueryParameter,
    /// A parameter in the body, or a field within one.
    BodyParameter,
    Value,
    FixedValue,
    /// What the vendor uses if no value is sent.
    DefaultValue,
    PossibleValues,
    PossibleValue,
    /// A tag with the type, such as `String`.
    Type,
    /// A tag that says whether something must be sent.
    Required,
    /// A tag of any other kind.
    Tag,
    /// A status code with its table.
    Response,
    ResponseField,
    /// A field of an error response.
    ErrorField,
    SampleRequest,
    SampleMethod,
    SampleUrl,
    /// An option of the command other than its method, address, headers and data.
    SampleOption,
    SampleHeader,
    SampleFormField,
    /// What a shell does differently when the command is pasted into it.
    SampleAsPasted,
    SampleResponse,
    SampleStatus,
    /// A value within the JSON of a sample.
    SampleField,
    Link,
}

impl Kind {
    /// Returns the name of the kind for people, such as `body parameter`.
    pub fn name(self) -> String {
        format!("{self:?}").to_snake_case().replace('_', " ")
    }
}

/// The value of a node that is a JSON array. The items are the children.
pub const ARRAY: &str = "[…]";
/// The value of a node that is a JSON object. The members are the children.
pub const OBJECT: &str = "{…}";

/// The JSON value of a node, without the contents of an array or object.
pub(crate) fn json(said: &str) -> Value {
    match said {
        ARRAY => Value::Array(Vec::new()),
        OBJECT => Value::Object(Map::new()),
        scalar => serde_json::from_str(scalar).unwrap_or_default(),
    }
}

/// Values in samples, by the paths that [`Node::samples`] gives them.
pub(crate) type Samples<'a> = BTreeMap<FactPath, Vec<&'a Node>>;

/// A fact, with the facts below it.
#[derive(Clone, Debug)]
pub struct Node {
    /// The kind of fact.
    pub kind: Kind,
    /// The path of the fact. No two nodes of a tree have the same path.
    pub path: FactPath,
    /// What the page says, beyond the existence of the fact. For a value in JSON: its text, [`ARRAY`] or [`OBJECT`].
    pub value: Option<String>,
    /// The facts below, in the order of the page.
    pub children: Vec<Node>,
}

impl Node {
    /// Returns the name of the fact: the last step of its path.
    pub fn key(&self) -> &str {
        self.path.key()
    }

    /// What the page says about the fact; empty if the page says only that it exists.
    pub fn said(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }

    /// Returns the value as text: a string in JSON without its quotation marks.
    pub(crate) fn text(&self) -> String {
        let text = if self.kind == Kind::SampleField { serde_json::from_str(self.said()).ok() } else { None };
        text.unwrap_or_else(|| self.said().to_owned())
    }

    /// This node and all nodes below, outer before inner.
    pub fn all(&self) -> Vec<&Node> {
        let mut found = vec![self];
        found.extend(self.children.iter().flat_map(Node::all));
        found
    }

    /// Returns the child with this key.
    pub fn child(&self, key: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.key() == key)
    }

    /// Returns the nodes of a group below this one; empty if the group does not exist.
    pub fn within(&self, group: &str) -> &[Node] {
        self.child(group).map_or(&[], |group| &group.children)
    }

    /// Returns the values in the samples of a page, each at the path that its field would have in the tables of the
    /// page, with names in lower case. A body that is an object or an array is at the path of its response.
    pub(crate) fn samples(&self) -> Samples<'_> {
        let (root, mut found) = (FactPath::default(), Samples::new());
        for node in self.all() {
            let body = node.child("body");
            let fields = match node.kind {
                Kind::SampleRequest => root.join("body_parameters"),
                Kind::SampleResponse => {
                    let response = root.join("responses").join(node.child("status").map_or("", Node::said));
                    let with_fields = body.filter(|body| matches!(body.said(), ARRAY | OBJECT));
                    found.entry(response.clone()).or_default().extend(with_fields);
                    response.join("fields")
                }
                _ => continue,
            };
            node.child("form").into_iter().chain(body).for_each(|part| part.sampled(&fields, &mut found));
        }
        found
    }

    fn sampled<'a>(&'a self, fields: &FactPath, found: &mut Samples<'a>) {
        for child in &self.children {
            if self.said() == ARRAY {
                child.sampled(fields, found);
                continue;
            }
            let path = fields.join(child.key().to_lowercase());
            child.sampled(&path.join("fields"), found);
            found.entry(path).or_default().push(child);
        }
    }

    /// Whether both nodes have the same content. Their own paths may differ.
    pub fn is_like(&self, other: &Self) -> bool {
        let children = || self.children.iter().zip(&other.children);
        (self.kind, &self.value, self.children.len()) == (other.kind, &other.value, other.children.len())
            && children().all(|(one, other)| one.key() == other.key() && one.is_like(other))
    }

    fn add(&mut self, kind: Kind, key: &str, value: Option<&str>) -> &mut Self {
        // Some names can occur twice, such as those of form fields. The second fact needs a path of its own.
        let (mut unique, mut count) = (key.to_owned(), 1);
        while self.child(&unique).is_some() {
            count += 1;
            unique = format!("{key}#{count}");
        }
        let path = self.path.join(unique);
        self.children.push_mut(Self { kind, path, value: value.map(str::to_owned), children: Vec::new() })
    }

    fn group(&mut self, key: &str) -> &mut Self {
        self.add(Kind::Group, key, None)
    }

    fn optional(&mut self, kind: Kind, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(kind, key, Some(value));
        }
    }

    fn fields(&mut self, key: &str, kind: Kind, fields: &[Field]) {
        let group = self.group(key);
        for field in fields {
            group.field(kind, field);
        }
    }

    /// Adds a group of facts without values.
    fn list(&mut self, group: Kind, key: &str, kind: Kind, texts: &[String]) {
        if !texts.is_empty() {
            let group = self.add(group, key, None);
            for text in texts {
                group.add(kind, text, None);
            }
        }
    }

    fn field(&mut self, kind: Kind, field: &Field) {
        let node = self.add(kind, &field.name, None);
        // The value of `Content-Type` is the only one allowed. The value of any other field is an example.
        let fixed = kind == Kind::Header && field.name.eq_ignore_ascii_case("content-type");
        node.optional(if fixed { Kind::FixedValue } else { Kind::Value }, "value", field.value.as_ref());
        node.optional(Kind::FixedValue, "fixed", field.fixed.as_ref());
        node.optional(Kind::DefaultValue, "default", field.default.as_ref());
        node.optional(Kind::Type, "type", field.type_tag.as_ref());
        node.optional(Kind::Required, "required", field.required.as_ref());
        node.list(Kind::PossibleValues, "possible_values", Kind::PossibleValue, &field.possible_values);
        if !field.fields.is_empty() {
            node.fields("fields", kind, &field.fields);
        }
    }

    fn request(&mut self, sample: &RequestSample) {
        let node = self.add(Kind::SampleRequest, &sample.name, None);
        node.add(Kind::SampleMethod, "method", Some(&sample.method));
        node.add(Kind::SampleUrl, "url", Some(&sample.url));
        node.list(Kind::Group, "options", Kind::SampleOption, &sample.options);
        let headers = node.group("headers");
        for (name, value) in &sample.headers {
            headers.add(Kind::SampleHeader, name, Some(value));
        }
        let form = node.group("form");
        for (name, value) in &sample.form {
            match structured(value) {
                Some(json) => form.json(Kind::SampleFormField, name, &json),
                None => _ = form.add(Kind::SampleFormField, name, Some(value)),
            }
        }
        sample.body.iter().for_each(|body| node.body(body));
        if !sample.as_pasted.is_empty() {
            node.add(Kind::SampleAsPasted, "as_pasted", Some(&sample.as_pasted.join("; ")));
        }
    }

    /// Adds a body. A body that is not JSON is one string.
    fn body(&mut self, text: &str) {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        self.json(Kind::SampleField, "body", &value);
    }

    fn json(&mut self, kind: Kind, key: &str, value: &Value) {
        let text = match value {
            Value::Array(_) => ARRAY.to_owned(),
            Value::Object(_) => OBJECT.to_owned(),
            scalar => scalar.to_string(),
        };
        let node = self.add(kind, key, Some(&text));
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| node.json(Kind::SampleField, &at.to_string(), item));
            }
            Value::Object(map) => map.iter().for_each(|(key, value)| node.json(Kind::SampleField, key, value)),
            _ => {}
        }
    }
}

/// The object or array in a form field with JSON. A string that happens to be a JSON number or word stays a string.
pub fn structured(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|json: &Value| json.is_object() || json.is_array())
}

impl Page {
    /// Returns the tree of all facts of the page.
    pub fn tree(&self) -> Node {
        let mut root = Node { kind: Kind::Group, path: FactPath::default(), value: None, children: Vec::new() };
        root.add(Kind::Title, "title", Some(&self.title));
        root.add(Kind::Title, "metadata_title", Some(&self.metadata_title));
        root.add(Kind::Source, "source", Some(&self.source));
        root.add(Kind::ApiVersion, "api_version", Some(&self.api_version));
        root.add(Kind::Method, "method", Some(&self.method));
        let endpoints = root.group("endpoints");
        for endpoint in &self.endpoints {
            endpoints.add(Kind::Endpoint, &endpoint.name, Some(&endpoint.url));
        }
        let (authorization, said) = (root.group("authorization"), &self.authorization);
        authorization.add(Kind::Authorization, "scheme", Some(&said.scheme));
        authorization.optional(Kind::Authorization, "username", said.username.as_ref());
        authorization.optional(Kind::Authorization, "password", said.password.as_ref());
        authorization.optional(Kind::Authorization, "value", said.value.as_ref());
        authorization.optional(Kind::Required, "required", said.required.as_ref());
        authorization.list(Kind::Group, "tags", Kind::Tag, &said.tags);
        root.fields("headers", Kind::Header, &self.headers);
        root.fields("path_parameters", Kind::PathParameter, &self.path_parameters);
        root.fields("query_parameters", Kind::QueryParameter, &self.query_parameters);
        root.fields("body_parameters", Kind::BodyParameter, &self.body_parameters);
        let responses = root.group("responses");
        for response in &self.responses {
            let kind = if response.status.starts_with('2') { Kind::ResponseField } else { Kind::ErrorField };
            responses.add(Kind::Response, &response.status, None).fields("fields", kind, &response.fields);
        }
        let samples = root.group("samples");
        let requests = samples.group("requests");
        self.samples.requests.iter().for_each(|sample| requests.request(sample));
        let responses = samples.group("responses");
        for sample in &self.samples.responses {
            let node = responses.add(Kind::SampleResponse, &sample.name, None);
            node.add(Kind::SampleStatus, "status", Some(&sample.status));
            node.body(&sample.body);
        }
        let links = root.group("see_also");
        for link in &self.see_also {
            links.add(Kind::Link, &link.title, Some(&link.url));
        }
        root
    }
}

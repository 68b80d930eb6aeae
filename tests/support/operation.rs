//! An operation of the spec as it appears on the wire: a request as one JSON value with its own schema, how the request
//! is sent, and what the spec says about the responses. Nothing here is specific to this API.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use probe::{Constraint, Difference, Received, Responses};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};

use crate::schema::constraints;
use crate::spec::resolve;
use crate::values::whole;

/// The only media type of a request body that can be sent here.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The places of a parameter. They are the keys of a request as one value, together with `form`.
const PLACES: [&str; 3] = ["path", "query", "header"];

/// An operation of the spec.
pub struct Operation<'a> {
    spec: &'a Value,
    /// The path, with the names of parameters in braces.
    pub path: &'a str,
    /// The HTTP method.
    pub method: Method,
    value: &'a Value,
    parameters: Vec<&'a Value>,
    responses: Responses<'a>,
}

/// A request that is ready to be sent.
#[derive(Clone)]
pub struct Wire {
    /// The address, including path and query.
    pub url: Url,
    /// The header parameters, and the type of the body.
    pub headers: HeaderMap,
    /// The fields of the form.
    pub form: Option<Vec<(String, String)>>,
}

impl Wire {
    /// The body: the encoded form.
    pub fn body(&self) -> Vec<u8> {
        let form = self.form.iter().flatten();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish().into_bytes()
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?}", self.url, self.headers, self.form)
    }
}

impl<'a> Operation<'a> {
    /// All operations of the spec.
    pub fn all(spec: &'a Value) -> Vec<Self> {
        openapi_doc::operations(spec).iter().map(|operation| Self::new(spec, operation)).collect()
    }

    /// The operation that a request with this method and path calls.
    pub fn called(spec: &'a Value, method: &str, path: &str) -> Option<Self> {
        let parts: Vec<_> = path.split('/').collect();
        let is_called = |operation: &&openapi_doc::Operation<'_>| {
            let own: Vec<_> = operation.path.split('/').collect();
            operation.method.eq_ignore_ascii_case(method)
                && own.len() == parts.len()
                && own.iter().zip(&parts).all(|(own, part)| own.starts_with('{') || own == part)
        };
        openapi_doc::operations(spec).iter().find(is_called).map(|operation| Self::new(spec, operation))
    }

    fn new(spec: &'a Value, operation: &openapi_doc::Operation<'a>) -> Self {
        Self {
            spec,
            path: operation.path,
            method: operation.method.to_uppercase().parse().unwrap(),
            value: operation.value,
            parameters: operation.parameters().map(|(_, item)| resolve(spec, item)).collect(),
            responses: Responses::new(spec, operation).unwrap(),
        }
    }

    fn parameters(&self, place: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let here = self.parameters.iter().filter(move |parameter| parameter["in"] == place);
        here.map(|parameter| (parameter["name"].as_str().unwrap(), *parameter))
    }

    fn form(&self) -> Option<&'a Value> {
        let content = resolve(self.spec, self.value.get("requestBody")?)["content"].as_object().unwrap();
        assert!(content.keys().eq([FORM]), "{}: this test sends no body but {FORM}", self.path);
        Some(&content[FORM])
    }

    /// Whether a request must have a body.
    pub fn needs_body(&self) -> bool {
        self.value.get("requestBody").is_some_and(|body| resolve(self.spec, body)["required"] == true)
    }

    /// The fields of the form that are JSON.
    pub fn json_fields(&self) -> Vec<&'a str> {
        let encoding = self.form().and_then(|form| form["encoding"].as_object()).into_iter().flatten();
        let json = encoding.filter(|(_, encoding)| encoding["contentType"] == "application/json");
        json.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether the request must be signed.
    pub fn is_signed(&self) -> bool {
        let security = self.value.get("security").unwrap_or(&self.spec["security"]);
        security.as_array().is_some_and(|security| !security.is_empty())
    }

    /// The schema of a request as one value.
    pub fn schema(&self) -> Value {
        let mut properties = Map::new();
        for place in PLACES {
            let here = || self.parameters(place);
            let schemas: Map<_, _> = here().map(|(name, value)| (name.to_owned(), value["schema"].clone())).collect();
            let required: Vec<_> =
                here().filter(|(_, value)| value["required"] == true).map(|(name, _)| name).collect();
            let mut schema = json!({ "type": "object", "properties": schemas });
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            properties.insert(place.to_owned(), schema);
        }
        let mut schema = json!({ "type": "object" });
        if let Some(form) = self.form() {
            properties.insert("form".to_owned(), form["schema"].clone());
            if self.needs_body() {
                schema["required"] = json!(["form"]);
            }
        }
        schema["properties"] = properties.into();
        schema
    }

    /// The constraints of the schema that a request can violate on the wire.
    pub fn constraints(&self) -> Vec<Constraint> {
        let can_be_broken = |constraint: &Constraint| {
            let at: Vec<_> = constraint.at.iter().map(String::as_str).collect();
            match (at.as_slice(), constraint.keyword.as_str()) {
                // A request always has each place, as an object, and each parameter of its path.
                ([] | [_], "type") | (["path"], "required") => false,
                ([place, name], "type") => {
                    let json = *place == "form" && self.json_fields().contains(name);
                    json || self.schema_of(place, name)["type"] != "string"
                }
                _ => true,
            }
        };
        constraints(self.spec, &self.schema()).into_iter().filter(can_be_broken).collect()
    }

    fn schema_of(&self, place: &str, name: &str) -> &'a Value {
        let parameter = self.parameters(place).find(|(other, _)| *other == name).map(|(_, value)| &value["schema"]);
        let field = || self.form().map(|form| &resolve(self.spec, &form["schema"])["properties"][name]);
        resolve(self.spec, parameter.or_else(field).unwrap_or(&Value::Null))
    }

    /// The example requests.
    pub fn examples(&self) -> Vec<Value> {
        let mut without_form = json!({});
        for place in PLACES {
            let example = |(name, value): (&str, &Value)| {
                let example = examples(value).first().map(|example| (*example).clone());
                let example = example.or_else(|| resolve(self.spec, &value["schema"]).get("example").cloned());
                let required = || (value["required"] == true).then(|| whole(self.spec, &value["schema"], &[]));
                Some((name.to_owned(), example.or_else(required)?))
            };
            without_form[place] = self.parameters(place).filter_map(example).collect::<Map<_, _>>().into();
        }
        let Some(form) = self.form() else { return vec![without_form] };
        let with = |form: &Value| {
            let mut call = without_form.clone();
            call["form"] = form.clone();
            call
        };
        examples(form).into_iter().map(with).collect()
    }

    /// The request as a server reads it: where the schema expects a string, the value is a string. `None` if it cannot
    /// be sent.
    pub fn readable(&self, call: &Value) -> Option<Value> {
        // Places that the request leaves out are empty.
        let mut read: Map<_, _> = PLACES.map(|place| (place.to_owned(), json!({}))).into_iter().collect();
        for (place, values) in call.as_object()? {
            let json = if place == "form" { self.json_fields() } else { Vec::new() };
            let mut inner = Map::new();
            for (name, value) in values.as_object()? {
                let value =
                    if json.contains(&name.as_str()) { value.clone() } else { self.as_text(place, name, value)? };
                inner.insert(name.clone(), value);
            }
            read.insert(place.clone(), inner.into());
        }
        Some(read.into())
    }

    /// The value that a server reads from the text of this value.
    fn as_text(&self, place: &str, name: &str, value: &Value) -> Option<Value> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        let is_text = matches!(self.schema_of(place, name)["type"].as_str(), None | Some("string"));
        let other = (!is_text).then(|| serde_json::from_str(&text).ok()).flatten();
        Some(other.unwrap_or(Value::String(text)))
    }

    /// Encodes a [readable](Self::readable) request; `None` if HTTP or the client cannot send it unchanged.
    pub fn wire(&self, server: &str, call: &Value) -> Option<Wire> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pairs = |place: &str| -> Vec<_> {
            let values = call[place].as_object().into_iter().flatten();
            values.map(|(name, value)| (name.clone(), text(value))).collect()
        };
        let mut path = self.path.to_owned();
        for (name, value) in pairs("path") {
            let filled =
                path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string());
            // The path has no place for this parameter.
            if std::mem::replace(&mut path, filled) == path && !value.is_empty() {
                return None;
            }
        }
        let mut url = Url::parse(&format!("{server}{path}")).unwrap();
        // A client resolves `..`, even if it is escaped.
        if path.contains('{') || url.path() != path {
            return None;
        }
        if !pairs("query").is_empty() {
            url.query_pairs_mut().extend_pairs(pairs("query"));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in pairs("header") {
            // HTTP strips the space around a value.
            if value.trim_matches([' ', '\t']) != value {
                return None;
            }
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
        }
        let json = self.json_fields();
        let field = |(name, value): (&String, &Value)| {
            let value = if json.contains(&name.as_str()) { value.to_string() } else { text(value) };
            (name.clone(), value)
        };
        let form: Option<Vec<_>> = call.get("form").map(|form| form.as_object().unwrap().iter().map(field).collect());
        if form.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        }
        Some(Wire { url, headers, form })
    }

    /// The headers that the spec lists for a status.
    pub fn headers(&self, status: u16) -> Vec<&'a str> {
        let response = self.responses.described(status).and_then(|at| self.spec.pointer(at.as_str()));
        let headers = response.and_then(|response| response["headers"].as_object());
        headers.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// Decodes a response and checks it against the spec.
    ///
    /// # Errors
    /// The status, the headers, the media type or the body differ from the spec. The body must also have everything
    /// that all samples of a page have.
    pub fn check(&self, status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Value, String> {
        let media_type = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
        let names = headers.keys().map(|name| name.as_str().to_owned()).collect();
        let body = body.to_vec();
        let mut departures =
            self.responses.departures(&Received { status, media_type, headers: names, body: body.clone() });
        // An open list allows new values: the sandbox has its own codes where the vendor documents none.
        departures.retain(|departure| departure.difference != Difference::NewValue);
        if departures.is_empty() {
            return Ok(serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8(body).unwrap().into()));
        }
        let departures: Vec<_> = departures.iter().map(ToString::to_string).collect();
        Err(format!("{}: {}", departures.join("; "), String::from_utf8_lossy(&body)))
    }
}

/// The examples of a parameter or a body.
fn examples(value: &Value) -> Vec<&Value> {
    let named = value["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
    named.chain(value.get("example")).collect()
}

//! The typed facts of one page of the vendor's documentation: what `ingest` finds on a page and what
//! `spec/documented/*.yaml` stores.
//!
//! Facts are names, tags, values, nesting and samples, exactly as the page has them, contradictions included. Prose is
//! not stored: if only the text of a page has changed, its hash shows that. An unknown key in the file is an error, so
//! no fact is ignored silently.
#![allow(missing_docs, reason = "most fields have the names that the vendor's pages use for their content")]

use serde::{Deserialize, Serialize};

use crate::pairs;
pub use crate::pairs::Pair;

/// The facts of one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The name of the page: the last segment of its address, and the name of its file.
    pub page: String,
    /// The heading of the page.
    pub title: String,
    /// The title in the metadata of the page.
    pub metadata_title: String,
    pub source: String,
    /// The version of the API that the page documents.
    pub api_version: String,
    /// SHA-256 of the page, in hexadecimal.
    pub content_sha256: String,
    pub method: String,
    pub endpoints: Vec<Endpoint>,
    pub authorization: Authorization,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_parameters: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_parameters: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_parameters: Vec<Field>,
    /// The tables of the responses, one for each status.
    pub responses: Vec<Response>,
    pub samples: Samples,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub see_also: Vec<Link>,
}

/// An address of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The deployment, such as `Sandbox`.
    pub name: String,
    /// The address, with a template for the path.
    pub url: String,
}

/// How a request is authenticated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// The scheme, such as `Basic Auth`.
    pub scheme: String,
    /// What the page gives as the user name, such as `API Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What the page gives as the password, such as `Empty string`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The tag that says whether the authorization is required: `Mandatory`, `Required` or `Optional`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// All other tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A header, a parameter or a field of a response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name, spelled as in the table.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The only value that the field can have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// The default: the value that the vendor uses if the field is not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The values that the field can have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_values: Vec<String>,
    /// The tag that is a type, such as `String`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_tag: Option<String>,
    /// The tag that says whether the field must be sent: `Mandatory`, `Required` or `Optional`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// The fields within this one, or within each of its items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// Whether a tag means that a field must be sent.
pub fn is_mandatory(tag: &str) -> bool {
    ["mandatory", "required"].iter().any(|word| tag.eq_ignore_ascii_case(word))
}

/// Returns the type that a tag means, in the words of JSON Schema, or `json` for a string with JSON in it. `None` if
/// the tag is not a type.
pub(crate) fn type_of_tag(tag: &str) -> Option<&'static str> {
    match tag.to_ascii_lowercase().as_str() {
        "string" | "text" => Some("string"),
        "json" => Some("json"),
        "object" => Some("object"),
        "array" => Some("array"),
        "integer" | "int" => Some("integer"),
        "number" | "float" | "double" | "decimal" => Some("number"),
        "boolean" | "bool" => Some("boolean"),
        _ => None,
    }
}

/// The documented response for one status: a table of fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub status: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// The samples of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestSample>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ResponseSample>,
}

/// A sample request as its author meant it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSample {
    pub name: String,
    /// Options of the command other than its method, address, headers and data, such as `--location`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    pub method: String,
    pub url: String,
    #[serde(default, with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Pair>,
    #[serde(default, with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<Pair>,
    /// The body, if it is not a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What a shell does differently when the command is pasted into it, one sentence for each difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub as_pasted: Vec<String>,
}

/// A sample response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseSample {
    pub name: String,
    pub status: String,
    /// The body, verbatim.
    pub body: String,
}

/// A link to another page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: String,
    pub url: String,
}

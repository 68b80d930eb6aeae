//! The facts of one page of the vendor, typed: what `ingest` finds on a page and what `spec/documented/*.yaml` keeps.
//!
//! Facts are names, tags, values, nesting and samples, as they stand on the page, its contradictions included. Prose is
//! not kept, so a page whose text alone has changed is told by its hash. A key of the file that is not known here is an
//! error: no fact is passed over in silence.

use serde::{Deserialize, Serialize};

use crate::pairs;
pub use crate::pairs::Pair;

/// The facts of one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Name of the page: the last segment of its address, and the name of its file.
    pub page: String,
    /// Its heading.
    pub title: String,
    /// The title in its metadata.
    pub metadata_title: String,
    /// Its address.
    pub source: String,
    /// The version of the API that it describes.
    pub api_version: String,
    /// SHA-256 of the page as it was read, in hexadecimal.
    pub content_sha256: String,
    /// The HTTP method of the operation.
    pub method: String,
    /// The addresses of the operation.
    pub endpoints: Vec<Endpoint>,
    /// How a request is signed.
    pub authorization: Authorization,
    /// Headers of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    /// Parameters in the path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_parameters: Vec<Field>,
    /// Parameters in the query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_parameters: Vec<Field>,
    /// Parameters in the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body_parameters: Vec<Field>,
    /// The tables of the responses.
    pub responses: Vec<Response>,
    /// The samples.
    pub samples: Samples,
    /// Other pages that it links to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub see_also: Vec<Link>,
}

/// An address of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The deployment, such as `Sandbox`.
    pub name: String,
    /// Its address, with a template for the path.
    pub url: String,
}

/// How a request is signed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// The scheme, such as `Basic Auth`.
    pub scheme: String,
    /// What stands for the user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What stands for the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The value that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `Mandatory`, or what else is said of it.
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
    /// Its name, spelt as in the table.
    pub name: String,
    /// The value that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The one value that it can have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
    /// What the vendor takes if it is not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The values that it can have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_values: Vec<String>,
    /// The tag that is a type, such as `String`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_tag: Option<String>,
    /// The tag that says whether it must be sent: `Mandatory`, `Required` or `Optional`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// Fields within it, or within each of its items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// Whether a tag says that something must be sent.
pub fn is_mandatory(tag: &str) -> bool {
    ["mandatory", "required"].iter().any(|word| tag.eq_ignore_ascii_case(word))
}

/// The table of one status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status code.
    pub status: String,
    /// Its fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// The samples of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// Of requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestSample>,
    /// Of responses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ResponseSample>,
}

/// A sample request as its author meant it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSample {
    /// What it is called.
    pub name: String,
    /// Options of the command that are no part of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Its method.
    pub method: String,
    /// Its address.
    pub url: String,
    /// Its headers.
    #[serde(default, with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Pair>,
    /// The fields of its form.
    #[serde(default, with = "pairs", skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<Pair>,
    /// Its body, if that is no form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What a shell does otherwise when the command is pasted into it, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub as_pasted: Vec<String>,
}

/// A sample response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseSample {
    /// What it is called.
    pub name: String,
    /// Its status code.
    pub status: String,
    /// The body, verbatim.
    pub body: String,
}

/// A link to another page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its text.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

//! The facts of `spec/documented`, typed. A key that is not known here is an error: no fact is passed over in silence.

use std::fs;

use serde::Deserialize;
use serde_yaml::Value;

use crate::root;

/// A name and a value, in the order of the page.
pub type Pair = (String, String);

/// The facts of one page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Page {
    pub page: String,
    pub title: String,
    pub metadata_title: String,
    pub source: String,
    pub api_version: String,
    pub content_sha256: String,
    pub method: String,
    pub endpoints: Vec<Endpoint>,
    pub authorization: Value,
    pub headers: Vec<Field>,
    pub path_parameters: Vec<Field>,
    pub body_parameters: Vec<Field>,
    pub responses: Vec<ResponseFields>,
    pub samples: Samples,
    pub see_also: Vec<Value>,
    /// The same facts as they stand in the file.
    #[serde(skip)]
    pub value: Value,
}

/// An address of the API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Endpoint {
    pub name: String,
    pub url: String,
}

/// A header, a parameter or a field of a response.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Field {
    pub name: String,
    #[serde(default)]
    pub value: Option<String>,
    #[serde(default)]
    pub fixed: Option<String>,
    #[serde(default)]
    pub default: Option<String>,
    #[serde(default)]
    pub possible_values: Vec<String>,
    pub tags: Vec<String>,
    #[serde(default)]
    pub fields: Vec<Field>,
}

impl Field {
    /// Whether the page tags it as one that must be sent.
    pub fn is_mandatory(&self) -> bool {
        self.tags.iter().any(|tag| tag == "Mandatory" || tag == "Required")
    }
}

/// The table of one status.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ResponseFields {
    pub status: String,
    pub fields: Vec<Field>,
}

/// The samples of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Samples {
    pub requests: Vec<RequestSample>,
    pub responses: Vec<ResponseSample>,
}

/// A sample request as it was meant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RequestSample {
    pub name: String,
    /// Options of the command that are no part of the request.
    pub options: Vec<String>,
    pub method: String,
    pub url: String,
    pub headers: Vec<Pair>,
    pub form: Vec<Pair>,
    #[serde(default)]
    pub as_pasted: Option<Value>,
}

impl RequestSample {
    /// The path of its URL.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").expect("a sample has an absolute URL").1;
        &rest[rest.find('/').expect("a sample has a path")..]
    }

    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A sample response.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ResponseSample {
    pub name: String,
    pub status: String,
    /// The body, verbatim.
    pub body: String,
}

/// All pages, in the order of their names.
pub fn pages() -> Vec<Page> {
    let folder = root().join("spec").join("documented");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    let read = |file: std::path::PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let mut page: Page = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        page.value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(file.file_stem().unwrap().to_string_lossy(), page.page, "a file is named after its page");
        page
    };
    files.into_iter().map(read).collect()
}

/// A name that can stand in the name of a file.
pub fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

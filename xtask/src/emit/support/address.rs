//! The address of an operation, made of one that was parsed once: to parse it anew is a tenth of what a call costs.

use reqwest::Url;

/// Where a service is: what all paths are appended to.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    text: String,
    parsed: Result<Url, String>,
}

impl Base {
    /// Nothing is refused here: each operation says what is wrong.
    pub(crate) fn new(text: &str) -> Self {
        // With the slash that each path begins with, so that it is read as part of an address.
        let parsed = match Url::parse(&format!("{text}/")) {
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                Err("the base URL has a query or a fragment".to_owned())
            }
            Ok(url) => Ok(url),
            Err(error) => Err(format!("the base URL cannot be read: {error}")),
        };
        Self { text: text.to_owned(), parsed }
    }

    /// The text as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Its path, to which a path that begins with a slash can be appended.
    pub(crate) fn path(&self) -> &str {
        let path = self.parsed.as_ref().map_or("", Url::path);
        path.strip_suffix('/').unwrap_or(path)
    }

    /// The same with another path, in which everything but slashes is encoded.
    ///
    /// # Errors
    /// The base is not a URL that has a path; in words.
    pub(crate) fn with_path(&self, path: &str) -> Result<Url, String> {
        let mut url = self.parsed.clone()?;
        url.set_path(path);
        Ok(url)
    }
}

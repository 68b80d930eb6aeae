use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use openapi_doc::FORM;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;

use crate::{Call, Received, Target};

/// The maximum size of a body that is read, in bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;

pub(crate) struct Http<'a> {
    client: reqwest::Client,
    target: &'a Target,
    pub(crate) key: &'a str,
}

/// A response, with the values of its headers.
pub(crate) struct Response {
    pub(crate) received: Received,
    pub(crate) headers: BTreeMap<String, String>,
}

impl<'a> Http<'a> {
    pub(crate) fn new(target: &'a Target, key: &'a str, timeout: Duration) -> Result<Self> {
        // A redirect could lead to production.
        let builder = reqwest::Client::builder().redirect(Policy::none()).timeout(timeout);
        let builder = builder.user_agent(concat!("juspay-accounts-probe/", env!("CARGO_PKG_VERSION")));
        let builder = if target.is_loopback { builder.no_proxy() } else { builder };
        Ok(Self { client: builder.build()?, target, key })
    }

    /// Sends a request once. `None` if no response arrives, or if it breaks off.
    ///
    /// # Errors
    /// The server cannot be reached, or a value cannot be sent.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Option<Response>> {
        let url = format!("{}{}", self.target, call.target());
        let mut request = self.client.request(call.operation.method.to_uppercase().parse()?, url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if call.is_signed {
            request = request.basic_auth(self.key, Some(""));
        }
        if let Some(body) = call.body() {
            request = request.header(CONTENT_TYPE, FORM).body(body);
        }
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() || error.is_builder() => {
                return Err(error.without_url()).with_context(|| format!("{} cannot be called", self.target));
            }
            Err(_) => return Ok(None),
        };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => return Ok(None),
            }
            ensure!(body.len() <= MAX_BODY, "a response is larger than {MAX_BODY} bytes");
        }
        let headers = texts(response.headers());
        let media_type = headers.get("content-type").map(|value| value.split(';').next().unwrap_or_default());
        let media_type = media_type.map(|value| value.trim().to_ascii_lowercase());
        let status = response.status().as_u16();
        Ok(Some(Response {
            received: Received { status, media_type, headers: headers.keys().cloned().collect(), body },
            headers,
        }))
    }
}

fn texts(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

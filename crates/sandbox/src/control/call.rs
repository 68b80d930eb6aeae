//! Reads the input of a call of the control API.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::http::{Sent, Unread};
use crate::refusal::Refusal;

pub(super) struct Call {
    pub(super) request: Parts,
}

impl Call {
    pub(super) fn new(request: Request) -> Self {
        Self { request: request.into_parts().0 }
    }

    /// The id in the path, which is its last part.
    pub(super) fn id(&self) -> &str {
        self.request.uri.path().rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(self.body()?).map_err(|error| Refusal::bad_request(error.to_string()))
    }

    /// Returns the body if the headers declare JSON.
    pub(super) fn body(&self) -> Result<&Bytes, Refusal> {
        let media_type = self.request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::unsupported("The body must be JSON: send it with content-type application/json."));
        }
        match self.request.extensions.get::<Sent>() {
            Some(Ok(body)) => Ok(body),
            Some(Err(unread)) => Err((*unread).into()),
            None => Err(Unread::Broken.into()),
        }
    }
}

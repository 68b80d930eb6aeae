//! Calls of the control API, and refusals.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::http::{Sent, Unread};

/// A call of the control API.
pub(super) struct Asked {
    pub(super) request: Parts,
}

impl Asked {
    pub(super) fn new(request: Request) -> Self {
        Self { request: request.into_parts().0 }
    }

    /// The last part of the path.
    pub(super) fn id(&self) -> &str {
        self.request.uri.path().rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_slice(self.body()?).map_err(|error| Refused::invalid(error.to_string()))
    }

    /// The body, if the headers declare JSON.
    pub(super) fn body(&self) -> Result<&Bytes, Refused> {
        let media_type =
            self.request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has to be application/json"));
        }
        match self.request.extensions.get::<Sent>() {
            Some(Ok(body)) => Ok(body),
            Some(Err(Unread::TooLarge(most))) => {
                Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {most} bytes")))
            }
            Some(Err(Unread::TooSlow)) => {
                Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"))
            }
            Some(Err(Unread::Broken)) | None => Err(Refused::invalid("the body did not arrive whole")),
        }
    }
}

pub(super) struct Refused {
    status: StatusCode,
    message: String,
}

impl Refused {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }
}

/// Turns the result of a call into its response.
pub(super) fn answer(answer: Result<Response<Bytes>, Refused>) -> Response<Body> {
    match answer {
        Ok(response) => response.map(Body::from),
        Err(Refused { status, message }) => response(status, &message),
    }
}

pub(super) fn response(status: StatusCode, message: &str) -> Response<Body> {
    crate::response::json(status, &json!({ "message": message })).map(Body::from)
}

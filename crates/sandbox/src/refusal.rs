//! Why a request is refused, by the vendor's operations or by the control API.

use axum::body::Bytes;
use axum::http::{Response, StatusCode};

use crate::http::Unread;
use crate::problem::Problem;
use crate::response;

/// The most problems in a response. A body of one mebibyte can have several hundred thousand.
const MAX_PROBLEMS: usize = 1000;

pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) problems: Vec<Problem>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), problems: Vec::new() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    /// A refusal because of these problems.
    pub(crate) fn invalid(mut problems: Vec<Problem>) -> Self {
        let mut message = "Some fields are invalid.".to_owned();
        if problems.len() > MAX_PROBLEMS {
            message = format!("{message} Of {} problems, the first {MAX_PROBLEMS} are listed.", problems.len());
            problems.truncate(MAX_PROBLEMS);
        }
        Self { problems, ..Self::bad_request(message) }
    }

    /// The response of a vendor's operation.
    pub(crate) fn response(&self, request_id: &str) -> Response<Bytes> {
        response::failure(self.status, &self.message, &self.problems, request_id)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::invalid(vec![problem])
    }
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge(most) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The body is larger than {most} bytes."))
            }
            Unread::TooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time."),
            Unread::Broken => Self::bad_request("The body is incomplete."),
        }
    }
}

//! Why a request is refused.

use axum::body::Bytes;
use axum::http::{Response, StatusCode};

use super::call::Call;
use crate::read::Problem;
use crate::response;

/// The most problems in a response. A body of one mebibyte can have several hundred thousand.
const MAX_PROBLEMS: usize = 1000;

/// A refusal, with the fields of its response.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) problems: Vec<Problem>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), problems: Vec::new() }
    }

    pub(super) fn invalid(mut problems: Vec<Problem>) -> Self {
        let mut message = "Some fields are not as described.".to_owned();
        if problems.len() > MAX_PROBLEMS {
            message = format!("{message} Of {} problems, the first {MAX_PROBLEMS} are listed.", problems.len());
            problems.truncate(MAX_PROBLEMS);
        }
        Self { problems, ..Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message) }
    }

    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    }

    pub(super) fn no_such_account() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "The customer has no such account.")
    }

    /// Turns the refusal into a response. The call records the problems.
    pub(super) fn response(self, call: &mut Call) -> Response<Bytes> {
        let response = response::failure(self.status, self.code, &self.message, &self.problems, call.id());
        let message = self.problems.is_empty().then(|| Problem::new("request", self.message));
        call.add_problems(self.problems.into_iter().chain(message));
        response
    }
}

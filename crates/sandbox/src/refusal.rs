use axum::http::StatusCode;

/// The maximum number of problems in a response. A request of one mebibyte can have several hundred thousand.
const MAX_PROBLEMS: usize = 1000;

/// A problem with one field, header or other part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(field, "it is missing")
    }
}

/// Why a request is refused, by one of the vendor's operations or by the control API.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The vendor's code, if the vendor documents one.
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) problems: Vec<Problem>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), problems: Vec::new() }
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

    /// Adds a problem.
    pub(crate) fn because(mut self, problem: Problem) -> Self {
        self.problems.push(problem);
        self
    }

    /// Makes a refusal with these problems. If there are more than [`MAX_PROBLEMS`], keeps only the first ones.
    pub(crate) fn invalid(mut problems: Vec<Problem>) -> Self {
        let mut message = "Some fields are invalid.".to_owned();
        if problems.len() > MAX_PROBLEMS {
            message = format!("{message} Of {} problems, the first {MAX_PROBLEMS} are listed.", problems.len());
            problems.truncate(MAX_PROBLEMS);
        }
        Self { problems, code: Some("INVALID_INPUT"), ..Self::bad_request(message) }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::invalid(vec![problem])
    }
}

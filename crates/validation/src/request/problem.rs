//! Reports all problems of a request together, so that a person can fix them all at once.

use core::error::Error;
use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ParseError;

/// Why a request could not be built: all problems, in the order of the input.
///
/// Like [`ParseError`], it never contains a rejected value.
///
/// ```
/// use juspay_accounts_validation::AccountsRequest;
///
/// let error = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP HDFC")
///     .upi("9164326296")
///     .build()
///     .unwrap_err();
///
/// let paths: Vec<_> = error.problems().iter().map(|problem| problem.path()).collect();
/// assert_eq!(paths, ["bank_code", "account_details.upi[0].vpa"]);
/// assert!(error.to_string().starts_with(
///     "2 problems in the request: bank_code: character 3 is a space; "
/// ));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRequest {
    pub(super) problems: Vec<Problem>,
}

impl InvalidRequest {
    /// Returns the problems, in the order of the input; at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} problem{plural} in the request")?;
        let mut separator = ": ";
        for problem in &self.problems {
            write!(f, "{separator}{problem}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl Error for InvalidRequest {}

/// One problem of a request, and where it is.
///
/// `Display` prints both: `validation_amount: it is zero`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) path: String,
    pub(super) error: ParseError,
}

impl Problem {
    /// Returns the place in the request, in the API's words: `customer_id`, `x-routing-id`,
    /// `account_details.bank_account[1].ifsc`. Entries are counted from 0 in each list, including rejected ones.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong with the value.
    pub fn error(&self) -> &ParseError {
        &self.error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}

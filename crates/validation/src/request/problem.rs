//! Reports all problems of a request together, so that a person can fix them all at once.

use core::error::Error;
use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use crate::advice::Advice;
use crate::error::ParseError;
use crate::kind::Kind;
use crate::reason::Reason;

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
/// let paths: Vec<_> = error.problems().iter().map(|problem| &*problem.path).collect();
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

/// What is wrong or unusual in a request, and where.
///
/// `Display` prints both: `validation_amount: it is zero`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Located<T> {
    /// The place in the request, in the API's words: `customer_id`, `x-routing-id`,
    /// `account_details.bank_account[1].ifsc`. Entries are counted from 0 in each list, including rejected ones.
    pub path: String,
    /// What is wrong or unusual at that place.
    pub what: T,
}

/// One problem of a request.
pub type Problem = Located<ParseError>;

/// One piece of advice about a request.
pub type RequestAdvice = Located<Advice>;

impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

pub(super) fn no_account() -> Problem {
    Problem { path: "account_details".into(), what: ParseError::new(Kind::AccountDetails, Reason::NoAccount) }
}

//! The value that a call returns.

use std::fmt;
use std::ops::Deref;
use std::time::SystemTime;

#[cfg(feature = "names")]
use juspay_accounts_validation::names::{Comparison, compare};
use juspay_accounts_validation::{AccountsRequest, CustomerAccountId, Payee};
use serde_json::Value;

use crate::generated::open_enums::ValidationStatus;
use crate::generated::types::{CustomerAccount, CustomerAccountsAnswer};
use crate::matching::{self, MatchKind, Matched};
use crate::transport::attempt::CallLog;

/// The value of a response, with details of the call. Dereferences to the value.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    /// Whether these are all accounts of the customer; `None` if only the length of the list can show it.
    pub(crate) complete: Option<bool>,
    pub(crate) log: CallLog,
}

/// The customer accounts of a response.
///
/// Their order can differ from the order of the request: [`matched`](Self::matched) returns which account belongs to
/// which payee.
pub type Accounts = Response<Vec<CustomerAccount>>;

impl<T> Response<T> {
    /// Returns the number of attempts to send the request.
    pub fn attempts(&self) -> u32 {
        self.log.attempts
    }

    /// When the server responded, by the server's clock (header `Date`), to the second.
    pub fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.log.last.header("date")?).ok()
    }

    /// Returns the id by which the vendor finds this call, if it is one word and repeats nothing that was sent. Safe to
    /// log.
    pub fn request_id(&self) -> Option<&str> {
        self.log.request_id()
    }

    /// Returns the value without the details of the call.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Response");
        shown.field("value", &self.value).field("attempts", &self.attempts()).field("request_id", &self.request_id());
        shown.finish_non_exhaustive()
    }
}

impl Response<Vec<CustomerAccount>> {
    /// A bare array shorter than this is assumed to be complete, unless the
    /// [policy](crate::ReconcilePolicy::smallest_page) says otherwise.
    pub(crate) const SMALLEST_PAGE: usize = 10;

    pub(crate) fn of_list(response: Response<CustomerAccountsAnswer>) -> Self {
        let (value, complete) = match response.value {
            CustomerAccountsAnswer::Array(list) => (list, None),
            CustomerAccountsAnswer::Page { list, extra } => {
                // The page must say that it is whole, because no page size is documented.
                let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
                let total = extra.0.get("total").and_then(number);
                let is_whole = total == Some(list.len() as u64);
                (list, Some(is_whole))
            }
        };
        Self { value, complete, log: response.log }
    }

    /// Returns the account of each payee of the request, and how it was recognized, in the order of the payees.
    pub fn matched(&self, request: &AccountsRequest) -> Vec<Matched<'_>> {
        matching::matched(request, &self.value)
    }

    /// Whether these are all accounts of the customer: never, unless they come from [`list`](crate::Client::list). A
    /// list inside an object is complete if it has as many accounts as the object's `total`. A bare array counts as
    /// complete if it has fewer than 10 accounts; a longer one could be one page of many.
    pub fn is_complete(&self) -> bool {
        self.is_complete_for(Self::SMALLEST_PAGE)
    }

    pub(crate) fn is_complete_for(&self, smallest_page: usize) -> bool {
        self.complete.unwrap_or(self.value.len() < smallest_page)
    }
}

impl CustomerAccount {
    /// Returns the id (`customer_account_id`), if the account can be [read](crate::Client::get) by it.
    pub fn id(&self) -> Option<CustomerAccountId> {
        self.customer_account_id.as_deref()?.parse().ok()
    }

    /// When the account was created (`date_created`), if that is a date and time in the format of RFC 3339.
    pub fn created_at(&self) -> Option<SystemTime> {
        time(self.date_created.as_deref())
    }

    /// When the account was last validated (`last_validated`), if that is a date and time in the format of RFC 3339.
    pub fn validated_at(&self) -> Option<SystemTime> {
        time(self.last_validated.as_deref())
    }

    /// Whether the account is valid: its status is `ACTIVE`.
    pub fn is_active(&self) -> bool {
        self.validation_status == Some(ValidationStatus::Active)
    }

    /// Whether the validation may not have ended: the status is `PENDING` or `CREATED`. It can still be paid for, so
    /// do not validate the account again. `CREATED` is also the status of an account from
    /// [`create`](crate::Client::create), which nobody asked to validate.
    pub fn is_pending(&self) -> bool {
        matches!(self.validation_status, Some(ValidationStatus::Pending | ValidationStatus::Created))
    }

    /// Whether this may be the payee's account: nothing in the account rules the payee out.
    pub fn may_be_for(&self, payee: &Payee) -> bool {
        matching::fit(payee, self) != MatchKind::Missing
    }

    /// Compares the name that was given with the name at the bank; `None` if the response has no name.
    ///
    /// The verdict is advice: banks shorten and misspell names. The rules are in the docs of
    /// [`names`](crate::validation::names).
    ///
    /// ```
    /// use juspay_accounts::CustomerAccount;
    /// use juspay_accounts::validation::names::Verdict;
    ///
    /// let account: CustomerAccount = serde_json::from_str(r#"{"account_details": {"name": "SHARMA R K"}}"#)?;
    /// let comparison = account.compare_name("Ramesh Kumar Sharma").unwrap();
    /// assert_eq!(comparison.verdict, Verdict::Close);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[cfg(feature = "names")]
    #[cfg_attr(docsrs, doc(cfg(feature = "names")))]
    pub fn compare_name(&self, given: &str) -> Option<Comparison> {
        let at_bank = self.account_details.as_ref()?.name.as_ref()?;
        Some(compare(given, at_bank.unmasked()))
    }
}

fn time(text: Option<&str>) -> Option<SystemTime> {
    Some(text?.parse::<jiff::Timestamp>().ok()?.into())
}

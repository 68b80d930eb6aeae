//! The value that a call returns.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

#[cfg(feature = "names")]
use juspay_accounts_validation::names::{Comparison, compare};
use juspay_accounts_validation::{AccountsRequest, CustomerAccountId};
use serde_json::Value;

use crate::generated::extra::Extra;
use crate::generated::open_enums::ValidationStatus;
use crate::generated::types::{CustomerAccount, CustomerAccountsAnswer};
use crate::matching::{self, Matched};
use crate::redact::Secrets;
use crate::transport::attempt::CallLog;

/// The value of a response, with details of the call. Dereferences to the value.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    /// Whether a list is complete; `None` if the list does not say.
    complete: Option<bool>,
    attempts: u32,
    date: Option<SystemTime>,
    /// The id as received, and the request. An id that repeats the request is not printed.
    request_id: Option<(String, Arc<reqwest::Request>)>,
}

/// The customer accounts of a response.
///
/// Their order can differ from that of the request: [`matched`](Self::matched) says which account belongs to which
/// payee.
///
/// ```no_run
/// # use juspay_accounts::{AccountsRequest, Client, Error};
/// # async fn run(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .bank_account("YESB0000262", "026291800001191")
///     .build()?;
/// let accounts = client.validate(&request).await?;
/// for matched in accounts.matched(&request) {
///     match matched.account {
///         Some(account) => println!("{}: {:?}", matched.payee, account.validation_status),
///         None => println!("{}: unknown, {}", matched.payee, matched.kind),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub type Accounts = Response<Vec<CustomerAccount>>;

impl<T> Response<T> {
    pub(crate) fn new(value: T, log: CallLog) -> Self {
        let request_id = log.last.request_id().map(str::to_owned).zip(log.request.map(Arc::new));
        Self { value, complete: None, attempts: log.attempts, date: log.last.date, request_id }
    }

    /// The number of times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// When the server responded, by the server's clock (header `Date`), to the second.
    pub fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// The id by which the vendor finds this call, if it is one word and repeats nothing that was sent. Safe to log.
    pub fn request_id(&self) -> Option<&str> {
        let (id, request) = self.request_id.as_ref()?;
        Secrets::of(request).id(id)
    }

    /// The id as received: it can contain anything.
    pub fn unmasked_request_id(&self) -> Option<&str> {
        self.request_id.as_ref().map(|(id, _)| id.as_str())
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
        shown.field("value", &self.value).field("attempts", &self.attempts).field("request_id", &self.request_id());
        shown.finish_non_exhaustive()
    }
}

/// Compares only the values: different calls can return the same value.
impl<T: PartialEq> PartialEq for Response<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Response<Vec<CustomerAccount>> {
    /// A list shorter than this is assumed to be complete, unless the
    /// [policy](crate::ReconcilePolicy::smallest_page) says otherwise.
    pub(crate) const SMALLEST_PAGE: usize = 10;

    pub(crate) fn of_list(answer: CustomerAccountsAnswer, log: CallLog) -> Self {
        let (list, complete) = match answer {
            CustomerAccountsAnswer::Array(list) => (list, None),
            CustomerAccountsAnswer::Page { list, extra } => {
                let complete = Some(is_whole(&list, &extra));
                (list, complete)
            }
        };
        Self { complete, ..Self::new(list, log) }
    }

    /// The account of each payee of the request, and how it was recognized. The order is that of
    /// [`payees`](AccountsRequest::payees).
    pub fn matched(&self, request: &AccountsRequest) -> Vec<Matched<'_>> {
        matching::matched(request, &self.value)
    }

    /// Whether these are all accounts of the customer. A [list](crate::Client::list) inside an object is complete if
    /// the object has a `total` and there are no more. A bare array is complete if it has fewer than 10 accounts; a
    /// longer one could be one page of many.
    pub fn is_complete(&self) -> bool {
        self.is_complete_for(Self::SMALLEST_PAGE)
    }

    pub(crate) fn is_complete_for(&self, smallest_page: usize) -> bool {
        self.complete.unwrap_or(self.value.len() < smallest_page)
    }

    /// Whether there are accounts, and all of them are `ACTIVE`. This ignores accounts that are missing from the
    /// response, and does not check to whom the accounts belong: see [`matched`](Self::matched).
    pub fn all_active(&self) -> bool {
        !self.value.is_empty() && self.value.iter().all(CustomerAccount::is_active)
    }

    /// Whether the validation of any account has not ended: its status is `PENDING` or `CREATED`.
    pub fn any_pending(&self) -> bool {
        self.value.iter().any(CustomerAccount::is_pending)
    }
}

impl<'a> IntoIterator for &'a Response<Vec<CustomerAccount>> {
    type Item = &'a CustomerAccount;
    type IntoIter = std::slice::Iter<'a, CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.iter()
    }
}

impl IntoIterator for Response<Vec<CustomerAccount>> {
    type Item = CustomerAccount;
    type IntoIter = std::vec::IntoIter<CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.into_iter()
    }
}

/// Whether a page is the whole list. The page must say so, because no page size is documented.
fn is_whole(list: &[CustomerAccount], extra: &Extra) -> bool {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    extra.get("total").and_then(number).is_some_and(|total| total <= list.len() as u64)
}

impl CustomerAccount {
    /// The id (`customer_account_id`), if the account can be [read](crate::Client::get) by it.
    pub fn id(&self) -> Option<CustomerAccountId> {
        self.customer_account_id.as_deref()?.parse().ok()
    }

    /// When the account was created (`date_created`), if that is a date in RFC 3339.
    pub fn created_at(&self) -> Option<SystemTime> {
        time(self.date_created.as_deref())
    }

    /// When the account was last validated (`last_validated`), if that is a date in RFC 3339.
    pub fn validated_at(&self) -> Option<SystemTime> {
        time(self.last_validated.as_deref())
    }

    /// Whether the account is valid: its status is `ACTIVE`.
    pub fn is_active(&self) -> bool {
        self.validation_status == Some(ValidationStatus::Active)
    }

    /// Whether the validation has not ended: the status is `PENDING` or `CREATED`.
    pub fn is_pending(&self) -> bool {
        matches!(self.validation_status, Some(ValidationStatus::Pending | ValidationStatus::Created))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_active_is_active_and_only_what_has_not_ended_is_pending() {
        for (statuses, all_active, any_pending) in [
            (json!([]), false, false),
            (json!(["ACTIVE", "ACTIVE"]), true, false),
            (json!(["ACTIVE", "FAILURE"]), false, false),
            (json!(["ACTIVE", "PENDING"]), false, true),
            (json!(["CREATED"]), false, true),
            (json!(["DELETED"]), false, false),
            (json!([null]), false, false),
            (json!(["active"]), false, false),
            (json!(["ON_HOLD"]), false, false),
        ] {
            let list = statuses.as_array().unwrap().iter().map(|status| json!({ "validation_status": status }));
            let accounts = Accounts::new(serde_json::from_value(list.collect()).unwrap(), CallLog::default());
            assert_eq!((accounts.all_active(), accounts.any_pending()), (all_active, any_pending), "{statuses}");
        }
    }

    #[test]
    fn a_list_is_complete_if_it_says_so_or_is_too_short_to_be_a_page() {
        for (body, count, complete) in [
            (json!([]), 0, true),
            (json!([{}, {}]), 2, true),
            (json!(vec![json!({}); 9]), 9, true),
            (json!(vec![json!({}); 10]), 10, false),
            (json!({ "list": vec![json!({}); 10], "total": 10 }), 10, true),
            (json!({ "list": [] }), 0, false),
            (json!({ "list": [], "total": 0 }), 0, true),
            (json!({ "object": "list", "list": [{}], "count": 1, "offset": 0, "total": 1 }), 1, true),
            (json!({ "list": [{}], "total": 2 }), 1, false),
            (json!({ "list": [{}], "total": "2" }), 1, false),
            (json!({ "list": [{}], "total": "1" }), 1, true),
            (json!({ "list": [{}], "total": null }), 1, false),
            (json!({ "list": [{}], "total": "many" }), 1, false),
        ] {
            let answer = serde_json::from_value(body.clone()).unwrap();
            let accounts = Accounts::of_list(answer, CallLog::default());
            assert_eq!((accounts.len(), accounts.is_complete()), (count, complete), "{body}");
        }
        assert!(serde_json::from_value::<CustomerAccountsAnswer>(json!({ "status": "error" })).is_err());
    }

    #[test]
    fn a_date_has_any_number_of_digits() {
        for (date, expected) in [
            ("2023-06-06T13:28:20Z", Some(1_686_058_100_000)),
            ("2025-02-24T13:19:43.292530547Z", Some(1_740_403_183_292)),
            ("2025-02-24T18:49:43.292+05:30", Some(1_740_403_183_292)),
            ("2025-02-24", None),
            ("", None),
        ] {
            let account = CustomerAccount { date_created: Some(date.to_owned()), ..CustomerAccount::default() };
            let since = account.created_at().map(|at| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis());
            assert_eq!(since, expected, "{date}");
        }
    }
}

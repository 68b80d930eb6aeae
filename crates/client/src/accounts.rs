//! The answer to a validation, and the questions that a caller has to it.

use std::fmt;
use std::time::SystemTime;

#[cfg(feature = "names")]
use juspay_accounts_validation::names::{Comparison, compare};
use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa};
use progenitor_client::ResponseValue;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::generated::open_enums::ValidationStatus;
use crate::generated::types::{CustomerAccount, CustomerAccountsAnswer, CustomerAccountsPage};
use crate::transport::request_id;

/// The customer accounts of an answer.
///
/// Their order is not promised to be that of the request: find an account by what was sent, never by its position.
///
/// ```no_run
/// # use juspay_accounts::{AccountsRequest, Client, Error};
/// # async fn run(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let (ifsc, number) = ("YESB0000262".parse()?, "026291800001191".parse()?);
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .bank_account("YESB0000262", "026291800001191")
///     .build()?;
/// let accounts = client.validate(request).await?;
/// if accounts.find_bank_account(&ifsc, &number).any(|account| account.is_active()) {
///     println!("the account exists");
/// }
/// # Ok(())
/// # }
/// ```
pub struct Accounts {
    answer: ResponseValue<Vec<CustomerAccount>>,
    complete: bool,
}

impl Accounts {
    pub(crate) fn new(answer: ResponseValue<Vec<CustomerAccount>>) -> Self {
        Self { answer, complete: true }
    }

    pub(crate) fn of_list(answer: ResponseValue<CustomerAccountsAnswer>) -> Self {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let (list, complete) = match answer.into_inner() {
            CustomerAccountsAnswer::Array(list) => (list, true),
            CustomerAccountsAnswer::Page(page) => {
                let complete = is_whole(&page);
                (page.list, complete)
            }
        };
        Self { answer: ResponseValue::new(list, status, headers), complete }
    }

    /// Whether these are all accounts, as far as the server says. A [list](crate::Client::list) that comes by itself is; one
    /// inside an object is if the object says with `total` that there are no more.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// All accounts, as they were received.
    pub fn as_slice(&self) -> &[CustomerAccount] {
        &self.answer
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.answer.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.answer.is_empty()
    }

    /// The accounts one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, CustomerAccount> {
        self.answer.iter()
    }

    /// Whether there are accounts, and all of them are `ACTIVE`. An account that is missing from the answer is not seen
    /// here: compare [their number](Self::len) with that of the request.
    pub fn all_active(&self) -> bool {
        !self.answer.is_empty() && self.iter().all(CustomerAccount::is_active)
    }

    /// Whether the validation of an account has not ended: `PENDING`, or `CREATED`.
    pub fn any_pending(&self) -> bool {
        self.iter().any(CustomerAccount::is_pending)
    }

    /// The accounts with this number at this branch, whatever the case of their letters. There is none if the answer does
    /// not have it, and more than one if the request had it more than once.
    pub fn find_bank_account(&self, ifsc: &Ifsc, number: &AccountNumber) -> impl Iterator<Item = &CustomerAccount> {
        self.iter().filter(move |account| account.is_bank_account(ifsc, number))
    }

    /// The accounts with this UPI address, whatever the case of its letters. See
    /// [`find_bank_account`](Self::find_bank_account) for their number.
    pub fn find_upi(&self, vpa: &Vpa) -> impl Iterator<Item = &CustomerAccount> {
        self.iter().filter(move |account| account.is_upi(vpa))
    }

    /// The status of the answer, 200.
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The id by which the vendor finds this call, if the answer had one that is text.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers())?.to_str().ok()
    }

    /// The accounts by themselves.
    pub fn into_vec(self) -> Vec<CustomerAccount> {
        self.answer.into_inner()
    }
}

impl Clone for Accounts {
    fn clone(&self) -> Self {
        let copy = ResponseValue::new((*self.answer).clone(), self.answer.status(), self.answer.headers().clone());
        Self { answer: copy, complete: self.complete }
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Accounts").field(&self.as_slice()).finish()
    }
}

impl<'a> IntoIterator for &'a Accounts {
    type Item = &'a CustomerAccount;
    type IntoIter = std::slice::Iter<'a, CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Accounts {
    type Item = CustomerAccount;
    type IntoIter = std::vec::IntoIter<CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

/// A page is the whole list only if it says so: nobody documents how large a page is.
fn is_whole(page: &CustomerAccountsPage) -> bool {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    page.extra.get("total").and_then(number).is_some_and(|total| total <= page.list.len() as u64)
}

impl CustomerAccount {
    /// When it was created (`date_created`), if that is a date in RFC 3339.
    pub fn created_at(&self) -> Option<SystemTime> {
        time(self.date_created.as_deref())
    }

    /// When it was last validated (`last_validated`), if that is a date in RFC 3339.
    pub fn validated_at(&self) -> Option<SystemTime> {
        time(self.last_validated.as_deref())
    }

    /// Whether the account was found valid: its status is `ACTIVE`.
    pub fn is_active(&self) -> bool {
        self.validation_status == Some(ValidationStatus::Active)
    }

    /// Whether its validation has not ended: its status is `PENDING` or `CREATED`.
    pub fn is_pending(&self) -> bool {
        matches!(self.validation_status, Some(ValidationStatus::Pending | ValidationStatus::Created))
    }

    /// Compares the name that was given with the name at the bank; `None` if the response has no name.
    ///
    /// The verdict is advice: banks shorten and misspell names. Its rules are in the docs of
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
        Some(compare(given, at_bank.as_str()))
    }

    /// Whether it says nothing of which account it is: it has neither IFSC nor number nor UPI address.
    pub fn is_unnamed(&self) -> bool {
        self.account_details
            .as_ref()
            .is_none_or(|details| details.ifsc.is_none() && details.account.is_none() && details.vpa.is_none())
    }

    /// Whether it is the bank account with this number at this branch, whatever the case of the letters. Zeros at the
    /// beginning of a number count.
    pub fn is_bank_account(&self, ifsc: &Ifsc, number: &AccountNumber) -> bool {
        self.account_details.as_ref().is_some_and(|details| {
            details.ifsc.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(ifsc.as_str()))
                && details.account.as_ref().is_some_and(|text| text.as_str().eq_ignore_ascii_case(number.as_str()))
        })
    }

    /// Whether it is the account of this UPI address, whatever the case of the letters.
    pub fn is_upi(&self, vpa: &Vpa) -> bool {
        let found = self.account_details.as_ref().and_then(|details| details.vpa.as_ref());
        found.is_some_and(|text| text.as_str().eq_ignore_ascii_case(vpa.as_str()))
    }
}

fn time(text: Option<&str>) -> Option<SystemTime> {
    Some(text?.parse::<jiff::Timestamp>().ok()?.into())
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use serde_json::json;

    use super::*;

    fn accounts(value: serde_json::Value) -> Accounts {
        let list = serde_json::from_value(value).unwrap();
        Accounts::new(ResponseValue::new(list, StatusCode::OK, HeaderMap::new()))
    }

    #[test]
    fn an_account_is_found_by_what_was_sent_and_never_by_its_position() {
        let accounts = accounts(json!([
            { "customer_account_id": "a", "account_details": { "vpa": "Someone@UPI" } },
            { "customer_account_id": "b", "account_details": { "ifsc": "yesb0000262", "account": "0012345" } },
            { "customer_account_id": "c", "account_details": { "ifsc": "YESB0000262", "account": "12345" } },
            { "customer_account_id": "d", "account_details": { "ifsc": "YESB0000262" } },
            { "customer_account_id": "e" },
            { "customer_account_id": "f", "account_details": { "ifsc": "YESB0000262", "account": "0012345" } },
        ]));
        let ids = |found: &mut dyn Iterator<Item = &CustomerAccount>| {
            found.map(|account| account.customer_account_id.clone().unwrap()).collect::<String>()
        };
        let ifsc = "YESB0000262".parse().unwrap();
        assert_eq!(ids(&mut accounts.find_bank_account(&ifsc, &"0012345".parse().unwrap())), "bf");
        assert_eq!(ids(&mut accounts.find_bank_account(&ifsc, &"12345".parse().unwrap())), "c");
        assert_eq!(
            ids(&mut accounts.find_bank_account(&"HDFC0000001".parse().unwrap(), &"12345".parse().unwrap())),
            ""
        );
        assert_eq!(ids(&mut accounts.find_upi(&"someone@upi".parse().unwrap())), "a");
        assert_eq!(ids(&mut accounts.find_upi(&"someone@ok".parse().unwrap())), "");
    }

    #[test]
    fn only_active_is_active_and_only_what_has_not_ended_is_pending() {
        for (statuses, all_active, any_pending) in [
            (json!([]), false, false),
            (json!(["ACTIVE", "ACTIVE"]), true, false),
            (json!(["ACTIVE", "FAILURE"]), false, false),
            (json!(["ACTIVE", "PENDING"]), false, true),
            (json!(["CREATED"]), false, true),
            (json!([null]), false, false),
            (json!(["active"]), false, false),
            (json!(["ON_HOLD"]), false, false),
        ] {
            let list = statuses.as_array().unwrap().iter().map(|status| json!({ "validation_status": status }));
            let accounts = accounts(list.collect());
            assert_eq!((accounts.all_active(), accounts.any_pending()), (all_active, any_pending), "{statuses}");
        }
    }

    #[test]
    fn a_list_is_read_in_either_form_and_says_whether_it_is_whole() {
        for (body, count, complete) in [
            (json!([]), 0, true),
            (json!([{}, {}]), 2, true),
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
            let accounts = Accounts::of_list(ResponseValue::new(answer, StatusCode::OK, HeaderMap::new()));
            assert_eq!((accounts.len(), accounts.is_complete()), (count, complete), "{body}");
            assert_eq!(accounts.is_empty(), count == 0);
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

    #[test]
    fn a_copy_has_the_headers_too() {
        let headers =
            HeaderMap::from_iter([(reqwest::header::HeaderName::from_static("x-request-id"), "r-1".parse().unwrap())]);
        let accounts = Accounts::new(ResponseValue::new(vec![CustomerAccount::default()], StatusCode::OK, headers));
        let copy = accounts.clone();
        assert_eq!((copy.request_id(), copy.status(), copy.len()), (Some("r-1"), 200, 1));
        assert!(format!("{copy:?}").starts_with("Accounts([CustomerAccount {"));
    }
}

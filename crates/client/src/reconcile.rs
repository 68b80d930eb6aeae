//! After a call whose outcome is not known: was it acted on?
//!
//! The only witness is the list of the customer's accounts. It is read with care: what is there may be older than the call,
//! what is missing may not have arrived yet, and the list may not be whole. Only what is certain is said to be created or
//! absent, since on *absent* somebody will pay again.

use std::fmt;
use std::time::{Duration, SystemTime};

use juspay_accounts_validation::{AccountsRequest, BankAccount, Ifsc, Vpa};
use tokio::time::sleep;

use crate::accounts::Accounts;
use crate::generated::open_enums::CustomerAccountType;
use crate::generated::types::{CustomerAccount, ReturnedAccountDetails};
use crate::{Client, Customer, Error};

/// How carefully the list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconcilePolicy {
    settle: Duration,
    tolerance: Duration,
}

impl Default for ReconcilePolicy {
    fn default() -> Self {
        Self { settle: Self::SETTLE, tolerance: Duration::from_secs(30) }
    }
}

impl ReconcilePolicy {
    /// How long a server is thought to be at a call that has ended for the client, unless something else is said: 3 minutes.
    /// One that was slow to answer, or whose answer was lost, may still be at it.
    pub const SETTLE: Duration = Duration::from_mins(3);

    /// How long after a first reading without the account a second one must be without it too. [`SETTLE`](Self::SETTLE) by
    /// default. With zero the first reading is enough: for
    /// requests that are long past.
    #[must_use]
    pub fn settle(mut self, time: Duration) -> Self {
        self.settle = time;
        self
    }

    /// How far the clocks of the server and of this machine may be apart. 30 seconds by default.
    #[must_use]
    pub fn tolerance(mut self, time: Duration) -> Self {
        self.tolerance = time;
        self
    }
}

/// What was sent, and what became of it.
#[derive(Clone, Debug)]
pub struct Reconciled {
    /// What was sent.
    pub payee: Payee,
    /// What became of it.
    pub outcome: ReconcileOutcome,
}

/// An account of a request: whom a payment would go to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Payee {
    /// A bank account.
    BankAccount(BankAccount),
    /// A UPI address.
    Upi(Vpa),
}

/// What became of an account that was sent.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums)]
pub enum ReconcileOutcome {
    /// It was created or validated since the request was sent. Its status says how far it is.
    Created(Box<CustomerAccount>),
    /// It is not among the customer's accounts, also after a while, and the list is whole: the request was not acted on.
    Absent,
    /// Neither can be said. These are the accounts that it may be; look at them, and do not send the request again before.
    Ambiguous(Ambiguity, Vec<CustomerAccount>),
}

/// Why it cannot be said what became of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ambiguity {
    /// There is more than one.
    Several,
    /// There is one from before the request, and it is not documented whether another validation would show in it.
    Older,
    /// There is one without a date.
    Undated,
    /// It is not there, and nothing says that the list is whole.
    Incomplete,
    /// It is not there as it was sent, and there is one that may be it: its address or number is missing, or is masked, rounded,
    /// or without its zeros, or its number stands at another branch.
    Unidentified,
}

/// A clause, without an end: `the customer has more than one such account`.
impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Several => "the customer has more than one such account",
            Self::Older => "the customer has such an account from before, in which a later validation may not show",
            Self::Undated => "the customer has such an account, and it does not say when it was validated",
            Self::Incomplete => "the account is not listed, and nothing says that the list is whole",
            Self::Unidentified => "the account is not listed as it was sent, and there is one that may be it",
        })
    }
}

impl Payee {
    /// The accounts of a request: the bank accounts, then the UPI addresses, each in their order.
    pub fn all(request: &AccountsRequest) -> impl Iterator<Item = Self> {
        let bank_accounts = request.bank_accounts().iter().cloned().map(Self::BankAccount);
        bank_accounts.chain(request.upi().iter().cloned().map(Self::Upi))
    }

    /// Whether a customer account is for it, as it was sent, whatever the case of the letters.
    pub fn is(&self, account: &CustomerAccount) -> bool {
        match self {
            Self::BankAccount(sent) => account.is_bank_account(&sent.ifsc, &sent.account),
            Self::Upi(vpa) => account.is_upi(vpa),
        }
    }

    /// Whether an account can be it, since nothing in it says plainly that it is another.
    fn can_be(&self, account: &CustomerAccount) -> bool {
        let none = ReturnedAccountDetails::default();
        let details = account.account_details.as_ref().unwrap_or(&none);
        let ifsc = details.ifsc.as_deref().unwrap_or_default();
        let number = details.account.as_ref().map_or("", |text| text.as_str());
        let vpa = details.vpa.as_ref().map_or("", |text| text.as_str());
        match self {
            Self::BankAccount(sent) => {
                let is_upi = account.customer_account_type == Some(CustomerAccountType::Upi)
                    || !vpa.is_empty() && ifsc.is_empty() && number.is_empty();
                let is_elsewhere = ifsc.to_ascii_uppercase().parse::<Ifsc>().is_ok_and(|ifsc| ifsc != sent.ifsc);
                // When banks merge, their branches get other codes, and the accounts keep their numbers.
                let is_number = number.eq_ignore_ascii_case(sent.account.as_str());
                !is_upi && (is_number || !is_elsewhere && can_be_number(number, sent.account.as_str()))
            }
            Self::Upi(_) => {
                let is_bank_account = account.customer_account_type == Some(CustomerAccountType::Savings)
                    || vpa.is_empty() && !ifsc.is_empty() && !number.is_empty();
                // Letters can stand for what is masked.
                let is_plain = vpa.parse::<Vpa>().is_ok() && !vpa.to_ascii_lowercase().contains("xx");
                !is_bank_account && !is_plain
            }
        }
    }
}

/// Whether a number that was received can be another way to write one that was sent: masked, cut to its end, without its
/// zeros, or rounded to the 15 digits that a floating-point number holds.
fn can_be_number(received: &str, sent: &str) -> bool {
    let [received, sent] = [received, sent].map(|number| number.trim_start_matches('0'));
    let is_plain = received.bytes().all(|byte| byte.is_ascii_digit());
    let is_rounded = match (received.parse::<u128>(), sent.parse::<u128>()) {
        (Ok(number), Ok(exact)) => sent.len() > 15 && number.abs_diff(exact) <= exact / 100_000_000_000_000,
        _ => false,
    };
    !is_plain || sent.ends_with(received) || is_rounded
}

impl Client {
    /// Says for each account of a request whose outcome is not known what became of it. `sent` is when the request was sent; a
    /// time too early makes accounts of earlier requests count, one too late makes it say *ambiguous*.
    ///
    /// It moves no money. It takes the time of one call if all accounts are there, and of two calls and the
    /// [settling](ReconcilePolicy::settle) between them if not.
    ///
    /// ```no_run
    /// # use std::time::SystemTime;
    /// # use juspay_accounts::{AccountsRequest, Client, Delivery, Error, ReconcileOutcome, ReconcilePolicy};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// let sent = SystemTime::now();
    /// match client.validate(request.clone()).await {
    ///     Err(error) if error.delivery() == Delivery::Unknown => {
    ///         for account in client.reconcile(&request, sent, ReconcilePolicy::default()).await? {
    ///             match account.outcome {
    ///                 ReconcileOutcome::Created(account) => println!("created: {:?}", account.validation_status),
    ///                 ReconcileOutcome::Absent => println!("not acted on; it can be sent again"),
    ///                 ReconcileOutcome::Ambiguous(why, _) => println!("look at it: {why:?}"),
    ///             }
    ///         }
    ///     }
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The list cannot be had.
    pub async fn reconcile(
        &self,
        request: &AccountsRequest,
        sent: SystemTime,
        policy: ReconcilePolicy,
    ) -> Result<Vec<Reconciled>, Error> {
        let customer = Customer::from(request);
        // A time before all times is as good as none: then every account is since.
        let since = sent.checked_sub(policy.tolerance).unwrap_or(SystemTime::UNIX_EPOCH);
        let found = match_all(request, &self.list(&customer).await?, since);
        if policy.settle.is_zero() || !found.iter().any(|found| matches!(found.outcome, ReconcileOutcome::Absent)) {
            return Ok(found);
        }
        sleep(policy.settle).await;
        Ok(match_all(request, &self.list(&customer).await?, since))
    }
}

fn match_all(request: &AccountsRequest, list: &Accounts, since: SystemTime) -> Vec<Reconciled> {
    let outcome = |payee: Payee| {
        let matching = list.iter().filter(|account| payee.is(account)).collect();
        let similar = list.iter().filter(|account| payee.can_be(account)).collect();
        Reconciled { outcome: outcome(matching, similar, list.is_complete(), since), payee }
    };
    Payee::all(request).map(outcome).collect()
}

/// Of the accounts that are the payee's, and of those that can be, these among them.
fn outcome(
    matching: Vec<&CustomerAccount>,
    similar: Vec<&CustomerAccount>,
    complete: bool,
    since: SystemTime,
) -> ReconcileOutcome {
    let ambiguous = |why, accounts: Vec<&CustomerAccount>| {
        ReconcileOutcome::Ambiguous(why, accounts.into_iter().cloned().collect())
    };
    let touched = |account: &&CustomerAccount| account.validated_at().or_else(|| account.created_at());
    let recent: Vec<_> =
        matching.iter().copied().filter(|account| touched(account).is_some_and(|at| at >= since)).collect();
    if matching.is_empty() {
        return match (similar.is_empty(), complete) {
            (false, _) => ambiguous(Ambiguity::Unidentified, similar),
            (true, false) => ambiguous(Ambiguity::Incomplete, matching),
            (true, true) => ReconcileOutcome::Absent,
        };
    }
    if matching.iter().any(|account| touched(account).is_none()) {
        return ambiguous(Ambiguity::Undated, matching);
    }
    match recent[..] {
        [account] => ReconcileOutcome::Created(Box::new(account.clone())),
        [] => ambiguous(Ambiguity::Older, matching),
        _ => ambiguous(Ambiguity::Several, recent),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn accounts(dates: &[serde_json::Value]) -> Vec<CustomerAccount> {
        dates.iter().map(|dates| serde_json::from_value(dates.clone()).unwrap()).collect()
    }

    #[test]
    fn only_what_is_certain_is_created_or_absent() {
        let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
        let new = json!({ "last_validated": "2025-02-24T17:49:43Z" });
        let newer = json!({ "date_created": "2025-02-24T23:19:44.5+05:30" });
        let old = json!({ "last_validated": "2025-02-24T17:49:42.999999999Z" });
        // That it was created later than it was validated is odd; the validation is what was asked for.
        let odd = json!({ "last_validated": "2025-01-01T00:00:00Z", "date_created": "2025-02-24T17:49:43Z" });
        let undated = json!({ "last_validated": "yesterday" });
        let none = json!({});
        for (given, complete, expected) in [
            (vec![], true, "absent"),
            (vec![], false, "Incomplete"),
            (vec![&new], true, "created"),
            (vec![&newer], false, "created"),
            (vec![&old], true, "Older"),
            (vec![&odd], true, "Older"),
            (vec![&old, &new], true, "created"),
            (vec![&new, &newer], true, "Several"),
            (vec![&old, &old], true, "Older"),
            (vec![&undated], true, "Undated"),
            (vec![&none, &new], true, "Undated"),
        ] {
            let accounts = accounts(&given.iter().copied().cloned().collect::<Vec<_>>());
            assert_eq!(said(&outcome(accounts.iter().collect(), vec![], complete, since)), expected, "{given:?}");
        }
        // What may be it counts if there is nothing better; of an older one too, since a validation may not show in it.
        let accounts = accounts(&[old, new]);
        let (older, newer) = (&accounts[0], &accounts[1]);
        assert_eq!(said(&outcome(vec![], vec![older], true, since)), "Unidentified");
        assert_eq!(said(&outcome(vec![], vec![newer], false, since)), "Unidentified");
        assert_eq!(said(&outcome(vec![newer], vec![newer, older], true, since)), "created");
    }

    fn said(outcome: &ReconcileOutcome) -> String {
        match outcome {
            ReconcileOutcome::Created(_) => "created".to_owned(),
            ReconcileOutcome::Absent => "absent".to_owned(),
            ReconcileOutcome::Ambiguous(why, _) => format!("{why:?}"),
        }
    }

    #[test]
    fn each_reason_is_a_clause_of_its_own() {
        let all =
            [Ambiguity::Several, Ambiguity::Older, Ambiguity::Undated, Ambiguity::Incomplete, Ambiguity::Unidentified];
        let told: std::collections::BTreeSet<_> = all.iter().map(ToString::to_string).collect();
        assert!(
            told.len() == all.len() && told.iter().all(|told| told.starts_with("the ") && told.contains("account"))
        );
    }

    #[test]
    fn an_account_is_another_only_if_it_plainly_says_so() {
        let bank_account = |number: &str| {
            let request = AccountsRequest::builder("c", "b").bank_account("YESB0000262", number).build().unwrap();
            Payee::BankAccount(request.bank_accounts()[0].clone())
        };
        let long = bank_account("026291800001191234");
        let upi = Payee::Upi("someone@upi".parse().unwrap());
        // In words of the answer, and whether it can be the one, and the other.
        for (account, can_be_long, can_be_upi) in [
            (json!({}), true, true),
            (json!({ "account_details": {} }), true, true),
            (json!({ "account_details": { "ifsc": "YESB0000262" } }), true, true),
            (json!({ "account_details": { "ifsc": "yesb0000262", "account": "26291800001191234" } }), true, false),
            (json!({ "account_details": { "ifsc": "YESB****", "account": "26291800001191234" } }), true, false),
            (json!({ "account_details": { "account": 26_291_800_001_191_234_u64 } }), true, true),
            (json!({ "account_details": { "account": "26291800001191200" } }), true, true),
            (json!({ "account_details": { "account": "26291800001191300" } }), true, true),
            (json!({ "account_details": { "account": "26291800001192300" } }), false, true),
            (json!({ "account_details": { "account": 2.629_180_000_119_12e16 } }), true, true),
            (json!({ "account_details": { "account": "XXXXXXXXXXXXXX1234" } }), true, true),
            (json!({ "account_details": { "account": "1234" } }), true, true),
            (json!({ "account_details": { "account": "1235" } }), false, true),
            (json!({ "account_details": { "account": "026291800001291234" } }), false, true),
            (json!({ "account_details": { "ifsc": "YESB0000263", "account": "026291800001191234" } }), true, false),
            (json!({ "account_details": { "ifsc": "YESB0000263", "account": "26291800001191234" } }), false, false),
            (json!({ "account_details": { "ifsc": "YESB0000263", "account": "XXXX1234" } }), false, false),
            (json!({ "account_details": { "vpa": "so*****@upi" } }), false, true),
            (json!({ "account_details": { "vpa": "soXXXXX@upi" } }), false, true),
            (json!({ "account_details": { "vpa": "nobody@upi" } }), false, false),
            (json!({ "customer_account_type": "UPI" }), false, true),
            (json!({ "customer_account_type": "SAVINGS" }), true, false),
            (json!({ "customer_account_type": "CURRENT" }), true, true),
        ] {
            let read: CustomerAccount = serde_json::from_value(account.clone()).unwrap();
            assert_eq!((long.can_be(&read), upi.can_be(&read)), (can_be_long, can_be_upi), "{account}");
        }
        // Fifteen digits are held exactly: the next number is another.
        let next = json!({ "account_details": { "account": "126291800001192" } });
        assert!(!bank_account("126291800001191").can_be(&serde_json::from_value(next).unwrap()));
        let zeros: CustomerAccount = serde_json::from_value(json!({ "account_details": { "account": 0 } })).unwrap();
        assert!(bank_account("00000").can_be(&zeros));
    }
}

//! After a call whose outcome is not known: was it acted on?
//!
//! The only witness is the list of the customer's accounts. It is read with care: what is there may be older than the call,
//! what is missing may not have arrived yet, and the list may not be whole. Only what is certain is said to be created or
//! absent, since on *absent* somebody will pay again.

use std::fmt;
use std::time::{Duration, SystemTime};

use juspay_accounts_validation::{AccountsRequest, BankAccount, Vpa};
use tokio::time::sleep;

use crate::accounts::Accounts;
use crate::generated::types::CustomerAccount;
use crate::{Client, Customer, Error};

/// How carefully the list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconcilePolicy {
    settle: Duration,
    tolerance: Duration,
}

impl Default for ReconcilePolicy {
    fn default() -> Self {
        Self { settle: Duration::from_secs(30), tolerance: Duration::from_secs(30) }
    }
}

impl ReconcilePolicy {
    /// How long after a first reading without the account a second one must be without it too. 30 seconds by default: a server
    /// that was slow to answer may be slow to act. With zero the first reading is enough: for requests that are long past.
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
    pub input: Input,
    /// What became of it.
    pub outcome: Outcome,
}

/// One account of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Input {
    /// A bank account.
    BankAccount(BankAccount),
    /// A UPI address.
    Upi(Vpa),
}

/// What became of an account that was sent.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums)]
pub enum Outcome {
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
    /// It is not there, and the server says that the list is not whole.
    Incomplete,
}

/// A clause, without an end: `the customer has more than one such account`.
impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Several => "the customer has more than one such account",
            Self::Older => "the customer has such an account from before, in which a later validation may not show",
            Self::Undated => "the customer has such an account, and it does not say when it was validated",
            Self::Incomplete => "the account is not listed, and the list is not whole",
        })
    }
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
    /// # use juspay_accounts::{AccountsRequest, Client, Delivery, Error, Outcome, ReconcilePolicy};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// let sent = SystemTime::now();
    /// match client.validate(request.clone()).await {
    ///     Err(error) if error.delivery() == Delivery::Unknown => {
    ///         for account in client.reconcile(&request, sent, ReconcilePolicy::default()).await? {
    ///             match account.outcome {
    ///                 Outcome::Created(account) => println!("created: {:?}", account.validation_status),
    ///                 Outcome::Absent => println!("not acted on; it can be sent again"),
    ///                 Outcome::Ambiguous(why, _) => println!("look at it: {why:?}"),
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
        if policy.settle.is_zero() || !found.iter().any(|found| matches!(found.outcome, Outcome::Absent)) {
            return Ok(found);
        }
        sleep(policy.settle).await;
        Ok(match_all(request, &self.list(&customer).await?, since))
    }
}

fn match_all(request: &AccountsRequest, list: &Accounts, since: SystemTime) -> Vec<Reconciled> {
    let bank_accounts = request.bank_accounts().iter().map(|account| {
        let matching: Vec<_> = list.find_bank_account(&account.ifsc, &account.account).collect();
        (Input::BankAccount(account.clone()), matching)
    });
    let upi = request.upi().iter().map(|vpa| (Input::Upi(vpa.clone()), list.find_upi(vpa).collect()));
    let outcome = |(input, matching)| Reconciled { input, outcome: outcome(matching, list.is_complete(), since) };
    bank_accounts.chain(upi).map(outcome).collect()
}

fn outcome(matching: Vec<&CustomerAccount>, complete: bool, since: SystemTime) -> Outcome {
    let ambiguous =
        |why, accounts: Vec<&CustomerAccount>| Outcome::Ambiguous(why, accounts.into_iter().cloned().collect());
    let touched = |account: &&CustomerAccount| account.validated_at().or_else(|| account.created_at());
    let recent: Vec<_> =
        matching.iter().copied().filter(|account| touched(account).is_some_and(|at| at >= since)).collect();
    if matching.is_empty() {
        return if complete { Outcome::Absent } else { ambiguous(Ambiguity::Incomplete, matching) };
    }
    if matching.iter().any(|account| touched(account).is_none()) {
        return ambiguous(Ambiguity::Undated, matching);
    }
    match recent[..] {
        [account] => Outcome::Created(Box::new(account.clone())),
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
            let said = match outcome(accounts.iter().collect(), complete, since) {
                Outcome::Created(_) => "created".to_owned(),
                Outcome::Absent => "absent".to_owned(),
                Outcome::Ambiguous(why, _) => format!("{why:?}"),
            };
            assert_eq!(said, expected, "{given:?}");
        }
    }
}

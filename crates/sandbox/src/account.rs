use std::collections::VecDeque;
use std::time::Duration;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{Amount, BankAccount, CustomerId, Name, Unmasked};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::json;
use crate::plan::{self, MOST_READS, Plan, Step};

/// The id of the account in the spec's examples. The account is created when its id is first requested.
pub(crate) const SAMPLE_ID: &str = "banh_kGvx5TGUmkRVC2dH";
pub(crate) const SAMPLE_CUSTOMER: &str = "cst_zqqmw0v4exbhvv2l";
pub(crate) const SAMPLE_VPA: &str = "8668757911@ffsk";
/// When the account in the spec's examples was created, in Unix seconds: `2023-06-06T13:28:20Z`.
pub(crate) const SAMPLE_CREATED: i64 = 1_686_058_100;

/// An account that the sandbox holds. Snapshots contain it as JSON, unmasked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The id of the account, `customer_account_id`.
    pub id: String,
    /// The customer who owns the account.
    pub customer_id: CustomerId,
    #[serde(rename = "account")]
    pub(crate) payee: Unmasked<Payee>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) name_at_bank: Option<Name>,
    #[serde(deserialize_with = "plan::status")]
    /// The status of the validation.
    pub status: ValidationStatus,
    /// When the account got this status; `None` if it got the status in its last validation.
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<jiff::Timestamp>,
    /// How many times the account has been read since it got this status, at most [`MOST_READS`].
    #[serde(default)]
    pub(crate) reads: u32,
    #[serde(default)]
    pub(crate) upcoming: VecDeque<Step>,
    pub(crate) amount: Amount,
    /// How many times the account has been validated. For a bank account, this is the number of penny drops.
    #[serde(default)]
    pub validations: u32,
    #[serde(rename = "date_created")]
    pub(crate) created: jiff::Timestamp,
    #[serde(rename = "last_validated")]
    pub(crate) validated: jiff::Timestamp,
}

impl Held {
    /// Makes an account that was validated once, at the time `now`.
    pub(crate) fn new(customer: CustomerId, payee: Payee, amount: Amount, now: jiff::Timestamp, plan: Plan) -> Self {
        let Plan { status, upcoming, times_out: _, name_at_bank } = plan;
        Self {
            id: id(&customer, &payee),
            customer_id: customer,
            payee: Unmasked(payee),
            name_at_bank,
            status,
            since: None,
            reads: 0,
            upcoming,
            amount,
            created: now,
            validated: now,
            validations: 1,
        }
    }

    /// The account holder's name in responses: the name at bank, or else the name that was sent.
    pub(crate) fn holder(&self) -> Option<&Name> {
        let sent = match &self.payee.0 {
            Payee::BankAccount(account) => account.name.as_ref(),
            Payee::Upi(_) => None,
        };
        self.name_at_bank.as_ref().or(sent)
    }

    /// Advances the status to the time `now`. If `counts` is set, this counts as a read, which can change the status.
    pub(crate) fn read(&mut self, now: jiff::Timestamp, counts: bool) {
        self.reads = (self.reads + u32::from(counts)).min(MOST_READS);
        self.go_on(now);
    }

    /// Advances the status to the time `now`, without counting a read.
    pub(crate) fn go_on(&mut self, now: jiff::Timestamp) {
        while let Some(step) = self.upcoming.front() {
            let reached = match step.after_ms {
                Some(ms) => {
                    let end = self.since.unwrap_or(self.validated).checked_add(Duration::from_millis(ms));
                    end.ok().filter(|end| *end <= now)
                }
                None => Some(now).filter(|_| self.reads >= step.after_reads.unwrap_or_default().max(1)),
            };
            if reached.is_none() {
                return;
            }
            if let Some(step) = self.upcoming.pop_front() {
                (self.since, self.reads, self.status) = (reached, 0, step.status);
            }
        }
    }

    /// Sets the status, and drops all upcoming statuses.
    pub(crate) fn set_status(&mut self, status: ValidationStatus, now: jiff::Timestamp) {
        (self.status, self.since, self.reads) = (status, Some(now), 0);
        self.upcoming.clear();
    }
}

/// Derives the id of an account from the customer and the payee, so that it is the same in every run and on every
/// machine.
pub(crate) fn id(customer: &CustomerId, payee: &Payee) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let text = match payee {
        // Spaces separate the values, because none of them contains a space.
        Payee::BankAccount(BankAccount { ifsc, account, .. }) => {
            format!("{customer} {} {}", ifsc.as_str(), account.as_str())
        }
        Payee::Upi(vpa) if customer.as_str() == SAMPLE_CUSTOMER && vpa.as_str().eq_ignore_ascii_case(SAMPLE_VPA) => {
            return SAMPLE_ID.to_owned();
        }
        Payee::Upi(vpa) => format!("{customer} {}", vpa.as_str().to_ascii_lowercase()),
    };
    let hash = Sha256::digest(text);
    let letters = hash.iter().take(16).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    format!("banh_{}", letters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ValidationStatus::{Active, Created, Failure, Pending};

    fn held(plan: Plan) -> Held {
        let payee = Payee::Upi("a@upi".parse().unwrap());
        Held::new("c".parse().unwrap(), payee, Amount::ONE_RUPEE, jiff::Timestamp::UNIX_EPOCH, plan)
    }

    #[test]
    fn status_changes_by_reads_and_by_time() {
        let seconds = |seconds| jiff::Timestamp::from_second(seconds).unwrap();
        let upcoming =
            [Step::at_read(2, Created), Step::after(Duration::from_secs(10), Active), Step::at_read(0, Failure)];
        let mut held = held(Plan { upcoming: upcoming.into(), ..Pending.into() });
        let mut read = |at| {
            held.read(seconds(at), true);
            held.status.clone()
        };
        assert_eq!(
            [read(100), read(101), read(110), read(111), read(112)],
            [Pending, Created, Created, Active, Failure]
        );
    }

    #[test]
    fn several_steps_can_pass_at_once_and_a_status_can_be_set() {
        let step = |status| Step::after(Duration::from_secs(1), status);
        let plan = || Plan { upcoming: [step(Created), step(Active), step(Failure)].into(), ..Pending.into() };
        let mut one = held(plan());
        one.go_on(jiff::Timestamp::from_second(2).unwrap());
        assert_eq!((one.status.clone(), one.upcoming.len()), (Active, 1));
        one.set_status(Pending, jiff::Timestamp::from_second(2).unwrap());
        one.go_on(jiff::Timestamp::MAX);
        assert_eq!(one.status, Pending);
    }

    #[test]
    fn reads_stay_within_the_limit_of_a_snapshot() {
        let mut held = held(Pending.into());
        held.reads = MOST_READS - 1;
        held.read(held.validated, true);
        held.read(held.validated, true);
        assert_eq!(held.reads, MOST_READS);
    }
}

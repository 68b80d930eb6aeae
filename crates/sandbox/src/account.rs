//! An account on the server, and the progress of its validation.

use std::collections::VecDeque;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{AccountNumber, Amount, BankAccount, CustomerId, Ifsc, Name, Vpa};
use sha2::{Digest, Sha256};

use crate::plan::{Plan, Step, When};

/// The account in the spec's examples. It is created when somebody first requests its id.
pub(crate) const SAMPLE_ID: &str = "banh_kGvx5TGUmkRVC2dH";
pub(crate) const SAMPLE_CUSTOMER: &str = "cst_zqqmw0v4exbhvv2l";
pub(crate) const SAMPLE_VPA: &str = "8668757911@ffsk";
/// The creation date of that account, `2023-06-06T13:28:20Z`.
pub(crate) const SAMPLE_CREATED: i64 = 1_686_058_100;

/// An account on the server.
#[derive(Clone, Debug)]
pub struct Held {
    pub(crate) id: String,
    pub(crate) customer: CustomerId,
    pub(crate) payee: Payee,
    pub(crate) name_at_bank: Option<Name>,
    pub(crate) status: ValidationStatus,
    /// When the account got this status.
    pub(crate) since: jiff::Timestamp,
    /// How often the account was read since then.
    pub(crate) reads: u32,
    pub(crate) upcoming: VecDeque<Step>,
    pub(crate) amount: Amount,
    pub(crate) created: jiff::Timestamp,
    pub(crate) validated: jiff::Timestamp,
    pub(crate) validations: u32,
}

impl Held {
    /// An account that was validated for the first time.
    pub(crate) fn new(customer: CustomerId, payee: Payee, amount: Amount, now: jiff::Timestamp, plan: Plan) -> Self {
        let id = id(&customer, &payee);
        let Plan { status, upcoming, times_out: _, name_at_bank } = plan;
        Self {
            id,
            customer,
            payee,
            name_at_bank,
            status,
            since: now,
            reads: 0,
            upcoming,
            amount,
            created: now,
            validated: now,
            validations: 1,
        }
    }

    /// The id of the account, `customer_account_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The customer who owns the account.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer
    }

    /// The status of the validation.
    pub fn status(&self) -> &ValidationStatus {
        &self.status
    }

    /// How often the account was validated. For a bank account, this is the number of penny drops.
    pub fn validations(&self) -> u32 {
        self.validations
    }

    /// Whether this is the bank account with this number at this branch.
    pub fn is_bank_account(&self, ifsc: &Ifsc, number: &AccountNumber) -> bool {
        matches!(&self.payee, Payee::BankAccount(own) if own.ifsc == *ifsc && own.account == *number)
    }

    /// Whether this is the account of this UPI address.
    pub fn is_upi(&self, vpa: &Vpa) -> bool {
        matches!(&self.payee, Payee::Upi(own) if own == vpa)
    }

    /// The account holder's name in responses.
    pub(crate) fn holder(&self) -> Option<&Name> {
        let sent = match &self.payee {
            Payee::BankAccount(account) => account.name.as_ref(),
            Payee::Upi(_) => None,
        };
        self.name_at_bank.as_ref().or(sent)
    }

    /// Counts a read, and updates the status.
    pub(crate) fn read(&mut self, now: jiff::Timestamp) {
        self.reads = self.reads.saturating_add(1);
        self.go_on(now);
    }

    /// Updates the status to the current time.
    pub(crate) fn go_on(&mut self, now: jiff::Timestamp) {
        while let Some(Step { when, .. }) = self.upcoming.front() {
            let since = match *when {
                When::Reads(reads) => Some(now).filter(|_| self.reads >= reads.max(1)),
                When::Time(time) => self.since.checked_add(time).ok().filter(|end| *end <= now),
            };
            let Some(since) = since else { return };
            if let Some(step) = self.upcoming.pop_front() {
                (self.since, self.reads, self.status) = (since, 0, step.status);
            }
        }
    }

    /// Sets the status, and drops all upcoming statuses.
    pub(crate) fn set_status(&mut self, status: ValidationStatus, now: jiff::Timestamp) {
        (self.status, self.since, self.reads) = (status, now, 0);
        self.upcoming.clear();
    }
}

/// The id of an account. For the same customer and payee it is the same in every run and on every machine.
pub(crate) fn id(customer: &CustomerId, payee: &Payee) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let text = match payee {
        // None of the values contains a space.
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
    use std::time::Duration;

    use super::*;
    use ValidationStatus::{Active, Created, Failure, Pending};

    fn held(plan: Plan) -> Held {
        let payee = Payee::Upi("a@upi".parse().unwrap());
        Held::new("c".parse().unwrap(), payee, Amount::ONE_RUPEE, jiff::Timestamp::UNIX_EPOCH, plan)
    }

    #[test]
    fn steps_are_taken_by_reads_and_by_time() {
        let seconds = |seconds| jiff::Timestamp::from_second(seconds).unwrap();
        let upcoming = [
            Step::new(When::Reads(2), Created),
            Step::new(When::Time(Duration::from_secs(10)), Active),
            Step::new(When::Reads(0), Failure),
        ];
        let mut held = held(Plan { upcoming: upcoming.into(), ..Pending.into() });
        let mut read = |at| {
            held.read(seconds(at));
            held.status.clone()
        };
        assert_eq!(
            [read(100), read(101), read(110), read(111), read(112)],
            [Pending, Created, Created, Active, Failure]
        );
    }

    #[test]
    fn several_times_can_pass_at_once_and_a_status_can_be_set() {
        let step = |status| Step::new(When::Time(Duration::from_secs(1)), status);
        let plan = || Plan { upcoming: [step(Created), step(Active), step(Failure)].into(), ..Pending.into() };
        let mut one = held(plan());
        one.go_on(jiff::Timestamp::from_second(2).unwrap());
        assert_eq!((one.status.clone(), one.upcoming.len()), (Active, 1));
        one.set_status(Pending, one.since);
        one.go_on(jiff::Timestamp::MAX);
        assert_eq!(one.status, Pending);
    }
}

//! One account that the server holds, and how its validation goes on.

use std::collections::VecDeque;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{AccountNumber, Amount, BankAccount, CustomerId, Ifsc, Name, Vpa};
use sha2::{Digest, Sha256};

use crate::outcome::{Plan, Step, When};

/// The account of the spec's examples: it is there when it is first asked for by its id.
pub(crate) const SAMPLE_ID: &str = "banh_kGvx5TGUmkRVC2dH";
pub(crate) const SAMPLE_CUSTOMER: &str = "cst_zqqmw0v4exbhvv2l";
pub(crate) const SAMPLE_VPA: &str = "8668757911@ffsk";
/// Its date of creation, `2023-06-06T13:28:20Z`.
pub(crate) const SAMPLE_CREATED: i64 = 1_686_058_100;

/// An account that the server holds.
#[derive(Clone, Debug)]
pub struct Held {
    pub(crate) id: String,
    pub(crate) customer: CustomerId,
    pub(crate) payee: Payee,
    pub(crate) name_at_bank: Option<Name>,
    pub(crate) status: ValidationStatus,
    /// When it got this status,
    pub(crate) since: jiff::Timestamp,
    /// and how often it was read since.
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

    /// Its id, `customer_account_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The customer whose account it is.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer
    }

    /// How far its validation is.
    pub fn status(&self) -> &ValidationStatus {
        &self.status
    }

    /// How often it was validated: for a bank account, how many penny drops were made.
    pub fn validations(&self) -> u32 {
        self.validations
    }

    /// Whether it is the bank account with this number at this branch.
    pub fn is_bank_account(&self, ifsc: &Ifsc, number: &AccountNumber) -> bool {
        matches!(&self.payee, Payee::BankAccount(own) if own.ifsc == *ifsc && own.account == *number)
    }

    /// Whether it is the account of this UPI address.
    pub fn is_upi(&self, vpa: &Vpa) -> bool {
        matches!(&self.payee, Payee::Upi(own) if own == vpa)
    }

    /// The account holder's name, as a response has it.
    pub(crate) fn holder(&self) -> Option<&Name> {
        let sent = match &self.payee {
            Payee::BankAccount(account) => account.name.as_ref(),
            Payee::Upi(_) => None,
        };
        self.name_at_bank.as_ref().or(sent)
    }

    /// Reads it once more.
    pub(crate) fn read(&mut self, now: jiff::Timestamp) {
        self.reads = self.reads.saturating_add(1);
        self.go_on(now);
    }

    /// Goes on to the status that it has by now.
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

    /// Sets its status. What was to come is dropped.
    pub(crate) fn set_status(&mut self, status: ValidationStatus, now: jiff::Timestamp) {
        (self.status, self.since, self.reads) = (status, now, 0);
        self.upcoming.clear();
    }
}

/// The id of an account: the same for the same customer and account, in every run and on every machine.
pub(crate) fn id(customer: &CustomerId, payee: &Payee) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let text = match payee {
        // A space is in none of the values.
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

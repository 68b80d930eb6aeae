//! Stores the accounts. Their number is limited, so the memory does not grow with the number of calls.

use indexmap::IndexMap;
use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{Amount, CustomerId};

use crate::account::{Held, SAMPLE_CREATED, SAMPLE_CUSTOMER, SAMPLE_ID, SAMPLE_VPA, id};
use crate::plan::{MOST_READS, Plan};

#[derive(Debug)]
pub(crate) struct Store {
    capacity: usize,
    /// The accounts by id, the oldest first.
    pub(crate) accounts: IndexMap<String, Held>,
    /// Whether the account in the spec's examples was forgotten, so that it is not created again.
    pub(crate) is_sample_gone: bool,
}

impl Store {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), accounts: IndexMap::new(), is_sample_gone: false }
    }

    /// Validates an account, and creates it if it does not exist.
    pub(crate) fn validate(
        &mut self,
        customer: &CustomerId,
        payee: Payee,
        amount: Amount,
        now: jiff::Timestamp,
        plan: Plan,
    ) -> Held {
        let mut held = Held::new(customer.clone(), payee, amount, now, plan);
        if let Some(before) = self.accounts.get(&held.id) {
            (held.created, held.validations) = (before.created, (before.validations + 1).min(MOST_READS));
        }
        self.insert(held.clone());
        held
    }

    /// Creates an account without validating it. If the account exists and was not deleted, only its status advances to
    /// the time `now`.
    pub(crate) fn create(&mut self, customer: &CustomerId, payee: Payee, now: jiff::Timestamp) -> Held {
        let mut validations = 0;
        if let Some(held) = self.accounts.get_mut(&id(customer, &payee)) {
            held.go_on(now);
            if held.status != ValidationStatus::Deleted {
                return held.clone();
            }
            validations = held.validations;
        }
        let held = Held::new(customer.clone(), payee, Amount::ONE_RUPEE, now, ValidationStatus::Created.into());
        let held = Held { validations, ..held };
        self.insert(held.clone());
        held
    }

    /// Adds an account, or replaces the account with the same id. If there are too many, removes the oldest.
    pub(crate) fn insert(&mut self, held: Held) {
        self.accounts.insert(held.id.clone(), held);
        if self.accounts.len() > self.capacity {
            self.accounts.shift_remove_index(0);
        }
    }

    /// Removes an account. Returns whether the account existed.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let existed = self.accounts.shift_remove(id).is_some();
        self.is_sample_gone |= existed && id == SAMPLE_ID;
        existed
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    /// The customer's account for this payee.
    pub(crate) fn account(&self, customer: &CustomerId, payee: &Payee) -> Option<&Held> {
        self.accounts.get(&id(customer, payee))
    }

    /// A customer's account with this id. The account in the spec's examples is created if it does not exist and was
    /// not forgotten.
    pub(crate) fn of_customer(&mut self, customer: &CustomerId, id: &str) -> Option<&mut Held> {
        if id == SAMPLE_ID
            && customer.as_str() == SAMPLE_CUSTOMER
            && !self.is_sample_gone
            && !self.accounts.contains_key(id)
        {
            self.insert(sample()?);
        }
        self.accounts.get_mut(id).filter(|held| held.customer_id == *customer)
    }

    /// All accounts of a customer, the oldest first. If `reads` is set, this counts as a read of each.
    pub(crate) fn all_of_customer(&mut self, customer: &CustomerId, now: jiff::Timestamp, reads: bool) -> Vec<Held> {
        let own = self.accounts.values_mut().filter(|held| held.customer_id == *customer);
        let read = own.map(|held| {
            held.read(now, reads);
            held.clone()
        });
        read.collect()
    }
}

fn sample() -> Option<Held> {
    let payee = Payee::Upi(SAMPLE_VPA.parse().ok()?);
    let created = jiff::Timestamp::from_second(SAMPLE_CREATED).ok()?;
    let plan = ValidationStatus::Active.into();
    Some(Held::new(SAMPLE_CUSTOMER.parse().ok()?, payee, Amount::ONE_RUPEE, created, plan))
}

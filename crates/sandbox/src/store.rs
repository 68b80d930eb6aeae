//! Stores the accounts. Their number is limited, so the memory does not grow with the number of calls.

use std::collections::{HashMap, VecDeque};

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{Amount, CustomerId};

use crate::account::{Held, SAMPLE_CREATED, SAMPLE_CUSTOMER, SAMPLE_ID, SAMPLE_VPA, id};
use crate::plan::{MOST_READS, Plan};

#[derive(Debug)]
pub(crate) struct Store {
    capacity: usize,
    accounts: HashMap<String, Held>,
    /// The ids of the accounts, the oldest first.
    oldest: VecDeque<String>,
    /// Whether the account in the spec's examples was forgotten, so that it is not created again.
    pub(crate) is_sample_gone: bool,
}

impl Store {
    pub(crate) fn new(capacity: usize) -> Self {
        let (accounts, oldest) = Default::default();
        Self { capacity: capacity.max(1), accounts, oldest, is_sample_gone: false }
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

    /// Creates an account without validating it. If the account exists and was not deleted, only its status
    /// advances to the time `now`.
    pub(crate) fn create(&mut self, customer: &CustomerId, payee: Payee, now: jiff::Timestamp) -> Held {
        let mut validations = 0;
        if let Some(held) = self.by_id(&id(customer, &payee)) {
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

    /// Adds an account, or replaces the account with the same id.
    pub(crate) fn insert(&mut self, held: Held) {
        let id = held.id.clone();
        if self.accounts.insert(id.clone(), held).is_none() {
            self.oldest.push_back(id);
            if self.oldest.len() > self.capacity
                && let Some(oldest) = self.oldest.pop_front()
            {
                self.accounts.remove(&oldest);
            }
        }
    }

    /// Removes an account. Returns whether the account existed.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let existed = self.accounts.remove(id).is_some();
        if existed {
            self.oldest.retain(|other| other != id);
            self.is_sample_gone |= id == SAMPLE_ID;
        }
        existed
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    pub(crate) fn len(&self) -> usize {
        self.accounts.len()
    }

    pub(crate) fn accounts(&self) -> impl DoubleEndedIterator<Item = &Held> {
        self.oldest.iter().filter_map(|id| self.accounts.get(id))
    }

    /// The customer's account for this payee.
    pub(crate) fn account(&self, customer: &CustomerId, payee: &Payee) -> Option<&Held> {
        self.accounts.get(&id(customer, payee))
    }

    /// Advances the statuses of all accounts to the time `now`.
    pub(crate) fn go_on(&mut self, now: jiff::Timestamp) {
        self.accounts.values_mut().for_each(|held| held.go_on(now));
    }

    /// The account with this id, of any customer.
    pub(crate) fn by_id(&mut self, id: &str) -> Option<&mut Held> {
        self.accounts.get_mut(id)
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
        let mut found = Vec::new();
        for id in &self.oldest {
            if let Some(held) = self.accounts.get_mut(id).filter(|held| held.customer_id == *customer) {
                held.read(now, reads);
                found.push(held.clone());
            }
        }
        found
    }
}

fn sample() -> Option<Held> {
    let payee = Payee::Upi(SAMPLE_VPA.parse().ok()?);
    let created = jiff::Timestamp::from_second(SAMPLE_CREATED).ok()?;
    let plan = ValidationStatus::Active.into();
    Some(Held::new(SAMPLE_CUSTOMER.parse().ok()?, payee, Amount::ONE_RUPEE, created, plan))
}

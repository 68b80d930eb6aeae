//! What the server remembers: the accounts that it has created, and the requests that it was sent. Both are bounded, so
//! that a million calls take no more memory than some thousands.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{AccountNumber, Amount, BankAccount, CustomerId, Ifsc, Vpa};
use sha2::{Digest, Sha256};

use crate::outcome::{self, Pending};
use crate::read::Form;

/// As much of requests is remembered, in bytes.
const MAX_RECEIVED: usize = 16 * 1024 * 1024;

/// What the validation of an account begins with.
fn begins_as(payee: &Payee) -> ValidationStatus {
    match payee {
        Payee::BankAccount(BankAccount { ifsc, account, .. }) => outcome::of_bank_account(ifsc, account),
        Payee::Upi(vpa) => outcome::of_upi(vpa),
    }
}

/// The id of an account: the same for the same customer and account, in every run and on every machine.
fn id(customer: &CustomerId, payee: &Payee) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let text = match payee {
        // A space is in none of the values.
        Payee::BankAccount(BankAccount { ifsc, account, .. }) => {
            format!("{customer} {} {}", ifsc.as_str(), account.as_str())
        }
        Payee::Upi(vpa) => format!("{customer} {}", vpa.as_str().to_ascii_lowercase()),
    };
    let hash = Sha256::digest(text);
    let letters = hash.iter().take(16).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    format!("banh_{}", letters.collect::<String>())
}

/// An account that the server holds.
#[derive(Clone, Debug)]
pub struct Held {
    pub(crate) id: String,
    pub(crate) customer: CustomerId,
    pub(crate) payee: Payee,
    pub(crate) status: ValidationStatus,
    pub(crate) amount: Amount,
    pub(crate) created: jiff::Timestamp,
    pub(crate) validated: jiff::Timestamp,
    pub(crate) reads: u32,
    pub(crate) validations: u32,
}

impl Held {
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
}

/// A request as the server saw it. `Debug` shows no value of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) form: Form,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: String,
    pub(crate) acted_on: bool,
}

impl Received {
    /// The method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, as it was sent. It names the customer.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The fields of the form, decoded; empty if it could not be read. They are not masked.
    pub fn form(&self) -> &[(String, String)] {
        &self.form
    }

    /// The status of the answer; `None` if there was none.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The id of the request, as the answer had it.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// About as many bytes of memory it takes.
    fn size(&self) -> usize {
        let texts = self.form.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        // A list that has grown can have twice the room that it needs.
        let pairs = 2 * self.form.len() * size_of::<(String, String)>();
        size_of::<Self>() + self.method.len() + self.path.len() + texts + pairs
    }

    /// Whether it was acted on: accounts were validated, created or deleted for it.
    pub fn was_acted_on(&self) -> bool {
        self.acted_on
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("fields", &self.form.len())
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("acted_on", &self.acted_on)
            .finish_non_exhaustive()
    }
}

/// The memory.
#[derive(Debug)]
pub(crate) struct Store {
    capacity: usize,
    pending: Pending,
    accounts: HashMap<String, Held>,
    /// Their ids, the oldest first.
    oldest: VecDeque<String>,
    received: VecDeque<Received>,
    /// What these take up.
    bytes: usize,
    /// Of all requests, those that are forgotten included.
    pub(crate) requests: u64,
}

impl Store {
    pub(crate) fn new(capacity: usize, pending: Pending) -> Self {
        let (accounts, oldest, received) = Default::default();
        Self { capacity: capacity.max(1), pending, accounts, oldest, received, bytes: 0, requests: 0 }
    }

    /// Validates an account, which is created if it is not there.
    pub(crate) fn validate(
        &mut self,
        customer: &CustomerId,
        payee: Payee,
        amount: Amount,
        now: jiff::Timestamp,
    ) -> Held {
        let id = id(customer, &payee);
        let (created, validations) = match self.accounts.get(&id) {
            Some(held) => (held.created, held.validations.saturating_add(1)),
            None => (now, 1),
        };
        let status = begins_as(&payee);
        let customer = customer.clone();
        let held = Held { id, customer, payee, status, amount, created, validated: now, reads: 0, validations };
        if self.accounts.insert(held.id.clone(), held.clone()).is_none() {
            self.oldest.push_back(held.id.clone());
            if self.oldest.len() > self.capacity
                && let Some(oldest) = self.oldest.pop_front()
            {
                self.accounts.remove(&oldest);
            }
        }
        held
    }

    /// Creates an account without validating it. One that exists and was not deleted is left as it is.
    pub(crate) fn create(&mut self, customer: &CustomerId, payee: Payee, now: jiff::Timestamp) -> Held {
        if let Some(held) = self.account(customer, &payee)
            && held.status != ValidationStatus::Deleted
        {
            return held.clone();
        }
        let before = self.account(customer, &payee).map_or(0, |held| held.validations);
        let mut held = self.validate(customer, payee, Amount::ONE_RUPEE, now);
        (held.status, held.validations) = (ValidationStatus::Created, before);
        self.accounts.insert(held.id.clone(), held.clone());
        held
    }

    /// Marks an account of a customer as deleted.
    pub(crate) fn delete(&mut self, customer: &CustomerId, id: &str) -> Option<&Held> {
        let held = self.accounts.get_mut(id).filter(|held| held.customer == *customer)?;
        held.status = ValidationStatus::Deleted;
        Some(held)
    }

    /// The accounts, the oldest first.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &Held> {
        self.oldest.iter().filter_map(|id| self.accounts.get(id))
    }

    /// An account of a customer.
    pub(crate) fn account(&self, customer: &CustomerId, payee: &Payee) -> Option<&Held> {
        self.accounts.get(&id(customer, payee))
    }

    pub(crate) fn keep(&mut self, received: Received) {
        self.bytes += received.size();
        self.received.push_back(received);
        // The last one stays, however large it is.
        while self.received.len() > self.capacity || self.bytes > MAX_RECEIVED && self.received.len() > 1 {
            let Some(oldest) = self.received.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }

    pub(crate) fn received(&self) -> impl Iterator<Item = &Received> {
        self.received.iter()
    }
}

/// Reads count: that is how a pending account goes on.
impl Store {
    /// An account of a customer, read once more.
    pub(crate) fn read(&mut self, customer: &CustomerId, id: &str) -> Option<&Held> {
        let pending = self.pending;
        let held = self.accounts.get_mut(id).filter(|held| held.customer == *customer)?;
        held.reads = held.reads.saturating_add(1);
        if held.status == ValidationStatus::Pending {
            held.status = pending.after(held.reads);
        }
        Some(held)
    }

    /// All accounts of a customer, each read once more; the oldest first.
    pub(crate) fn read_all(&mut self, customer: &CustomerId) -> Vec<Held> {
        let ids: Vec<_> =
            self.accounts().filter(|held| held.customer == *customer).map(|held| held.id.clone()).collect();
        ids.iter().filter_map(|id| self.read(customer, id).cloned()).collect()
    }

    /// An account of a customer, without reading it.
    pub(crate) fn account_by_id(&self, customer: &CustomerId, id: &str) -> Option<&Held> {
        self.accounts.get(id).filter(|held| held.customer == *customer)
    }
}

//! The state that all connections share, and the functions that change it. Rust tests and the control API call the same
//! functions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{Amount, CustomerId};
use tokio::sync::Notify;

use crate::account::Held;
use crate::clock::Clock;
use crate::fault::{Fault, Injector};
use crate::outcome::{self, Outcome};
use crate::pending::Pending;
use crate::received::{Received, RequestLog};
use crate::store::Store;
use crate::test_data;

/// Called when a request ends.
pub(crate) type Observer = Arc<dyn Fn(&Received) + Send + Sync>;

/// The settings, which do not change after the start.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// The only accepted key; `None` accepts any key.
    pub(crate) key: Option<String>,
    /// Whether forms with unknown fields are refused.
    pub(crate) strict: bool,
    pub(crate) pending: Pending,
    /// How long a response is withheld before the request times out.
    pub(crate) timeout: Duration,
    pub(crate) capacity: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) seed: Option<u64>,
    pub(crate) outcomes: Vec<Outcome>,
    /// Origins of web pages that may call the sandbox, in addition to its own.
    pub(crate) origins: Vec<String>,
    /// Host names that a request may be for, in addition to `localhost` and IP addresses.
    pub(crate) hosts: Vec<String>,
    pub(crate) observer: Option<Observer>,
}

/// The part of the state that requests change and snapshots contain.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) injector: Injector,
    /// The scripted outcomes, in order.
    pub(crate) script: Vec<Outcome>,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) state: Mutex<State>,
    pub(crate) log: Mutex<RequestLog>,
    /// The number of requests since the start or the last reset, including forgotten requests.
    pub(crate) requests: AtomicU64,
    pub(crate) in_flight: AtomicU64,
    /// Notified when the state changes.
    pub(crate) changed: Notify,
    /// Why the last save failed, if it did.
    pub(crate) save_error: Mutex<Option<String>>,
}

/// The state, as the handler of a request gets it.
pub(crate) type SharedState = axum::extract::State<Arc<Shared>>;

/// Locks a mutex. If another thread panicked while it held the lock, the data is still consistent.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(settings: Settings, clock: Clock) -> Self {
        let state = State {
            store: Store::new(settings.capacity),
            injector: Injector::new(&settings.faults, settings.seed.unwrap_or_default()),
            script: settings.outcomes.clone(),
        };
        let log = Mutex::new(RequestLog::new(settings.capacity));
        let (requests, in_flight, changed, save_error) = Default::default();
        Self { settings, clock, state: Mutex::new(state), log, requests, in_flight, changed, save_error }
    }

    pub(crate) fn change(&self) -> MutexGuard<'_, State> {
        // The notice comes before the change, but saving waits for the lock, so the saved state includes the change.
        let state = lock(&self.state);
        self.changed.notify_one();
        state
    }

    /// Validates payees. Here, the real vendor would pay into the bank accounts. Also returns whether the response is
    /// withheld.
    pub(crate) fn validate(
        &self,
        customer: &CustomerId,
        payees: Vec<Payee>,
        amount: Amount,
        call: Option<&Outcome>,
    ) -> (Vec<Held>, bool) {
        let Settings { pending, timeout, .. } = self.settings;
        let now = self.clock.now();
        let mut state = self.change();
        let plans = outcome::plans(&mut state.script, call, &payees, |payee| test_data::plan(payee, pending, timeout));
        let times_out = plans.iter().any(|plan| plan.times_out);
        let held =
            payees.into_iter().zip(plans).map(|(payee, plan)| state.store.validate(customer, payee, amount, now, plan));
        (held.collect(), times_out)
    }

    /// Creates accounts without validating them: no money moves.
    pub(crate) fn create(&self, customer: &CustomerId, payees: Vec<Payee>) -> Vec<Held> {
        let now = self.clock.now();
        let mut state = self.change();
        payees.into_iter().map(|payee| state.store.create(customer, payee, now)).collect()
    }

    /// The accounts with their current status, the oldest first.
    pub(crate) fn accounts(&self) -> Vec<Held> {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        let accounts = state.store.accounts.values_mut();
        let advanced = accounts.map(|held| {
            held.go_on(now);
            held.clone()
        });
        advanced.collect()
    }

    /// Sets the status of an account. Returns the account; `None` if it does not exist.
    pub(crate) fn set_status(&self, id: &str, status: ValidationStatus) -> Option<Held> {
        let now = self.clock.now();
        let mut state = self.change();
        let held = state.store.accounts.get_mut(id)?;
        held.set_status(status, now);
        Some(held.clone())
    }

    pub(crate) fn set_faults(&self, faults: &[Fault], seed: Option<u64>) {
        let mut state = self.change();
        let seed = seed.unwrap_or(state.injector.seed);
        state.injector.set(faults, seed);
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.changed.notify_one();
    }

    pub(crate) fn reset(&self) {
        let mut state = self.change();
        state.store.clear();
        state.injector.set(&self.settings.faults, self.settings.seed.unwrap_or_default());
        state.script.clone_from(&self.settings.outcomes);
        drop(state);
        self.clock.set_advanced(Duration::ZERO);
        self.requests.store(0, Ordering::Relaxed);
        lock(&self.log).clear();
    }
}

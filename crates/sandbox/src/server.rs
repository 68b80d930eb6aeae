use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use axum::Router;
use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{AccountNumber, BankAccount, CustomerId, Ifsc, Vpa};
use tokio::task::JoinSet;

use crate::account::Held;
use crate::fault::Fault;
use crate::invalid::InvalidInput;
use crate::outcome::Outcome;
use crate::received::Received;
use crate::shared::{Shared, lock};
use crate::snapshot::{self, Snapshot};
use crate::{api, control};

/// A running server. On drop, the server stops and its connections end.
pub struct Sandbox {
    pub(crate) address: SocketAddr,
    pub(crate) shared: Arc<Shared>,
    /// The task that accepts connections owns them, so they end with it.
    pub(crate) tasks: JoinSet<()>,
    pub(crate) state_file: Option<PathBuf>,
}

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    api::router().merge(control::router(shared)).with_state(shared.clone())
}

impl Sandbox {
    /// Returns the address of the server on this machine, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Returns the number of requests since the start or the last reset, including those in flight. Requests for the
    /// control API, the console and the specs do not count.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// Returns the latest requests that ended, the oldest first.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.log).received.iter().map(|received| Received::clone(received)).collect()
    }

    /// Returns the first remembered request that ended after the one with this [`seq`](Received::seq). If there is none
    /// yet, waits for it. With 0, returns the oldest remembered request.
    pub async fn next_request(&self, after: u64) -> Received {
        let mut last = lock(&self.shared.log).last.subscribe();
        loop {
            let next = lock(&self.shared.log).received.iter().find(|received| received.seq > after).cloned();
            if let Some(next) = next {
                return Received::clone(&next);
            }
            if last.changed().await.is_err() {
                // `self` holds the log, and with it the sender, so the channel cannot close.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Forgets the requests in [`received`](Self::received).
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// Returns the accounts that are remembered, the oldest first.
    pub fn accounts(&self) -> Vec<Held> {
        self.shared.accounts()
    }

    /// Sets the status of an account, and drops its upcoming statuses. Returns whether the account exists.
    pub fn set_status(&self, id: &str, status: ValidationStatus) -> bool {
        self.shared.set_status(id, status).is_some()
    }

    /// Forgets an account, as if it had never been created. Returns whether the account existed.
    pub fn forget(&self, id: &str) -> bool {
        self.shared.change().store.remove(id)
    }

    /// Returns the number of penny drops for a customer's bank account.
    pub fn penny_drops(&self, customer: &CustomerId, ifsc: &Ifsc, number: &AccountNumber) -> u32 {
        let account = BankAccount { ifsc: ifsc.clone(), account: number.clone(), name: None };
        self.validations(customer, &Payee::BankAccount(account))
    }

    /// Returns the number of validations of a customer's UPI address.
    pub fn upi_validations(&self, customer: &CustomerId, vpa: &Vpa) -> u32 {
        self.validations(customer, &Payee::Upi(vpa.clone()))
    }

    /// Replaces the faults. Their counts start at zero, and the random numbers start at the seed.
    pub fn set_faults(&self, faults: &[Fault]) {
        self.shared.set_faults(faults, None);
    }

    /// Removes all faults, so that none hits the following requests.
    pub fn heal(&self) {
        self.set_faults(&[]);
    }

    /// Replaces the scripted outcomes. Accounts that were validated before keep their status.
    pub fn set_outcomes(&self, outcomes: Vec<Outcome>) {
        self.shared.change().script = outcomes;
    }

    /// Returns the time of the sandbox's clock.
    pub fn now(&self) -> SystemTime {
        self.shared.clock.now().into()
    }

    /// Advances the clock. Waits that are over at the new time end at once.
    pub fn advance(&self, time: Duration) {
        self.shared.advance(time);
    }

    /// Resets the sandbox: no accounts, no requests, and the faults, outcomes and clock of the builder.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Returns the state as JSON, with account data unmasked, for [`restore`](Self::restore) and the control API.
    pub fn snapshot(&self) -> String {
        Snapshot::of(&self.shared).to_json()
    }

    /// Replaces the state with the state in a [`snapshot`](Self::snapshot). Remembered requests stay.
    ///
    /// # Errors
    /// The text is not a snapshot; the state is unchanged.
    pub fn restore(&self, snapshot: &str) -> Result<(), InvalidInput> {
        Snapshot::from_json(snapshot.as_bytes())?.restore(&self.shared);
        Ok(())
    }

    /// Writes the state file now. Otherwise, changes are written within a fraction of a second, and when the sandbox is
    /// dropped.
    ///
    /// # Errors
    /// The file cannot be written. Without a state file, `save` never fails.
    pub fn save(&self) -> io::Result<()> {
        self.state_file.as_deref().map_or(Ok(()), |path| snapshot::save(&self.shared, path))
    }

    fn validations(&self, customer: &CustomerId, payee: &Payee) -> u32 {
        lock(&self.shared.state).store.account(customer, payee).map_or(0, |held| held.validations)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.tasks.abort_all();
        // An error is ignored here: to handle it, call `save` before dropping the sandbox.
        let _ = self.save();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url()).field("requests", &self.requests()).finish_non_exhaustive()
    }
}

//! Runs a task for each row, until the outcome of the row is final.

use std::time::{Duration, SystemTime};

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{
    AccountsRequest, Client, Customer, CustomerAccount, Delivery, ErrorKind, MatchKind, Matched, ReconcileOutcome,
    ReconcilePolicy, ReconcileState, Step, WaitOutcome, WaitPolicy, WaitState,
};
use tokio::time::sleep;

use crate::{Outcome, Row, Store};

/// The pause after the accounts could not be read, a request was not processed, or the table could not be written.
const PAUSE: Duration = Duration::from_secs(30);

/// Starts the tasks. Clones share the connections and the table.
#[derive(Clone, Debug)]
pub struct Worker {
    client: Client,
    store: Store,
    reconcile: ReconcilePolicy,
    wait: WaitPolicy,
}

impl Worker {
    /// Makes a worker with the default policies for rows with an unknown outcome and for pending ones.
    pub fn new(client: Client, store: Store) -> Self {
        Self { client, store, reconcile: ReconcilePolicy::default(), wait: WaitPolicy::default() }
    }

    /// Uses other policies, for example in a test that does not wait.
    #[must_use]
    pub fn with_policies(mut self, reconcile: ReconcilePolicy, wait: WaitPolicy) -> Self {
        (self.reconcile, self.wait) = (reconcile, wait);
        self
    }

    /// Returns the table that the tasks update.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Starts a task for each row that is not final. A `Sending` row was interrupted, so its outcome is unknown.
    pub fn resume(&self) {
        for reference in self.store.unfinished() {
            self.spawn(reference);
        }
    }

    /// Starts the task of a row.
    pub fn spawn(&self, reference: String) -> tokio::task::JoinHandle<()> {
        let worker = self.clone();
        tokio::spawn(async move { worker.run(&reference).await })
    }

    async fn run(&self, reference: &str) {
        while let Some(Row { request: Unmasked(request), outcome }) = self.store.get(reference) {
            let (next, pause) = match outcome {
                Outcome::Queued => self.send(reference, &request).await,
                Outcome::Sending { at } => {
                    (Outcome::unknown(ReconcileState::new(at, self.reconcile), None), Duration::ZERO)
                }
                Outcome::Unknown { state, request_id } => self.reconcile(&request, state, request_id).await,
                Outcome::Pending { pending, matched, state } => self.wait(&request, pending, matched, state).await,
                Outcome::Refused { .. } | Outcome::Validated { .. } | Outcome::Manual { .. } => return,
            };
            // The outcome is stored before the next step. Until the table can be written, the outcome is only in
            // memory.
            while let Err(error) = self.store.update(reference, &next) {
                eprintln!("the table cannot be written: {error}");
                sleep(PAUSE).await;
            }
            sleep(pause).await;
        }
    }

    /// Sends a request that was never processed.
    async fn send(&self, reference: &str, request: &AccountsRequest) -> (Outcome, Duration) {
        let at = SystemTime::now();
        if let Err(error) = self.store.update(reference, &Outcome::Sending { at }) {
            eprintln!("the table cannot be written, so nothing is sent: {error}");
            return (Outcome::Queued, PAUSE);
        }
        let unknown = |request_id| Outcome::unknown(ReconcileState::new(at, self.reconcile), request_id);
        let outcome = match self.client.validate(request).await {
            Ok(accounts) => match accounts.matched(request).first() {
                Some(Matched { account: Some(account), kind, .. }) => {
                    Outcome::of_account(Box::new((*account).clone()), *kind, self.wait)
                }
                // No account in the response was recognized as the payee's.
                _ => unknown(accounts.request_id()),
            },
            Err(error) => match (error.delivery(), error.kind()) {
                (Delivery::Unknown, _) => unknown(error.request_id()),
                // Somebody has to fix the request or the cause of the refusal. Other reasons are temporary.
                (Delivery::NotSent, ErrorKind::InvalidRequest) => Outcome::Refused { reason: error.to_string() },
                (Delivery::NotSent, _) | (Delivery::Refused, ErrorKind::RateLimited) => Outcome::Queued,
                (Delivery::Refused, _) => Outcome::Refused { reason: error.to_string() },
            },
        };
        let pause = if outcome == Outcome::Queued { PAUSE } else { Duration::ZERO };
        (outcome, pause)
    }

    async fn reconcile(
        &self,
        request: &AccountsRequest,
        mut state: ReconcileState,
        request_id: Option<String>,
    ) -> (Outcome, Duration) {
        let step = self.client.reconcile_once(request, &mut state).await;
        let found = match step {
            Ok(Step::Settled(found)) => found.into_iter().next(),
            Ok(Step::CheckAgainAt(moment)) => {
                let pause = moment.duration_since(SystemTime::now()).unwrap_or_default();
                return (Outcome::Unknown { state, request_id }, pause);
            }
            // The list cannot be read, so the outcome is still unknown.
            Err(_) => return (Outcome::Unknown { state, request_id }, PAUSE),
        };
        let outcome = match found.map(|found| found.outcome) {
            Some(ReconcileOutcome::Created(account)) => Outcome::of_account(account, MatchKind::Exact, self.wait),
            Some(ReconcileOutcome::Absent) => Outcome::Queued,
            Some(ReconcileOutcome::Ambiguous { reason, .. }) => {
                let asked = request_id.map(|id| format!("; ask the vendor about request {id}")).unwrap_or_default();
                Outcome::Manual { reason: format!("{}{asked}", reason.explanation()) }
            }
            None => Outcome::Manual { reason: "the request has no payee, so there is nothing to check".to_owned() },
        };
        (outcome, Duration::ZERO)
    }

    /// Reads a pending account once, if the next reading is due. Reading costs nothing; validating again would pay
    /// again.
    async fn wait(
        &self,
        request: &AccountsRequest,
        mut account: Box<CustomerAccount>,
        matched: MatchKind,
        mut state: WaitState,
    ) -> (Outcome, Duration) {
        let accounts = std::slice::from_mut(&mut *account);
        let reason = match self.client.wait_once(&Customer::from(request), accounts, &mut state).await {
            Step::CheckAgainAt(moment) => {
                let pause = moment.duration_since(SystemTime::now()).unwrap_or_default();
                return (Outcome::Pending { pending: account, matched, state }, pause);
            }
            Step::Settled(WaitOutcome::Finished) => {
                return (Outcome::of_account(account, matched, self.wait), Duration::ZERO);
            }
            Step::Settled(WaitOutcome::TimedOut) => "the validation is still pending".to_owned(),
            Step::Settled(WaitOutcome::Refused(error)) => format!("the pending account cannot be read: {error}"),
            Step::Settled(WaitOutcome::Contradicted) => "the account that was read belongs to another payee".to_owned(),
            Step::Settled(_) => "the pending account cannot be read".to_owned(),
        };
        (Outcome::Manual { reason }, Duration::ZERO)
    }
}

//! Runs a task for each row, until the outcome of the row is final.

use std::io;
use std::time::{Duration, SystemTime};

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{
    AccountsRequest, Client, Customer, CustomerAccount, Delivery, MatchKind, Matched, ReconcileOutcome,
    ReconcilePolicy, ReconcileState, Step, WaitOutcome, WaitPolicy, WaitState,
};
use tokio::time::sleep;

use crate::{Outcome, Row, Store};

/// The pause when a reconciliation could not read the accounts, or a request could not be sent.
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

    /// The table that the tasks update.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Starts a task for each row that is not final. A `Sending` row was interrupted, so its outcome is unknown.
    pub fn resume(&self) {
        for number in self.store.unfinished() {
            self.spawn(number);
        }
    }

    /// Starts the task of a row.
    pub fn spawn(&self, number: u64) -> tokio::task::JoinHandle<io::Result<()>> {
        let worker = self.clone();
        tokio::spawn(async move { worker.run(number).await })
    }

    async fn run(&self, number: u64) -> io::Result<()> {
        while let Some(Row { request: Unmasked(request), outcome }) = self.store.get(number) {
            let (next, pause) = match outcome {
                outcome if outcome.is_final() => return Ok(()),
                Outcome::Queued => self.send(number, &request).await?,
                Outcome::Sending { at } => {
                    (Outcome::unknown(ReconcileState::new(at, self.reconcile), None), Duration::ZERO)
                }
                Outcome::Unknown { state, request_id } => self.reconcile(&request, state, request_id).await,
                Outcome::Pending { pending, matched, state } => self.wait(&request, pending, matched, state).await,
                _ => return Ok(()),
            };
            // The outcome is stored before the next step.
            self.store.update(number, &next)?;
            sleep(pause).await;
        }
        Ok(())
    }

    /// Sends a request that was never processed.
    async fn send(&self, number: u64, request: &AccountsRequest) -> io::Result<(Outcome, Duration)> {
        let at = SystemTime::now();
        self.store.update(number, &Outcome::Sending { at })?;
        let unknown = |request_id| Outcome::unknown(ReconcileState::new(at, self.reconcile), request_id);
        let outcome = match self.client.validate(request).await {
            Ok(accounts) => match accounts.matched(request).first() {
                Some(Matched { account: Some(account), kind, .. }) => {
                    Outcome::of_account(Box::new((*account).clone()), *kind, self.wait)
                }
                // The response does not have the payee's account.
                _ => unknown(accounts.request_id()),
            },
            Err(error) => match error.delivery() {
                Delivery::NotSent => Outcome::Queued,
                Delivery::Refused => Outcome::Refused { reason: error.to_string() },
                Delivery::Unknown => unknown(error.request_id()),
            },
        };
        let pause = if outcome == Outcome::Queued { PAUSE } else { Duration::ZERO };
        Ok((outcome, pause))
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

    /// Reads a pending account once, if it is time to. Reading costs nothing; validating again would pay again.
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
            Step::Settled(_) => "the pending account cannot be read".to_owned(),
        };
        (Outcome::Manual { reason }, Duration::ZERO)
    }
}

//! Waits for validations to end by reading accounts, which costs nothing. Validating again would pay again.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::customer::Customer;
use crate::error::Error;
use crate::generated::types::CustomerAccount;
use crate::matching::contradict;
use crate::step::{Clock, Step, backoff, later};
use crate::words::policy;

policy! {
    /// How often and how long accounts are read.
    ///
    /// By default, the first reading is after 2 seconds, and others follow at growing intervals up to 30 seconds, for 5
    /// minutes in all. Each interval, including the first, is lengthened at random, up to double.
    pub struct WaitPolicy {
        /// The wait before the first reading; each further wait is 1.5 times as long.
        initial_backoff: Duration = Duration::from_secs(2);
        /// The longest wait between two readings, before it is lengthened at random.
        max_backoff: Duration = Duration::from_secs(30);
        /// The total time. When it is over, the accounts are read once more.
        timeout: Duration = Duration::from_mins(5);
    }
}

/// The state of a wait: what a service stores next to the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WaitState {
    policy: WaitPolicy,
    rounds: u32,
    /// When the wait ends, and when to read next; `None` before the first step.
    times: Option<(SystemTime, SystemTime)>,
}

impl WaitState {
    /// Creates the state before the first step. The total time is counted from that step.
    pub fn new(policy: WaitPolicy) -> Self {
        Self { policy, rounds: 0, times: None }
    }

    /// Returns how many times the accounts have been read.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }
}

/// Why a wait ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitOutcome {
    /// All validations have ended.
    Finished,
    /// The total time is over, and some validations have not ended.
    TimedOut,
    /// An account that is still pending cannot be read, and more waiting would not change that: the server refused, or
    /// the client was stopped. The other validations have ended, or the total time is over. This is the first such
    /// error.
    Refused(Error),
    /// The remaining accounts have no id, so they cannot be read. [`Client::list`] can show them.
    WithoutId,
    /// Like `Refused`, but the server returned an account with the right id that belongs to another customer or payee.
    /// Its status says nothing about this payee, and was not used.
    Contradicted,
}

impl Client {
    /// Reads accounts that are `PENDING` or `CREATED` until their validations have ended, or the time is up.
    ///
    /// It starts no validation. Dropping the future only stops the wait. A read that fails is repeated in the next
    /// round, as long as a validation may still end. An account is updated only from a response with the same id that
    /// does not contradict what is known about it.
    ///
    /// ```no_run
    /// # use juspay_accounts::{AccountsRequest, Client, Customer, Error, WaitPolicy};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// let customer = Customer::from(&request);
    /// let mut accounts = client.validate(&request).await?.into_inner();
    /// let outcome = client.wait(&customer, &mut accounts, WaitPolicy::default()).await;
    /// println!("{outcome:?}: {accounts:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(&self, customer: &Customer, accounts: &mut [CustomerAccount], policy: WaitPolicy) -> WaitOutcome {
        let (clock, mut state) = (Clock::start(), WaitState::new(policy));
        let mut now = clock.now();
        loop {
            match self.wait_step(customer, accounts, &mut state, now).await {
                Step::Settled(outcome) => return outcome,
                Step::CheckAgainAt(moment) => now = self.sleep_until(moment, &clock).await,
            }
        }
    }

    /// Sleeps until the next step, and returns its time. Once the client is stopped, the next step is due at once, and
    /// its call fails.
    pub(crate) async fn sleep_until(&self, moment: SystemTime, clock: &Clock) -> SystemTime {
        let _ = self.generated.inner.gate.sleep(clock.until(moment)).await;
        clock.now().max(moment)
    }

    /// Makes one step of [`wait`](Self::wait), for a service that may restart between steps: reads the accounts once,
    /// unless it is too early. Store the state and the accounts after each step.
    pub async fn wait_once(
        &self,
        customer: &Customer,
        accounts: &mut [CustomerAccount],
        state: &mut WaitState,
    ) -> Step<WaitOutcome> {
        self.wait_step(customer, accounts, state, SystemTime::now()).await
    }

    async fn wait_step(
        &self,
        customer: &Customer,
        accounts: &mut [CustomerAccount],
        state: &mut WaitState,
        now: SystemTime,
    ) -> Step<WaitOutcome> {
        if let Some(outcome) = ended(accounts) {
            return Step::Settled(outcome);
        }
        let end = match state.times {
            Some((_, next)) if now < next => return Step::CheckAgainAt(next),
            Some((end, _)) => {
                let (failure, others) = self.read_again(customer, accounts).await;
                state.rounds += 1;
                match (ended(accounts), failure) {
                    (Some(outcome), _) => return Step::Settled(outcome),
                    (None, Some(failure)) if others == 0 || now >= end => return Step::Settled(failure),
                    (None, None) if now >= end => return Step::Settled(WaitOutcome::TimedOut),
                    _ => end,
                }
            }
            None => later(now, state.policy.timeout),
        };
        let WaitPolicy { initial_backoff, max_backoff, .. } = state.policy;
        let next = later(now, backoff(1.5, initial_backoff, max_backoff, state.rounds)).min(end);
        state.times = Some((end, next));
        Step::CheckAgainAt(next)
    }

    /// Reads each pending account once. Returns the first failure that more waiting would not change, and the number of
    /// accounts that had no such failure and are still pending.
    async fn read_again(&self, customer: &Customer, accounts: &mut [CustomerAccount]) -> (Option<WaitOutcome>, usize) {
        let (mut failure, mut others) = (None, 0);
        for account in accounts.iter_mut().filter(|account| account.is_pending()) {
            let Some(id) = account.id() else { continue };
            let failed = match self.get(customer, &id).await {
                // A response about another account, or without a status, is ignored.
                Ok(read) if read.customer_account_id.as_deref() != Some(id.as_str()) => None,
                Ok(read) if read.validation_status.is_none() => None,
                Ok(read) if contradict(account, &read) => Some(WaitOutcome::Contradicted),
                Ok(read) => {
                    *account = read.into_inner();
                    None
                }
                Err(error) if error.is_retryable() => None,
                Err(error) => Some(WaitOutcome::Refused(error)),
            };
            others += usize::from(failed.is_none() && account.is_pending());
            failure = failure.or(failed);
        }
        (failure, others)
    }
}

fn ended(accounts: &[CustomerAccount]) -> Option<WaitOutcome> {
    let mut pending = accounts.iter().filter(|account| account.is_pending()).peekable();
    if pending.peek().is_none() {
        return Some(WaitOutcome::Finished);
    }
    pending.all(|account| account.id().is_none()).then_some(WaitOutcome::WithoutId)
}

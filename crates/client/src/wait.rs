//! Following validations that have not ended: by reading, which costs nothing. To send the validation again would be to pay
//! again.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::customer::Customer;
use crate::error::Error;
use crate::error::kind::{Delivery, ErrorKind};
use crate::generated::types::CustomerAccount;
use crate::matching::contradict;
use crate::step::{Clock, Step, later};
use crate::words::setters;

/// How often accounts are read, and for how long.
///
/// By default first after 2 seconds, then at growing intervals up to 30 seconds, each lengthened by up to as much again at
/// random; and for 5 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct WaitPolicy {
    initial_backoff: Duration,
    max_backoff: Duration,
    timeout: Duration,
}

impl Default for WaitPolicy {
    fn default() -> Self {
        Self {
            initial_backoff: Duration::from_secs(2),
            max_backoff: Duration::from_secs(30),
            timeout: Duration::from_mins(5),
        }
    }
}

setters! {
    WaitPolicy {
        /// The wait before the first reading; each further wait is half as long again.
        initial_backoff: Duration;
        /// The longest wait between two readings, before it is lengthened at random.
        max_backoff: Duration;
        /// How long to wait. A last reading begins at its end.
        timeout: Duration;
    }
}

impl WaitPolicy {
    /// The wait after this many readings.
    fn backoff(&self, rounds: u32) -> Duration {
        let backoff = ExponentialBuilder::default()
            .with_jitter()
            .with_factor(1.5)
            .with_min_delay(self.initial_backoff.min(self.max_backoff))
            .with_max_delay(self.max_backoff)
            .without_max_times();
        backoff.build().nth(usize::try_from(rounds).unwrap_or(usize::MAX)).unwrap_or(self.max_backoff)
    }
}

/// How far a waiting has come: what a service stores beside the accounts that it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WaitState {
    policy: WaitPolicy,
    rounds: u32,
    /// When it ends, and when the accounts are read next.
    times: Option<(SystemTime, SystemTime)>,
}

impl WaitState {
    /// The state before the first step, with which the time begins.
    pub fn new(policy: WaitPolicy) -> Self {
        Self { policy, rounds: 0, times: None }
    }

    /// How often the accounts were read.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }
}

/// The result of waiting.
#[derive(Debug)]
#[non_exhaustive]
pub struct WaitReport {
    /// All accounts that were waited for, in the order in which they were given, as they were last seen.
    pub accounts: Vec<CustomerAccount>,
    /// Why the waiting ended.
    pub outcome: WaitOutcome,
    /// How often they were read.
    pub rounds: u32,
}

/// Why waiting ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitOutcome {
    /// All validations have ended.
    Finished,
    /// The time is over, and some validations have not ended.
    TimedOut,
    /// The server refused to show an account. Waiting on would not change that.
    Refused(Error),
    /// The accounts whose validation has not ended have no id, so they cannot be read. [`Client::list`] can show them.
    WithoutId,
    /// The server returned an account with the right id that belongs to another customer or is another account: its status
    /// says nothing about the payee, and was not taken over.
    Contradicted,
}

impl Client {
    /// Reads accounts that are `PENDING` or `CREATED` until their validations have ended, or the time is over.
    ///
    /// It starts no validation. A dropped future ends the waiting and nothing else. A reading that fails for a reason that may
    /// pass is repeated in the next round. An account is replaced by what was read only if that has the same id and does not
    /// contradict what was known of it.
    ///
    /// ```no_run
    /// # use juspay_accounts::{AccountsRequest, Client, Customer, Error, WaitPolicy};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// let customer = Customer::from(&request);
    /// let accounts = client.validate(&request).await?;
    /// let report = client.wait(&customer, accounts, WaitPolicy::default()).await;
    /// println!("{:?}: {:?}", report.outcome, report.accounts);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(
        &self,
        customer: &Customer,
        accounts: impl IntoIterator<Item = CustomerAccount>,
        policy: WaitPolicy,
    ) -> WaitReport {
        let (clock, mut state) = (Clock::start(), WaitState::new(policy));
        let mut accounts: Vec<_> = accounts.into_iter().collect();
        loop {
            match self.wait_step(customer, &mut accounts, &mut state, clock.now()).await {
                Step::Settled(outcome) => return WaitReport { accounts, outcome, rounds: state.rounds },
                Step::CheckAgainAt(moment) => clock.sleep_until(moment).await,
            }
        }
    }

    /// One step of [`wait`](Self::wait), for a service that may be restarted in between: reads the accounts once if it is time
    /// to. State and accounts are what has to be stored.
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
                let result = self.read_again(customer, accounts).await;
                state.rounds += 1;
                match (result, ended(accounts)) {
                    (Err(outcome), _) | (Ok(()), Some(outcome)) => return Step::Settled(outcome),
                    _ if now >= end => return Step::Settled(WaitOutcome::TimedOut),
                    _ => end,
                }
            }
            None => later(now, state.policy.timeout),
        };
        let next = later(now, state.policy.backoff(state.rounds)).min(end);
        state.times = Some((end, next));
        Step::CheckAgainAt(next)
    }

    /// Reads each account once whose validation has not ended.
    async fn read_again(&self, customer: &Customer, accounts: &mut [CustomerAccount]) -> Result<(), WaitOutcome> {
        for account in accounts.iter_mut().filter(|account| account.is_pending()) {
            let Some(id) = account.id() else { continue };
            match self.get(customer, &id).await {
                // Whatever the server returns, it is not this account.
                Ok(read) if read.customer_account_id.as_deref() != Some(id.as_str()) => {}
                Ok(read) if contradict(account, &read) => return Err(WaitOutcome::Contradicted),
                Ok(read) => *account = read.into_inner(),
                Err(error) if may_pass(&error) => {}
                Err(error) => return Err(WaitOutcome::Refused(error)),
            }
        }
        Ok(())
    }
}

fn ended(accounts: &[CustomerAccount]) -> Option<WaitOutcome> {
    let mut pending = accounts.iter().filter(|account| account.is_pending()).peekable();
    if pending.peek().is_none() {
        return Some(WaitOutcome::Finished);
    }
    pending.all(|account| account.id().is_none()).then_some(WaitOutcome::WithoutId)
}

fn may_pass(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RateLimited => true,
        ErrorKind::InvalidRequest | ErrorKind::Stopped => false,
        _ => error.delivery() != Delivery::Refused,
    }
}

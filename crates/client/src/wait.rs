//! Following validations that have not ended: by reading, which costs nothing. To ask for the validation again would be to pay
//! again.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use juspay_accounts_validation::CustomerAccountId;
use tokio::time::{Instant, sleep, timeout_at};

use crate::delivery::Delivery;
use crate::generated::types::CustomerAccount;
use crate::{Client, Customer, Error, ErrorKind};

/// How often accounts are read, and for how long.
///
/// By default first after 2 seconds, then at growing intervals up to 30 seconds, each lengthened by up to as much again at random;
/// and for 5 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitPolicy {
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Default for WaitPolicy {
    fn default() -> Self {
        Self { first: Duration::from_secs(2), longest: Duration::from_secs(30), deadline: Duration::from_mins(5) }
    }
}

impl WaitPolicy {
    /// The wait before the first reading; each further wait is half as long again.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first = wait;
        self
    }

    /// The longest wait between two readings.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest = wait;
        self
    }

    /// How long to wait in all.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }
}

/// What came of waiting.
#[derive(Debug)]
pub struct Waited {
    /// All accounts that were waited for, in the order in which they were given, as they were last seen.
    pub accounts: Vec<CustomerAccount>,
    /// Why the waiting ended.
    pub end: WaitEnd,
    /// How many rounds of reading there were.
    pub rounds: u32,
}

/// Why waiting ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitEnd {
    /// No validation is under way any more.
    Finished,
    /// The time is over, and some are.
    Deadline,
    /// The server refused to show an account. Waiting on would not change that.
    Refused(Error),
    /// Those that are under way have no id, so they cannot be read. [`Client::list`] can show them.
    WithoutId,
}

impl Client {
    /// Reads accounts that are `PENDING` or `CREATED` again and again, until none is, or the time is over.
    ///
    /// It starts no validation. Dropping the future ends the waiting and nothing else. A reading that fails for a reason that
    /// may pass is made again in the next round.
    ///
    /// ```no_run
    /// # use juspay_accounts::{AccountsRequest, Client, Customer, Error, WaitPolicy};
    /// # async fn run(client: Client, request: AccountsRequest) -> Result<(), Error> {
    /// let customer = Customer::from(&request);
    /// let accounts = client.validate(request).await?;
    /// let waited = client.wait(&customer, accounts, WaitPolicy::default()).await;
    /// println!("{:?}: {:?}", waited.end, waited.accounts);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(
        &self,
        customer: &Customer,
        accounts: impl IntoIterator<Item = CustomerAccount>,
        policy: WaitPolicy,
    ) -> Waited {
        self.wait_with(customer, accounts, policy, |_| {}).await
    }

    /// The same, and shows the accounts after each round: for progress.
    pub async fn wait_with(
        &self,
        customer: &Customer,
        accounts: impl IntoIterator<Item = CustomerAccount>,
        policy: WaitPolicy,
        mut seen: impl FnMut(&[CustomerAccount]),
    ) -> Waited {
        let deadline = Instant::now().checked_add(policy.deadline);
        let mut waited = Waited { accounts: accounts.into_iter().collect(), end: WaitEnd::Deadline, rounds: 0 };
        let mut waits = ExponentialBuilder::default()
            .with_jitter()
            .with_factor(1.5)
            .with_min_delay(policy.first.min(policy.longest))
            .with_max_delay(policy.longest)
            .without_max_times()
            .build();
        loop {
            if !waited.accounts.iter().any(CustomerAccount::is_pending) {
                waited.end = WaitEnd::Finished;
                return waited;
            }
            if !waited.accounts.iter().any(|account| account.is_pending() && id(account).is_some()) {
                waited.end = WaitEnd::WithoutId;
                return waited;
            }
            let wait = waits.next().unwrap_or(policy.longest);
            let round = async {
                sleep(wait).await;
                self.read_again(customer, &mut waited.accounts).await
            };
            let ended = match deadline {
                Some(deadline) => timeout_at(deadline, round).await,
                None => Ok(round.await),
            };
            match ended {
                Err(_) => return waited,
                Ok(result) => {
                    waited.rounds += 1;
                    seen(&waited.accounts);
                    if let Err(error) = result {
                        waited.end = WaitEnd::Refused(error);
                        return waited;
                    }
                }
            }
        }
    }

    /// Reads each account once that is under way.
    async fn read_again(&self, customer: &Customer, accounts: &mut [CustomerAccount]) -> Result<(), Error> {
        for account in accounts.iter_mut().filter(|account| account.is_pending()) {
            let Some(id) = id(account) else { continue };
            match self.get(customer, &id).await {
                // Whatever else the server answers with, it is not this account.
                Ok(read) if read.customer_account_id.as_deref() == Some(id.as_str()) => *account = read,
                Ok(_) => {}
                Err(error) if may_pass(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn id(account: &CustomerAccount) -> Option<CustomerAccountId> {
    account.customer_account_id.as_deref()?.parse().ok()
}

fn may_pass(error: &Error) -> bool {
    error.kind() == ErrorKind::RateLimited
        || match error.delivery() {
            Delivery::Unknown => true,
            Delivery::NotSent => error.kind() != ErrorKind::InvalidRequest,
            Delivery::Refused => false,
        }
}

//! Decides what to do with each payee, from its state in the log and the user's policy.

use std::collections::HashMap;
use std::time::Duration;

use clap::ValueEnum;

use crate::log::{Changes, Outcome, PayeeState, Payees};
use crate::text::duration;

/// An outcome after which `--retry` sends payees again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Retry {
    /// The bank says that the account is not valid
    Failed,
    /// The server refused the call
    Refused,
    /// The payee was left out because of --unless-validated
    Skipped,
}

/// Which payees of earlier runs the user wants to send or read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Policy {
    /// Read the accounts of pending payees
    ///
    /// This updates their outcomes, and pays nothing for them.
    #[arg(long, requires = "resume")]
    pub(crate) follow: bool,

    /// Find out the outcome of unknown payees
    ///
    /// The program reads the accounts of their customers, and sends payees again if their accounts are proven to be
    /// missing.
    #[arg(long, requires = "resume")]
    pub(crate) reconcile: bool,

    /// Wait TIME before a missing account proves that nothing was paid
    ///
    /// TIME is from 0s to 1d. The default is 3 minutes more than a call can take: 5m without --timeout. A shorter time
    /// can pay twice, because the vendor may still be processing the first request. Use it only to practise.
    #[arg(long, hide_short_help = true, value_name = "TIME", requires = "reconcile",
        value_parser = |text: &str| duration(text, Duration::ZERO..=Duration::from_hours(24)))]
    pub(crate) settle: Option<Duration>,

    /// Send unknown payees again
    ///
    /// This risks paying twice: an unknown payee may have been paid.
    #[arg(long, hide_short_help = true, requires = "resume", conflicts_with = "reconcile")]
    pub(crate) resend_unknown: bool,

    /// Send payees with OUTCOMES again; pays again
    ///
    /// The outcomes are failed, refused and skipped. Separate several with commas.
    #[arg(
        long,
        value_name = "OUTCOMES",
        value_enum,
        hide_possible_values = true,
        value_delimiter = ',',
        requires = "resume"
    )]
    pub(crate) retry: Vec<Retry>,
}

/// What to do with a payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Nothing,
    /// Send the payee. `after_unknown` is true if an earlier attempt may have been processed.
    Send {
        after_unknown: bool,
    },
    /// Find out from the customer's list whether the payee was processed, and send it if not.
    Reconcile,
    /// Read the account of a pending payee.
    Follow,
}

impl Policy {
    /// Whether the payee is sent, or may be sent after its customer's list is read.
    pub(crate) fn sends(&self, state: &PayeeState) -> bool {
        matches!(self.action(state), Action::Send { .. } | Action::Reconcile)
    }

    pub(crate) fn action(&self, state: &PayeeState) -> Action {
        let retry = |outcome| self.retry.contains(&outcome);
        match state.outcome() {
            None => Action::Send { after_unknown: false },
            Some(Outcome::Unknown) if self.reconcile => Action::Reconcile,
            Some(Outcome::Unknown) if self.resend_unknown => Action::Send { after_unknown: true },
            Some(Outcome::Pending) if self.follow => Action::Follow,
            Some(Outcome::NotSent | Outcome::Refused) if state.again => Action::Send { after_unknown: false },
            Some(Outcome::Failed) if retry(Retry::Failed) => Action::Send { after_unknown: false },
            Some(Outcome::Refused) if retry(Retry::Refused) => Action::Send { after_unknown: false },
            Some(Outcome::Skipped) if retry(Retry::Skipped) => Action::Send { after_unknown: false },
            Some(_) => Action::Nothing,
        }
    }
}

/// What a run will do: the numbers of payees, and the maximum cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Payees that are sent, or may be sent after their customer's list is read.
    pub(crate) send: u64,
    /// The payees in `send` that an earlier attempt sent or may have sent.
    pub(crate) again: u64,
    /// The payees in `send` that are sent only if their customer's list does not have them.
    pub(crate) if_absent: u64,
    /// Pending payees: their status is read, and nothing is sent.
    pub(crate) read: u64,
    /// The number of penny drops, and their maximum cost in paise.
    pub(crate) drops: u64,
    pub(crate) paise: u64,
    pub(crate) changes: Changes,
    /// The changed payees, each in place of a payee that is or may be valid.
    pub(crate) replaced: u64,
}

impl Plan {
    pub(crate) fn new(payees: &Payees, policy: &Policy) -> Self {
        let mut plan = Self::default();
        // For each customer: the number of payees that only the log has, and how many of them are or may be valid.
        let mut removed: HashMap<u64, (u64, u64)> = HashMap::new();
        for (payee, state) in payees.others() {
            let (left, valid) = removed.entry(payee.customer).or_default();
            *left += 1;
            *valid += u64::from(state.may_be_paid() && state.outcome != Some(Outcome::Failed));
            plan.changes.removed += 1;
        }
        for row in payees.iter() {
            let action = policy.action(&row.state);
            match action {
                Action::Nothing => plan.changes.done += u64::from(!row.state.is_unknown()),
                Action::Follow => plan.read += 1,
                Action::Send { .. } | Action::Reconcile => {
                    plan.send += 1;
                    plan.again += u64::from(row.state.may_be_paid() || row.state.outcome == Some(Outcome::Refused));
                    plan.if_absent += u64::from(action == Action::Reconcile);
                    plan.drops += u64::from(row.paise > 0);
                    plan.paise += u64::from(row.paise);
                }
            }
            if row.state == PayeeState::default() {
                match removed.get_mut(&row.payee.customer) {
                    Some((left @ 1.., valid)) => {
                        *left -= 1;
                        plan.changes.changed += 1;
                        plan.changes.removed -= 1;
                        plan.replaced += u64::from(*valid > 0);
                        *valid = valid.saturating_sub(1);
                    }
                    _ => plan.changes.new += 1,
                }
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests;

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::Name;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::json;
use crate::plan::{MOST_STATUSES, Plan, status};

/// The maximum number of calls to which an outcome can be limited.
const MOST_CALLS: u32 = 1_000_000;

/// A scripted outcome: the result of validating one account, or any account. It takes precedence over the test data.
///
/// ```
/// use juspay_accounts::{Payee, ValidationStatus};
/// use juspay_accounts_sandbox::{Outcome, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let payee = Payee::Upi("someone@upi".parse()?);
/// let other_name = Outcome::of(payee).holder("Ramesh Kumar".parse()?);
/// let next_call_fails = Outcome::of_any().statuses([ValidationStatus::Failure]).next_calls(1);
/// let sandbox = Sandbox::builder().outcome(other_name).outcome(next_call_fails).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an outcome such as {\"statuses\": [\"FAILURE\"]}")]
#[must_use = "an outcome does nothing until it is given to a sandbox"]
pub struct Outcome {
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Unmasked<Payee>>,
    #[serde(default, deserialize_with = "statuses", skip_serializing_if = "Option::is_none")]
    pub(crate) statuses: Option<Vec<ValidationStatus>>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) name_at_bank: Option<Name>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) times_out: bool,
    #[serde(default, deserialize_with = "count", skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u32>,
}

impl Outcome {
    /// Makes an outcome for this account of any customer. A name in the payee is ignored.
    pub fn of(payee: Payee) -> Self {
        Self { account: Some(Unmasked(payee)), ..Self::default() }
    }

    /// Makes an outcome for any account.
    pub fn of_any() -> Self {
        Self::default()
    }

    /// Sets the statuses: the first is in the response to the validation, and each read returns the next. The last one
    /// stays. At most a hundred are used. Without any, the test data decides.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = ValidationStatus>) -> Self {
        let statuses: Vec<_> = statuses.into_iter().take(MOST_STATUSES).collect();
        self.statuses = Some(statuses).filter(|statuses| !statuses.is_empty());
        self
    }

    /// Sets the account holder's name at the bank. By default, this is the name in the test data, or else the name that
    /// was sent.
    pub fn holder(mut self, name: Name) -> Self {
        self.name_at_bank = Some(name);
        self
    }

    /// Makes the validation time out: after [`Builder::timeout`](crate::Builder::timeout), the server responds with
    /// 504. The account is created and validated anyway.
    pub fn times_out(mut self) -> Self {
        self.times_out = true;
        self
    }

    /// Limits the outcome to the next `count` calls that it matches, 1 to 1,000,000. A call with several accounts
    /// counts once.
    pub fn next_calls(mut self, count: u32) -> Self {
        self.next = Some(count.clamp(1, MOST_CALLS));
        self
    }

    fn is_for(&self, payee: &Payee) -> bool {
        match (self.account.as_ref().map(|Unmasked(own)| own), payee) {
            (None, _) => true,
            (Some(Payee::BankAccount(own)), Payee::BankAccount(other)) => {
                own.ifsc == other.ifsc && own.account == other.account
            }
            (Some(own), other) => own == other,
        }
    }

    /// Applies this outcome to the plan of the test data.
    fn apply(&self, mut plan: Plan) -> Plan {
        if let Some(scripted) = self.statuses.as_deref().and_then(Plan::of_statuses) {
            plan = Plan { name_at_bank: plan.name_at_bank, ..scripted };
        }
        if self.name_at_bank.is_some() {
            plan.name_at_bank.clone_from(&self.name_at_bank);
        }
        plan.times_out |= self.times_out;
        plan
    }
}

/// Returns the plan for each payee of a call: the plan of the test data, changed by the outcome that the call asks for,
/// or else by the first scripted outcome that matches the payee.
pub(crate) fn plans(
    script: &mut Vec<Outcome>,
    call: Option<&Outcome>,
    payees: &[Payee],
    test_data: impl Fn(&Payee) -> Plan,
) -> Vec<Plan> {
    let mut used = vec![false; script.len()];
    let plans = payees.iter().map(|payee| {
        let plan = test_data(payee);
        if let Some(outcome) = call {
            return outcome.apply(plan);
        }
        match script.iter().position(|outcome| outcome.is_for(payee)) {
            Some(at) => {
                used[at] = true;
                script[at].apply(plan)
            }
            None => plan,
        }
    });
    let plans = plans.collect();
    let mut used = used.into_iter();
    script.retain_mut(|outcome| match (used.next(), &mut outcome.next) {
        (Some(true), Some(left)) => {
            *left = left.saturating_sub(1);
            *left > 0
        }
        _ => true,
    });
    plans
}

fn statuses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<ValidationStatus>>, D::Error> {
    #[derive(Deserialize)]
    struct Word(#[serde(deserialize_with = "status")] ValidationStatus);

    let statuses = Vec::<Word>::deserialize(deserializer)?;
    if (1..=MOST_STATUSES).contains(&statuses.len()) {
        Ok(Some(statuses.into_iter().map(|Word(status)| status).collect()))
    } else {
        Err(D::Error::custom("expected 1 to 100 statuses"))
    }
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let count = u32::deserialize(deserializer)?;
    if (1..=MOST_CALLS).contains(&count) {
        Ok(Some(count))
    } else {
        Err(D::Error::custom("next must be from 1 to 1000000"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upi(vpa: &str) -> Payee {
        Payee::Upi(vpa.parse().unwrap())
    }

    #[test]
    fn a_script_counts_calls_and_the_first_outcome_wins() {
        let failure = Outcome::of_any().statuses([ValidationStatus::Failure]).next_calls(2);
        let named = Outcome::of(upi("A@upi")).holder("Ann".parse().unwrap());
        let mut script = vec![named, failure];
        let mut statuses = |payees: &[Payee]| {
            let plans = plans(&mut script, None, payees, |_| ValidationStatus::Active.into());
            plans.into_iter().map(|plan| (plan.status, plan.name_at_bank.is_some())).collect::<Vec<_>>()
        };
        let both = [upi("a@upi"), upi("b@upi"), upi("c@upi")];
        let expected =
            [(ValidationStatus::Active, true), (ValidationStatus::Failure, false), (ValidationStatus::Failure, false)];
        assert_eq!(statuses(&both), expected);
        // The limited outcome matches no payee of this call, so the call does not count.
        assert_eq!(statuses(&both[..1]), expected[..1]);
        assert_eq!(statuses(&both), expected);
        assert_eq!(statuses(&both)[1], (ValidationStatus::Active, false));
        assert_eq!(script.len(), 1);
    }

    #[test]
    fn the_outcome_of_a_call_goes_before_the_script() {
        let mut script = vec![Outcome::of_any().statuses([ValidationStatus::Failure]).next_calls(1)];
        let call = Outcome::of_any().statuses([ValidationStatus::Created, ValidationStatus::Active]).times_out();
        let plans = plans(&mut script, Some(&call), &[upi("a@upi")], |_| ValidationStatus::Pending.into());
        assert!(plans[0].times_out && plans[0].status == ValidationStatus::Created && plans[0].upcoming.len() == 1);
        assert_eq!(script.len(), 1);
    }
}

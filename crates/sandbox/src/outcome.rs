//! How validations come out: by a script, by the test data, and step by step.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use juspay_accounts::{Payee, Unmasked, ValidationStatus};
use juspay_accounts_validation::Name;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::fault::milliseconds;

/// How a `PENDING` account goes on. Its text is `reads=3`, `2s`, `500ms` or `never`.
///
/// ```
/// use juspay_accounts_sandbox::Pending;
///
/// assert_eq!("reads=3".parse(), Ok(Pending::ActiveAfter(3)));
/// assert_eq!("never".parse(), Ok(Pending::Forever));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// It stays pending.
    Forever,
    /// It is `ACTIVE` when it is read (got or listed) for the nth time.
    ActiveAfter(u32),
    /// It is `FAILURE` when it is read for the nth time.
    FailureAfter(u32),
    /// It is `ACTIVE` this long after its validation.
    ActiveAfterTime(Duration),
}

/// With the third read.
impl Default for Pending {
    fn default() -> Self {
        Self::ActiveAfter(3)
    }
}

impl Pending {
    /// What follows `PENDING`.
    fn step(self) -> Option<Step> {
        match self {
            Self::Forever => None,
            Self::ActiveAfter(reads) => Some(Step::new(When::Reads(reads), ValidationStatus::Active)),
            Self::FailureAfter(reads) => Some(Step::new(When::Reads(reads), ValidationStatus::Failure)),
            Self::ActiveAfterTime(time) => Some(Step::new(When::Time(time), ValidationStatus::Active)),
        }
    }
}

impl FromStr for Pending {
    type Err = InvalidPending;

    fn from_str(text: &str) -> Result<Self, InvalidPending> {
        let reads = text.strip_prefix("reads=").map(|number| number.parse().ok().filter(|reads| *reads <= 1_000_000));
        match reads {
            Some(reads) => reads.map(Self::ActiveAfter),
            None if text == "never" => Some(Self::Forever),
            None => milliseconds(text).map(Duration::from_millis).map(Self::ActiveAfterTime),
        }
        .ok_or(InvalidPending)
    }
}

/// The text does not say how long an account is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPending;

impl fmt::Display for InvalidPending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a number of reads such as reads=3, a time such as 2s or 500ms, or never")
    }
}

impl std::error::Error for InvalidPending {}

/// When a status is reached, counted from the status before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// With this read.
    Reads(u32),
    /// After this time.
    Time(Duration),
}

/// A status to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StepJson", into = "StepJson")]
pub(crate) struct Step {
    pub(crate) when: When,
    pub(crate) status: ValidationStatus,
}

impl Step {
    pub(crate) fn new(when: When, status: ValidationStatus) -> Self {
        Self { when, status }
    }
}

/// A step as JSON: exactly one of the two is there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepJson {
    #[serde(deserialize_with = "status")]
    status: ValidationStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after_reads: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after_ms: Option<u64>,
}

impl TryFrom<StepJson> for Step {
    type Error = &'static str;

    fn try_from(json: StepJson) -> Result<Self, Self::Error> {
        let when = match (json.after_reads, json.after_ms) {
            (Some(reads), None) => When::Reads(reads),
            (None, Some(ms)) => When::Time(Duration::from_millis(ms)),
            _ => return Err("a step has after_reads or after_ms"),
        };
        Ok(Self::new(when, json.status))
    }
}

impl From<Step> for StepJson {
    fn from(Step { when, status }: Step) -> Self {
        let (after_reads, after_ms) = match when {
            When::Reads(reads) => (Some(reads), None),
            When::Time(time) => (None, Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))),
        };
        Self { status, after_reads, after_ms }
    }
}

/// Whether a word can be the status of a validation.
pub(crate) fn is_status(word: &str) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    word.len() <= 40 && word.bytes().all(is_capital) && word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// Reads a status.
pub(crate) fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ValidationStatus, D::Error> {
    let word = String::deserialize(deserializer)?;
    if is_status(&word) {
        Ok(word.into())
    } else {
        Err(D::Error::custom("a status is a word in capital letters, such as PENDING"))
    }
}

fn statuses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<ValidationStatus>>, D::Error> {
    #[derive(Deserialize)]
    struct Word(#[serde(deserialize_with = "status")] ValidationStatus);

    let statuses = Vec::<Word>::deserialize(deserializer)?;
    if (1..=100).contains(&statuses.len()) {
        Ok(Some(statuses.into_iter().map(|Word(status)| status).collect()))
    } else {
        Err(D::Error::custom("there are 1 to 100 statuses"))
    }
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let count = u32::deserialize(deserializer)?;
    if (1..=1_000_000).contains(&count) { Ok(Some(count)) } else { Err(D::Error::custom("next is from 1 to 1000000")) }
}

/// How one validation goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The status that it begins with.
    pub(crate) status: ValidationStatus,
    /// The statuses that follow.
    pub(crate) upcoming: VecDeque<Step>,
    /// Whether the response is withheld, and is then 504.
    pub(crate) times_out: bool,
    /// The account holder's name as the bank has it, where it is not the name that was sent.
    pub(crate) name_at_bank: Option<Name>,
}

impl From<ValidationStatus> for Plan {
    fn from(status: ValidationStatus) -> Self {
        Self { status, upcoming: VecDeque::new(), times_out: false, name_at_bank: None }
    }
}

impl Plan {
    /// One status at each read; the last one stays.
    pub(crate) fn of_statuses(statuses: &[ValidationStatus]) -> Option<Self> {
        let (first, rest) = statuses.split_first()?;
        let upcoming = rest.iter().map(|status| Step::new(When::Reads(1), status.clone())).collect();
        Some(Self { upcoming, ..Self::from(first.clone()) })
    }

    /// Pending, and then as `pending` says.
    pub(crate) fn pending(pending: Pending) -> Self {
        Self { upcoming: pending.step().into_iter().collect(), ..Self::from(ValidationStatus::Pending) }
    }

    /// Pending for as long as `pending` says, and then this. What is documented to end ends also where others stay pending.
    pub(crate) fn pending_then(pending: Pending, status: ValidationStatus) -> Self {
        let step = pending.step().or_else(|| Pending::default().step());
        let upcoming = step.map(|step| Step { status, ..step }).into_iter().collect();
        Self { upcoming, ..Self::from(ValidationStatus::Pending) }
    }

    /// The response is withheld for this time. The account is pending until then.
    pub(crate) fn times_out_then(timeout: Duration, status: ValidationStatus) -> Self {
        let upcoming = [Step::new(When::Time(timeout), status)].into();
        Self { upcoming, times_out: true, ..Self::from(ValidationStatus::Pending) }
    }
}

/// A scripted outcome: how the validations of one account, or of any, come out, in place of the test data.
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
#[serde(deny_unknown_fields)]
#[must_use = "an outcome does nothing until it is given to a sandbox"]
pub struct Outcome {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Unmasked<Payee>>,
    #[serde(default, deserialize_with = "statuses", skip_serializing_if = "Option::is_none")]
    pub(crate) statuses: Option<Vec<ValidationStatus>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name_at_bank: Option<Name>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) times_out: bool,
    #[serde(default, deserialize_with = "count", skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u32>,
}

impl Outcome {
    /// The outcome of this account, whoever's customer it is. A name in it does not count.
    pub fn of(payee: Payee) -> Self {
        Self { account: Some(Unmasked(payee)), ..Self::default() }
    }

    /// The outcome of any account.
    pub fn of_any() -> Self {
        Self::default()
    }

    /// The status in the response to the validation, and then at each read; the last one stays.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = ValidationStatus>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// The account holder's name as the bank has it. Without it, the bank confirms the name that was sent.
    pub fn holder(mut self, name: Name) -> Self {
        self.name_at_bank = Some(name);
        self
    }

    /// The validation gets no response for as long as [`Builder::timeout`](crate::Builder::timeout), and then 504.
    pub fn times_out(mut self) -> Self {
        self.times_out = true;
        self
    }

    /// Only for this many calls, however many accounts each has.
    pub fn next_calls(mut self, count: u32) -> Self {
        self.next = Some(count.max(1));
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

    /// Changes what the test data says.
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

/// The scripted outcomes, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Vec<Outcome>);

impl Script {
    pub(crate) fn new(outcomes: Vec<Outcome>) -> Self {
        Self(outcomes)
    }

    pub(crate) fn outcomes(&self) -> &[Outcome] {
        &self.0
    }

    /// The plans of one call: what the test data says of each payee, changed by the outcome of the call, or by the first
    /// that is scripted for the payee.
    pub(crate) fn plans(
        &mut self,
        call: Option<&Outcome>,
        payees: &[Payee],
        test_data: impl Fn(&Payee) -> Plan,
    ) -> Vec<Plan> {
        let mut used = vec![false; self.0.len()];
        let plans = payees.iter().map(|payee| {
            let plan = test_data(payee);
            if let Some(outcome) = call {
                return outcome.apply(plan);
            }
            match self.0.iter().position(|outcome| outcome.is_for(payee)) {
                Some(at) => {
                    used[at] = true;
                    self.0[at].apply(plan)
                }
                None => plan,
            }
        });
        let plans = plans.collect();
        let mut used = used.into_iter();
        self.0.retain_mut(|outcome| match (used.next(), &mut outcome.next) {
            (Some(true), Some(left)) => {
                *left = left.saturating_sub(1);
                *left > 0
            }
            _ => true,
        });
        plans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upi(vpa: &str) -> Payee {
        Payee::Upi(vpa.parse().unwrap())
    }

    #[test]
    fn how_long_an_account_is_pending_is_read() {
        for (text, pending) in [
            ("reads=0", Pending::ActiveAfter(0)),
            ("2s", Pending::ActiveAfterTime(Duration::from_secs(2))),
            ("500ms", Pending::ActiveAfterTime(Duration::from_millis(500))),
        ] {
            assert_eq!(text.parse(), Ok(pending));
        }
        for text in ["", "reads", "reads=", "reads=-1", "3", "2m", "always"] {
            assert_eq!(text.parse::<Pending>(), Err(InvalidPending), "{text}");
        }
    }

    #[test]
    fn a_script_counts_calls_and_the_first_outcome_wins() {
        let failure = Outcome::of_any().statuses([ValidationStatus::Failure]).next_calls(2);
        let named = Outcome::of(upi("A@upi")).holder("Ann".parse().unwrap());
        let mut script = Script::new(vec![named, failure]);
        let mut statuses = |payees: &[Payee]| {
            let plans = script.plans(None, payees, |_| ValidationStatus::Active.into());
            plans.into_iter().map(|plan| (plan.status, plan.name_at_bank.is_some())).collect::<Vec<_>>()
        };
        let both = [upi("a@upi"), upi("b@upi"), upi("c@upi")];
        let expected =
            [(ValidationStatus::Active, true), (ValidationStatus::Failure, false), (ValidationStatus::Failure, false)];
        assert_eq!(statuses(&both), expected);
        // It is for the account of the other outcome only, and does not count.
        assert_eq!(statuses(&both[..1]), expected[..1]);
        assert_eq!(statuses(&both), expected);
        assert_eq!(statuses(&both)[1], (ValidationStatus::Active, false));
        assert_eq!(script.outcomes().len(), 1);
    }

    #[test]
    fn the_outcome_of_a_call_goes_before_the_script() {
        let mut script = Script::new(vec![Outcome::of_any().statuses([ValidationStatus::Failure]).next_calls(1)]);
        let call = Outcome::of_any().statuses([ValidationStatus::Created, ValidationStatus::Active]).times_out();
        let plans = script.plans(Some(&call), &[upi("a@upi")], |_| ValidationStatus::Pending.into());
        assert!(plans[0].times_out && plans[0].status == ValidationStatus::Created && plans[0].upcoming.len() == 1);
        assert_eq!(script.outcomes().len(), 1);
    }
}

use std::str::FromStr;
use std::time::Duration;

use juspay_accounts::ValidationStatus;

use crate::fault::milliseconds;
use crate::invalid::InvalidInput;
use crate::plan::{Plan, Step};

/// How a `PENDING` account continues. Parses text such as `reads=3`, `2s`, `500ms` or `never`.
///
/// ```
/// use juspay_accounts_sandbox::Pending;
///
/// assert_eq!("reads=3".parse(), Ok(Pending::ActiveAfter(3)));
/// assert_eq!("never".parse(), Ok(Pending::Forever));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pending {
    /// The account stays pending.
    #[default]
    Forever,
    /// The account becomes `ACTIVE` when it is read for the nth time, alone or in a list.
    ActiveAfter(u32),
    /// The account becomes `FAILURE` when it is read for the nth time, alone or in a list.
    FailureAfter(u32),
    /// The account becomes `ACTIVE` this long after its validation.
    ActiveAfterTime(Duration),
}

impl Pending {
    /// Returns a plan that starts with `PENDING` and continues as this value says.
    pub(crate) fn plan(self) -> Plan {
        Plan { upcoming: self.step().into_iter().collect(), ..Plan::from(ValidationStatus::Pending) }
    }

    /// Returns the same plan as [`plan`](Self::plan), but with `status` at its end. With [`Forever`](Self::Forever),
    /// the account gets `status` with the third read, because the vendor documents that the validation ends.
    pub(crate) fn plan_then(self, status: ValidationStatus) -> Plan {
        let step = self.step().or_else(|| Self::ActiveAfter(3).step());
        let upcoming = step.map(|step| Step { status, ..step }).into_iter().collect();
        Plan { upcoming, ..Plan::from(ValidationStatus::Pending) }
    }

    fn step(self) -> Option<Step> {
        match self {
            Self::Forever => None,
            Self::ActiveAfter(reads) => Some(Step::at_read(reads, ValidationStatus::Active)),
            Self::FailureAfter(reads) => Some(Step::at_read(reads, ValidationStatus::Failure)),
            Self::ActiveAfterTime(time) => Some(Step::after(time, ValidationStatus::Active)),
        }
    }
}

impl FromStr for Pending {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let reads = text.strip_prefix("reads=").map(|number| number.parse().ok().filter(|reads| *reads <= 1_000_000));
        match reads {
            Some(reads) => reads.map(Self::ActiveAfter),
            None if text == "never" => Some(Self::Forever),
            None => milliseconds(text).map(Duration::from_millis).map(Self::ActiveAfterTime),
        }
        .ok_or_else(|| "expected a number of reads such as reads=3, a time such as 2s or 500ms, or never".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_text_is_a_number_of_reads_or_a_time() {
        for (text, pending) in [
            ("reads=0", Pending::ActiveAfter(0)),
            ("2s", Pending::ActiveAfterTime(Duration::from_secs(2))),
            ("500ms", Pending::ActiveAfterTime(Duration::from_millis(500))),
        ] {
            assert_eq!(text.parse(), Ok(pending));
        }
        for text in ["", "reads", "reads=", "reads=-1", "3", "2m", "always"] {
            assert!(text.parse::<Pending>().is_err(), "{text}");
        }
    }
}

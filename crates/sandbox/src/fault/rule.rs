use serde::{Deserialize, Serialize};

use super::kind::{FaultKind, KINDS, Moment};
use crate::invalid::InvalidInput;
use crate::operation::Operation;
use crate::optional;

/// A fault: what goes wrong, when, with which probability, and for which requests.
///
/// In text, a fault is `KIND[=VALUE][@before|@after][:PROBABILITY][,on=OPERATION][,nth=N][,next=N]`.
///
/// ```
/// use juspay_accounts_sandbox::{Fault, FaultKind, Operation};
///
/// let fault: Fault = "status=503@after:0.25".parse()?;
/// assert_eq!(fault, Fault::new(FaultKind::Status(503)).after().with_probability(0.25));
/// assert_eq!(fault.to_string(), "status=503@after:0.25");
///
/// // Only the response to the first call is lost.
/// let lost = Fault::new(FaultKind::Close).after().on(Operation::CreateAndValidate).next(1);
/// assert_eq!(lost.to_string(), "close@after,on=createAndValidateCustomerAccount,next=1");
/// # Ok::<(), juspay_accounts_sandbox::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "FaultJson", into = "FaultJson")]
pub struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) moment: Moment,
    pub(super) probability: f64,
    pub(super) operation: Option<Operation>,
    pub(super) nth: Option<u32>,
    pub(super) next: Option<u32>,
}

impl Fault {
    /// Makes a fault that hits every request. It happens before the request is processed; `Truncate` and `Timeout`
    /// happen after that.
    pub fn new(kind: FaultKind) -> Self {
        let moment = kind.moments()[0];
        Self { kind, moment, probability: 1.0, operation: None, nth: None, next: None }
    }

    /// Makes the fault happen after the request was processed.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// Sets the share of requests that the fault hits: from 0 (never) to 1 (always). Numbers outside this range are
    /// clamped.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
        self
    }

    /// Limits the fault to requests of this operation.
    #[must_use]
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Limits the fault to a single request, counting from 1. Requests of its operation are counted from when the fault
    /// was set.
    #[must_use]
    pub fn nth(mut self, number: u32) -> Self {
        self.nth = Some(number.max(1));
        self
    }

    /// Limits the fault to this many requests: from the first, or from [`nth`](Self::nth).
    #[must_use]
    pub fn next(mut self, count: u32) -> Self {
        self.next = Some(count.max(1));
        self
    }

    /// Whether the fault applies to the request with this number, counted from 1.
    pub(super) fn is_for(&self, number: u64) -> bool {
        let first = u64::from(self.nth.unwrap_or(1));
        let count = self.next.or(self.nth.map(|_| 1));
        number >= first && count.is_none_or(|count| number - first < u64::from(count))
    }
}

/// The maximum of `nth` and `next`.
const MOST: u32 = 1_000_000;

/// The JSON of a fault in the control API and in snapshots.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultJson {
    pub(super) kind: String,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<u64>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) moment: Option<Moment>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<String>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<u32>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<u32>,
}

impl TryFrom<FaultJson> for Fault {
    type Error = InvalidInput;

    fn try_from(json: FaultJson) -> Result<Self, InvalidInput> {
        let FaultJson { kind, value, moment, probability, operation, nth, next } = json;
        let kind = FaultKind::new(&kind, value)?;
        let moment = moment.unwrap_or(kind.moments()[0]);
        if !kind.moments().contains(&moment) {
            return Err("a response can break off or time out only after the request was acted on".into());
        }
        let probability = probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err("the probability must be a number from 0 to 1".into());
        }
        if [nth, next].into_iter().flatten().any(|count| !(1..=MOST).contains(&count)) {
            return Err("nth and next must be from 1 to 1000000".into());
        }
        let operation = operation.map(|id| id.parse()).transpose()?;
        Ok(Self { kind, moment, probability, operation, nth, next })
    }
}

impl From<Fault> for FaultJson {
    fn from(fault: Fault) -> Self {
        let (kind, value) = fault.kind.parts();
        // A number that was set in code can be outside the limits, so it is clamped.
        let limits = KINDS.iter().find(|known| known.name == kind).and_then(|known| known.value.as_ref());
        let value = value.zip(limits).map(|(value, (_, limits, _))| value.clamp(*limits.start(), *limits.end()));
        Self {
            kind: kind.to_owned(),
            value,
            moment: Some(fault.moment),
            probability: Some(fault.probability).filter(|probability| *probability < 1.0),
            operation: fault.operation.map(|operation| operation.to_string()),
            nth: fault.nth,
            next: fault.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_text_are_the_same_fault() {
        for (text, json) in [
            ("status=503", r#"{"kind":"status","value":503,"moment":"before"}"#),
            ("truncate", r#"{"kind":"truncate","moment":"after"}"#),
            (
                "latency=200ms@after:0.5,on=listCustomerAccounts,nth=2,next=3",
                r#"{"kind":"latency","value":200,"moment":"after","probability":0.5,"operation":"listCustomerAccounts","nth":2,"next":3}"#,
            ),
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(serde_json::to_string(&fault).unwrap(), json);
            assert_eq!(serde_json::from_str::<Fault>(json).unwrap(), fault);
        }
        for json in [
            r#"{"kind":"truncate","moment":"before"}"#,
            r#"{"kind":"close","probability":1.5}"#,
            r#"{"kind":"close","operation":"POST"}"#,
            r#"{"kind":"close","nth":0}"#,
            r#"{"kind":"close","next":1000001}"#,
            r#"{"kind":"close","Next":1}"#,
            r#"{"kind":"close","next":null}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(json).is_err(), "{json}");
        }
    }
}

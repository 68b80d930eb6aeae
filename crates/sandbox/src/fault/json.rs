//! Faults as JSON.

use serde::{Deserialize, Serialize};

use super::kind::{FaultKind, KINDS, Moment};
use super::rule::Fault;
use crate::invalid::InvalidInput;
use crate::optional;

/// The maximum of `nth` and `next`.
const MOST: u32 = 1_000_000;

/// The form of a fault in the control API and in snapshots.
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
            return Err("the probability is a number from 0 to 1".into());
        }
        if [nth, next].into_iter().flatten().any(|count| !(1..=MOST).contains(&count)) {
            return Err("nth and next take a number from 1 to 1000000".into());
        }
        let operation = operation.map(|id| id.parse()).transpose()?;
        Ok(Self { kind, moment, probability, operation, nth, next })
    }
}

impl From<Fault> for FaultJson {
    fn from(fault: Fault) -> Self {
        let (kind, value) = fault.kind.parts();
        // A number that was set in code can be outside the limits.
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

//! Faults as JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kind::{FaultKind, InvalidFault, KINDS, Moment};
use super::rule::Fault;
use crate::operation::Operation;
use crate::optional;

/// The maximum of `nth` and `next`.
const MOST: u32 = 1_000_000;

/// The form of a fault in the control API and in snapshots.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultJson {
    kind: String,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    value: Option<u64>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    moment: Option<Moment>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    nth: Option<u32>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
}

/// Writes the form of the control API.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FaultJson::from(*self).serialize(serializer)
    }
}

/// Reads the form of the control API.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FaultJson::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

impl TryFrom<FaultJson> for Fault {
    type Error = InvalidFault;

    fn try_from(json: FaultJson) -> Result<Self, InvalidFault> {
        let mut fault = Self::new(FaultKind::new(&json.kind, json.value)?);
        if let Some(moment) = json.moment {
            fault = fault.at(moment)?;
        }
        if let Some(probability) = json.probability {
            if !(0.0..=1.0).contains(&probability) {
                return Err(InvalidFault("the probability is a number from 0 to 1"));
            }
            fault = fault.with_probability(probability);
        }
        if let Some(operation) = json.operation {
            let operation: Result<Operation, _> = operation.parse();
            fault = fault.on(operation.map_err(|_| InvalidFault("operation is the operationId of the spec"))?);
        }
        if [json.nth, json.next].into_iter().flatten().any(|count| !(1..=MOST).contains(&count)) {
            return Err(InvalidFault("nth and next take a number from 1 to 1000000"));
        }
        (fault.nth, fault.next) = (json.nth, json.next);
        Ok(fault)
    }
}

impl From<Fault> for FaultJson {
    fn from(fault: Fault) -> Self {
        let (kind, value) = fault.kind.parts();
        // Numbers that were set in code are not checked.
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

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::kind::{FaultKind, Moment};
use crate::invalid::InvalidInput;
use crate::json;
use crate::operation::Operation;

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
    /// Makes a fault that hits every request, before the request is processed. `Truncate` and `Timeout` hit after the
    /// request was processed, and `Timeout` hits only requests that validate accounts.
    pub fn new(kind: FaultKind) -> Self {
        let moment = kind.moments()[0];
        Self { kind: kind.within_limits(), moment, probability: 1.0, operation: None, nth: None, next: None }
    }

    /// Makes the fault happen after the request was processed. It does not happen to a request that is refused.
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

    /// Limits the fault to the request with this number, 1 to 1,000,000; with [`next`](Self::next), to requests from
    /// this one on. Requests of the fault's operation are counted from 1 since the fault was set; for `Timeout`, only
    /// those that validate accounts. Numbers outside the range are clamped.
    #[must_use]
    pub fn nth(mut self, number: u32) -> Self {
        self.nth = Some(number.clamp(1, MOST));
        self
    }

    /// Limits the fault to this many requests, 1 to 1,000,000: from the first, or from [`nth`](Self::nth).
    #[must_use]
    pub fn next(mut self, count: u32) -> Self {
        self.next = Some(count.clamp(1, MOST));
        self
    }

    /// Whether the fault applies to the request with this number, counted from 1.
    pub(super) fn is_for(&self, number: u64) -> bool {
        let first = u64::from(self.nth.unwrap_or(1));
        let count = self.next.or(self.nth.map(|_| 1));
        number >= first && count.is_none_or(|count| number - first < u64::from(count))
    }
}

/// The largest value of `nth`, and of `next`.
const MOST: u32 = 1_000_000;

/// The JSON of a fault in the control API and in snapshots.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a fault such as {\"kind\": \"close\", \"next\": 1}")]
struct FaultJson {
    kind: String,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    value: Option<u64>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    moment: Option<Moment>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    nth: Option<u32>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
}

impl TryFrom<FaultJson> for Fault {
    type Error = InvalidInput;

    fn try_from(json: FaultJson) -> Result<Self, InvalidInput> {
        let FaultJson { kind, value, moment, probability, operation, nth, next } = json;
        // Only a kind from JSON can contain these characters, because `FromStr` splits the text of a fault at them.
        if kind.contains(['=', '@', ':', ',']) {
            return Err(
                "kind is a name such as status; everything after it has a key of its own, such as value or moment"
                    .into(),
            );
        }
        let kind = FaultKind::new(&kind, value)?;
        let moment = moment.unwrap_or(kind.moments()[0]);
        if !kind.moments().contains(&moment) {
            return Err("truncate and timeout can happen only after the request was processed, not before".into());
        }
        let probability = probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err("the probability must be a number from 0 to 1".into());
        }
        if [nth, next].into_iter().flatten().any(|count| !(1..=MOST).contains(&count)) {
            return Err("nth and next must be from 1 to 1000000".into());
        }
        let operation = operation.map(|id| id.parse()).transpose()?;
        let asks_gateway = |operation| matches!(operation, Operation::CreateAndValidate | Operation::Validate);
        if kind == FaultKind::Timeout && operation.is_some_and(|operation| !asks_gateway(operation)) {
            return Err("only createAndValidateCustomerAccount and validateCustomerAccount reach the gateway and can time out; for another operation, combine latency and status=504".into());
        }
        Ok(Self { kind, moment, probability, operation, nth, next })
    }
}

impl From<Fault> for FaultJson {
    fn from(fault: Fault) -> Self {
        let (kind, value) = fault.kind.parts();
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, value) = self.kind.parts();
        f.write_str(name)?;
        if let Some(value) = value {
            write!(f, "={value}{}", if name == "latency" { "ms" } else { "" })?;
        }
        if self.moment != self.kind.moments()[0] {
            f.write_str("@after")?;
        }
        if self.probability < 1.0 {
            write!(f, ":{}", self.probability)?;
        }
        if let Some(operation) = self.operation {
            write!(f, ",on={operation}")?;
        }
        if let Some(nth) = self.nth {
            write!(f, ",nth={nth}")?;
        }
        match self.next {
            Some(next) => write!(f, ",next={next}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let mut parts = text.split(',');
        let (rest, probability) = split(parts.next().unwrap_or_default(), ':');
        let (rest, moment) = split(rest, '@');
        let (kind, value) = split(rest, '=');
        let moment = match moment {
            None => None,
            Some("before") => Some(Moment::Before),
            Some("after") => Some(Moment::After),
            Some(_) => return Err("expected @before or @after".into()),
        };
        // A value that is not a number becomes one that is too large, which `FaultKind::new` refuses.
        let number = |value: &str| if kind == "latency" { milliseconds(value) } else { value.parse().ok() };
        let mut fault = FaultJson {
            kind: kind.to_owned(),
            value: value.map(|value| number(value).unwrap_or(u64::MAX)),
            moment,
            probability: probability.map(|number| number.parse().unwrap_or(f64::NAN)),
            operation: None,
            nth: None,
            next: None,
        };
        for part in parts {
            match split(part, '=') {
                ("on", Some(id)) if fault.operation.is_none() => fault.operation = Some(id.to_owned()),
                ("nth", Some(number)) if fault.nth.is_none() => fault.nth = Some(number.parse().unwrap_or(0)),
                ("next", Some(number)) if fault.next.is_none() => fault.next = Some(number.parse().unwrap_or(0)),
                _ => return Err("expected on=OPERATION, nth=N or next=N after each comma, each at most once".into()),
            }
        }
        fault.try_into()
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Parses a whole number of `ms` or `s`.
pub(crate) fn milliseconds(value: &str) -> Option<u64> {
    let (digits, unit) = value.split_at(value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len()));
    let number: u64 = digits.parse().ok()?;
    match unit {
        "ms" => Some(number),
        "s" => number.checked_mul(1000),
        _ => None,
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
        for (json, expected) in [
            (r#"{"kind":"status=503"}"#, "has a key of its own, such as value"),
            (r#"{"kind":"close@after"}"#, "or moment"),
            (r#""close@after,next=1""#, r#"a fault such as {"kind": "close""#),
        ] {
            let error = serde_json::from_str::<Fault>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }

    #[test]
    fn fault_text_survives_parsing_and_printing() {
        for text in [
            "status=503",
            "html=502:0.5",
            "rate-limit=2",
            "latency=200ms",
            "hang:0.05",
            "close@after",
            "latency=5ms@after:0.5",
            "reset@after:0.05",
            "truncate",
            "truncate:0",
            "timeout:0.5,on=validateCustomerAccount",
            "status=300,nth=3",
            "status=599,next=2",
            "close@after:0.5,on=createAndValidateCustomerAccount,nth=2,next=7",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        assert_eq!("latency=2s".parse::<Fault>().unwrap().to_string(), "latency=2000ms");
        assert_eq!("reset@before:1".parse::<Fault>().unwrap().to_string(), "reset");
        assert_eq!("truncate@after".parse::<Fault>().unwrap().to_string(), "truncate");
    }

    #[test]
    fn invalid_fault_text_is_refused_with_what_is_expected() {
        for (text, accepted) in [
            ("", "one of these faults"),
            ("boom", "one of these faults"),
            ("status", "such as status=503"),
            ("status=200", "status takes a number from 300 to 599"),
            ("html=600", "from 300 to 599"),
            ("status=x", "from 300 to 599"),
            ("hang=1", "hang takes no value"),
            ("hang=x", "hang takes no value"),
            ("latency=5", "a whole number of ms or s"),
            ("latency=99999999999999999999s", "a whole number of ms or s"),
            ("latency=é", "a whole number of ms or s"),
            ("latency=86401s", "from 0 to 86400000ms"),
            ("rate-limit=-1", "a whole number of seconds"),
            ("rate-limit=86401", "from 0 to 86400"),
            ("reset@later", "@before or @after"),
            ("truncate@before", "only after"),
            ("timeout@before", "only after"),
            ("reset:2", "from 0 to 1"),
            ("reset:NaN", "from 0 to 1"),
            ("reset:", "from 0 to 1"),
            ("reset,", "after each comma"),
            ("reset,on", "after each comma"),
            ("reset,nth=1,nth=2", "at most once"),
            ("reset,on=POST", "createAndValidateCustomerAccount"),
            ("timeout,on=getCustomerAccount", "combine latency and status=504"),
            ("reset,next=0", "from 1 to"),
            ("reset,nth=-1", "from 1 to"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(accepted), "{text}: {error}");
        }
    }
}

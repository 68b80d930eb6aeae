//! Prints and parses faults: `KIND[=VALUE][@before|@after][:PROBABILITY][,on=OPERATION][,nth=N][,next=N]`.

use std::fmt;
use std::str::FromStr;

use super::kind::Moment;
use super::rule::{Fault, FaultJson};
use crate::invalid::InvalidInput;

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
            ("reset,next=0", "from 1 to"),
            ("reset,nth=-1", "from 1 to"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(accepted), "{text}: {error}");
        }
    }
}

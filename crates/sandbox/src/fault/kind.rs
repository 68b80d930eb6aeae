//! The kinds of fault, such as `status=503`. Some have a number.

use std::time::Duration;

use crate::invalid::InvalidInput;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// A response with this status, 300 to 599, and an error body. In a [`Fault`](crate::Fault), another status becomes
    /// 500.
    Status(u16),
    /// A response with this status, 300 to 599, and an HTML page. In a [`Fault`](crate::Fault), another status becomes
    /// 500.
    Html(u16),
    /// 429, with a `Retry-After` of this many seconds, at most a day.
    RateLimit(u32),
    /// The response is delayed by this amount of time, at most a day. Another fault can happen to the same request.
    Latency(Duration),
    /// The connection stays open, and no response is sent.
    Hang,
    /// The connection is closed without a response.
    Close,
    /// The connection is reset without a response (TCP RST).
    Reset,
    /// The response breaks off in the middle.
    Truncate,
    /// The gateway times out during a validation: the request is processed, but its response is withheld. After
    /// [`Builder::timeout`](crate::Builder::timeout), 504 is sent instead. The fault hits only requests that validate
    /// accounts.
    Timeout,
}

/// Whether a fault happens before or after the request is processed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Moment {
    /// The fault replaces the processing: no money moves. Latency only delays the processing.
    #[default]
    Before,
    /// The request is processed, but the caller does not get the outcome. Latency only delays the response.
    After,
}

/// The unit of a kind's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Status,
    Seconds,
    Milliseconds,
}

/// Describes a kind of fault for people and for the control API.
#[derive(Debug, serde::Serialize)]
pub(crate) struct KindInfo {
    #[serde(rename = "kind")]
    pub(crate) name: &'static str,
    description: &'static str,
    moments: &'static [Moment],
    /// The kind's number, if it has one.
    value: Option<Limits>,
}

/// The unit of a kind's number, its limits, and an example.
#[derive(Clone, Copy, Debug, serde::Serialize)]
struct Limits {
    unit: Unit,
    minimum: u64,
    maximum: u64,
    example: u64,
}

const EITHER: &[Moment] = &[Moment::Before, Moment::After];
const AFTER: &[Moment] = &[Moment::After];
const DAY: u32 = 24 * 60 * 60;

const SECONDS: Limits = Limits { unit: Unit::Seconds, minimum: 0, maximum: DAY as u64, example: 2 };
const TIME: Limits = Limits { unit: Unit::Milliseconds, minimum: 0, maximum: 1000 * DAY as u64, example: 200 };

/// Returns the limits of a fault's status. A status below 300 is not a failure.
const fn status(example: u64) -> Limits {
    Limits { unit: Unit::Status, minimum: 300, maximum: 599, example }
}

const fn kind(
    name: &'static str,
    description: &'static str,
    moments: &'static [Moment],
    value: Option<Limits>,
) -> KindInfo {
    KindInfo { name, description, moments, value }
}

pub(crate) const KINDS: [KindInfo; 9] = [
    kind("status", "a response with this status and an error body", EITHER, Some(status(503))),
    kind("html", "a response with this status and an HTML page", EITHER, Some(status(502))),
    kind("rate-limit", "429, with a Retry-After of this many seconds", EITHER, Some(SECONDS)),
    kind("latency", "the response is delayed by this amount of time", EITHER, Some(TIME)),
    kind("hang", "the connection stays open without a response", EITHER, None),
    kind("close", "the connection is closed without a response", EITHER, None),
    kind("reset", "the connection is reset (TCP RST) without a response", EITHER, None),
    kind("truncate", "the response breaks off in the middle; the request was processed", AFTER, None),
    kind(
        "timeout",
        "the gateway times out during a validation: no response for a while, then 504; the request was processed",
        AFTER,
        None,
    ),
];

impl FaultKind {
    pub(crate) fn new(name: &str, value: Option<u64>) -> Result<Self, InvalidInput> {
        const UNKNOWN: &str = "expected one of these faults: status=503, html=502, rate-limit=2, latency=200ms, hang, \
                               close, reset, truncate, timeout";
        let info = KINDS.iter().find(|info| info.name == name).ok_or(UNKNOWN)?;
        let value = match (info.value, value) {
            (None, None) => 0,
            (None, Some(_)) => return Err(format!("{name} takes no value").into()),
            (Some(Limits { minimum, maximum, .. }), Some(value)) if (minimum..=maximum).contains(&value) => value,
            (Some(Limits { unit, minimum, maximum, example }), _) => {
                let (what, suffix) = match unit {
                    Unit::Status => ("a number", ""),
                    Unit::Seconds => ("a whole number of seconds", ""),
                    Unit::Milliseconds => ("a whole number of ms or s", "ms"),
                };
                let limits = format!("from {minimum} to {maximum}{suffix}, such as {name}={example}{suffix}");
                return Err(format!("{name} takes {what} {limits}").into());
            }
        };
        Ok(match name {
            "status" => Self::Status(u16::try_from(value).unwrap_or(u16::MAX)),
            "html" => Self::Html(u16::try_from(value).unwrap_or(u16::MAX)),
            "rate-limit" => Self::RateLimit(u32::try_from(value).unwrap_or(u32::MAX)),
            "latency" => Self::Latency(Duration::from_millis(value)),
            "hang" => Self::Hang,
            "close" => Self::Close,
            "reset" => Self::Reset,
            "truncate" => Self::Truncate,
            "timeout" => Self::Timeout,
            _ => return Err(UNKNOWN.into()),
        })
    }

    /// Returns the name and the number, the parameters of [`new`](Self::new).
    pub(crate) fn parts(self) -> (&'static str, Option<u64>) {
        match self {
            Self::Status(status) => ("status", Some(status.into())),
            Self::Html(status) => ("html", Some(status.into())),
            Self::RateLimit(seconds) => ("rate-limit", Some(seconds.into())),
            Self::Latency(time) => ("latency", Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))),
            Self::Hang => ("hang", None),
            Self::Close => ("close", None),
            Self::Reset => ("reset", None),
            Self::Truncate => ("truncate", None),
            Self::Timeout => ("timeout", None),
        }
    }

    /// Returns the kind with its number within the limits. Nothing else checks a number that is set in code.
    pub(super) fn within_limits(self) -> Self {
        match self {
            Self::Status(300..=599) | Self::Html(300..=599) => self,
            Self::Status(_) => Self::Status(500),
            Self::Html(_) => Self::Html(500),
            Self::RateLimit(seconds) => Self::RateLimit(seconds.min(DAY)),
            Self::Latency(time) => Self::Latency(time.min(Duration::from_secs(DAY.into()))),
            _ => self,
        }
    }

    /// The moments at which the kind can happen; the first is the default.
    pub(crate) fn moments(self) -> &'static [Moment] {
        match self {
            Self::Truncate | Self::Timeout => AFTER,
            _ => EITHER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_round_trips_through_its_name_and_number() {
        for info in &KINDS {
            let example = info.value.map(|limits| limits.example);
            let kind = FaultKind::new(info.name, example).unwrap();
            assert_eq!((kind.parts(), kind.moments()), ((info.name, example), info.moments));
            match info.value {
                None => assert!(FaultKind::new(info.name, Some(1)).is_err(), "{}", info.name),
                Some(limits) => {
                    assert!(FaultKind::new(info.name, Some(limits.maximum + 1)).is_err(), "{}", info.name);
                    assert!(FaultKind::new(info.name, None).is_err(), "{}", info.name);
                }
            }
        }
    }
}

//! What can be made to go wrong, and the draw that decides when it does.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;

/// Something that goes wrong: what, when, and how probably.
///
/// Its text is `KIND[=VALUE][@before|@after][:PROBABILITY]`.
///
/// ```
/// use juspay_accounts_sandbox::{Fault, FaultKind, Moment};
///
/// let fault: Fault = "status=503@after:0.25".parse()?;
/// assert_eq!(fault, Fault::new(FaultKind::Status(503)).after().with_probability(0.25));
/// assert_eq!(fault.to_string(), "status=503@after:0.25");
/// # Ok::<(), juspay_accounts_sandbox::InvalidFault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    kind: FaultKind,
    moment: Moment,
    probability: f64,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// An answer with this status, 300 to 599, and an envelope.
    Status(u16),
    /// An answer with this status, 300 to 599, and a page.
    Html(u16),
    /// 429, with a `Retry-After` of so many seconds.
    RateLimit(u32),
    /// It takes so much longer, before the request is acted on or after. Other faults can be added to it.
    Latency(Duration),
    /// There is no answer.
    Hang,
    /// The connection is closed without an answer.
    Close,
    /// The connection is reset without an answer.
    Reset,
    /// The answer breaks off in the middle.
    Truncate,
}

/// When it goes wrong, seen from the penny drop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// The request was not acted on.
    #[default]
    Before,
    /// The request was acted on, and the caller does not learn of it.
    After,
}

impl Fault {
    /// A fault of every request, before it is acted on.
    pub fn new(kind: FaultKind) -> Self {
        // There is nothing to break off before the answer is made.
        let moment = if kind == FaultKind::Truncate { Moment::After } else { Moment::Before };
        Self { kind, moment, probability: 1.0 }
    }

    /// The same, after the request was acted on.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// The same, for this share of the requests: from 0, never, to 1, always. Other numbers count as the nearer of the two.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
        self
    }

    /// What goes wrong.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// When it goes wrong.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// How probably.
    pub fn probability(&self) -> f64 {
        self.probability
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::Status(status) => write!(f, "status={status}")?,
            FaultKind::Html(status) => write!(f, "html={status}")?,
            FaultKind::RateLimit(seconds) => write!(f, "rate-limit={seconds}")?,
            FaultKind::Latency(time) => write!(f, "latency={}ms", time.as_millis())?,
            FaultKind::Hang => f.write_str("hang")?,
            FaultKind::Close => f.write_str("close")?,
            FaultKind::Reset => f.write_str("reset")?,
            FaultKind::Truncate => f.write_str("truncate")?,
        }
        if self.moment != Self::new(self.kind).moment {
            f.write_str("@after")?;
        }
        if self.probability < 1.0 {
            write!(f, ":{}", self.probability)?;
        }
        Ok(())
    }
}

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let (rest, probability) = match text.split_once(':') {
            Some((rest, probability)) => (rest, Some(probability)),
            None => (text, None),
        };
        let (rest, moment) = match rest.split_once('@') {
            Some((rest, moment)) => (rest, Some(moment)),
            None => (rest, None),
        };
        let (name, value) = match rest.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (rest, None),
        };
        let mut fault = Self::new(kind(name, value)?);
        match moment {
            None => {}
            Some("before") if fault.kind == FaultKind::Truncate => {
                return Err(InvalidFault("an answer can break off only after the request was acted on"));
            }
            Some("before") => fault.moment = Moment::Before,
            Some("after") => fault.moment = Moment::After,
            Some(_) => return Err(InvalidFault("the moment is @before or @after")),
        }
        if let Some(probability) = probability {
            match probability.parse() {
                Ok(number) if (0.0..=1.0).contains(&number) => fault.probability = number,
                _ => return Err(InvalidFault("the probability is a number from 0 to 1")),
            }
        }
        Ok(fault)
    }
}

fn kind(name: &str, value: Option<&str>) -> Result<FaultKind, InvalidFault> {
    match (name, value) {
        ("status", Some(value)) => Ok(FaultKind::Status(status(value)?)),
        ("html", Some(value)) => Ok(FaultKind::Html(status(value)?)),
        ("rate-limit", Some(value)) => {
            value.parse().map(FaultKind::RateLimit).map_err(|_| InvalidFault("rate-limit takes seconds, such as 2"))
        }
        ("latency", Some(value)) => Ok(FaultKind::Latency(time(value)?)),
        ("hang", None) => Ok(FaultKind::Hang),
        ("close", None) => Ok(FaultKind::Close),
        ("reset", None) => Ok(FaultKind::Reset),
        ("truncate", None) => Ok(FaultKind::Truncate),
        ("status" | "html" | "rate-limit" | "latency", None) => {
            Err(InvalidFault("status, html, rate-limit and latency take a value, such as status=503"))
        }
        ("hang" | "close" | "reset" | "truncate", Some(_)) => {
            Err(InvalidFault("hang, close, reset and truncate take no value"))
        }
        _ => Err(InvalidFault(
            "a fault is one of status=503, html=502, rate-limit=2, latency=200ms, hang, close, reset, truncate",
        )),
    }
}

/// A success cannot be a fault, and below 200 there is no answer.
const FAILURES: std::ops::RangeInclusive<u16> = 300..=599;

fn status(value: &str) -> Result<u16, InvalidFault> {
    let status = value.parse().ok().filter(|status| FAILURES.contains(status));
    status.ok_or(InvalidFault("the status is a number from 300 to 599"))
}

fn time(value: &str) -> Result<Duration, InvalidFault> {
    let (digits, unit) = value.split_at(value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len()));
    let number = digits.parse().ok();
    match unit {
        "ms" => number.map(Duration::from_millis),
        "s" => number.map(Duration::from_secs),
        _ => None,
    }
    .ok_or(InvalidFault("a latency is a whole number of ms or s, such as 200ms"))
}

/// Why a text is no fault, and what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidFault(&'static str);

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidFault {}

/// The faults of a server, and the generator that they are drawn with.
#[derive(Debug)]
pub(crate) struct Draw {
    faults: Vec<Fault>,
    random: fastrand::Rng,
}

/// What was drawn for one request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    /// The wait before the request is acted on, and the one after.
    pub(crate) latency: [Duration; 2],
    pub(crate) fault: Option<Fault>,
}

impl Draw {
    pub(crate) fn new(faults: Vec<Fault>, seed: u64) -> Self {
        Self { faults, random: fastrand::Rng::with_seed(seed) }
    }

    /// Each fault is drawn for each request, so that one does not shift the others; the first that hits is taken. Latencies
    /// are added up.
    pub(crate) fn next(&mut self) -> Drawn {
        let mut drawn = Drawn::default();
        for fault in &self.faults {
            // `f64` is below 1, so 1 always hits and 0 never.
            let hit = self.random.f64() < fault.probability;
            match fault.kind {
                _ if !hit => {}
                FaultKind::Latency(time) => {
                    let wait = &mut drawn.latency[usize::from(fault.moment == Moment::After)];
                    *wait = wait.saturating_add(time);
                }
                _ => drawn.fault = drawn.fault.or(Some(*fault)),
            }
        }
        drawn
    }
}

/// A status that was checked when the fault was read. One that was set by hand and is no failure is a 500.
pub(crate) fn status_code(status: u16) -> StatusCode {
    let failure = Some(status).filter(|status| FAILURES.contains(status));
    failure.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_and_written_in_the_same_way() {
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
            "status=300",
            "status=599",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        assert_eq!("latency=2s".parse::<Fault>().unwrap().to_string(), "latency=2000ms");
        assert_eq!("reset@before:1".parse::<Fault>().unwrap().to_string(), "reset");
        assert_eq!("truncate@after".parse::<Fault>().unwrap().to_string(), "truncate");
    }

    #[test]
    fn what_is_no_fault_is_refused_with_what_is_accepted() {
        for (text, accepted) in [
            ("", "a fault is one of"),
            ("boom", "a fault is one of"),
            ("status", "take a value"),
            ("status=200", "from 300 to 599"),
            ("html=600", "from 300 to 599"),
            ("hang=1", "take no value"),
            ("latency=5", "a whole number of ms or s"),
            ("latency=99999999999999999999s", "a whole number of ms or s"),
            ("latency=é", "a whole number of ms or s"),
            ("rate-limit=-1", "takes seconds"),
            ("reset@later", "@before or @after"),
            ("truncate@before", "only after"),
            ("reset:2", "from 0 to 1"),
            ("reset:NaN", "from 0 to 1"),
            ("reset:", "from 0 to 1"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(accepted), "{text}: {error}");
        }
    }

    #[test]
    fn a_draw_keeps_its_probability_and_is_the_same_for_the_same_seed() {
        let fault = Fault::new(FaultKind::Reset).with_probability(0.25);
        let late = Fault::new(FaultKind::Latency(Duration::from_millis(1)));
        let draw = |seed| {
            let mut draw = Draw::new(vec![late, fault, late.after(), Fault::new(FaultKind::Hang)], seed);
            (0..10_000).map(|_| draw.next()).collect::<Vec<_>>()
        };
        let drawn = draw(1);
        assert_eq!(drawn, draw(1));
        assert_ne!(drawn, draw(2));
        assert!(drawn.iter().all(|drawn| drawn.latency == [Duration::from_millis(1); 2] && drawn.fault.is_some()));
        let resets = drawn.iter().filter(|drawn| drawn.fault == Some(fault)).count();
        assert!((2_300..2_700).contains(&resets), "{resets}");
        for (probability, hits) in [(0.0, false), (1.0, true), (7.0, true), (-1.0, false), (f64::NAN, false)] {
            let mut draw = Draw::new(vec![fault.with_probability(probability)], 1);
            assert!((0..1000).all(|_| draw.next().fault.is_some() == hits), "{probability}");
        }
    }
}

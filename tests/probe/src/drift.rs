use std::fmt;
use std::path::Path;

use docfacts::changes::Severity;
use openapi_doc::Pointer;

use crate::{Call, Departure, Difference, Recording};

/// How a server differs from the spec, or from what the test data promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A response differs from the spec.
    Response(Difference),
    /// A request with the key does not succeed, or one without it is not refused with status 401.
    OtherStatus,
    /// No response arrives in time, or the response breaks off.
    NoResponse,
    /// A request was not sent, because no earlier response has the account that it needs.
    NotSent,
    /// An account of the request is not in the response.
    MissingAccount,
    /// An account of the response is not in the request.
    ExtraAccount,
    /// The accounts are in a different order than in the last recording.
    OtherOrder,
    /// A validation ended with a different outcome than the test data promises.
    OtherOutcome,
    /// A validation has not ended.
    NotEnded,
}

impl Change {
    /// How much the change matters to callers of the API today.
    pub fn severity(self) -> Severity {
        match self {
            Self::Response(Difference::NewHeader | Difference::NewField | Difference::NewValue) | Self::OtherOrder => {
                Severity::Additive
            }
            // The vendor's dummy gateway times out at random.
            Self::NoResponse | Self::NotEnded => Severity::Cosmetic,
            _ => Severity::Breaking,
        }
    }
}

/// The name of the change in words, such as `new field`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Response(difference) => format!("{difference:?}"),
            other => format!("{other:?}"),
        };
        let mut words = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.push(letter.to_ascii_lowercase());
        }
        f.write_str(&words)
    }
}

/// One difference, and every call that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The kind of change.
    pub change: Change,
    /// The id of the operation.
    pub operation: String,
    /// The names of the calls.
    pub calls: Vec<String>,
    /// The place in the response: `status`, `header NAME`, or the keys of a value in the body.
    pub at: String,
    /// What the spec, the test data or the last recording has.
    pub expected: String,
    /// What the response of the server has.
    pub found: String,
    /// The place in the spec that has the expected value, or that would have the new one.
    pub place: Pointer,
}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The differences, each once.
    pub drifts: Vec<Drift>,
    /// The responses without their values.
    pub recording: Recording,
}

impl Report {
    pub(crate) fn add(&mut self, call: &Call<'_>, change: Change, departure: Departure) {
        let Departure { at, expected, found, place, .. } = departure;
        let operation = call.operation.id().to_owned();
        let drift = Drift { change, operation, calls: vec![call.name.clone()], at, expected, found, place };
        let same = |other: &&mut Drift| {
            let as_first = Drift { calls: drift.calls.clone(), ..(*other).clone() };
            as_first == drift
        };
        match self.drifts.iter_mut().find(same) {
            Some(known) => known.calls.extend(drift.calls),
            None => self.drifts.push(drift),
        }
    }

    /// Adds a change that concerns the response as a whole.
    pub(crate) fn add_whole(&mut self, call: &Call<'_>, change: Change, expected: &str, found: impl fmt::Display) {
        let [at, expected, found] = ["response".to_owned(), expected.to_owned(), found.to_string()];
        let place = call.operation.pointer.join("responses");
        let difference = Difference::Invalid;
        self.add(call, change, Departure { at, difference, expected, found, place });
    }

    /// Whether the spec or the test data must change.
    pub fn has_drift(&self) -> bool {
        self.drifts.iter().any(|drift| drift.change.severity() != Severity::Cosmetic)
    }

    /// The differences as a table. `file` is the spec.
    pub fn table(&self, file: &Path) -> String {
        let row = |drift: &Drift| {
            let Drift { change, operation, calls, at, expected, found, place } = drift;
            let more = match calls.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let severity = format!("{:?}", change.severity()).to_lowercase();
            let place = format!("{}#{place}", file.display());
            let call = format!("{operation}, {}{more}", calls[0]);
            [severity, change.to_string(), call, at.clone(), expected.clone(), found.clone(), place]
        };
        let header = ["severity", "change", "call", "where", "expected", "found", "in the spec"];
        docfacts::table::markdown(header, self.drifts.iter().map(row))
    }
}

//! A fault: what goes wrong, when, with which probability, and for which requests.

use super::json::FaultJson;
use super::kind::{FaultKind, Moment};
use crate::operation::Operation;

/// A fault: what goes wrong, when, with which probability, and for which requests.
///
/// Its text is `KIND[=VALUE][@before|@after][:PROBABILITY][,on=OPERATION][,nth=N][,next=N]`.
///
/// ```
/// use juspay_accounts_sandbox::{Fault, FaultKind, Operation};
///
/// let fault: Fault = "status=503@after:0.25".parse()?;
/// assert_eq!(fault, Fault::new(FaultKind::Status(503)).after().with_probability(0.25));
/// assert_eq!(fault.to_string(), "status=503@after:0.25");
///
/// // The response to the first call is lost; then all is well.
/// let lost = Fault::new(FaultKind::Close).after().on(Operation::CreateAndValidate).next(1);
/// assert_eq!(lost.to_string(), "close@after,on=createAndValidateCustomerAccount,next=1");
/// # Ok::<(), juspay_accounts_sandbox::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
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
    /// A fault of every request. It happens before the request is processed; `Truncate` and `Timeout` happen after.
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

    /// Whether the fault is for the request with this number, from 1.
    pub(super) fn is_for(&self, number: u64) -> bool {
        let first = u64::from(self.nth.unwrap_or(1));
        let count = self.next.or(self.nth.map(|_| 1));
        number >= first && count.is_none_or(|count| number - first < u64::from(count))
    }
}

//! The outcome of a payee: the columns of the table.

use std::time::SystemTime;

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{
    AccountsRequest, CustomerAccount, Error, MatchKind, Matched, ReconcilePolicy, ReconcileState, ValidationStatus,
};
use serde::{Deserialize, Serialize};

/// A row of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The request, not masked: the table is as secret as account numbers are.
    pub request: Unmasked<AccountsRequest>,
    /// The column `outcome`.
    pub outcome: Outcome,
}

/// The outcome of a payee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The request was not sent yet, or was proven never to have been processed.
    Queued,
    /// The request is about to be sent, or was sent. At a start of the service, the outcome is as unknown as after a
    /// lost response.
    Sending {
        /// When the row was marked as being sent.
        at: SystemTime,
    },
    /// The payee may have been paid.
    Unknown {
        /// The progress of the reconciliation.
        state: ReconcileState,
        /// The id with which the vendor finds the call.
        request_id: Option<String>,
    },
    /// Nothing was paid, and somebody has to fix something first.
    Refused {
        /// What to fix.
        reason: String,
    },
    /// The vendor returned a status for the payee.
    Validated {
        /// `ACTIVE`, `FAILURE`, `PENDING`, or a status of a later version of the API.
        status: String,
        /// How the account of the payee was recognized.
        matched: MatchKind,
        /// The id of the account at the vendor.
        account: Option<String>,
    },
    /// The outcome is uncertain and the request is not sent again. Somebody has to check.
    Manual {
        /// The reason.
        reason: String,
    },
}

impl Outcome {
    /// Whether the service has nothing left to do.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Validated { .. } | Self::Manual { .. })
    }

    pub(crate) fn validated(account: &CustomerAccount, matched: MatchKind) -> Self {
        let status = account.validation_status.as_ref().map_or("", ValidationStatus::as_str).to_owned();
        Self::Validated { status, matched, account: account.customer_account_id.clone() }
    }

    /// The outcome of the only payee of a response. If the response does not have its account, the outcome is unknown.
    pub(crate) fn of_response(matched: &Matched<'_>, sent_at: SystemTime, request_id: Option<&str>) -> Self {
        match matched.account {
            Some(account) => Self::validated(account, matched.kind),
            None => Self::unknown(ReconcileState::new(sent_at, ReconcilePolicy::default()), request_id),
        }
    }

    pub(crate) fn of_error(error: &Error) -> Self {
        use juspay_accounts::Delivery;
        match error.delivery() {
            Delivery::NotSent => Self::Queued,
            Delivery::Refused => Self::Refused { reason: error.to_string() },
            Delivery::Unknown => Self::unknown(error.into(), error.request_id()),
        }
    }

    pub(crate) fn unknown(state: ReconcileState, request_id: Option<&str>) -> Self {
        Self::Unknown { state, request_id: request_id.map(str::to_owned) }
    }
}

//! What is known of a payee: the columns of the table.

use std::time::SystemTime;

use juspay_accounts::{
    AccountsRequest, CustomerAccount, Error, MatchKind, Matched, ReconcileState, Unmasked, ValidationStatus,
};
use serde::{Deserialize, Serialize};

/// A row of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The request, in clear: the table is as secret as account numbers are.
    pub request: Unmasked<AccountsRequest>,
    /// The column `outcome`.
    pub outcome: Outcome,
}

/// The outcome of a payee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It was not sent yet, or is proven to have never been processed.
    Queued,
    /// It is about to be sent, or was sent. Found at a start, it is as unknown as a lost response.
    Sending {
        /// When.
        at: SystemTime,
    },
    /// It may have been paid for.
    Unknown {
        /// How far the reconciliation has come.
        state: ReconcileState,
        /// By which the vendor finds the call.
        request_id: Option<String>,
    },
    /// Nothing was paid, and somebody has to do something first.
    Refused {
        /// What.
        reason: String,
    },
    /// The vendor has said something of it.
    Validated {
        /// `ACTIVE`, `FAILURE`, `PENDING`, or what the vendor says in a later version.
        status: String,
        /// How its account was recognized.
        matched: MatchKind,
        /// Its id at the vendor.
        account: Option<String>,
    },
    /// Nothing is certain, and it is not sent again: somebody has to look.
    Manual {
        /// Why.
        reason: String,
    },
}

impl Outcome {
    /// Whether nothing is left to do for the service.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Validated { .. } | Self::Manual { .. })
    }

    /// The outcome of a payee whose account was recognized.
    pub(crate) fn validated(account: &CustomerAccount, matched: MatchKind) -> Self {
        let status = account.validation_status.as_ref().map_or("", ValidationStatus::as_str).to_owned();
        Self::Validated { status, matched, account: account.customer_account_id.clone() }
    }

    /// The outcome of the only payee of a response; without its account, as unknown as a lost response.
    pub(crate) fn of_response(matched: &Matched<'_>, sent_at: SystemTime, request_id: Option<&str>) -> Self {
        match matched.account {
            Some(account) => Self::validated(account, matched.kind),
            None => Self::unknown(sent_at.into(), request_id),
        }
    }

    /// The outcome of a payee whose call failed.
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

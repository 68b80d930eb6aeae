use std::time::SystemTime;

use juspay_accounts::validation::Unmasked;
use juspay_accounts::{
    AccountsRequest, CustomerAccount, MatchKind, ReconcileState, ValidationStatus, WaitPolicy, WaitState,
};
use serde::{Deserialize, Serialize};

/// A row of the table: one payee and its outcome.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The request, not masked: the table is as secret as account numbers are.
    pub request: Unmasked<AccountsRequest>,
    /// The outcome of the payee.
    pub outcome: Outcome,
}

/// The outcome of a payee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The request has not been sent yet, or was certainly not processed.
    Queued,
    /// The request is about to be sent, or was sent. If the service finds such a row when it starts, the outcome is
    /// unknown, as after a lost response.
    Sending {
        /// When the row was marked as being sent.
        at: SystemTime,
    },
    /// The payee may have been paid.
    Unknown {
        /// The progress of the reconciliation.
        state: ReconcileState,
        /// The id by which the vendor finds the call.
        request_id: Option<String>,
    },
    /// The request was refused and nothing was paid. When the cause is fixed, another `PUT` sends it again.
    Refused {
        /// What has to be fixed.
        reason: String,
    },
    /// The validation has not ended, so the account is read again.
    Pending {
        /// The account, not masked.
        pending: Box<CustomerAccount>,
        /// How the account of the payee was recognized.
        matched: MatchKind,
        /// The progress of the wait.
        state: WaitState,
    },
    /// The validation has ended.
    Validated {
        /// The vendor's status, such as `ACTIVE` or `FAILURE`; empty if the response has none.
        status: String,
        /// How the account of the payee was recognized.
        matched: MatchKind,
        /// The id of the account at the vendor.
        account_id: Option<String>,
    },
    /// The outcome is uncertain and the request is not sent again. Somebody has to check.
    Manual {
        /// Why the outcome is uncertain.
        reason: String,
    },
}

impl Outcome {
    /// Whether the service has nothing left to do for this row.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Validated { .. } | Self::Manual { .. })
    }

    pub(crate) fn of_account(account: Box<CustomerAccount>, matched: MatchKind, policy: WaitPolicy) -> Self {
        if account.is_pending() {
            return Self::Pending { pending: account, matched, state: WaitState::new(policy) };
        }
        let status = account.validation_status.as_ref().map_or("", ValidationStatus::as_str).to_owned();
        Self::Validated { status, matched, account_id: account.customer_account_id }
    }

    pub(crate) fn unknown(state: ReconcileState, request_id: Option<&str>) -> Self {
        Self::Unknown { state, request_id: request_id.map(str::to_owned) }
    }
}

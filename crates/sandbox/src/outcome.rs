//! What the validation of an account comes to: by test data for some, and well for all others.

use juspay_accounts::ValidationStatus;
use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa};

/// How an account goes on that is `PENDING`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pending {
    /// It stays so.
    #[default]
    Forever,
    /// It is `ACTIVE` when it is read for the nth time, or later.
    ActiveAfter(u32),
    /// It is `FAILURE` when it is read for the nth time, or later.
    FailureAfter(u32),
}

impl Pending {
    /// The status after so many reads.
    pub(crate) fn after(self, reads: u32) -> ValidationStatus {
        match self {
            Self::ActiveAfter(needed) if reads >= needed => ValidationStatus::Active,
            Self::FailureAfter(needed) if reads >= needed => ValidationStatus::Failure,
            _ => ValidationStatus::Pending,
        }
    }
}

/// The status with which the validation of a bank account begins.
pub(crate) fn of_bank_account(ifsc: &Ifsc, account: &AccountNumber) -> ValidationStatus {
    match (ifsc.as_str(), account.as_str()) {
        ("YESB0000262", "026291800001190") => ValidationStatus::Failure,
        ("HDFC0000077", "007711000031") => ValidationStatus::Pending,
        _ => ValidationStatus::Active,
    }
}

/// The status with which the validation of a UPI address begins.
pub(crate) fn of_upi(vpa: &Vpa) -> ValidationStatus {
    let user = vpa.as_str().split('@').next().unwrap_or_default();
    if user.eq_ignore_ascii_case("failure") {
        ValidationStatus::Failure
    } else if user.eq_ignore_ascii_case("pending") {
        ValidationStatus::Pending
    } else {
        ValidationStatus::Active
    }
}

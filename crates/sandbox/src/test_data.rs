//! The vendor's test data and this crate's own: accounts that fail, are pending or time out. All other accounts are
//! `ACTIVE`.

use std::time::Duration;

use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{BankAccount, Name, Vpa};

use crate::pending::Pending;
use crate::plan::Plan;

/// Returns the plan for validating a payee. `timeout` is how long a response is withheld.
pub(crate) fn plan(payee: &Payee, pending: Pending, timeout: Duration) -> Plan {
    use ValidationStatus::{Active, Failure, Pending as IsPending};
    let account = match payee {
        Payee::BankAccount(BankAccount { ifsc, account, .. }) => (ifsc.as_str(), account.as_str()),
        Payee::Upi(vpa) => return of_upi(vpa, pending),
    };
    match account {
        // An invalid account and a gateway error are both `FAILURE`, because the endpoint has no other status for them.
        ("SBIN0008752", "000100289877623") | ("YESB0000262", "026291800001190") => Failure.into(),
        ("CITI0000001", "02014457596967") => pending.plan_then(Failure),
        ("CITI0000001", "02014457596968") => pending.plan_then(Active),
        ("CITI0000001", "02014457596969") => IsPending.into(),
        ("CNRR0002640", "2640101002727" | "2640101002729") => Plan::times_out_then(timeout, Failure),
        ("CNRR0002640", "2640101002728") => Plan::times_out_then(timeout, Active),
        // This account is from another provider's test data.
        ("HDFC0000077", "007711000031") => pending.plan(),
        _ => Active.into(),
    }
}

fn of_upi(vpa: &Vpa, pending: Pending) -> Plan {
    let local = vpa.as_str().split('@').next().unwrap_or_default().to_ascii_lowercase();
    match local.as_str() {
        "invalid" | "error" | "failure" => ValidationStatus::Failure.into(),
        "pending" => pending.plan(),
        local => Plan { name_at_bank: holder(local), ..Plan::from(ValidationStatus::Active) },
    }
}

/// Returns the name at bank that an address contains: RAMESH KUMAR for `holder.ramesh.kumar@…`.
fn holder(local: &str) -> Option<Name> {
    let words: Vec<_> = local.strip_prefix("holder.")?.split(['.', '_', '-']).filter(|word| !word.is_empty()).collect();
    words.join(" ").to_ascii_uppercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_name_its_holder() {
        for (vpa, name) in [
            ("holder.ramesh.kumar@upi", Some("RAMESH KUMAR")),
            ("Holder.A-B_c..d@ybl", Some("A B C D")),
            ("holder.@upi", None),
            ("holder@upi", None),
            ("shareholder.x@upi", None),
        ] {
            let payee = Payee::Upi(vpa.parse().unwrap());
            let plan = plan(&payee, Pending::default(), Duration::ZERO);
            assert_eq!(plan.name_at_bank.as_ref().map(Name::as_str), name, "{vpa}");
            assert_eq!(plan.status, ValidationStatus::Active);
        }
    }
}

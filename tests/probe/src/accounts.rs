//! Matches the accounts of a response with payees.

use serde_json::Value;

use crate::plan::{ACCOUNT_ID, Outcome};
use crate::response::Received;

pub(crate) struct Account<'a>(&'a Value);

/// The accounts of a body: one account, a list of accounts, or an object with a `list`.
pub(crate) fn accounts(body: &Value) -> Vec<Account<'_>> {
    let list = body.as_array().or_else(|| body.get("list")?.as_array());
    let list = list.map_or(std::slice::from_ref(body), Vec::as_slice);
    list.iter().filter(|one| one.is_object()).map(Account).collect()
}

/// The body of a successful response, if it is JSON.
pub(crate) fn success(received: &Received) -> Option<Value> {
    if (200..300).contains(&received.status) { serde_json::from_slice(&received.body).ok() } else { None }
}

impl<'a> Account<'a> {
    pub(crate) fn id(&self) -> Option<&'a str> {
        self.0.get(ACCOUNT_ID)?.as_str()
    }

    /// Whether the account belongs to a payee. The IFSC is not compared: in the vendor's samples, that of the response
    /// differs from that of the request.
    pub(crate) fn is_of(&self, payee: &Value) -> bool {
        let same = |key: &str| {
            let own = self.0.get("account_details").and_then(|details| details.get(key)).and_then(Value::as_str);
            let other = payee.get(key).and_then(Value::as_str);
            own.zip(other).is_some_and(|(own, other)| own.eq_ignore_ascii_case(other))
        };
        same("account") || same("vpa")
    }

    pub(crate) fn status(&self) -> Option<&'a str> {
        self.0.get("validation_status")?.as_str()
    }
}

impl Outcome {
    /// The statuses with this outcome.
    pub(crate) fn statuses(self) -> &'static [&'static str] {
        match self {
            Self::Valid => &["ACTIVE"],
            // An error has no status of its own.
            Self::Invalid | Self::Error => &["FAILURE"],
            Self::Pending | Self::TimesOut => &["PENDING", "CREATED"],
        }
    }

    /// Whether a status means that the validation is pending.
    pub(crate) fn is_open(status: &str) -> bool {
        Self::Pending.statuses().contains(&status)
    }
}

//! What became of a row, and the lines in which it is told to programs.

use std::fmt;

use juspay_accounts::{
    Accounts, CustomerAccount, Delivery, Error, ErrorKind, MatchKind, Matched, Payee, ValidationStatus,
};
use juspay_accounts_validation::BankAccount;
use serde::{Deserialize, Serialize};

use crate::show;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The account is valid: `ACTIVE`.
    Active,
    /// It is not: `FAILURE`.
    Failed,
    /// Its validation has not ended: `PENDING` or `CREATED`.
    Pending,
    /// There was an answer, with another status or none.
    Other,
    /// The server refused the call. Nothing was paid.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// It may have been validated and paid for, and nobody knows.
    Unknown,
    /// It was invalid, and left out.
    Skipped,
}

impl Outcome {
    /// All of them, each at its own number, in the order of a summary.
    pub(crate) const ALL: [Self; 8] = [
        Self::Active,
        Self::Failed,
        Self::Pending,
        Self::Other,
        Self::Refused,
        Self::NotSent,
        Self::Unknown,
        Self::Skipped,
    ];

    /// As people read it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Pending => "pending",
            Self::Other => "other",
            Self::Refused => "refused",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many rows have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally([u64; Outcome::ALL.len()]);

impl Tally {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    pub(crate) fn take_off(&mut self, outcome: Outcome) {
        self.0[outcome as usize] -= 1;
    }

    pub(crate) fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Those that are not zero.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.into_iter().map(|outcome| (outcome, self.of(outcome))).filter(|(_, number)| *number > 0)
    }
}

/// An object with those that are not zero, by the names of the output.
impl Serialize for Tally {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Whether a call that was refused so can be sent again by `--resume`: the server spoke of the caller, of the address or
/// of the moment, and not of what was in the call.
fn may_be_sent_again(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::RateLimited
            | ErrorKind::Redirected
    )
}

/// A row as far as it is known to the output.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The line of the input.
    pub(crate) line: u64,
    /// How often it was sent by now, this time included.
    pub(crate) attempt: u32,
    /// Whether an earlier attempt may have been acted on.
    pub(crate) doubtful: bool,
    pub(crate) reference: Option<String>,
    pub(crate) payee: Payee,
}

/// A line of the output. Its keys are documented in `--help`, and are always all there.
#[derive(Debug, Serialize)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) attempt: u32,
    reference: Option<String>,
    /// Masked.
    account: Option<String>,
    pub(crate) outcome: Outcome,
    status: Option<String>,
    customer_account_id: Option<String>,
    request_id: Option<String>,
    pub(crate) error: Option<&'static str>,
    /// Whether it would be sent by `--resume`.
    again: bool,
    pub(crate) reason: Option<String>,
}

impl Record {
    /// A row that was left out.
    pub(crate) fn skipped(line: u64, reason: String) -> Self {
        Self { reason: Some(reason), ..Self::new(line, 0, Outcome::Skipped) }
    }

    /// A row of which an earlier run said that it would be sent, and nothing more.
    pub(crate) fn interrupted(entry: &Entry) -> Self {
        let reason = "the program was ended before the answer; it may have been acted on";
        Self { reason: Some(reason.to_owned()), ..Self::of(entry, Outcome::Unknown) }
    }

    /// The outcome of a row whose call had a response, in which these accounts were recognized.
    pub(crate) fn answered(entry: &Entry, accounts: &Accounts, matched: &[Matched<'_>]) -> Self {
        let request_id = accounts.request_id().map(str::to_owned);
        let own = matched.iter().find(|matched| matched.payee == entry.payee);
        let Some(account) = own.and_then(|own| own.account) else {
            let reason = match own.map(|own| own.kind) {
                Some(MatchKind::Unidentified) => {
                    "the response has an account that may be this one, and does not identify it; it may have been paid for"
                }
                _ => "the response does not have this account; it may have been paid for",
            };
            return Self { request_id, reason: Some(reason.to_owned()), ..Self::of(entry, Outcome::Unknown) };
        };
        Self { request_id, ..Self::found(entry, account) }
    }

    /// A row whose account is this one.
    pub(crate) fn found(entry: &Entry, account: &CustomerAccount) -> Self {
        let outcome = match &account.validation_status {
            Some(ValidationStatus::Active) => Outcome::Active,
            Some(ValidationStatus::Failure) => Outcome::Failed,
            Some(ValidationStatus::Pending | ValidationStatus::Created) => Outcome::Pending,
            _ => Outcome::Other,
        };
        let show = |text: &str| show::word(text, [&entry.payee]);
        Self {
            status: account.validation_status.as_ref().and_then(|status| show(status.as_str())),
            customer_account_id: account.customer_account_id.as_deref().and_then(show),
            ..Self::of(entry, outcome)
        }
    }

    /// The same, with the id of the call by which it was sent.
    pub(crate) fn of_call(self, request_id: Option<String>) -> Self {
        Self { request_id, ..self }
    }

    /// A row of which it could not be found out what became of it.
    pub(crate) fn in_doubt(entry: &Entry, why: impl fmt::Display) -> Self {
        Self { reason: Some(why.to_string()), ..Self::of(entry, Outcome::Unknown) }
    }

    /// What became of a row by a call that failed. An earlier attempt that is unknown outweighs this one.
    pub(crate) fn failed(entry: &Entry, error: &Error) -> Self {
        let outcome = match error.delivery() {
            _ if entry.doubtful => Outcome::Unknown,
            Delivery::NotSent => Outcome::NotSent,
            Delivery::Refused => Outcome::Refused,
            Delivery::Unknown => Outcome::Unknown,
        };
        Self {
            request_id: error.request_id().map(str::to_owned),
            error: Some(error.kind().as_str()),
            again: outcome == Outcome::NotSent || outcome == Outcome::Refused && may_be_sent_again(error.kind()),
            reason: Some(if entry.doubtful {
                format!("an earlier attempt may have been acted on; the last: {error}")
            } else {
                error.to_string()
            }),
            ..Self::of(entry, outcome)
        }
    }

    fn of(entry: &Entry, outcome: Outcome) -> Self {
        let account = match &entry.payee {
            Payee::BankAccount(BankAccount { ifsc, account, .. }) => format!("{ifsc} {account}"),
            Payee::Upi(vpa) => vpa.to_string(),
        };
        Self {
            reference: entry.reference.clone(),
            account: Some(account),
            ..Self::new(entry.line, entry.attempt, outcome)
        }
    }

    fn new(line: u64, attempt: u32, outcome: Outcome) -> Self {
        Self {
            line,
            attempt,
            reference: None,
            account: None,
            outcome,
            status: None,
            customer_account_id: None,
            request_id: None,
            error: None,
            again: false,
            reason: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use juspay_accounts::{ApiKey, BaseUrl, Client};
    use juspay_accounts_sandbox::Sandbox;

    use super::*;

    fn bank(account: &str) -> Payee {
        let (ifsc, account) = ("YESB0000262".parse().unwrap(), account.parse().unwrap());
        Payee::BankAccount(BankAccount { ifsc, account, name: None })
    }

    fn entry(payee: Payee) -> Entry {
        Entry { line: 2, attempt: 1, doubtful: false, reference: None, payee }
    }

    /// An answer of which the details can be left out.
    async fn answer(accounts: &[&str], silent: bool) -> Accounts {
        let sandbox = Sandbox::start().await.unwrap();
        let client = Client::new(sandbox.url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
        let mut request = juspay_accounts::AccountsRequest::builder("cst_1", "JP_HDFC");
        for account in accounts {
            request = request.bank_account("YESB0000262", *account);
        }
        let answer = client.validate(&request.build().unwrap()).await.unwrap();
        if !silent {
            return answer;
        }
        // Another server may say less.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut list = serde_json::to_value(&*answer).unwrap();
        for account in list.as_array_mut().unwrap() {
            account.as_object_mut().unwrap().remove("account_details");
        }
        let body = list.to_string();
        let client = Client::new(url.parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
        let request = juspay_accounts::AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").build().unwrap();
        let serve = async {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            stream
        };
        tokio::join!(client.validate(&request), serve).0.unwrap()
    }

    #[tokio::test]
    async fn a_row_has_the_account_that_was_sent_or_none() {
        const GOOD: &str = "026291800001191";
        const BAD: &str = "026291800001190";
        let outcome = |payee: Payee, accounts: &Accounts, only: bool| {
            let mut request = juspay_accounts::AccountsRequest::builder("cst_1", "JP_HDFC").payee(payee.clone());
            if !only {
                request = request.upi("another@upi");
            }
            Record::answered(&entry(payee), accounts, &accounts.matched(&request.build().unwrap())).outcome
        };
        let both = answer(&[GOOD, BAD], false).await;
        assert_eq!(outcome(bank(GOOD), &both, false), Outcome::Active);
        assert_eq!(outcome(bank(BAD), &both, false), Outcome::Failed);
        assert_eq!(outcome(bank("0262918"), &both, false), Outcome::Unknown);
        // The answer to another call.
        let other = answer(&[GOOD], false).await;
        assert_eq!(outcome(bank(BAD), &other, true), Outcome::Unknown);
        // An account that does not identify itself belongs to nobody, also if it is the only one.
        let silent = answer(&[GOOD], true).await;
        assert_eq!(outcome(bank(GOOD), &silent, true), Outcome::Unknown);
        assert_eq!(outcome(bank(GOOD), &silent, false), Outcome::Unknown);
        assert_eq!(outcome(bank(GOOD), &answer(&[GOOD, BAD], true).await, true), Outcome::Unknown);
    }
}

//! `--follow`: whether validations have ended that had not when their rows were sent. It only reads, and moves no money.

use juspay_accounts::{Client, Customer};
use juspay_accounts_validation::CustomerAccountId;

use super::outcome::{Entry, Outcome, Record};
use super::send::{Ended, Heard};
use super::store::{Full, Store};

/// A row whose validation had not ended.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) customer: Customer,
    pub(crate) account: CustomerAccountId,
    /// The row as it was sent.
    pub(crate) entry: Entry,
    /// The id by which the vendor finds the call, if the output has one.
    pub(crate) request_id: Option<String>,
}

/// Reads the account of a row. An end is written down; what has none, or says nothing of it, stays as it is.
pub(crate) async fn follow(client: Client, store: Store, row: Pending) -> Result<Ended, Full> {
    let Pending { customer, account, entry, request_id } = row;
    let (outcome, heard) = match client.get(&customer, &account).await {
        Ok(account) if account.validation_status.is_none() => (Outcome::Pending, Heard::OfRows),
        Ok(account) => {
            let record = Record::found(&entry, &account).of_call(request_id);
            if record.outcome != Outcome::Pending {
                store.record(&record, false).await?;
            }
            (record.outcome, Heard::OfRows)
        }
        Err(error) => (Outcome::Pending, Heard::in_reading(&error)),
    };
    Ok(Ended { rows: vec![(entry.line, outcome)], reading: true, heard, again: None })
}

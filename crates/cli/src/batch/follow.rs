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
    let (mut outcome, mut unread) = (Outcome::Pending, None);
    let heard = match client.get(&customer, &account).await {
        // Whatever else the server answers with, it is not this account.
        Ok(read) if read.customer_account_id.as_deref() != Some(account.as_str()) => {
            unread = Some("the answer is about another account, or does not say which".to_owned());
            Heard::Nothing
        }
        Ok(read) if !read.may_be_for(&entry.payee) => {
            unread = Some("the server returned another account with the same id; its status was not used".to_owned());
            Heard::Nothing
        }
        Ok(read) => {
            let record = Record::found(&entry, &read).of_call(request_id);
            if read.validation_status.is_some() && record.outcome != Outcome::Pending {
                outcome = record.outcome;
                store.record(&record, false).await?;
            }
            Heard::OfRows
        }
        Err(error) => {
            unread = Some(error.to_string());
            Heard::in_reading(&error)
        }
    };
    let rows = vec![(entry.line, outcome)];
    Ok(Ended { rows, reading: true, before: Some(Outcome::Pending), unread, heard, again: None })
}

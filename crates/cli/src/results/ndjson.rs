//! Writes results as NDJSON: one masked object for each payee. Every object has all keys; the manual documents them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use juspay_accounts::Payee;
use serde::Serialize;

use super::cell;
use super::format::Sink;
use super::row::{ResultRow, RowResult};
use crate::log::Outcome;
use crate::names::NameMatch;
use crate::text::rupees;

#[derive(Serialize)]
#[allow(clippy::struct_field_names, reason = "the manual documents these keys")]
struct Object<'a> {
    row: u32,
    attempt: u32,
    reference: Option<Cow<'a, str>>,
    /// The IFSC and account number, or the UPI address, masked.
    account: Option<String>,
    outcome: Outcome,
    status: Option<&'a str>,
    name_verdict: Option<&'a NameMatch>,
    customer_account_id: Option<&'a str>,
    checked_at: Option<String>,
    /// The amount in rupees, such as `1.00`.
    amount_paid: Option<String>,
    amount_is_certain: Option<bool>,
    request_id: Option<&'a str>,
    error: Option<&'a str>,
    again: bool,
    reason: Option<&'a str>,
    advice: Option<&'a str>,
    /// The probable correction, masked.
    suggestion: Option<&'a str>,
}

impl<'a> Object<'a> {
    fn new(row: &'a ResultRow<'a>, result: &'a RowResult) -> Self {
        let record = &result.record;
        let account = row.payee.as_ref().map(|payee| match payee {
            Payee::BankAccount(account) => format!("{} {}", account.ifsc, account.account),
            Payee::Upi(vpa) => vpa.to_string(),
        });
        Self {
            row: row.number,
            attempt: result.attempt,
            reference: row.reference.map(cell::printable),
            account,
            outcome: record.outcome,
            status: record.status.as_deref(),
            name_verdict: record.name.as_ref(),
            customer_account_id: record.account_id.as_deref(),
            checked_at: result.checked_at.map(cell::utc),
            amount_paid: result.paid.map(|paid| rupees(paid.paise.into())),
            amount_is_certain: result.paid.map(|paid| paid.is_certain),
            request_id: record.request_id.as_deref(),
            error: record.error.as_deref(),
            again: record.again,
            reason: record.reason.as_deref(),
            advice: result.advice.as_deref(),
            suggestion: result.masked_suggestion.as_deref(),
        }
    }
}

pub(crate) struct Ndjson(BufWriter<File>);

impl Ndjson {
    pub(crate) fn new(file: File) -> Self {
        Self(BufWriter::with_capacity(64 * 1024, file))
    }
}

impl Sink for Ndjson {
    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()> {
        let Some(result) = &row.result else { return Ok(()) };
        serde_json::to_writer(&mut self.0, &Object::new(row, result))?;
        self.0.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

//! The results as a view of the log: each row of the input, with what the log says about its payee.

use juspay_accounts::Payee;

use super::row::{ResultRow, RowResult};
use super::sink::Sink;
use crate::batch::check;
use crate::batch::input::{Column, Input, Row, RowKind, Unreadable};
use crate::batch::row;
use crate::log::{End, Outcome, PayeeHash, Payees, Record, Records, Salt};

/// An input and a log that was read.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) input: &'a Input,
    pub(crate) salt: &'a Salt,
    pub(crate) payees: &'a Payees,
    pub(crate) records: &'a Records,
}

impl View<'_> {
    /// Passes all rows of the input to sinks, in their order.
    ///
    /// # Errors
    /// The input or the log cannot be read, or a sink cannot be written.
    pub(crate) fn pass_to(&self, sinks: &mut [&mut dyn Sink]) -> Result<(), Unreadable> {
        for (cells, number) in self.input.above.iter().zip(1..) {
            let cells: Vec<_> = cells.iter().map(String::as_str).collect();
            let row = ResultRow { number, cells: &cells, payee: None, name: None, reference: None, result: None };
            sinks.iter_mut().try_for_each(|sink| sink.row(&row))?;
        }
        let names: Vec<_> = self.input.layout.names.iter().map(String::as_str).collect();
        sinks.iter_mut().try_for_each(|sink| sink.header(&names))?;
        let mut rows = self.input.rows()?;
        while let Some(row) = rows.next()? {
            let cells: Vec<_> = row.cells().collect();
            let (name, reference) = (row.filled(Column::Name), row.filled(Column::Reference));
            let (payee, result) = match row.kind {
                RowKind::Payee => self.payee(&row).map(|(payee, result)| (payee, Some(result)))?,
                RowKind::Blank | RowKind::Total | RowKind::Remark => (None, None),
            };
            let row = ResultRow { number: row.number, cells: &cells, payee, name, reference, result };
            sinks.iter_mut().try_for_each(|sink| sink.row(&row))?;
        }
        Ok(())
    }

    /// The payee of a row, if it is valid, and its result.
    fn payee(&self, row: &Row<'_>) -> Result<(Option<Payee>, RowResult), Unreadable> {
        let mut problems = Vec::new();
        check::problems(row, |column, problem| {
            problems.push(column.map_or_else(String::new, |column| format!("{}: ", column.name())) + &problem);
        });
        if !problems.is_empty() {
            let result = RowResult::because(Outcome::Skipped, problems.join("; "));
            return Ok((None, RowResult { needs_work: true, ..result }));
        }
        let (_, payee) = row::read(row).map_err(|_| Unreadable::Changed)?;
        let result = self.result(row.number, &row::payee(row, self.salt))?;
        Ok((Some(payee), result))
    }

    /// The result of a valid row.
    fn result(&self, number: u32, payee: &PayeeHash) -> Result<RowResult, Unreadable> {
        let row = self.payees.find(payee).ok_or(Unreadable::Changed)?;
        let state = &row.state;
        if row.line != number {
            return Ok(RowResult::because(Outcome::Skipped, check::repeats(row.line)));
        }
        let result = match state.outcome {
            Some(_) => self.records.read(state.record_at)?.into(),
            None if state.is_in_flight() => {
                let sent = Some(u64::from(state.since) * 1000);
                RowResult { checked_at: sent, ..Record::interrupted().into() }
            }
            None => RowResult {
                again: true,
                needs_work: true,
                ..RowResult::because(Outcome::NotSent, "the run did not reach this row")
            },
        };
        Ok(RowResult { attempt: state.attempt, paid: state.paid(), ..result })
    }
}

impl RowResult {
    fn because(outcome: Outcome, reason: impl std::fmt::Display) -> Self {
        Record::because(outcome, reason).into()
    }
}

impl From<Record> for RowResult {
    fn from(record: Record) -> Self {
        let Record { outcome, status, account_id, name, request_id, error, again, reason, .. } = record;
        Self {
            outcome,
            attempt: 0,
            status,
            name,
            customer_account_id: account_id,
            checked_at: None,
            paid: None,
            request_id,
            error,
            again,
            reason,
            advice: None,
            suggestion: None,
            masked_suggestion: None,
            needs_work: false,
        }
    }
}

impl From<End> for RowResult {
    fn from(End { recorded, record, .. }: End) -> Self {
        let is_sent = !matches!(record.outcome, Outcome::NotSent | Outcome::Skipped);
        let is_failed = record.status.as_deref() == Some("FAILURE");
        let needs_work = match record.outcome {
            Outcome::Failed | Outcome::Refused | Outcome::NotSent => true,
            // It was validated lately.
            Outcome::Skipped => is_failed,
            // The log knows more about these than any file that is read anew: sent again, they may be paid twice.
            Outcome::Active | Outcome::Pending | Outcome::Other | Outcome::Unknown => false,
        };
        let reason = record.reason.clone().or_else(|| explanation(record.outcome).map(str::to_owned));
        Self { checked_at: recorded.filter(|_| is_sent), needs_work, reason, ..record.into() }
    }
}

/// What an outcome means that comes without a reason.
fn explanation(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Failed => Some("the bank says that the account is not valid"),
        Outcome::Pending => Some("the validation has not ended"),
        Outcome::Other => Some("the response has another status, or none"),
        Outcome::Active | Outcome::Refused | Outcome::NotSent | Outcome::Unknown | Outcome::Skipped => None,
    }
}

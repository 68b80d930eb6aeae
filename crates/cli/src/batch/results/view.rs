//! The results as a view of the log: each row of the input, with what the log says about its payee.

use super::row::{ResultRow, RowResult};
use super::sink::Sink;
use crate::batch::check;
use crate::batch::columns::Column;
use crate::batch::input::{Found, Input, Rows, Unreadable};
use crate::batch::row;
use crate::log::{End, Outcome, Payees, Record, Records, Salt};

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
        let mut rows = Rows::open(self.input.read()?)?;
        let names = rows.names();
        sinks.iter_mut().try_for_each(|sink| sink.header(&names))?;
        while let Some(found) = rows.next()? {
            let mut problems = Vec::new();
            let mut number = 0;
            check::problems(&found, |line, column, problem| {
                number = line;
                problems.push(column.map_or_else(String::new, |column| format!("{}: ", column.name())) + &problem);
            });
            let (cells, valid) = match &found {
                Found::Row(cells) => (&*cells.all, Some(cells).filter(|_| problems.is_empty())),
                Found::Bad(..) => (&[][..], None),
            };
            let mut row = ResultRow { number, cells, payee: None, name: None, reference: None, result: None };
            row.result = Some(match valid {
                Some(cells) => {
                    let (_, payee) = row::read(cells).map_err(|_| Unreadable::Changed)?;
                    (row.number, row.payee) = (cells.line, Some(payee));
                    (row.name, row.reference) = (cells.filled(Column::Name), cells.filled(Column::Reference));
                    self.result(cells.line, &row::payee(cells, self.salt))?
                }
                None => RowResult { needs_work: true, ..RowResult::because(Outcome::Skipped, problems.join("; ")) },
            });
            sinks.iter_mut().try_for_each(|sink| sink.row(&row))?;
        }
        Ok(())
    }

    /// The result of a valid row.
    fn result(&self, number: u32, payee: &crate::log::PayeeHash) -> Result<RowResult, Unreadable> {
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
        Self { checked_at: recorded.filter(|_| is_sent), needs_work, ..record.into() }
    }
}

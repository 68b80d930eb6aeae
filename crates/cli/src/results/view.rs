//! Combines each row of the input with the outcome of its payee in the log.

use juspay_accounts::Payee;
use juspay_accounts_validation::names::Verdict;

use super::format::Sink;
use super::row::{ResultRow, RowResult, added};
use crate::input::{Column, Input, Row, RowKind, Unreadable};
use crate::log::{End, Outcome, PayeeHash, Record, Records, Salt};
use crate::payees::check::Checked;
use crate::payees::flaw::{Flaw, Unusual};
use crate::payees::row;

/// An input, and the log with the outcomes of its payees.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) input: &'a Input,
    pub(crate) salt: &'a Salt,
    /// The checked input, with the states from the log.
    pub(crate) checked: &'a Checked,
    pub(crate) records: &'a Records,
}

impl View<'_> {
    /// Passes all rows of the input to sinks, in order.
    ///
    /// # Errors
    /// The input or the log cannot be read, or a sink cannot write.
    pub(crate) fn pass_to(&self, sinks: &mut [&mut dyn Sink]) -> Result<(), Unreadable> {
        for (cells, number) in self.input.above.iter().zip(1..) {
            let cells: Vec<_> = cells.iter().map(String::as_str).collect();
            let row = ResultRow::plain(number, &cells);
            sinks.iter_mut().try_for_each(|sink| sink.row(&row))?;
        }
        let mut names: Vec<_> = self.input.layout.names.iter().map(String::as_str).collect();
        let added = added(&names);
        // A row can have more cells than the header, such as a remark beside the table.
        names.resize(self.checked.widest, "");
        let added = added.each_ref().map(String::as_str);
        sinks.iter_mut().try_for_each(|sink| sink.header(&names, &added))?;
        let mut rows = self.input.rows()?;
        while let Some(row) = rows.next()? {
            let cells: Vec<_> = row.cells().take(names.len()).collect();
            let (name, reference) = (row.values.filled(Column::Name), row.values.filled(Column::Reference));
            let (payee, result) = match row.kind {
                RowKind::Payee => self.payee(&row).map(|(payee, result)| (payee, Some(result)))?,
                RowKind::Blank | RowKind::Total | RowKind::Remark => (None, None),
            };
            let (number, numbers) = (row.number, row.numbers());
            let row = ResultRow { number, cells: &cells, numbers, payee, name, reference, result };
            sinks.iter_mut().try_for_each(|sink| sink.row(&row))?;
        }
        Ok(())
    }

    /// Returns the payee of a row, if the row is valid, and the result of the row.
    fn payee(&self, row: &Row<'_>) -> Result<(Option<Payee>, RowResult), Unreadable> {
        let mut flaws = Vec::new();
        row::check(row, |flaw| flaws.push(flaw));
        let (payee, mut result) = if flaws.is_empty() {
            let (_, payee) = row::read(row).map_err(|_| Unreadable::Changed)?;
            (Some(payee), self.result(row.number, &row::payee(row, self.salt))?)
        } else {
            (None, self.invalid(&flaws))
        };
        result.advice = self.advice(row, &result, flaws.is_empty());
        Ok((payee, result))
    }

    fn invalid(&self, flaws: &[Flaw]) -> RowResult {
        let at = |flaw: &Flaw| {
            flaw.column().map_or_else(String::new, |column| format!("{}: ", self.input.layout.column(column)))
        };
        let reasons: Vec<_> = flaws.iter().map(|flaw| format!("{}{flaw}", at(flaw))).collect();
        let suggested: Vec<_> = flaws.iter().filter(|flaw| flaw.suggestion().is_some()).collect();
        // A single suggestion has no column name, so that it can be copied.
        let at = |flaw: &Flaw| if suggested.len() == 1 { String::new() } else { at(flaw) };
        let all = |suggestion: fn(&Flaw) -> Option<String>| {
            let all = suggested.iter().filter_map(|flaw| Some(at(flaw) + &suggestion(flaw)?));
            Some(all.collect::<Vec<_>>().join("; ")).filter(|all| !all.is_empty())
        };
        let suggestion = all(|flaw| flaw.suggestion().map(str::to_owned));
        let masked_suggestion = all(Flaw::masked_suggestion);
        let result = RowResult::because(Outcome::Skipped, reasons.join("; "));
        RowResult { needs_work: true, suggestion, masked_suggestion, ..result }
    }

    /// Returns the advice on a row: what to do, what was repaired, and what is unusual.
    fn advice(&self, row: &Row<'_>, result: &RowResult, is_valid: bool) -> Option<String> {
        let at = |column| self.input.layout.column(column);
        let mut advice: Vec<_> = result.what_to_do().map(str::to_owned).into_iter().collect();
        advice.extend(row.repairs.iter().map(|(column, change)| format!("{}: {change}", at(*column))));
        if is_valid {
            let mut add = |unusual: Unusual| {
                let column = unusual.column().map_or_else(String::new, |column| format!("{}: ", at(column)));
                advice.push(format!("{column}{unusual}"));
            };
            row::advice(&row.values, row.stored, &mut add);
            self.checked.likeness(row.number).map(add);
        }
        Some(advice.join("; ")).filter(|advice| !advice.is_empty())
    }

    fn result(&self, number: u32, payee: &PayeeHash) -> Result<RowResult, Unreadable> {
        let row = self.checked.payees.find(payee).ok_or(Unreadable::Changed)?;
        let state = &row.state;
        if row.line != number {
            return Ok(RowResult::because(Outcome::Skipped, Flaw::Repeats(row.line)));
        }
        let result = match state.outcome {
            Some(_) => self.records.read(state.record_at)?.into(),
            None if state.is_in_flight() => {
                let sent = Some(u64::from(state.since) * 1000);
                RowResult { checked_at: sent, ..Record::interrupted().into() }
            }
            None => RowResult {
                needs_work: true,
                ..Record { again: true, ..Record::because(Outcome::NotSent, "no run has reached this row") }.into()
            },
        };
        Ok(RowResult { attempt: state.attempt, paid: state.paid(), ..result })
    }
}

/// Advises what to do about the name at the bank.
pub(super) fn about_name(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Match => None,
        Verdict::Close => Some("compare the two names before you pay"),
        Verdict::Different => Some("do not pay yet: ask the payee for the name of the account holder"),
        Verdict::CannotTell => Some("compare the names yourself before you pay"),
    }
}

impl RowResult {
    /// What to do about the outcome, or about the name of an active account. No advice leads to paying twice.
    fn what_to_do(&self) -> Option<&'static str> {
        match self.record.outcome {
            Outcome::Active => about_name(self.record.name.as_ref()?.verdict),
            Outcome::Failed => Some("ask the payee for the account details again"),
            Outcome::Pending if self.record.account_id.is_none() => Some(
                "ask the vendor for the status of the account, and give the request id: the response has no account id",
            ),
            Outcome::Pending => Some("--resume --follow updates the status without paying again"),
            Outcome::Other => Some("ask the vendor what the status means, and give the request id"),
            Outcome::Unknown => Some("do not resend the payee until --resume --reconcile shows whether it was paid"),
            Outcome::Refused | Outcome::NotSent if self.record.again => Some("--resume sends the payee"),
            Outcome::Refused | Outcome::NotSent | Outcome::Skipped => None,
        }
    }

    fn because(outcome: Outcome, reason: impl std::fmt::Display) -> Self {
        Record::because(outcome, reason).into()
    }
}

impl From<Record> for RowResult {
    fn from(record: Record) -> Self {
        Self { record, ..Self::default() }
    }
}

impl From<End> for RowResult {
    fn from(End { recorded, mut record, .. }: End) -> Self {
        let is_sent = !matches!(record.outcome, Outcome::NotSent | Outcome::Skipped);
        let is_failed = record.status.as_deref() == Some("FAILURE");
        let needs_work = match record.outcome {
            Outcome::Failed | Outcome::Refused | Outcome::NotSent => true,
            // The row was skipped because its account was, or may have been, validated recently, or is still pending.
            // It needs work if a recent validation failed.
            Outcome::Skipped => is_failed,
            // These payees may have been paid. If they were sent from another file, they could be paid twice.
            Outcome::Active | Outcome::Pending | Outcome::Other | Outcome::Unknown => false,
        };
        record.reason = record.reason.or_else(|| explanation(record.outcome).map(str::to_owned));
        Self { checked_at: recorded.filter(|_| is_sent), needs_work, ..record.into() }
    }
}

/// Explains an outcome that was recorded without a reason.
fn explanation(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Failed => Some("the bank says that the account is not valid"),
        Outcome::Pending => Some("the validation has not ended"),
        Outcome::Other => Some("the response has an unexpected status, or no status"),
        Outcome::Active | Outcome::Refused | Outcome::NotSent | Outcome::Unknown | Outcome::Skipped => None,
    }
}

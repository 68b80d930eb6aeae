//! From the rows of a checked file to the calls that are still to be made.

use std::io::Read;

use juspay_accounts::{AccountsRequest, Customer, Payee};
use juspay_accounts_validation::{Parts, RequestOptions};

use super::check::{self, Stopped};
use super::columns::{Column, Header};
use super::follow::Pending;
use super::journal::{Ids, Past, Todo};
use super::outcome::{Entry, Record};
use super::reconcile::Doubtful;
use super::repeated::Repeated;
use super::row::{self, Options};
use super::rows::{Found, Rows, Unreadable};

/// What is to be done next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this.
    Send(Call),
    /// Find out what became of this.
    Reconcile(Box<Doubtful>),
    /// Find out whether the validation of this has ended.
    Follow(Box<Pending>),
    /// Write this, of a row that needs no call for it.
    Write(Written),
}

/// A line of the output without a call.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) record: Record,
    /// Whether it ends an attempt of an earlier run.
    pub(crate) ends: bool,
    /// Whether the row is sent again, so that this is not what becomes of it.
    pub(crate) again: bool,
}

/// Rows that are sent as one call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: AccountsRequest,
    pub(crate) entries: Vec<Entry>,
}

/// Rows that have their options in common.
#[derive(Debug)]
struct Group {
    options: Options,
    entries: Vec<Entry>,
}

/// Why there is no next step.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The input cannot be read any more.
    Io(std::io::Error),
    /// It is not what was checked.
    Changed,
}

impl Group {
    fn call(self) -> Result<Call, Broken> {
        let Self { options, entries } = self;
        let routing_id = options.routing_id();
        let Options { customer_id, bank_code, gateway_id, gateway_reference_id, preferred_gateway, amount, .. } =
            options;
        let (mut bank_accounts, mut upi) = (Vec::new(), Vec::new());
        for Entry { payee, .. } in &entries {
            match payee.clone() {
                Payee::BankAccount(account) => bank_accounts.push(account),
                Payee::Upi(vpa) => upi.push(vpa),
            }
        }
        let parts = Parts {
            customer_id,
            routing_id,
            bank_code,
            bank_accounts,
            upi,
            options: RequestOptions { gateway_id, gateway_reference_id, preferred_gateway, validation_amount: amount },
        };
        let request = AccountsRequest::try_from(parts).map_err(|_| Broken::Changed)?;
        Ok(Call { request, entries })
    }
}

/// Goes through the rows of a file that was checked.
pub(crate) struct Calls<R> {
    rows: Rows<R>,
    header: Header,
    past: Past,
    repeated: Repeated,
    /// So many rows may be sent as one call.
    most: usize,
    /// The rows to which the next may still be added.
    gathered: Option<Group>,
    /// Rows to which no more are added.
    full: Option<Group>,
}

impl<R: Read> Calls<R> {
    pub(crate) fn new(input: R, past: Past, repeated: Repeated, most: usize) -> Result<Self, Broken> {
        let mut rows = Rows::new(input);
        let header = check::header(&mut rows).map_err(|stopped| match stopped {
            Stopped::Io(error) | Stopped::Spill(error) => Broken::Io(error),
            Stopped::Problems(_) => Broken::Changed,
        })?;
        Ok(Self { rows, header, past, repeated, most, gathered: None, full: None })
    }

    /// The next step; `None` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Step>, Broken> {
        loop {
            if let Some(group) = self.full.take() {
                return Ok(Some(Step::Send(group.call()?)));
            }
            let found = match self.rows.next() {
                Ok(Some(found)) => found,
                Ok(None) => return self.gathered.take().map(|group| group.call().map(Step::Send)).transpose(),
                Err(Unreadable::Io(error)) => return Err(Broken::Io(error)),
                Err(_) => return Err(Broken::Changed),
            };
            let line = found.line();
            let todo = self.past.todo(line);
            if todo == Todo::Nothing {
                continue;
            }
            let mut problems = Vec::new();
            check::problems(&found, &self.header, |column, problem| {
                problems.push(column.map_or_else(String::new, |column| format!("{}: ", column.name())) + &problem);
            });
            problems.extend(self.repeated.first(line).map(check::repeats));
            let row = match found {
                Found::Row(row) if problems.is_empty() => row,
                _ => {
                    let record = Record::skipped(line, problems.join("; "));
                    return Ok(Some(Step::Write(Written { record, ends: false, again: false })));
                }
            };
            let (options, payee) = row::read(&row, &self.header).map_err(|_| Broken::Changed)?;
            let reference =
                Some(row.get(&self.header, Column::Reference)).filter(|text| !text.is_empty()).map(str::to_owned);
            let entry = |attempt, doubtful| {
                let (reference, payee) = (reference.clone(), payee.clone());
                Entry { line, attempt, doubtful, reference, payee }
            };
            match todo {
                Todo::Nothing => {}
                Todo::Send { attempt, doubtful } => self.gather(options, entry(attempt, doubtful)),
                Todo::Settle { attempt, again } => {
                    let record = Record::interrupted(&entry(attempt, false));
                    if again {
                        self.gather(options, entry(attempt + 1, true));
                    }
                    return Ok(Some(Step::Write(Written { record, ends: true, again })));
                }
                Todo::Reconcile { attempt, since, unsettled } => {
                    // By itself, since of the rows that were sent with it some may be there and others not.
                    let again = Group { options, entries: vec![entry(attempt + 1, false)] }.call()?;
                    // What the output has is that of an earlier attempt, if this one is not in it.
                    let request_id = self.past.ids(line).request.filter(|_| !unsettled);
                    let row = Doubtful { again, entry: entry(attempt, false), since, unsettled, request_id };
                    return Ok(Some(Step::Reconcile(Box::new(row))));
                }
                Todo::Follow { attempt } => {
                    let Ids { request: request_id, account } = self.past.ids(line);
                    // It is asked for only if it is known.
                    let Some(account) = account else { return Err(Broken::Changed) };
                    let customer = Customer::new(options.customer_id.clone()).with_routing_id(options.routing_id());
                    let row = Pending { customer, account, entry: entry(attempt, false), request_id };
                    return Ok(Some(Step::Follow(Box::new(row))));
                }
            }
        }
    }

    /// Adds a row to those that are gathered; if it does not belong to them, they are all.
    fn gather(&mut self, options: Options, entry: Entry) {
        match &mut self.gathered {
            Some(group) if group.options == options && group.entries.len() < self.most => group.entries.push(entry),
            gathered => self.full = gathered.replace(Group { options, entries: vec![entry] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::journal::Doubt;
    use crate::batch::outcome::Outcome;

    const HEADER: &str = "customer_id,bank_code,ifsc,account,name,vpa,gateway_id,gateway_reference_id,preferred_gateway,amount,routing_id\n";

    /// The steps: for a call its lines and attempts, for a record its line and outcome.
    fn steps(rows: &str, past: Past, most: usize) -> Vec<String> {
        let text = format!("{HEADER}{rows}");
        let mut calls = Calls::new(text.as_bytes(), past, Repeated::default(), most).unwrap();
        let mut steps = Vec::new();
        while let Some(step) = calls.next().unwrap() {
            steps.push(match step {
                Step::Send(call) => {
                    let rows: Vec<_> =
                        call.entries.iter().map(|entry| format!("{}/{}", entry.line, entry.attempt)).collect();
                    format!("send {}", rows.join(" "))
                }
                Step::Reconcile(row) => {
                    let (line, attempt) = (row.entry.line, row.entry.attempt);
                    assert_eq!(row.again.entries.len(), 1);
                    assert_eq!((row.again.entries[0].line, row.again.entries[0].attempt), (line, attempt + 1));
                    format!("reconcile {line}/{attempt} of {} {}", row.since.0, row.unsettled)
                }
                Step::Follow(row) => format!("follow {}/{}", row.entry.line, row.entry.attempt),
                Step::Write(Written { record, ends, again }) => {
                    format!("write {}/{} {} {ends} {again}", record.line, record.attempt, record.outcome)
                }
            });
        }
        steps
    }

    #[test]
    fn a_request_has_all_that_its_row_has() {
        let text =
            format!("{HEADER}c,b,YESB0000262,026291800001191,Ramesh,,100,main,CFGEN,1.50,r\nc,b,,,,a@upi,,,,,\n");
        let mut calls = Calls::new(text.as_bytes(), Past::default(), Repeated::default(), 1).unwrap();
        let Some(Step::Send(call)) = calls.next().unwrap() else { panic!("a call") };
        let expected = AccountsRequest::builder("c", "b")
            .named_bank_account("YESB0000262", "026291800001191", "Ramesh")
            .gateway_id("100")
            .gateway_reference_id("main")
            .preferred_gateway("CFGEN")
            .validation_amount("1.50")
            .routing_id("r");
        assert_eq!(call.request, expected.build().unwrap());
        let Some(Step::Send(call)) = calls.next().unwrap() else { panic!("a call") };
        assert_eq!(call.request, AccountsRequest::builder("c", "b").upi("a@upi").build().unwrap());
    }

    #[test]
    fn rows_are_one_call_while_they_have_all_but_the_account_in_common() {
        let rows = "c,b,,,,a@upi,,,,,\nc,b,,,,b@upi,,,,,\nc,b,YESB0000262,12345,,,,,,,\nc,b,,,,d@upi,,,,2,\nd,b,,,,e@upi,,,,2,\n";
        assert_eq!(steps(rows, Past::default(), 1), ["send 2/1", "send 3/1", "send 4/1", "send 5/1", "send 6/1"]);
        assert_eq!(steps(rows, Past::default(), 2), ["send 2/1 3/1", "send 4/1", "send 5/1", "send 6/1"]);
        assert_eq!(steps(rows, Past::default(), 9), ["send 2/1 3/1 4/1", "send 5/1", "send 6/1"]);
    }

    #[test]
    fn what_was_done_is_left_out_and_what_is_unsettled_is_settled_first() {
        let rows = "c,b,,,,a@upi,,,,,\nc,b,,,,b@upi,,,,,\nc,b,,,,c@upi,,,,,\nc,b,,,,d@upi,,,,,\nc,b,,,,-,,,,,\n";
        let past = |doubt| {
            let mut past = Past::new(6, doubt, true);
            assert!(past.take_event(b"s 2 1 7") && past.take_event(b"s 3 1 8") && past.take_event(b"s 5 1 9"));
            assert!(past.take_written(br#"{"line":2,"attempt":1,"outcome":"active","again":false}"#));
            assert!(past.take_written(br#"{"line":5,"attempt":1,"outcome":"not_sent","again":true}"#));
            past
        };
        let skipped = format!("write 6/0 {} false false", Outcome::Skipped);
        let unknown = format!("write 3/1 {} true false", Outcome::Unknown);
        let again = format!("write 3/1 {} true true", Outcome::Unknown);
        assert_eq!(steps(rows, past(Doubt::Keep), 9), [&unknown, &skipped, "send 4/1 5/2"]);
        assert_eq!(steps(rows, past(Doubt::Resend), 9), [&again, &skipped, "send 3/2 4/1 5/2"]);
        assert_eq!(steps(rows, past(Doubt::Resend), 1), [&again, "send 3/2", "send 4/1", &skipped, "send 5/2"]);
        assert_eq!(steps(rows, past(Doubt::Reconcile), 9), ["reconcile 3/1 of 8 true", &skipped, "send 4/1 5/2"]);
        let mut past = past(Doubt::Reconcile);
        assert!(past.take_written(br#"{"line":3,"attempt":1,"outcome":"unknown","again":false}"#));
        assert_eq!(steps(rows, past, 1), ["reconcile 3/1 of 8 false", "send 4/1", &skipped, "send 5/2"]);
    }
}

//! Sends the calls, so many at a time and so many in a second, until there are no more or there is a reason to stop.

use std::collections::VecDeque;
use std::io::Read;
use std::time::Duration;

use juspay_accounts::{Client, Error, ErrorKind};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::calls::{Broken, Call, Calls, Step, Written};
use super::follow::follow;
use super::journal::Moment;
use super::outcome::{Outcome, Record, Tally};
use super::progress::Progress;
use super::reconcile::reconcile;
use super::store::{Full, Store};
use crate::interrupt::Interrupt;
use crate::text::count;

/// After so many calls in a row of which the server said nothing about what was in them, it is not the calls. What is sent and
/// what is only read count apart: a server that can be read may take no payments.
const IN_VAIN: u32 = 10;

/// So many rows whose outcome is unknown are listed by their lines.
pub(crate) const LISTED: usize = 20;

/// How rows are sent.
pub(crate) struct Sending<'a> {
    pub(crate) client: Client,
    pub(crate) store: Store,
    /// So many calls may be under way at once.
    pub(crate) concurrency: usize,
    pub(crate) pace: Pace,
    pub(crate) progress: &'a Progress,
    /// Ends the run.
    pub(crate) interrupt: Interrupt,
}

/// How fast calls follow each other.
pub(crate) struct Pace(Option<Interval>);

impl Pace {
    /// So many calls in a second, or as many as can be had.
    pub(crate) fn new(rate: Option<f64>) -> Self {
        Self(rate.map(|rate| {
            let mut interval = interval(Duration::from_secs_f64(rate.recip()));
            // Time that was lost is not made up for: a server's limit is about any second.
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        }))
    }

    /// Returns when it is time for a step. What needs no call is always in time.
    async fn wait_for(&mut self, step: Option<&Step>) {
        if let (Some(interval), Some(Step::Send(_) | Step::Reconcile(_) | Step::Follow(_))) = (&mut self.0, step) {
            interval.tick().await;
        }
    }
}

/// Why not all rows were sent.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The user wants it so.
    Interrupted,
    /// The server does not accept the key, in the words of the client.
    KeyRefused(String),
    /// Call after call was in vain; what the client said of the last.
    InVain(String),
    /// Journal or output cannot be written.
    Full,
    /// The input cannot be read.
    Input(Broken),
    /// A call ended as none should.
    Broken(JoinError),
}

/// What was sent, and why no more.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) tally: Tally,
    /// Lines of rows of which it is not known what became of them; not all, if they are many.
    pub(crate) unknown: Vec<u64>,
    /// How many accounts of pending rows could not be read, and why the last could not.
    pub(crate) unread: Option<(u64, String)>,
    pub(crate) stop: Option<Stop>,
}

impl Sending<'_> {
    /// Sends what is left to send. `sent` is what was done before.
    pub(crate) async fn run<R: Read>(self, mut calls: Calls<R>, mut sent: Sent) -> Sent {
        let Self { client, store, concurrency, mut pace, progress, mut interrupt } = self;
        let mut under_way = JoinSet::new();
        let mut ticks = interval(progress.pause());
        ticks.reset();
        let mut in_vain = InVain::default();
        let (mut interrupted, mut told) = (false, false);
        // Calls that were made before and proven not to have been acted on; no more than are made at once.
        let mut again = VecDeque::new();
        let mut next = None;
        let mut more = true;
        loop {
            if next.is_none() && sent.stop.is_none() {
                next = again.pop_front().map(Step::Send);
                if next.is_none() && more {
                    match calls.next() {
                        Ok(step) => next = step,
                        Err(broken) => sent.stop_for(Stop::Input(broken)),
                    }
                    more = next.is_some();
                }
            }
            let stopped = sent.stop.is_some();
            if under_way.is_empty() && (stopped || next.is_none()) {
                break;
            }
            if stopped && !told {
                told = true;
                let calls = count(under_way.len(), "call", "calls");
                let how = if interrupted { " (again: for none)" } else { "" };
                progress.note(&format!("nothing more is sent; waiting for {calls}{how}"));
            }
            let may_go = !stopped
                && match next {
                    Some(Step::Write(_)) => true,
                    Some(_) => under_way.len() < concurrency,
                    None => false,
                };
            tokio::select! {
                biased;
                () = interrupt.wait() => {
                    if interrupted {
                        break;
                    }
                    interrupted = true;
                    told = false;
                    sent.stop_for(Stop::Interrupted);
                }
                _ = ticks.tick() => progress.tell(&sent.tally),
                Some(ended) = under_way.join_next() => match ended {
                    Ok(Ok(ended)) => again.extend(sent.take(ended, &mut in_vain)),
                    Ok(Err(Full)) => sent.stop_for(Stop::Full),
                    Err(error) => sent.stop_for(Stop::Broken(error)),
                },
                () = pace.wait_for(next.as_ref()), if may_go => {
                    let (client, store) = (client.clone(), store.clone());
                    match next.take() {
                        Some(Step::Send(call)) => drop(under_way.spawn(send(client, store, call))),
                        Some(Step::Reconcile(row)) => drop(under_way.spawn(reconcile(client, store, *row))),
                        Some(Step::Follow(row)) => drop(under_way.spawn(follow(client, store, *row))),
                        Some(Step::Write(Written { record, ends, again })) => {
                            if !again {
                                sent.count(record.line, record.outcome);
                            }
                            if store.record(&record, ends).await.is_err() {
                                sent.stop_for(Stop::Full);
                            }
                        }
                        None => {}
                    }
                }
            }
        }
        // What is still under way is left as it is: begun, and not ended.
        under_way.shutdown().await;
        sent
    }
}

/// How many calls in a row were in vain, of those that send and of those that read.
#[derive(Default)]
struct InVain {
    sending: u32,
    reading: u32,
}

/// What became of a call.
pub(crate) struct Ended {
    pub(crate) rows: Vec<(u64, Outcome)>,
    /// Whether it only read.
    pub(crate) reading: bool,
    /// The outcome that the rows had before, if they were counted with it.
    pub(crate) before: Option<Outcome>,
    /// Why the account of a pending row could not be read.
    pub(crate) unread: Option<String>,
    pub(crate) heard: Heard,
    /// What is to be sent now.
    pub(crate) again: Option<Call>,
}

/// What a call tells about the calls after it.
pub(crate) enum Heard {
    /// That others like it can be made: the server said something of the rows in it.
    OfRows,
    /// Nothing: the failure is about this row alone.
    Nothing,
    /// How it failed, and in which words.
    Failure(ErrorKind, String),
}

impl Heard {
    fn failure(error: &Error) -> Self {
        Self::Failure(error.kind(), error.to_string())
    }

    /// Of what only reads. A customer who is not known may just have no account, and a refusal is about the account: neither
    /// says anything about the next row.
    pub(crate) fn in_reading(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Duplicate => Self::Nothing,
            _ => Self::failure(error),
        }
    }
}

/// Makes a call, between its two notes on disk.
async fn send(client: Client, store: Store, call: Call) -> Result<Ended, Full> {
    let Call { request, entries } = call;
    store.begin(entries.iter().map(|entry| (entry.line, entry.attempt)).collect(), Moment::now()).await?;
    let result = client.validate(&request).await;
    let matched = result.as_ref().map(|accounts| accounts.matched(&request)).unwrap_or_default();
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let record = match &result {
            Ok(accounts) => Record::answered(entry, accounts, &matched),
            Err(error) => Record::failed(entry, error),
        };
        rows.push((record.line, record.outcome));
        store.record(&record, true).await?;
    }
    let heard = match &result {
        Err(error) if !is_about_rows(error.kind(), error.unmasked_code().is_some()) => Heard::failure(error),
        _ => Heard::OfRows,
    };
    Ok(Ended { rows, reading: false, before: None, unread: None, heard, again: None })
}

/// Whether a refusal is about what was in the call. With a code, it is the customer who is not known, and not the address.
fn is_about_rows(kind: ErrorKind, has_code: bool) -> bool {
    matches!(kind, ErrorKind::Rejected | ErrorKind::Duplicate) || kind == ErrorKind::NotFound && has_code
}

impl Sent {
    fn count(&mut self, line: u64, outcome: Outcome) {
        self.tally.add(outcome);
        if outcome == Outcome::Unknown && self.unknown.len() < LISTED {
            self.unknown.push(line);
        }
    }

    /// Takes in what became of a call, and returns what is to be sent now.
    fn take(&mut self, ended: Ended, in_vain: &mut InVain) -> Option<Call> {
        let in_vain = if ended.reading { &mut in_vain.reading } else { &mut in_vain.sending };
        for (line, outcome) in ended.rows {
            if let Some(before) = ended.before {
                self.tally.take_off(before);
            }
            self.count(line, outcome);
        }
        if let Some(reason) = ended.unread {
            let number = self.unread.take().map_or(0, |(number, _)| number);
            self.unread = Some((number + 1, reason));
        }
        match ended.heard {
            Heard::OfRows => *in_vain = 0,
            Heard::Nothing => {}
            Heard::Failure(ErrorKind::Unauthorized, reason) => self.stop_for(Stop::KeyRefused(reason)),
            Heard::Failure(_, reason) => {
                *in_vain += 1;
                if *in_vain >= IN_VAIN {
                    self.stop_for(Stop::InVain(reason));
                }
            }
        }
        ended.again
    }

    /// The first reason is the one.
    fn stop_for(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_follow_each_other_at_the_pace_and_lost_time_is_not_made_up_for() {
        let began = Instant::now();
        let request = juspay_accounts::AccountsRequest::builder("c", "b").upi("a@upi").build().unwrap();
        let call = Step::Send(Call { request, entries: Vec::new() });
        let mut pace = Pace::new(Some(4.0));
        let mut at = Vec::new();
        for number in 0..5 {
            pace.wait_for(Some(&call)).await;
            at.push(began.elapsed().as_millis());
            if number == 2 {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        }
        assert_eq!(at, [0, 250, 500, 3500, 3750]);
        let mut none = Pace::new(None);
        none.wait_for(Some(&call)).await;
        assert_eq!(began.elapsed().as_millis(), 3750);
    }

    #[test]
    fn calls_in_vain_are_those_of_which_the_server_said_nothing_about_the_rows() {
        let stopped = |calls: Vec<(bool, Heard)>| {
            let mut sent = Sent { tally: Tally::default(), unknown: Vec::new(), unread: None, stop: None };
            let mut in_vain = InVain::default();
            for (reading, heard) in calls {
                let ended = Ended { rows: Vec::new(), reading, before: None, unread: None, heard, again: None };
                assert!(sent.take(ended, &mut in_vain).is_none());
            }
            sent.stop
        };
        let failed = |kind: ErrorKind| Heard::Failure(kind, kind.to_string());
        for reading in [false, true] {
            let many = |number, kind| (0..number).map(|_| (reading, failed(kind))).collect::<Vec<_>>();
            for kind in [ErrorKind::NotConnected, ErrorKind::Server, ErrorKind::RateLimited, ErrorKind::Redirected] {
                assert!(matches!(stopped(many(10, kind)), Some(Stop::InVain(_))), "{kind}");
                assert!(stopped(many(9, kind)).is_none(), "{kind}");
                let around = |call| many(9, kind).into_iter().chain([call]).chain(many(9, kind)).collect();
                assert!(stopped(around((reading, Heard::OfRows))).is_none(), "{kind}");
                assert!(matches!(stopped(around((reading, Heard::Nothing))), Some(Stop::InVain(_))), "{kind}");
                // What can be read says nothing about what can be sent, nor the other way round.
                assert!(matches!(stopped(around((!reading, Heard::OfRows))), Some(Stop::InVain(_))), "{kind}");
                assert!(stopped(many(9, kind).into_iter().chain([(!reading, failed(kind))]).collect()).is_none());
            }
            let refused = vec![(reading, Heard::OfRows), (reading, failed(ErrorKind::Unauthorized))];
            assert!(matches!(stopped(refused), Some(Stop::KeyRefused(_))));
        }
    }

    #[test]
    fn a_refusal_is_about_the_rows_or_about_the_caller() {
        for kind in [ErrorKind::Rejected, ErrorKind::Duplicate] {
            assert!(is_about_rows(kind, false) && is_about_rows(kind, true), "{kind}");
        }
        assert!(is_about_rows(ErrorKind::NotFound, true) && !is_about_rows(ErrorKind::NotFound, false));
        for kind in [ErrorKind::Forbidden, ErrorKind::RateLimited, ErrorKind::Server, ErrorKind::Timeout] {
            assert!(!is_about_rows(kind, true), "{kind}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_needs_no_call_does_not_wait_for_its_time() {
        let began = Instant::now();
        let mut pace = Pace::new(Some(0.5));
        let written = Step::Write(Written { record: Record::skipped(2, String::new()), ends: false, again: false });
        for _ in 0..1000 {
            pace.wait_for(Some(&written)).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}

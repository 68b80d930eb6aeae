//! Keeps a number of steps in flight until all are done or there is a reason to stop.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use juspay_accounts::ErrorKind;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::execute::{Completion, Executor, Health, attempts};
use super::steps::{Next, Step, Steps};
use crate::input::Unreadable;
use crate::interrupt::Interrupt;
use crate::log::{Closed, Log};
use crate::progress::Progress;
use crate::text::count;

/// A run stops after this many consecutive failed calls, because a single payee cannot cause that many.
const MAX_FAILURES: u32 = 10;

/// If calls take less time than this, payees are logged in advance, so that calls do not wait for the disk. Calls that
/// ask a bank take longer.
const FAST: Duration = Duration::from_millis(15);

/// Runs the steps of a batch, several at once.
pub(crate) struct Dispatch<'a> {
    pub(crate) executor: Executor,
    /// The maximum number of steps in flight.
    pub(crate) concurrency: usize,
    /// The maximum number of further steps that are logged in advance while calls are fast. After a crash, their payees
    /// must be reconciled too.
    pub(crate) ahead: usize,
    pub(crate) pace: Pace,
    pub(crate) progress: &'a mut Progress,
    pub(crate) interrupt: &'a mut Interrupt,
}

/// Limits how many steps start per second. The client limits attempts.
pub(crate) struct Pace(Option<Interval>);

impl Pace {
    /// Allows at most `rate` steps per second. Without a rate, there is no limit.
    pub(crate) fn new(rate: Option<f64>) -> Self {
        Self(rate.map(|rate| {
            let mut interval = interval(Duration::from_secs_f64(rate.recip()));
            // Steps never catch up after a delay, because a server's limit applies to every second.
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        }))
    }

    /// Waits until the next step may start.
    async fn wait(&mut self) {
        if let Some(interval) = &mut self.0 {
            interval.tick().await;
        }
    }
}

/// Why a run stopped early.
#[derive(Debug)]
pub(crate) enum StopReason {
    Interrupted,
    /// The server refused the key; this is the client's message.
    KeyRefused(String),
    /// Too many consecutive calls failed; this is the client's message for the last one.
    TooManyFailures(String),
    LogClosed,
    Input(Unreadable),
    /// A task panicked.
    Broken(JoinError),
}

#[derive(Debug, Default)]
pub(crate) struct Dispatched {
    /// How many accounts of pending payees could not be read, and the reason for the last one.
    pub(crate) unread: Option<(u64, String)>,
    pub(crate) stop: Option<StopReason>,
    /// Whether the user chose not to wait for the steps in flight.
    pub(crate) is_abandoned: bool,
}

/// A step that is ready to run, and the time when its payees were logged; `None` if they were not logged.
type Ready = (Step, Option<SystemTime>);

impl Dispatch<'_> {
    pub(crate) async fn run(self, mut steps: Steps<'_>) -> Dispatched {
        let Self { executor, concurrency, ahead: most_ahead, mut pace, progress, interrupt } = self;
        let mut state = State::default();
        let (start, queue) = unbounded_channel();
        let (done, mut completed) = unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut workers = JoinSet::new();
        let worker = || work(executor.clone(), queue.clone(), done.clone());
        for _ in 0..concurrency {
            workers.spawn(worker());
        }
        let (mut in_flight, mut being_logged) = (0, 0);
        let mut ready: VecDeque<Ready> = VecDeque::new();
        let mut logging = JoinSet::<Result<Vec<Ready>, Closed>>::new();
        let mut completions = Vec::new();
        let mut ticks = interval(progress.pause());
        ticks.reset();
        let (mut is_at_end, mut is_announced) = (false, false);
        loop {
            let is_stopped = state.dispatched.stop.is_some();
            if is_stopped {
                executor.client.stop();
            }
            // A worker gets its next step only after its last completion was handled. After a stop, logged steps still
            // run, so that the log records them as *not sent*.
            while is_stopped || in_flight < concurrency {
                let Some(step) = ready.pop_front() else { break };
                in_flight += 1;
                let _ = start.send(step);
            }
            let ahead = if state.is_fast && pace.0.is_none() { most_ahead } else { 0 };
            let room = (concurrency + ahead).saturating_sub(in_flight + being_logged + ready.len());
            let is_low = pace.0.is_some() || logging.is_empty() && (ahead == 0 || ready.len() <= ahead / 2);
            let is_wanted = !is_stopped && !is_at_end && room > 0 && is_low;
            if in_flight == 0 && logging.is_empty() && !is_wanted {
                break;
            }
            if is_stopped && !std::mem::replace(&mut is_announced, true) {
                let calls = count(in_flight, "call", "calls");
                let how = if state.is_interrupted { " (interrupt again to stop waiting)" } else { "" };
                let note = format!("nothing more is sent; waiting for {calls}{how}");
                tokio::task::block_in_place(|| progress.note(&note));
            }
            tokio::select! {
                biased;
                () = interrupt.wait() => {
                    if state.is_interrupted {
                        state.dispatched.is_abandoned = true;
                        break;
                    }
                    (state.is_interrupted, is_announced) = (true, false);
                    state.stop(StopReason::Interrupted);
                }
                // If the terminal blocks the output, the calls must continue.
                _ = ticks.tick() => tokio::task::block_in_place(|| progress.show()),
                number = completed.recv_many(&mut completions, concurrency) => {
                    in_flight -= number;
                    for (completion, took) in completions.drain(..) {
                        state.take(completion, took, progress);
                    }
                }
                Some(Err(error)) = workers.join_next() => {
                    in_flight -= 1;
                    workers.spawn(worker());
                    state.stop(StopReason::Broken(error));
                }
                Some(logged) = logging.join_next() => match logged {
                    Ok(Ok(steps)) => {
                        being_logged -= steps.len();
                        ready.extend(steps);
                    }
                    Ok(Err(Closed)) => state.stop(StopReason::LogClosed),
                    Err(error) => state.stop(StopReason::Broken(error)),
                },
                () = pace.wait(), if is_wanted => {
                    let most = if pace.0.is_some() { 1 } else { room };
                    let mut next = Vec::with_capacity(most);
                    while next.len() < most && !is_at_end {
                        match steps.next() {
                            Ok(Next::Step(step)) => next.push(step),
                            Ok(Next::Skipped) => tokio::task::yield_now().await,
                            Ok(Next::End) => is_at_end = true,
                            Err(broken) => {
                                is_at_end = true;
                                state.stop(StopReason::Input(broken));
                            }
                        }
                    }
                    if !next.is_empty() {
                        being_logged += next.len();
                        logging.spawn(log_together(executor.log.clone(), next));
                    }
                }
            }
        }
        state.dispatched
    }
}

/// Runs one step after another. Starting a task for each step would take longer than everything else that the
/// dispatcher does.
async fn work(
    executor: Executor,
    queue: Arc<Mutex<UnboundedReceiver<Ready>>>,
    done: UnboundedSender<(Result<Completion, Closed>, Duration)>,
) {
    loop {
        let next = queue.lock().await.recv().await;
        let Some((step, logged)) = next else { return };
        let began = Instant::now();
        let completion = executor.run(step, logged).await;
        if done.send((completion, began.elapsed())).is_err() {
            return;
        }
    }
}

/// Logs payees that are about to be sent, with a single sync to disk.
async fn log_together(log: Log, steps: Vec<Step>) -> Result<Vec<Ready>, Closed> {
    let calls = steps.iter().filter_map(|step| if let Step::Send(call) = step { Some(call) } else { None });
    let payees: Vec<_> = calls.flat_map(|call| attempts(call)).collect();
    let logged = if payees.is_empty() { None } else { Some(log.send(payees).await?) };
    let ready = |step: Step| {
        let logged = logged.filter(|_| matches!(step, Step::Send(_)));
        (step, logged)
    };
    Ok(steps.into_iter().map(ready).collect())
}

/// The combined result of all completions so far.
#[derive(Default)]
struct State {
    dispatched: Dispatched,
    is_interrupted: bool,
    /// Whether the last completed step sent payees and was fast.
    is_fast: bool,
    /// The numbers of consecutive failed calls. Sending and reading are counted separately, because a server can fail
    /// at one and not at the other.
    failed_sends: u32,
    failed_reads: u32,
}

impl State {
    /// Stops the run. The first reason is kept.
    fn stop(&mut self, reason: StopReason) {
        self.dispatched.stop.get_or_insert(reason);
    }

    fn take(&mut self, completion: Result<Completion, Closed>, took: Duration, progress: &mut Progress) {
        let Ok(Completion { outcomes, unread, reads, health }) = completion else {
            return self.stop(StopReason::LogClosed);
        };
        for (before, outcome) in outcomes {
            progress.record(before, outcome);
        }
        self.is_fast = !reads && took < FAST;
        if let Some(reason) = unread {
            let number = self.dispatched.unread.take().map_or(0, |(number, _)| number);
            self.dispatched.unread = Some((number + 1, reason));
        }
        let failures = if reads { &mut self.failed_reads } else { &mut self.failed_sends };
        match health {
            Health::Good => *failures = 0,
            Health::Neutral => {}
            Health::Failed(ErrorKind::Unauthorized, reason) => self.stop(StopReason::KeyRefused(reason)),
            Health::Failed(_, reason) => {
                *failures += 1;
                if *failures >= MAX_FAILURES {
                    self.stop(StopReason::TooManyFailures(reason));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

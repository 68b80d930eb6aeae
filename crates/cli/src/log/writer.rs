//! The thread that writes the log.
//!
//! A write takes microseconds and a sync to disk milliseconds, so all waiting lines are written together. Only `send`
//! lines must be on disk before the program continues. Outcomes are written before the next `send` line, or a moment
//! later if none follows, so the log never lacks more outcomes than there can be payees in flight.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use super::file::LogFile;
use super::format::{Attempt, Chain, End, Event, millis};

/// How long the writer waits for more outcomes, to write them together.
const GATHER: Duration = Duration::from_millis(5);

/// If no line arrives for this time, written outcomes are synced to disk.
const DELAY: Duration = Duration::from_millis(100);

/// An append-only file. It is truncated only to remove lines that could not be written to disk.
pub(super) trait Disk: Write + Send + 'static {
    /// Returns when everything written so far is on disk.
    fn sync(&mut self) -> io::Result<()>;

    fn length(&self) -> io::Result<u64>;

    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Disk for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn length(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

enum Message {
    /// These payees will be sent as soon as their lines are on disk.
    Send(Vec<Attempt>, oneshot::Sender<SystemTime>),
    /// `Ends` was empty, and has an outcome now.
    Ends,
}

/// Outcomes that the writer has not taken yet. They are not messages, because each message wakes the writer.
type Ends = Arc<Mutex<Vec<End>>>;

/// Sends lines to the writer. Clones share the writer.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    messages: Sender<Message>,
    ends: Ends,
}

/// The log is closed; [`Finished::failure`] has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl Log {
    /// Logs these attempts and waits until they are on disk. Returns the time that is logged for them.
    pub(crate) async fn send(&self, attempts: Vec<Attempt>) -> Result<SystemTime, Closed> {
        let (ready, wait) = oneshot::channel();
        self.messages.send(Message::Send(attempts, ready)).map_err(|_| Closed)?;
        wait.await.map_err(|_| Closed)
    }

    pub(crate) fn end(&self, end: End) -> Result<(), Closed> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.push(end);
        if ends.len() > 1 {
            return Ok(());
        }
        self.messages.send(Message::Ends).map_err(|_| Closed)
    }
}

#[cfg(test)]
impl Log {
    /// Makes a log that returns these times, one for each message with attempts. The thread returns the kinds of the
    /// messages.
    pub(crate) fn at_times(mut times: std::collections::VecDeque<SystemTime>) -> (Self, JoinHandle<Vec<&'static str>>) {
        let (messages, received) = channel();
        let kind = move |message| match message {
            Message::Send(_, ready) => {
                let _ = times.pop_front().map(|time| ready.send(time));
                "send"
            }
            Message::Ends => "end",
        };
        (Self { messages, ends: Ends::default() }, std::thread::spawn(move || received.into_iter().map(kind).collect()))
    }
}

pub(crate) struct Writer {
    thread: JoinHandle<Work<File>>,
    log: LogFile,
}

/// The log after its last line, and the outcomes that it lacks because the writer failed.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) log: LogFile,
    /// Why the writer had to stop early, if it did.
    pub(crate) failure: Option<io::Error>,
    /// Outcomes that could not be written.
    pub(crate) unwritten: Vec<End>,
    pub(crate) syncs: u64,
}

impl Writer {
    pub(crate) fn start(log: LogFile) -> io::Result<(Log, Self)> {
        let work = Work::new(log.file.try_clone()?, log.chain, log.length);
        let (messages, received) = channel();
        let log_lines = Log { messages, ends: Ends::default() };
        let ends = log_lines.ends.clone();
        let run = move || work.run(&received, &ends);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(run)?;
        Ok((log_lines, Self { thread, log }))
    }

    /// Waits until everything is on disk. Drop every [`Log`] first.
    pub(crate) fn finish(self) -> Finished {
        let work = self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let Work { chain, length, failure, unwritten, syncs, .. } = work;
        Finished { log: LogFile { chain, length, ..self.log }, failure, unwritten, syncs }
    }
}

struct Work<D> {
    disk: D,
    chain: Chain,
    length: u64,
    /// Whether a written line may not be on disk yet.
    is_dirty: bool,
    failure: Option<io::Error>,
    unwritten: Vec<End>,
    syncs: u64,
}

impl<D: Disk> Work<D> {
    fn new(disk: D, chain: Chain, length: u64) -> Self {
        Self { disk, chain, length, is_dirty: false, failure: None, unwritten: Vec::new(), syncs: 0 }
    }

    fn run(mut self, messages: &Receiver<Message>, ends: &Mutex<Vec<End>>) -> Self {
        loop {
            let next = if self.is_dirty {
                messages.recv_timeout(DELAY)
            } else {
                messages.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let next = match next {
                // Waits for more outcomes, but only until a payee must be sent.
                Ok(Message::Ends) => messages.recv_timeout(GATHER).ok(),
                Ok(send) => Some(send),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = self.sync() {
                        self.failure.get_or_insert(error);
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let group = next.into_iter().chain(messages.try_iter()).collect();
            let ends = std::mem::take(&mut *ends.lock().unwrap_or_else(PoisonError::into_inner));
            self.write(group, ends);
        }
        if self.is_dirty
            && let Err(error) = self.sync()
        {
            self.failure.get_or_insert(error);
        }
        self
    }

    /// Writes lines together: all or none.
    fn write(&mut self, group: Vec<Message>, ends: Vec<End>) {
        let (mut lines, mut chain) = (Vec::new(), self.chain);
        let mut waiting = Vec::new();
        let now = SystemTime::now();
        let mut sealed = Ok(());
        // Outcomes can come first, because their `send` lines are already on disk.
        for end in &ends {
            sealed = sealed.and_then(|()| chain.seal(&Event::End(end.clone()), &mut lines));
        }
        for message in group {
            let Message::Send(attempts, ready) = message else { continue };
            for attempt in attempts {
                let event = Event::Send(Attempt { at: millis(now), ..attempt });
                sealed = sealed.and_then(|()| chain.seal(&event, &mut lines));
            }
            waiting.push(ready);
        }
        if ends.is_empty() && waiting.is_empty() {
            return;
        }
        if self.failure.is_none() {
            let written = sealed.and_then(|()| self.append(&lines, !waiting.is_empty()));
            match written {
                Ok(()) => {
                    (self.chain, self.length) = (chain, self.length + lines.len() as u64);
                    for ready in waiting {
                        // If nobody waits any more, the payees are not sent, but they count as sent.
                        let _ = ready.send(now);
                    }
                    return;
                }
                Err(error) => self.failure = Some(error),
            }
        }
        // Dropping `waiting` reports the failure to the waiting tasks.
        self.unwritten.extend(ends);
    }

    fn append(&mut self, lines: &[u8], is_urgent: bool) -> io::Result<()> {
        if self.disk.length()? != self.length {
            return Err(io::Error::other("another program changed the log"));
        }
        let written = self.disk.write_all(lines).and_then(|()| {
            self.is_dirty = true;
            if is_urgent { self.sync() } else { Ok(()) }
        });
        // Only after the check above: the lines of another program can be those of payees that it has sent. If
        // truncation fails here, the next read truncates a partial line. Complete lines stay: the payees of the `send`
        // lines among them were not sent, but count as unknown.
        if written.is_err()
            && let Ok(length) = self.disk.length()
            && length > self.length
            && self.disk.cut(self.length).is_err()
        {
            self.length = length;
        }
        written
    }

    fn sync(&mut self) -> io::Result<()> {
        self.is_dirty = false;
        self.syncs += 1;
        self.disk.sync()
    }
}

#[cfg(test)]
mod tests;

//! The only writer of the log.
//!
//! A sync to disk can take milliseconds, so all waiting lines are written together. Only `send` lines must be on disk
//! before the program continues. An outcome is written at once, and synced with the next `send` line or shortly after.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use super::file::LogFile;
use super::format::{Attempt, Chain, End, Event, millis};

/// The longest time before an outcome is synced to disk.
const DELAY: Duration = Duration::from_millis(100);

/// An append-only file. It is truncated only to remove a partial line.
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

#[allow(clippy::large_enum_variant, reason = "most messages are ends")]
enum Message {
    /// These payees will be sent as soon as this message is on disk.
    Send(Vec<Attempt>, oneshot::Sender<SystemTime>),
    End(End),
}

/// Sends lines to the writer. Clones share the writer.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    messages: Sender<Message>,
}

/// The log is closed; [`Finished::failure`] has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl Log {
    /// Logs these attempts and waits until they are on disk. Returns their time in the log.
    pub(crate) async fn send(&self, attempts: Vec<Attempt>) -> Result<SystemTime, Closed> {
        let (ready, wait) = oneshot::channel();
        self.messages.send(Message::Send(attempts, ready)).map_err(|_| Closed)?;
        wait.await.map_err(|_| Closed)
    }

    pub(crate) fn end(&self, end: End) -> Result<(), Closed> {
        self.messages.send(Message::End(end)).map_err(|_| Closed)
    }
}

#[cfg(test)]
impl Log {
    /// A log that gives attempts these times, one after another. The thread returns the kinds of its lines.
    pub(crate) fn at_times(mut times: std::collections::VecDeque<SystemTime>) -> (Self, JoinHandle<Vec<&'static str>>) {
        let (messages, received) = channel();
        let kind = move |message| match message {
            Message::Send(_, ready) => {
                let _ = times.pop_front().map(|time| ready.send(time));
                "send"
            }
            Message::End(_) => "end",
        };
        (Self { messages }, std::thread::spawn(move || received.into_iter().map(kind).collect()))
    }
}

pub(crate) struct Writer {
    thread: JoinHandle<Work<File>>,
    log: LogFile,
}

/// The result of a writer.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) log: LogFile,
    /// Why the writer had to stop early, if it did.
    pub(crate) failure: Option<io::Error>,
    /// Outcomes that could not be written.
    pub(crate) unwritten: Vec<String>,
    /// The number of syncs to disk.
    pub(crate) syncs: u64,
}

impl Writer {
    pub(crate) fn start(log: LogFile) -> io::Result<(Log, Self)> {
        let work = Work::new(log.file.try_clone()?, log.chain, log.length);
        let (messages, received) = channel();
        let run = move || work.run(&received);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(run)?;
        Ok((Log { messages }, Self { thread, log }))
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
    /// Whether anything written may not be on disk yet.
    is_dirty: bool,
    failure: Option<io::Error>,
    unwritten: Vec<String>,
    syncs: u64,
}

impl<D: Disk> Work<D> {
    fn new(disk: D, chain: Chain, length: u64) -> Self {
        Self { disk, chain, length, is_dirty: false, failure: None, unwritten: Vec::new(), syncs: 0 }
    }

    fn run(mut self, messages: &Receiver<Message>) -> Self {
        loop {
            let first = if self.is_dirty {
                match messages.recv_timeout(DELAY) {
                    Err(RecvTimeoutError::Timeout) => {
                        if let Err(error) = self.sync() {
                            self.failure.get_or_insert(error);
                        }
                        continue;
                    }
                    received => received.ok(),
                }
            } else {
                messages.recv().ok()
            };
            let Some(first) = first else { break };
            let group = std::iter::once(first).chain(messages.try_iter()).collect();
            self.write(group);
        }
        if self.is_dirty
            && let Err(error) = self.sync()
        {
            self.failure.get_or_insert(error);
        }
        self
    }

    /// Writes lines together: all or none.
    fn write(&mut self, group: Vec<Message>) {
        let (mut lines, mut chain) = (Vec::new(), self.chain);
        let (mut waiting, mut ends) = (Vec::new(), Vec::new());
        let now = SystemTime::now();
        let mut sealed = Ok(());
        for message in group {
            match message {
                Message::Send(attempts, ready) => {
                    for attempt in attempts {
                        let event = Event::Send(Attempt { at: millis(now), ..attempt });
                        sealed = sealed.and_then(|()| chain.seal(&event, &mut lines));
                    }
                    waiting.push(ready);
                }
                Message::End(end) => {
                    let event = Event::End(end);
                    sealed = sealed.and_then(|()| chain.seal(&event, &mut lines));
                    ends.push(event);
                }
            }
        }
        if self.failure.is_none() {
            let written = sealed.map_err(io::Error::from).and_then(|()| self.append(&lines, !waiting.is_empty()));
            match written {
                Ok(()) => {
                    (self.chain, self.length) = (chain, self.length + lines.len() as u64);
                    for ready in waiting {
                        // If nobody waits any more, the payees are not sent, but they count as sent.
                        let _ = ready.send(now);
                    }
                    return;
                }
                Err(error) => {
                    self.failure = Some(error);
                    // If truncation fails here, the next read truncates the partial line.
                    if self.disk.length().is_ok_and(|length| length > self.length) {
                        let _ = self.disk.cut(self.length);
                    }
                }
            }
        }
        // Dropping `ready` reports the failure to the waiting tasks.
        self.unwritten.extend(ends.iter().filter_map(|event| serde_json::to_string(event).ok()));
    }

    fn append(&mut self, lines: &[u8], is_urgent: bool) -> io::Result<()> {
        if self.disk.length()? != self.length {
            return Err(io::Error::other("another program changed it"));
        }
        self.disk.write_all(lines)?;
        self.is_dirty = true;
        if is_urgent { self.sync() } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.is_dirty = false;
        self.syncs += 1;
        self.disk.sync()
    }
}

#[cfg(test)]
mod tests;

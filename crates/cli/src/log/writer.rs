//! The one writer of the log.
//!
//! A disk takes up to milliseconds for a write to be safe, so whatever waits is written together. Only `send` lines have to be safe
//! before the program goes on; an outcome is written at once, and is safe with the next `send` line or a moment later.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use super::file::LogFile;
use super::format::{Attempt, Chain, End, Event, millis};

/// How long an outcome may wait to be safe on disk.
const DELAY: Duration = Duration::from_millis(100);

/// A file that is only appended to.
pub(super) trait Disk: Write + Send + 'static {
    /// Returns when everything that was written is on disk.
    fn sync(&mut self) -> io::Result<()>;

    /// The length in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Removes everything after this length.
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
    /// These payees are about to be sent, as soon as that is on disk.
    Send(Vec<Attempt>, oneshot::Sender<SystemTime>),
    End(End),
}

/// Hands lines to the writer. It can be cloned.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    messages: Sender<Message>,
}

/// The log takes no more lines; [`Finished::failure`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl Log {
    /// Returns when it is on disk that these attempts are about to be made, at the time that is returned.
    pub(crate) async fn send(&self, attempts: Vec<Attempt>) -> Result<SystemTime, Closed> {
        let (ready, wait) = oneshot::channel();
        self.messages.send(Message::Send(attempts, ready)).map_err(|_| Closed)?;
        wait.await.map_err(|_| Closed)
    }

    /// Records an outcome.
    pub(crate) fn end(&self, end: End) -> Result<(), Closed> {
        self.messages.send(Message::End(end)).map_err(|_| Closed)
    }
}

#[cfg(test)]
impl Log {
    /// A log that notes payees at these times, one after another. The thread returns the kinds of its lines.
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

/// The thread that writes.
pub(crate) struct Writer {
    thread: JoinHandle<Work<File>>,
    log: LogFile,
}

/// What a writer leaves behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) log: LogFile,
    /// Why it could not write more.
    pub(crate) failure: Option<io::Error>,
    /// Outcomes that it could not write.
    pub(crate) unwritten: Vec<String>,
    /// How often it waited for the disk.
    pub(crate) syncs: u64,
}

impl Writer {
    /// Starts the writer.
    pub(crate) fn start(log: LogFile) -> io::Result<(Log, Self)> {
        let work = Work::new(log.file.try_clone()?, log.chain, log.length);
        let (messages, received) = channel();
        let run = move || work.run(&received);
        let thread = std::thread::Builder::new().name("log".to_owned()).spawn(run)?;
        Ok((Log { messages }, Self { thread, log }))
    }

    /// Waits until everything is on disk. Every [`Log`] has to be dropped before.
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
    /// Whether something was written that may not be on disk yet.
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

    /// Writes lines together, all or none.
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
                        // If nobody waits any more, the payees are not sent; they count as if they were.
                        let _ = ready.send(now);
                    }
                    return;
                }
                Err(error) => {
                    self.failure = Some(error);
                    // Half a line is cut when the log is read, if it cannot be cut here.
                    if self.disk.length().is_ok_and(|length| length > self.length) {
                        let _ = self.disk.cut(self.length);
                    }
                }
            }
        }
        // Whoever waits learns of the failure when `ready` is dropped.
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

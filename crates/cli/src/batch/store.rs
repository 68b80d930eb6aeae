//! The one writer of journal and output.
//!
//! What must stay true: **no row is sent before its line of the journal is on disk.** A disk takes milliseconds for that,
//! so whatever is waiting is written together: the more rows are in flight, the more of them share a wait.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::files::Files;
use super::journal::{Event, Moment};
use super::outcome::Record;

/// So many messages may wait for the disk before their senders do.
const WAITING: usize = 1024;

/// A file that is only added to.
pub(crate) trait Disk: Write + Send + 'static {
    /// Returns when all that was written is on disk.
    fn sync(&mut self) -> io::Result<()>;

    /// How long it is, in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Takes off what stands behind so many bytes.
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

/// A row and its attempt.
pub(crate) type Attempt = (u64, u32);

enum Message {
    /// These rows are about to be sent, as soon as that is on disk.
    Begin(Vec<Attempt>, Moment, oneshot::Sender<()>),
    /// A line of the output, and the attempt that it ends.
    Record(Vec<u8>, Option<Attempt>),
}

/// Hands rows to the writer. It can be cloned.
#[derive(Clone)]
pub(crate) struct Store {
    messages: mpsc::Sender<Message>,
}

/// The disk does not take more; [`Writer::finish`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// The thread that writes.
pub(crate) struct Writer {
    thread: JoinHandle<End>,
}

/// What a writer leaves behind.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// Why it could not write more, and which file that was.
    pub(crate) failure: Option<(&'static str, io::Error)>,
    /// Lines of the output that it could not write.
    pub(crate) unwritten: Vec<String>,
    /// Rows that were sent and of which the output has no outcome.
    pub(crate) open: BTreeSet<u64>,
}

impl Store {
    /// Starts the writer.
    pub(crate) fn start(files: Files) -> io::Result<(Self, Writer)> {
        Self::start_with(files.journal, files.output)
    }

    fn start_with(journal: impl Disk, output: impl Disk) -> io::Result<(Self, Writer)> {
        let (messages, received) = mpsc::channel(WAITING);
        let (journal, output) = (Log::new(journal)?, Log::new(output)?);
        let work = Work { journal, output, done: Vec::new(), unwritten: Vec::new(), open: BTreeSet::new() };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || work.run(received))?;
        Ok((Self { messages }, Writer { thread }))
    }

    /// Returns when it is on disk that these rows are sent now.
    pub(crate) async fn begin(&self, rows: Vec<Attempt>, now: Moment) -> Result<(), Full> {
        let (ready, wait) = oneshot::channel();
        self.messages.send(Message::Begin(rows, now, ready)).await.map_err(|_| Full)?;
        wait.await.map_err(|_| Full)
    }

    /// Writes a line of the output. `ends` is whether it is the outcome of an attempt that was [begun](Self::begin).
    pub(crate) async fn record(&self, record: &Record, ends: bool) -> Result<(), Full> {
        let mut line = serde_json::to_vec(record).map_err(|_| Full)?;
        line.push(b'\n');
        let attempt = ends.then_some((record.line, record.attempt));
        self.messages.send(Message::Record(line, attempt)).await.map_err(|_| Full)
    }
}

impl Writer {
    /// Waits until everything is on disk. All stores have to be dropped before.
    pub(crate) fn finish(self) -> End {
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// A file with what is to be written to it next.
struct Log<D> {
    disk: D,
    waiting: Vec<u8>,
    /// So many bytes are on disk.
    length: u64,
    /// Why nothing more is written to it.
    failure: Option<io::Error>,
}

impl<D: Disk> Log<D> {
    fn new(disk: D) -> io::Result<Self> {
        let length = disk.length()?;
        Ok(Self { disk, waiting: Vec::new(), length, failure: None })
    }

    /// Puts on disk what waits, all or nothing as far as that can be had; whether it is there.
    fn commit(&mut self) -> bool {
        if self.waiting.is_empty() || self.failure.is_some() {
            self.waiting.clear();
            return self.failure.is_none();
        }
        match self.disk.write_all(&self.waiting).and_then(|()| self.disk.sync()) {
            Ok(()) => self.length += self.waiting.len() as u64,
            Err(error) => {
                self.failure = Some(error);
                // Half a line would be mended by `--resume`, and is if it cannot be cut here.
                let _ = self.disk.cut(self.length);
            }
        }
        self.waiting.clear();
        self.failure.is_none()
    }
}

struct Work<J, O> {
    journal: Log<J>,
    output: Log<O>,
    /// Attempts whose outcome is on disk. The journal learns of it with what is written to it next.
    done: Vec<Attempt>,
    unwritten: Vec<String>,
    open: BTreeSet<Attempt>,
}

impl<J: Disk, O: Disk> Work<J, O> {
    fn run(mut self, mut messages: mpsc::Receiver<Message>) -> End {
        while let Some(first) = messages.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < WAITING
                && let Ok(next) = messages.try_recv()
            {
                batch.push(next);
            }
            self.write(batch);
        }
        self.note_done();
        self.journal.commit();
        let journal = self.journal.failure.map(|error| ("journal", error));
        let output = self.output.failure.map(|error| ("output", error));
        let open = self.open.into_iter().map(|(line, _)| line).collect();
        End { failure: output.or(journal), unwritten: self.unwritten, open }
    }

    fn write(&mut self, batch: Vec<Message>) {
        let mut begun = Vec::new();
        let mut records = Vec::new();
        for message in batch {
            match message {
                // Nothing is begun whose end could not be written. Who waits learns of it as `ready` is dropped.
                Message::Begin(..) if self.output.failure.is_some() => {}
                Message::Begin(rows, at, ready) => begun.push((rows, at, ready)),
                Message::Record(line, attempt) => records.push((line, attempt)),
            }
        }
        self.note_done();
        for (rows, at, _) in &begun {
            for (line, attempt) in rows {
                self.note(Event::Sending { line: *line, attempt: *attempt, at: *at });
            }
        }
        if self.journal.commit() {
            for (rows, _, ready) in begun {
                self.open.extend(&rows);
                // If nobody waits any more, the rows are not sent; they count as if they were.
                let _ = ready.send(());
            }
        }
        self.output.waiting.extend(records.iter().flat_map(|(line, _)| line));
        let written = self.output.commit();
        for (line, attempt) in records {
            if !written {
                self.unwritten.push(String::from_utf8_lossy(line.trim_ascii_end()).into_owned());
            } else if let Some(attempt) = attempt {
                self.open.remove(&attempt);
                self.done.push(attempt);
            }
        }
    }

    fn note_done(&mut self) {
        for (line, attempt) in std::mem::take(&mut self.done) {
            self.note(Event::Done { line, attempt });
        }
    }

    fn note(&mut self, event: Event) {
        self.journal.waiting.extend_from_slice(event.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A disk in memory, which keeps what was synced apart from what was only written, and takes no more than it holds.
    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Bytes>>);

    #[derive(Default)]
    struct Bytes {
        written: Vec<u8>,
        synced: usize,
        syncs: usize,
        room: Option<usize>,
    }

    impl Memory {
        fn with_room(bytes: usize) -> Self {
            let memory = Self::default();
            memory.0.lock().unwrap().room = Some(bytes);
            memory
        }

        fn on_disk(&self) -> String {
            let bytes = self.0.lock().unwrap();
            String::from_utf8(bytes.written[..bytes.synced].to_vec()).unwrap()
        }
    }

    impl Write for Memory {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            let mut bytes = self.0.lock().unwrap();
            let room = bytes.room.map_or(usize::MAX, |room| room - bytes.written.len());
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = &buffer[..buffer.len().min(room)];
            bytes.written.extend_from_slice(taken);
            Ok(taken.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Disk for Memory {
        fn sync(&mut self) -> io::Result<()> {
            let mut bytes = self.0.lock().unwrap();
            bytes.synced = bytes.written.len();
            bytes.syncs += 1;
            Ok(())
        }

        fn length(&self) -> io::Result<u64> {
            Ok(self.0.lock().unwrap().written.len() as u64)
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.0.lock().unwrap().written.truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    const AT: Moment = Moment(9);

    fn record(line: u64) -> Record {
        let mut record = Record::skipped(line, String::new());
        record.attempt = 1;
        record
    }

    #[tokio::test]
    async fn a_row_is_begun_when_the_journal_says_so_on_disk_and_done_when_the_output_does() {
        let (journal, output) = (Memory::default(), Memory::default());
        let (store, writer) = Store::start_with(journal.clone(), output.clone()).unwrap();
        store.begin(vec![(5, 1), (6, 1)], AT).await.unwrap();
        assert_eq!(journal.on_disk(), "s 5 1 9\ns 6 1 9\n");
        store.record(&record(6), true).await.unwrap();
        store.record(&Record::skipped(7, String::new()), false).await.unwrap();
        drop(store);
        let end = writer.finish();
        assert_eq!(journal.on_disk(), "s 5 1 9\ns 6 1 9\nd 6 1\n");
        assert_eq!(output.on_disk().lines().count(), 2);
        assert!(end.failure.is_none() && end.unwritten.is_empty());
        assert_eq!(end.open, BTreeSet::from([5]));
    }

    #[test]
    fn a_row_that_is_settled_and_sent_again_at_once_is_open() {
        let (journal, output) = (Log::new(Memory::default()).unwrap(), Log::new(Memory::default()).unwrap());
        let mut work = Work { journal, output, done: Vec::new(), unwritten: Vec::new(), open: BTreeSet::new() };
        let (ready, _wait) = oneshot::channel();
        work.write(vec![Message::Record(b"{}\n".to_vec(), Some((5, 1))), Message::Begin(vec![(5, 2)], AT, ready)]);
        assert_eq!(work.open, BTreeSet::from([(5, 2)]));
    }

    #[test]
    fn what_waits_together_is_written_together() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (journal, output) = (Memory::default(), Memory::default());
        let (store, writer) = Store::start_with(journal.clone(), output.clone()).unwrap();
        // The writer cannot get on while its disk is held.
        let held = journal.0.lock().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let begin = |line| {
            let (store, asked) = (store.clone(), asked.clone());
            runtime.spawn(async move {
                asked.fetch_add(1, Ordering::Relaxed);
                store.begin(vec![(line, 1)], AT).await
            })
        };
        let rows: Vec<_> = (1..=500).map(begin).collect();
        while asked.load(Ordering::Relaxed) < 500 {
            runtime.block_on(tokio::task::yield_now());
        }
        drop(held);
        for row in rows {
            runtime.block_on(row).unwrap().unwrap();
        }
        drop(store);
        assert_eq!(writer.finish().open.len(), 500);
        let syncs = journal.0.lock().unwrap().syncs;
        assert!(syncs <= 3, "{syncs} waits for the disk");
    }

    #[tokio::test]
    async fn nothing_is_begun_when_the_journal_is_full_and_what_was_begun_ends() {
        let (journal, output) = (Memory::with_room(10), Memory::default());
        let (store, writer) = Store::start_with(journal.clone(), output.clone()).unwrap();
        store.begin(vec![(5, 1)], AT).await.unwrap();
        assert_eq!(store.begin(vec![(6, 1)], AT).await, Err(Full));
        assert_eq!(store.begin(vec![(7, 1)], AT).await, Err(Full));
        store.record(&record(5), true).await.unwrap();
        drop(store);
        let end = writer.finish();
        assert_eq!(end.failure.unwrap().0, "journal");
        assert!(end.open.is_empty() && end.unwritten.is_empty());
        assert_eq!(
            String::from_utf8(journal.0.lock().unwrap().written.clone()).unwrap(),
            "s 5 1 9\n",
            "nothing is torn"
        );
        assert_eq!(output.on_disk().lines().count(), 1);
    }

    #[tokio::test]
    async fn nothing_is_begun_when_the_output_is_full_and_what_does_not_fit_is_handed_back() {
        let (journal, output) = (Memory::default(), Memory::with_room(300));
        let (store, writer) = Store::start_with(journal.clone(), output.clone()).unwrap();
        for line in 1..=3 {
            store.begin(vec![(line, 1)], AT).await.unwrap();
        }
        for line in 1..=3 {
            store.record(&record(line), true).await.unwrap();
        }
        // The failure is known once the writer comes to it, which it does between these two.
        let (_, refused) = (store.begin(vec![(9, 1)], AT).await, store.begin(vec![(9, 1)], AT).await);
        assert_eq!(refused, Err(Full));
        drop(store);
        let end = writer.finish();
        assert_eq!(end.failure.unwrap().0, "output");
        let whole = output.on_disk().lines().count();
        assert!(whole < 3 && output.0.lock().unwrap().written.ends_with(b"\n") || whole == 0);
        assert_eq!(end.unwritten.len(), 3 - whole);
        assert!((whole as u64 + 1..=3).all(|line| end.open.contains(&line)), "{:?}", end.open);
    }
}

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::*;
use crate::log::{Outcome, PayeeHash, Record, Salt};

/// A disk in memory with limited room. It keeps synced bytes apart from bytes that were only written.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Bytes>>);

#[derive(Default)]
struct Bytes {
    written: Vec<u8>,
    synced: usize,
    syncs: usize,
    room: Option<usize>,
    sync_fails: bool,
    cut_fails: bool,
}

impl Memory {
    fn lines(&self) -> (usize, usize) {
        let bytes = self.0.lock().unwrap();
        let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        (lines(&bytes.written), lines(&bytes.written[..bytes.synced]))
    }
}

impl Write for Memory {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut bytes = self.0.lock().unwrap();
        let room = bytes.room.map_or(usize::MAX, |room| room.saturating_sub(bytes.written.len()));
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let length = buffer.len().min(room);
        bytes.written.extend_from_slice(&buffer[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Disk for Memory {
    fn sync(&mut self) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap();
        if bytes.sync_fails {
            return Err(io::Error::other("a broken disk"));
        }
        bytes.synced = bytes.written.len();
        bytes.syncs += 1;
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().written.len() as u64)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap();
        if bytes.cut_fails {
            return Err(io::Error::other("a broken disk"));
        }
        // Like `File::set_len`, this can also extend the file.
        bytes.written.resize(usize::try_from(length).unwrap(), 0);
        Ok(())
    }
}

fn start(disk: &Memory) -> (Log, JoinHandle<Work<Memory>>) {
    let work = Work::new(disk.clone(), Chain::default(), 0);
    let (messages, received) = channel();
    let log = Log { messages, ends: Ends::default() };
    let ends = log.ends.clone();
    (log, std::thread::spawn(move || work.run(&received, &ends)))
}

fn payee(number: usize) -> PayeeHash {
    Salt::random().payee("c", &number.to_string())
}

fn attempt(payee: PayeeHash) -> Attempt {
    Attempt { payee, attempt: 1, at: 0, paise: 100, absent: false }
}

fn end(payee: PayeeHash) -> End {
    End { payee, attempt: 1, at: None, recorded: None, record: Record::new(Outcome::Active) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payee_is_sent_only_when_its_line_is_on_disk_and_payees_share_syncs() {
    const PAYEES: usize = 200;
    let disk = Memory::default();
    let (log, thread) = start(&disk);
    let begun = Arc::new(AtomicUsize::new(0));
    let tasks = (0..PAYEES).map(|number| {
        let (log, disk, begun) = (log.clone(), disk.clone(), begun.clone());
        tokio::spawn(async move {
            let payee = payee(number);
            log.send(vec![attempt(payee)]).await.unwrap();
            let begun = begun.fetch_add(1, Ordering::SeqCst) + 1;
            assert!(disk.lines().1 >= begun, "{begun} payees were sent, and fewer were on disk");
            log.end(end(payee)).unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    drop(log);
    let work = thread.join().unwrap();
    assert!(work.failure.is_none() && work.unwritten.is_empty());
    assert_eq!(disk.lines(), (2 * PAYEES, 2 * PAYEES), "at the end everything is on disk");
    assert_eq!(work.syncs, disk.0.lock().unwrap().syncs as u64);
    assert_eq!(work.chain.next, 2 * PAYEES as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_is_written_and_synced_even_if_no_payee_follows() {
    let disk = Memory::default();
    let (log, thread) = start(&disk);
    let one = payee(1);
    log.send(vec![attempt(one)]).await.unwrap();
    log.end(end(one)).unwrap();
    let began = std::time::Instant::now();
    while disk.lines() != (2, 2) {
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", disk.lines());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(log);
    assert_eq!(thread.join().unwrap().syncs, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_sends_nothing_leaves_no_partial_line_and_returns_unwritten_outcomes() {
    let disk = Memory::default();
    let (log, thread) = start(&disk);
    let [one, two] = [1, 2].map(payee);
    log.send(vec![attempt(one)]).await.unwrap();
    let length = disk.0.lock().unwrap().written.len();
    disk.0.lock().unwrap().room = Some(length + 10);
    assert_eq!(log.send(vec![attempt(two)]).await, Err(Closed));
    log.end(end(one)).unwrap();
    // Even if there is room again, the log stays closed.
    disk.0.lock().unwrap().room = None;
    assert_eq!(log.send(vec![attempt(two)]).await, Err(Closed));
    drop(log);
    let work = thread.join().unwrap();
    assert_eq!(work.failure.unwrap().kind(), io::ErrorKind::StorageFull);
    assert_eq!((work.unwritten.len(), disk.lines()), (1, (1, 1)));
    assert!(work.unwritten[0] == end(one), "{:?}", work.unwritten);
    assert_eq!((work.length, work.chain.next), (disk.length().unwrap(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_if_the_disk_cannot_sync_or_another_program_changed_the_log() {
    for (fault, lines) in [("sync", 1), ("cut", 2), ("length", 0), ("grown", 2)] {
        let disk = Memory::default();
        let (log, thread) = start(&disk);
        log.send(vec![attempt(payee(1))]).await.unwrap();
        {
            let mut bytes = disk.0.lock().unwrap();
            if fault == "length" {
                bytes.written.clear();
                bytes.synced = 0;
            } else if fault == "grown" {
                bytes.written.extend_from_slice(b"of another program\n");
            } else {
                bytes.sync_fails = true;
                bytes.cut_fails = fault == "cut";
            }
        }
        assert_eq!(log.send(vec![attempt(payee(2))]).await, Err(Closed), "{fault}");
        drop(log);
        let work = thread.join().unwrap();
        assert!(work.failure.is_some(), "{fault}");
        assert_eq!(disk.lines().0, lines, "{fault}");
        assert_eq!(
            work.length == disk.length().unwrap(),
            !matches!(fault, "length" | "grown"),
            "only another program's change is reported"
        );
        assert!(!disk.0.lock().unwrap().written.contains(&0), "nothing is written over the change");
    }
}

/// A file that can be synced does not show whether it was synced; a file that cannot be synced returns an error.
#[cfg(target_os = "linux")]
#[test]
fn a_file_is_synced_to_disk() {
    let mut device = std::fs::File::options().write(true).open("/dev/null").unwrap();
    device.write_all(b"line\n").unwrap();
    assert_eq!(Disk::sync(&mut device).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    let mut work = Work::new(device, Chain::default(), 0);
    assert!(work.append(b"line\n", true).is_err(), "`append` waits for the disk");
}

use super::*;
use crate::log::{Attempt, CheckedRow, End, Outcome, PayeeHash, PayeeState, Record, Run};

fn header() -> Header {
    Header::new("t".to_owned(), serde_json::from_str("\"00000000000000000000000000000000\"").unwrap())
}

fn hash(number: u8) -> PayeeHash {
    header().salt.payee("c", &number.to_string())
}

fn payees() -> Payees {
    let row = |number| CheckedRow { payee: hash(number), line: u32::from(number), paise: 1 };
    Payees::new((1..=4).map(row).collect())
}

fn send(payee: u8) -> Event {
    Event::Send(Attempt { payee: hash(payee), attempt: 1, at: 1000, paise: 0, absent: false })
}

fn end(payee: u8, outcome: Outcome) -> Event {
    Event::End(End { payee: hash(payee), attempt: 1, at: None, recorded: None, record: Record::new(outcome) })
}

/// A log of two runs: payee 1 is active, payee 2 is unknown, and payee 3 is in flight. Payee 4 is not in the log.
fn log(directory: &Path) -> PathBuf {
    let path = directory.join("out.log");
    let mut log = LogFile::create(&path, header()).unwrap();
    let [key, input, results] = ["k", "i", "o"].map(str::to_owned);
    let run = Event::Run(Run { key, longest_call: 1, input, results, ..Run::default() });
    let events = [run.clone(), send(1), send(2), end(1, Outcome::Active), end(2, Outcome::Unknown), run, send(3)];
    for event in events {
        log.append(&event).unwrap();
    }
    path
}

/// Opens and reads a log. Returns the states of the four payees, and the number of bytes removed at its end.
fn states(path: &Path) -> Result<([PayeeState; 4], u64), String> {
    let (mut log, _) = LogFile::open(path).map_err(|failure| format!("{failure:?}"))?;
    let mut payees = payees();
    let (_, torn) = log.read(&mut payees).map_err(|error| format!("{error:?}"))?;
    assert_eq!(log.length, std::fs::metadata(path).unwrap().len());
    Ok(([1, 2, 3, 4].map(|number| payees.find(&hash(number)).unwrap().state), torn))
}

#[test]
fn a_log_has_the_name_of_the_results_whatever_their_kind() {
    for (results, log) in [
        ("out.ndjson", "out.log"),
        ("a/out.XLSX", "a/out.log"),
        ("payees.results.csv", "payees.results.log"),
        ("run.1", "run.1.log"),
        ("out", "out.log"),
    ] {
        assert_eq!(path_of(Path::new(results)), Path::new(log));
    }
}

#[test]
fn a_log_has_the_state_of_each_payee() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let (states, torn) = states(&path).unwrap();
    let outcomes = states.map(|state| state.outcome());
    assert_eq!(outcomes, [Some(Outcome::Active), Some(Outcome::Unknown), Some(Outcome::Unknown), None]);
    assert_eq!((torn, states.map(|state| state.is_in_flight())), (0, [false, false, true, false]));
    let (log, header) = LogFile::open(&path).unwrap();
    assert!(header.is_known());
    let record = log.records().unwrap().read(states[1].record_at).unwrap();
    assert_eq!(record.record.outcome, Outcome::Unknown);
    assert!(log.records().unwrap().read(3).is_err());
    // Records are not read through the name of the file: Windows lets no other handle read a locked file, and the file
    // can be renamed.
    std::fs::rename(&path, directory.path().join("moved")).unwrap();
    assert_eq!(log.records().unwrap().read(states[0].record_at).unwrap().record.outcome, Outcome::Active);
}

/// A log with any changed bit is refused, so a payee that was sent never looks unsent.
#[test]
fn a_changed_bit_never_makes_a_payee_look_unsent() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let good = std::fs::read(&path).unwrap();
    let mut accepted = 0;
    for bit in 0..8 * good.len() {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, bytes).unwrap();
        if let Ok((states, _)) = states(&path) {
            accepted += 1;
            assert!(states[..3].iter().all(|state| state.attempt == 1), "bit {bit}");
        }
    }
    assert_eq!(accepted, 0, "every bit is checked");
}

#[test]
fn deleted_repeated_and_swapped_lines_are_damage_except_a_missing_last_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let refused = |lines: &[&str]| {
        std::fs::write(&path, lines.concat()).unwrap();
        states(&path).is_err()
    };
    for at in 0..lines.len() {
        let mut changed = lines.clone();
        changed.insert(at, lines[at]);
        assert!(refused(&changed), "{at} repeated");
        for other in 0..at {
            let mut changed = lines.clone();
            changed.swap(at, other);
            assert!(refused(&changed), "{other} and {at} swapped");
        }
        let mut changed = lines.clone();
        changed.remove(at);
        assert_eq!(refused(&changed), at + 1 < lines.len(), "{at} deleted");
    }
}

#[test]
fn an_incomplete_last_line_is_removed_and_a_line_without_a_line_break_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let good = std::fs::read(&path).unwrap();
    let last = 1 + good[..good.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    for length in last..good.len() - 1 {
        std::fs::write(&path, &good[..length]).unwrap();
        let (states, torn) = states(&path).unwrap();
        assert_eq!((torn, states[2].attempt), ((length - last) as u64, 0), "{length}");
        assert_eq!(std::fs::read(&path).unwrap(), good[..last]);
    }
    std::fs::write(&path, &good[..good.len() - 1]).unwrap();
    assert_eq!(states(&path).unwrap().0[2].attempt, 1);
    assert_eq!(std::fs::read(&path).unwrap(), good);
}

/// A power cut can leave zeros in a file that was growing, in place of what was not on disk yet.
#[test]
fn zeros_at_the_end_are_removed_and_zeros_before_a_line_are_damage() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let good = std::fs::read(&path).unwrap();
    let last = 1 + good[..good.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    for zeros in [1, 5000, LONGEST, 3 * LONGEST + 1] {
        let with = |length: usize| [&good[..length], &vec![0; zeros]].concat();
        for (length, left, sent) in [
            (good.len(), good.len(), 1),
            // The line break is missing too.
            (good.len() - 1, good.len(), 1),
            (last + 20, last, 0),
            (last, last, 0),
        ] {
            std::fs::write(&path, with(length)).unwrap();
            assert!(peek(&path, &mut payees()).is_ok(), "{zeros} {length}");
            let (states, torn) = states(&path).unwrap();
            let expected = (zeros + length.saturating_sub(left)) as u64;
            assert_eq!((torn, states[2].attempt), (expected, sent), "{zeros} {length}");
            assert_eq!(std::fs::read(&path).unwrap(), good[..left], "{zeros} {length}");
        }
        // The line after the zeros was on disk, so its payee may have been sent.
        let hole = [&with(last)[..], &good[last..]].concat();
        std::fs::write(&path, &hole).unwrap();
        assert!(states(&path).unwrap_err().contains("Damaged"), "{zeros}");
        assert_eq!(std::fs::read(&path).unwrap(), hole);
    }
}

#[test]
fn a_file_that_is_not_a_log_is_refused_and_left_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.log");
    let mut other = Vec::new();
    let text = r#"{"format":"juspay-accounts batch log 4","target":"","salt":"00000000000000000000000000000000"}"#;
    Chain::default().seal(&Event::Log(serde_json::from_str(text).unwrap()), &mut other).unwrap();
    for (bytes, why) in [
        (&b""[..], "it should contain the log of a run"),
        (b"2026-11-30 started\n", "is not a log that this version"),
        (b"no line break", "is not a log that this version"),
        (&other, "is not a log that this version"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let failure = format!("{:?}", LogFile::open(&path).unwrap_err());
        assert!(failure.contains(why) && failure.contains("pays for every payee again"), "{failure}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

/// A line that no run would write is damage too, even if its checksum is correct.
#[test]
fn a_line_that_cannot_follow_the_lines_before_it_is_damage() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let (mut log, _) = LogFile::open(&path).unwrap();
    log.read(&mut payees()).unwrap();
    log.append(&end(4, Outcome::Active)).unwrap();
    drop(log);
    assert!(states(&path).unwrap_err().contains("Damaged(9)"));
}

/// The lines of another program can be those of payees that it has sent.
#[test]
fn nothing_is_appended_to_or_cut_off_a_log_that_another_program_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    let (mut log, _) = LogFile::open(&path).unwrap();
    log.read(&mut payees()).unwrap();
    OpenOptions::new().append(true).open(&path).unwrap().write_all(b"another line\n").unwrap();
    let changed = std::fs::read(&path).unwrap();
    assert!(log.append(&send(4)).unwrap_err().to_string().contains("another program changed the log"));
    assert_eq!(std::fs::read(&path).unwrap(), changed);
}

/// A line is either written so that it can be read, or not at all.
#[test]
fn a_line_of_any_length_leaves_a_log_that_can_be_read() {
    let directory = tempfile::tempdir().unwrap();
    for length in (LONGEST - 400..LONGEST).step_by(7) {
        let path = directory.path().join(format!("{length}.log"));
        let mut log = LogFile::create(&path, header()).unwrap();
        let appended = log.append(&Event::Run(Run { reading: "x".repeat(length), ..Run::default() }));
        log.append(&send(1)).unwrap();
        drop(log);
        assert_eq!(states(&path).unwrap().0[0].attempt, 1, "{length}");
        assert!(appended.is_ok() || length > LONGEST - 200);
    }
}

#[test]
fn a_log_that_cannot_be_read_after_a_run_does_not_say_that_nothing_was_sent() {
    for (exit, nothing_was_sent) in [(Exit::Usage, true), (Exit::Unknown, false)] {
        let failure = Unreadable::Io(io::Error::other("gone")).into_failure(Path::new("out.log"), exit);
        assert_eq!((failure.exit, format!("{failure:?}").contains("nothing was sent")), (exit, nothing_was_sent));
    }
}

#[test]
fn a_log_is_created_once_and_locked() {
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    assert!(LogFile::create(&path, header()).is_err());
    let (first, _) = LogFile::open(&path).unwrap();
    assert!(format!("{:?}", LogFile::open(&path).unwrap_err()).contains("another process is using"));
    drop(first);
    LogFile::open(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn a_log_that_is_renamed_or_deleted_in_use_is_reported_and_not_lost() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = log(directory.path());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (mut log, _) = LogFile::open(&path).unwrap();
    log.read(&mut payees()).unwrap();
    let good = std::fs::read(&path).unwrap();
    assert_eq!(log.recover().unwrap(), None);
    std::fs::rename(&path, directory.path().join("moved")).unwrap();
    assert_eq!(log.recover().unwrap(), Some("was deleted or renamed while it was in use"));
    assert_eq!((log.recover().unwrap(), std::fs::read(&path).unwrap() == good), (None, true));
    assert!(LogFile::open(&path).is_err(), "it is locked");
    log.append(&send(4)).unwrap();
    assert_eq!(log.recover().unwrap(), None);
    let good = std::fs::read(&path).unwrap();

    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, b"another file").unwrap();
    let failure = format!("{:?}", log.recover().unwrap_err());
    assert!(
        failure.contains("was replaced while it was in use") && failure.contains("out.recovered.log back"),
        "{failure}"
    );
    assert_eq!(std::fs::read(directory.path().join("out.recovered.log")).unwrap(), good);
    assert_eq!(std::fs::read(&path).unwrap(), b"another file", "nothing is overwritten");

    std::fs::write(directory.path().join("out.recovered.log"), b"").unwrap();
    let failure = format!("{:?}", log.recover().unwrap_err());
    assert!(failure.contains("was changed by another program") && failure.contains("restore the log"), "{failure}");
}

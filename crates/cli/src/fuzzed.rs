//! Checks that must pass for any file, valid or not. The fuzz targets and the contract tests use them. They are not
//! part of the API, and can change in any version.

use std::path::Path;
use std::{fs, io};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Input, Profile, Unreadable};
use crate::log::{LogFile, Payees, Salt, peek};
use crate::payees::check::check;

/// Checks a file of payees twice. Both checks must have the same result, and the message of an error must fit on one
/// line.
///
/// # Panics
/// A check fails.
pub fn payees(bytes: &[u8]) {
    let read = || -> Result<_, Unreadable> {
        let input = Input::from_bytes(bytes, &Profile::default())?;
        let checked = check(&input, Some(&Salt::random()), false)?;
        Ok((checked.rows, checked.invalid, checked.repairable))
    };
    match (read(), read()) {
        (Ok(first), Ok(second)) => assert!(first == second && first.1 <= first.0, "{first:?} {second:?}"),
        (Err(first), Err(second)) => {
            let [first, second] = [first, second].map(|error| refusal(&error.into_failure("in.csv", Exit::Usage)));
            assert_eq!(first, second);
        }
        (first, second) => assert!(first.is_ok() == second.is_ok(), "{first:?} {second:?}"),
    }
}

/// Reads the log of a batch. Reading may remove an incomplete last line and zero bytes at the end, or add a line break
/// that the last line lacks, and must not change anything else. After a successful read, a second one must succeed too.
/// A log that cannot be read must stay unchanged. `peek` must read the same logs, and never change them.
///
/// # Errors
/// A temporary file cannot be created.
///
/// # Panics
/// A check fails.
pub fn log(bytes: &[u8]) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("out.log");
    fs::write(&path, bytes)?;
    let peeked = peek(&path, &mut Payees::default()).is_ok();
    assert!(fs::read(&path)? == bytes, "peek changed the log");
    let first = match LogFile::open(&path) {
        Ok((mut log, _)) => {
            log.read(&mut Payees::default()).map_err(|error| refusal(&error.into_failure(&path, Exit::Usage)))
        }
        Err(failure) => Err(refusal(&failure)),
    };
    assert_eq!(first.is_ok(), peeked, "{first:?}");
    let left = fs::read(&path)?;
    match first {
        Ok((_, torn)) => {
            let kept = left.strip_suffix(b"\n").unwrap_or(&left);
            assert!(bytes.starts_with(kept) && left.len() as u64 + torn <= bytes.len() as u64 + 1);
            // The second read uses `peek`, which takes no lock: a process that another test has just started may still
            // hold the lock of the first read.
            let is_whole = left.ends_with(b"\n") && peek(&path, &mut Payees::default()).is_ok();
            assert!(is_whole, "a repaired log cannot be read again");
        }
        Err(_) => assert!(left == bytes, "a log that cannot be read was changed"),
    }
    Ok(())
}

/// Reads a profile. After it is written and read again, it must be the same. The message of an error must fit on one
/// line.
///
/// # Errors
/// A temporary file cannot be created.
///
/// # Panics
/// A check fails.
pub fn profile(bytes: &[u8]) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let [given, written] = ["given.toml", "written.toml"].map(|name| folder.path().join(name));
    fs::write(&given, bytes)?;
    match Profile::read(&given) {
        Ok(profile) => {
            let again = |path: &Path| profile.write(path).and_then(|()| Profile::read(path));
            assert_eq!(again(&written).ok().as_ref(), Some(&profile));
            assert_eq!(Profile::from_json(&profile.to_json()).ok(), Some(profile));
        }
        Err(failure) => _ = refusal(&failure),
    }
    Ok(())
}

/// Returns the message and the next step of a failure. Each must fit on one line.
fn refusal(failure: &Failure) -> Vec<String> {
    let value = serde_json::to_value(failure).unwrap_or_default();
    let words = ["message", "next"].map(|name| value[name].as_str().unwrap_or_default().to_owned());
    assert!(!words[0].is_empty() && words.iter().all(|text| !text.contains(char::is_control)), "{words:?}");
    words.into()
}

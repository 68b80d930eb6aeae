//! The log of a batch: the only durable file of a run, and what it says about each payee.
//!
//! `format` is a line and its checksum, `state` what the lines of a payee add up to, `file` the file (created, locked, read and
//! repaired), `open` which of several logs a run may use, `writer` the thread that appends to it. Nothing here knows CSV or HTTP.
//!
//! Two rules must stay true. **No payee is sent before its `send` line is on disk.** **A payee with a `send` line and no `end` line
//! after it may have been paid.**

mod file;
mod format;
mod open;
mod record;
mod state;
mod writer;

pub(crate) use file::{LogFile, Records, Unreadable, directory, path_of, peek, sync_directory};
pub(crate) use format::{Attempt, Close, End, Event, Header, PayeeHash, Run, Salt, millis};
pub(crate) use open::{must_be_new, others, resume};
pub(crate) use record::{Changes, Outcome, Record, Tally};
pub(crate) use state::{History, Paid, PayeeState, Payees, Row};
pub(crate) use writer::{Closed, Finished, Log, Writer};

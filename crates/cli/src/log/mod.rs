//! The log of a batch: the only durable file of a run, with the state of each payee.
//!
//! `format` defines a line and its checksum, `record` defines the outcome of a payee, `state` adds up the lines of a
//! payee, `file` manages the file (create, lock, read, repair), `open` finds logs and decides whether a run may use
//! them, `writer` is the thread that appends, and `unreadable` says what to do with a log that cannot be used. Nothing
//! here depends on CSV or HTTP.
//!
//! Two rules must always hold. **No payee is sent before its `send` line is on disk.** **A payee with a `send` line and
//! no later `end` line may have been paid.**

mod file;
mod format;
mod open;
mod record;
mod state;
mod unreadable;
mod writer;

pub(crate) use file::{LogFile, Records, directory, path_of, peek, sync_directory};
pub(crate) use format::{Attempt, Close, End, Event, Header, PayeeHash, Run, Salt, millis};
pub(crate) use open::{Other, must_be_new, others, resume};
pub(crate) use record::{Changes, Outcome, Record, Tally};
pub(crate) use state::{CheckedRow, History, Paid, PayeeState, Payees, Row};
pub(crate) use unreadable::Unreadable;
pub(crate) use writer::{Closed, Finished, Log, Writer};

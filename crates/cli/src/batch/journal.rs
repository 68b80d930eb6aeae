//! What journal and output say of an earlier run, and so what may be sent now.
//!
//! The journal has a line `s LINE ATTEMPT TIME` for each row, on disk before the row is sent at that time, and
//! `d LINE ATTEMPT` when its line of the output is on disk. `t SECONDS` stands before rows
//! whose calls may take so long. The rule that must stay true: **a row whose last attempt is in the journal and not in
//! the output may have been paid for**, and is sent again only if the user takes the risk, or if
//! the customer's list proves that it was not acted on.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read};
use std::time::{Duration, SystemTime};

use juspay_accounts_validation::CustomerAccountId;
use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, Tally};

/// What a journal is and in which version.
const FORMAT: &str = "juspay-accounts batch journal 1";

/// The first line of a journal: what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// What this file is, and in which version.
    journal: String,
    /// Of the input, in hexadecimal.
    pub(crate) sha256: String,
    /// Where requests went.
    pub(crate) target: String,
}

impl Head {
    pub(crate) fn new(sha256: String, target: String) -> Self {
        Self { journal: FORMAT.to_owned(), sha256, target }
    }

    /// Whether it was written by this program, in a version that is understood.
    pub(crate) fn is_known(&self) -> bool {
        self.journal == FORMAT
    }
}

/// A moment of the system's clock, in whole seconds since 1970, rounded down. A million of them are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) u32);

impl Moment {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(u32::try_from(since.as_secs()).unwrap_or(u32::MAX))
    }

    pub(crate) fn time(self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.into())
    }

    /// How long it is until it is so long ago. A moment that is still to come counts as now: the clock was changed.
    pub(crate) fn until_past(self, age: Duration, now: Self) -> Duration {
        age.saturating_sub(Duration::from_secs(now.0.saturating_sub(self.0).into()))
    }
}

/// A line of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The row is about to be sent.
    Sending { line: u64, attempt: u32, at: Moment },
    /// What became of it is in the output.
    Done { line: u64, attempt: u32 },
    /// Calls from here on may take so many seconds.
    Limit { seconds: u64 },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sending { line, attempt, at } => writeln!(f, "s {line} {attempt} {}", at.0),
            Self::Done { line, attempt } => writeln!(f, "d {line} {attempt}"),
            Self::Limit { seconds } => writeln!(f, "t {seconds}"),
        }
    }
}

impl Event {
    fn read(text: &[u8]) -> Option<Self> {
        let mut words = str::from_utf8(text).ok()?.split(' ');
        let (what, number) = (words.next()?, words.next()?.parse().ok()?);
        // There is always a next one.
        let mut attempt = || words.next()?.parse().ok().filter(|attempt| *attempt < u32::MAX);
        let event = match what {
            "s" => Self::Sending { line: number, attempt: attempt()?, at: Moment(words.next()?.parse().ok()?) },
            "d" => Self::Done { line: number, attempt: attempt()? },
            "t" => Self::Limit { seconds: number },
            _ => return None,
        };
        words.next().is_none().then_some(event)
    }
}

/// What is read of a line of the output.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    line: u64,
    attempt: u32,
    outcome: Outcome,
    again: bool,
    customer_account_id: Option<String>,
    request_id: Option<String>,
}

/// How much of a file of lines is good, and what stands behind that, in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) good: u64,
    /// What was being written when the program ended.
    pub(crate) torn: u64,
}

/// Why a file of lines cannot be trusted.
#[derive(Debug)]
pub(crate) enum Damage {
    Io(io::Error),
    /// This line is not understood, and another behind it is.
    Line(u64),
}

/// As much of a line as is looked at, in bytes. None that this program writes is half as long.
const LONGEST: u64 = 64 * 1024;

/// Reads a file of lines. `take` returns whether it understands a line, which it is given without its end. Of the lines
/// that it does not understand, only the last ones of a file are forgiven, and not the first: that is another file.
pub(crate) fn read_lines(file: impl Read, mut take: impl FnMut(u64, &[u8]) -> bool) -> Result<Extent, Damage> {
    let mut input = BufReader::with_capacity(64 * 1024, file);
    let mut text = Vec::new();
    let (mut number, mut read, mut good) = (0, 0, 0);
    let mut odd = None;
    loop {
        text.clear();
        let length = input.by_ref().take(LONGEST).read_until(b'\n', &mut text).map_err(Damage::Io)?;
        if length == 0 {
            return Ok(Extent { good, torn: read - good });
        }
        number += 1;
        read += length as u64;
        let whole = text.pop() == Some(b'\n');
        let understood = whole && take(number, &text);
        if number == 1 && whole && !understood {
            return Err(Damage::Line(1));
        }
        match odd {
            None if understood => good = read,
            None => odd = Some(number),
            Some(odd) if understood => return Err(Damage::Line(odd)),
            Some(_) => {}
        }
    }
}

/// What is known of one line of the input. An attempt of 0 is none.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The last attempt that was about to be made, and when; and when the first was.
    sent: u32,
    at: Moment,
    first: Moment,
    /// The last one of which the journal says that its outcome was written.
    done: u32,
    /// The last one whose outcome is in the output, with the outcome and whether it may be sent again.
    written: Option<(u32, Outcome, bool)>,
}

impl Known {
    /// Whether it was about to be sent, and no output says what became of it.
    fn is_unsettled(&self) -> bool {
        self.sent > self.written.map_or(0, |(attempt, ..)| attempt)
    }

    /// Whether it may have been paid for, and nobody knows.
    fn is_in_doubt(&self) -> bool {
        self.is_unsettled() || matches!(self.written, Some((_, Outcome::Unknown, _)))
    }
}

/// What to do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Send it; the attempt is the number of times that it was sent by then. `doubtful` is whether an earlier one may have been
    /// acted on.
    Send { attempt: u32, doubtful: bool },
    /// Nothing: its outcome is known.
    Nothing,
    /// Its attempt is in no output: write down that its outcome is unknown, and send it again if `again`.
    Settle { attempt: u32, again: bool },
    /// Ask the server what became of the row since it was first sent, and send it again if nothing did: an attempt before this
    /// one may be the one that was acted on. `unsettled` is whether this one is in no output.
    Reconcile { attempt: u32, since: Moment, unsettled: bool },
    /// Ask the server whether the validation of this attempt has ended.
    Follow { attempt: u32 },
}

/// What is done with a row whose outcome is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It stays so.
    #[default]
    Keep,
    /// It is sent again, whatever became of it.
    Resend,
    /// The server is asked, and it is sent again if it was not acted on.
    Reconcile,
}

/// The ids that the output has of a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    /// By which the vendor finds the call.
    pub(crate) request: Option<String>,
    /// Of the account, if it can be asked for.
    pub(crate) account: Option<CustomerAccountId>,
}

/// What earlier runs have done.
#[derive(Debug, Default)]
pub(crate) struct Past {
    lines: Vec<Known>,
    /// Of the lines that may be looked at again.
    ids: HashMap<u64, Ids>,
    /// In seconds.
    longest_call: u64,
    doubt: Doubt,
    /// Whether validations that have not ended are followed.
    follow: bool,
}

impl Past {
    /// Of an input of so many lines.
    pub(crate) fn new(lines: u64, doubt: Doubt, follow: bool) -> Self {
        // Line 0 is not used.
        let lines = vec![Known::default(); usize::try_from(lines).unwrap_or(0) + 1];
        Self { lines, doubt, follow, ..Self::default() }
    }

    fn known(&mut self, line: u64) -> Option<&mut Known> {
        self.lines.get_mut(usize::try_from(line).ok()?)
    }

    /// Takes a line of the journal; whether it is understood.
    pub(crate) fn take_event(&mut self, text: &[u8]) -> bool {
        match Event::read(text) {
            Some(Event::Sending { line, attempt, at }) => {
                let Some(known) = self.known(line) else { return false };
                if known.sent == 0 {
                    known.first = at;
                }
                if attempt >= known.sent {
                    (known.sent, known.at) = (attempt, at);
                }
                true
            }
            Some(Event::Done { line, attempt }) => {
                self.known(line).map(|known| known.done = known.done.max(attempt)).is_some()
            }
            Some(Event::Limit { seconds }) => {
                self.longest_call = self.longest_call.max(seconds);
                true
            }
            None => false,
        }
    }

    /// Takes a line of the output; whether it is understood.
    pub(crate) fn take_written(&mut self, text: &[u8]) -> bool {
        let Ok(written) = serde_json::from_slice(text) else { return false };
        let Written { line, attempt, outcome, again, customer_account_id, request_id } = written;
        let Some(known) = self.known(line) else { return false };
        if known.written.is_none_or(|(last, ..)| last <= attempt) {
            known.written = Some((attempt, outcome, again));
            if outcome == Outcome::Unknown || outcome == Outcome::Pending && self.follow {
                let account = customer_account_id.and_then(|id| id.parse().ok());
                self.ids.insert(line, Ids { request: request_id, account });
            } else {
                self.ids.remove(&line);
            }
        }
        true
    }

    /// The ids of a row that is looked at again.
    pub(crate) fn ids(&self, line: u64) -> Ids {
        self.ids.get(&line).cloned().unwrap_or_default()
    }

    /// How long a call of an earlier run may have taken.
    pub(crate) fn longest_call(&self) -> Duration {
        Duration::from_secs(self.longest_call)
    }

    /// A line of the input whose outcome was written, but is not there, or is there and was never sent.
    pub(crate) fn contradiction(&self) -> Option<usize> {
        self.lines.iter().position(|known| {
            let written = known.written.map_or(0, |(attempt, ..)| attempt);
            known.done > written || written > known.sent
        })
    }

    /// Whether a row was sent.
    pub(crate) fn has_sent(&self) -> bool {
        self.lines.iter().any(|known| known.sent > 0)
    }

    /// What to do with the row in this line.
    pub(crate) fn todo(&self, line: u64) -> Todo {
        let known = usize::try_from(line).ok().and_then(|line| self.lines.get(line)).copied().unwrap_or_default();
        let next = |doubtful| Todo::Send { attempt: known.sent + 1, doubtful };
        let (attempt, since, unsettled) = (known.sent, known.first, known.is_unsettled());
        match (known.written, self.doubt) {
            _ if known.is_in_doubt() && self.doubt == Doubt::Reconcile => Todo::Reconcile { attempt, since, unsettled },
            (_, doubt) if unsettled => Todo::Settle { attempt, again: doubt == Doubt::Resend },
            (None | Some((.., true)), _) => next(false),
            (Some((_, Outcome::Unknown, _)), Doubt::Resend) => next(true),
            (Some((_, Outcome::Pending, _)), _) if self.ids.get(&line).is_some_and(|ids| ids.account.is_some()) => {
                Todo::Follow { attempt }
            }
            (Some(_), _) => Todo::Nothing,
        }
    }

    /// When the last row was sent of which it is not known what became of it, and how many of them there are.
    pub(crate) fn in_doubt(&self) -> (Option<Moment>, u64) {
        let moments = self.lines.iter().filter(|known| known.is_in_doubt()).map(|known| known.at);
        moments.fold((None, 0), |(last, number), at| (last.max(Some(at)), number + 1))
    }

    /// The outcomes of the rows with which nothing is to be done, or which are only looked at.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (known, line) in self.lines.iter().zip(0..) {
            if let (Some((_, outcome, _)), Todo::Nothing | Todo::Follow { .. }) = (known.written, self.todo(line)) {
                tally.add(outcome);
            }
        }
        tally
    }

    /// The lines of the rows whose outcome is unknown and stays so.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = u64> {
        let unknown = |known: &Known| matches!(known.written, Some((_, Outcome::Unknown, _)));
        (0..)
            .zip(&self.lines)
            .filter(move |(line, known)| unknown(known) && self.todo(*line) == Todo::Nothing)
            .map(|(line, _)| line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is to be done with line 5 after these lines of a journal and of an output.
    fn todo(journal: &[&str], output: &[(u32, &str, bool)], doubt: Doubt) -> (Todo, bool) {
        let mut past = Past::new(9, doubt, false);
        for line in journal {
            assert!(past.take_event(line.as_bytes()), "{line}");
        }
        for (attempt, outcome, again) in output {
            let line = format!(r#"{{"line":5,"attempt":{attempt},"outcome":"{outcome}","again":{again},"x":[]}}"#);
            assert!(past.take_written(line.as_bytes()), "{line}");
        }
        (past.todo(5), past.contradiction().is_none())
    }

    #[test]
    fn a_row_is_sent_again_only_if_nothing_can_have_been_paid_for_it() {
        let send = |attempt| [Todo::Send { attempt, doubtful: false }; 3];
        let nothing = [Todo::Nothing; 3];
        let settle = |attempt| Todo::Settle { attempt, again: false };
        let ask = |attempt, since, unsettled| Todo::Reconcile { attempt, since: Moment(since), unsettled };
        for (journal, output, expected) in [
            (&[][..], &[][..], send(1)),
            (&["s 4 1 9", "s 6 1 9"], &[], send(1)),
            (&[], &[(0, "skipped", false)], nothing),
            (&["s 5 1 9"], &[], [settle(1), Todo::Settle { attempt: 1, again: true }, ask(1, 9, true)]),
            (&["s 5 1 9"], &[(1, "active", false)], nothing),
            (&["s 5 1 9", "d 5 1"], &[(1, "pending", false)], nothing),
            (&["s 5 1 9"], &[(1, "refused", false)], nothing),
            (&["s 5 1 9"], &[(1, "refused", true)], send(2)),
            (&["s 5 1 9"], &[(1, "not_sent", true)], send(2)),
            (
                &["s 5 1 9"],
                &[(1, "unknown", false)],
                [Todo::Nothing, Todo::Send { attempt: 2, doubtful: true }, ask(1, 9, false)],
            ),
            // What was found out stands behind what was not known.
            (&["s 5 1 9"], &[(1, "unknown", false), (1, "active", false)], nothing),
            // Once more, and then the end.
            (
                &["s 5 1 9", "d 5 1", "s 5 2 11"],
                &[(1, "not_sent", true)],
                [settle(2), Todo::Settle { attempt: 2, again: true }, ask(2, 9, true)],
            ),
            (&["s 5 1 9", "s 5 2 11"], &[(1, "unknown", false), (2, "active", false)], nothing),
            (&["s 5 1 9", "s 5 2 11"], &[(2, "not_sent", true), (1, "active", false)], send(3)),
            // The second was refused, which says nothing of the first.
            (
                &["s 5 1 9", "s 5 2 11"],
                &[(1, "unknown", false), (2, "unknown", false)],
                [Todo::Nothing, Todo::Send { attempt: 3, doubtful: true }, ask(2, 9, false)],
            ),
            // However often it was sent.
            (
                &["s 5 255 9", "s 5 256 11"],
                &[(255, "not_sent", true)],
                [settle(256), Todo::Settle { attempt: 256, again: true }, ask(256, 9, true)],
            ),
        ] {
            let found = [Doubt::Keep, Doubt::Resend, Doubt::Reconcile].map(|doubt| todo(journal, output, doubt));
            assert_eq!(found, expected.map(|todo| (todo, true)), "{journal:?} {output:?}");
        }
    }

    #[test]
    fn a_pending_row_is_followed_if_that_is_wished_and_its_account_is_known() {
        let follow = Todo::Follow { attempt: 1 };
        for (rest, wished, expected) in [
            (r#""outcome":"pending","customer_account_id":"banh_1","request_id":"r""#, true, follow),
            (r#""outcome":"pending","customer_account_id":"banh_1","request_id":null"#, false, Todo::Nothing),
            (r#""outcome":"pending","customer_account_id":null"#, true, Todo::Nothing),
            (r#""outcome":"pending","customer_account_id":"..""#, true, Todo::Nothing),
            (r#""outcome":"active","customer_account_id":"banh_1""#, true, Todo::Nothing),
        ] {
            let mut past = Past::new(9, Doubt::Keep, wished);
            assert!(past.take_event(b"s 5 1 9"));
            let line = format!(r#"{{"line":5,"attempt":1,"again":false,{rest}}}"#);
            assert!(past.take_written(line.as_bytes()));
            assert_eq!(past.todo(5), expected, "{rest} {wished}");
            assert_eq!(past.tally().total(), 1);
            // It was sent once more since then, and nobody knows what became of that.
            assert!(past.take_event(b"s 5 2 9"));
            assert_eq!(past.todo(5), Todo::Settle { attempt: 2, again: false });
        }
        let mut past = Past::new(9, Doubt::Keep, true);
        assert!(past.take_event(b"s 5 1 9"));
        for outcome in ["pending", "failed"] {
            let line = format!(
                r#"{{"line":5,"attempt":1,"outcome":"{outcome}","again":false,"customer_account_id":"banh_1"}}"#
            );
            assert!(past.take_written(line.as_bytes()));
        }
        assert_eq!(past.todo(5), Todo::Nothing, "it has ended");
    }

    #[test]
    fn it_is_known_how_many_rows_are_in_doubt_and_how_long_at_least() {
        let mut past = Past::new(9, Doubt::Reconcile, false);
        assert_eq!(past.in_doubt(), (None, 0));
        for event in ["s 2 1 100", "s 3 1 103", "s 4 1 107", "s 5 1 102"] {
            assert!(past.take_event(event.as_bytes()));
        }
        assert!(past.take_written(br#"{"line":4,"attempt":1,"outcome":"active","again":false}"#));
        assert!(past.take_written(br#"{"line":3,"attempt":1,"outcome":"unknown","again":false}"#));
        assert_eq!(past.in_doubt(), (Some(Moment(103)), 3));
        let until = |age, now| Moment(103).until_past(Duration::from_secs(age), Moment(now)).as_secs();
        assert_eq!([until(300, 103), until(300, 402), until(300, 403), until(300, 4000)], [300, 1, 0, 0]);
        assert_eq!(until(300, 50), 300, "the clock was put back");
        assert_eq!(Moment::now().until_past(Duration::from_secs(0), Moment::now()), Duration::ZERO);
    }

    #[test]
    fn an_output_that_lacks_what_was_written_or_has_what_was_not_sent_is_found_out() {
        assert!(!todo(&["s 5 1 9", "d 5 1"], &[], Doubt::Keep).1);
        assert!(!todo(&["s 5 1 9", "d 5 1", "s 5 2 9", "d 5 2"], &[(1, "not_sent", true)], Doubt::Keep).1);
        assert!(!todo(&[], &[(1, "active", false)], Doubt::Keep).1);
    }

    #[test]
    fn only_what_stands_at_the_end_of_a_file_may_be_torn() {
        let read = |text: &[u8]| read_lines(text, |_, line| Event::read(line).is_some());
        for (text, good, torn) in [
            (&b""[..], 0, 0),
            (b"s 1 1 9\nd 1 1\n", 14, 0),
            (b"s 1 1 9\ns 12", 8, 4),
            (b"s 1 1 9\ns 12 1 9", 8, 8),
            (b"s 1 1 9\n\0\0\0", 8, 3),
            (b"s 1 1 9\nx\ny\n", 8, 4),
        ] {
            assert_eq!(read(text).unwrap(), Extent { good, torn }, "{text:?}");
        }
        assert!(matches!(read(b"s 1 1 9\nx\n\ns 2 1 9\n"), Err(Damage::Line(2))));
        assert!(matches!(read(b"x\n"), Err(Damage::Line(1))));
        assert_eq!(read(b"x").unwrap(), Extent { good: 0, torn: 1 });
        for bad in [
            "",
            "s",
            "s 1",
            "s 1 1",
            "s 1 1 1 1",
            "d 1 1 1",
            "s  1 1 1",
            "S 1 1 1",
            "s -1 1 1",
            "s 1 4294967295 1",
            "d 1 -1",
            "s 1 1 -1",
            "s 1 1 4294967296",
            "s 1 1 1\r",
            "x 1 1",
            "s \u{664} 1 1",
        ] {
            assert_eq!(Event::read(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn an_event_is_read_as_it_was_written() {
        for event in [
            Event::Sending { line: u64::MAX, attempt: 1, at: Moment(u32::MAX) },
            Event::Done { line: 7, attempt: u32::MAX - 1 },
            Event::Limit { seconds: u64::MAX },
        ] {
            assert_eq!(Event::read(event.to_string().trim_end().as_bytes()), Some(event));
        }
    }

    #[test]
    fn lines_that_the_input_does_not_have_are_not_understood() {
        let mut past = Past::new(9, Doubt::Keep, false);
        assert!(past.take_event(b"s 9 1 9"));
        assert!(!past.take_event(b"s 10 1 9"));
        assert!(!past.take_written(br#"{"line":10,"attempt":1,"outcome":"active","again":false}"#));
        assert!(!past.take_written(br#"{"line":1,"attempt":1,"outcome":"paid","again":false}"#));
    }
}

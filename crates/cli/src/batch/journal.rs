//! What journal and output say of an earlier run, and so what may be sent now.
//!
//! The journal has a line `s LINE ATTEMPT` for each row, on disk before the row is sent, and `d LINE ATTEMPT` when its
//! line of the output is on disk. The rule that must stay true: **a row whose last attempt is in the journal and not in
//! the output may have been paid for**, and is sent again only if the user takes the risk.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read};

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

/// A line of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The row is about to be sent.
    Sending { line: u64, attempt: u8 },
    /// What became of it is in the output.
    Done { line: u64, attempt: u8 },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sending { line, attempt } => writeln!(f, "s {line} {attempt}"),
            Self::Done { line, attempt } => writeln!(f, "d {line} {attempt}"),
        }
    }
}

impl Event {
    fn read(text: &[u8]) -> Option<Self> {
        let mut words = str::from_utf8(text).ok()?.split(' ');
        let (what, line, attempt) = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        match (what, words.next()) {
            ("s", None) => Some(Self::Sending { line, attempt }),
            ("d", None) => Some(Self::Done { line, attempt }),
            _ => None,
        }
    }
}

/// What is read of a line of the output.
#[derive(Debug, Deserialize)]
pub(crate) struct Written {
    line: u64,
    attempt: u8,
    outcome: Outcome,
    again: bool,
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
    /// The last attempt that was about to be made.
    sent: u8,
    /// The last one of which the journal says that its outcome was written.
    done: u8,
    /// The last one whose outcome is in the output, with the outcome and whether it may be sent again.
    written: Option<(u8, Outcome, bool)>,
}

/// What to do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Send it; the attempt is the number of times that it was sent by then.
    Send { attempt: u8 },
    /// Nothing: its outcome is known.
    Nothing,
    /// Its attempt is in no output: write down that its outcome is unknown, and send it again if `again`.
    Settle { attempt: u8, again: bool },
}

/// What earlier runs have done.
#[derive(Debug, Default)]
pub(crate) struct Past {
    lines: Vec<Known>,
    /// Whether a row whose outcome is unknown is sent again.
    resend_unknown: bool,
}

impl Past {
    /// Of an input of so many lines.
    pub(crate) fn new(lines: u64, resend_unknown: bool) -> Self {
        // Line 0 is not used.
        Self { lines: vec![Known::default(); usize::try_from(lines).unwrap_or(0) + 1], resend_unknown }
    }

    fn known(&mut self, line: u64) -> Option<&mut Known> {
        self.lines.get_mut(usize::try_from(line).ok()?)
    }

    /// Takes a line of the journal; whether it is understood.
    pub(crate) fn take_event(&mut self, text: &[u8]) -> bool {
        match Event::read(text) {
            Some(Event::Sending { line, attempt }) => {
                self.known(line).map(|known| known.sent = known.sent.max(attempt)).is_some()
            }
            Some(Event::Done { line, attempt }) => {
                self.known(line).map(|known| known.done = known.done.max(attempt)).is_some()
            }
            None => false,
        }
    }

    /// Takes a line of the output; whether it is understood.
    pub(crate) fn take_written(&mut self, text: &[u8]) -> bool {
        let Ok(Written { line, attempt, outcome, again }) = serde_json::from_slice(text) else { return false };
        let Some(known) = self.known(line) else { return false };
        if known.written.is_none_or(|(last, ..)| last <= attempt) {
            known.written = Some((attempt, outcome, again));
        }
        true
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
        let attempt = known.sent.saturating_add(1);
        let written = known.written.map_or(0, |(attempt, ..)| attempt);
        if known.sent > written {
            return Todo::Settle { attempt: known.sent, again: self.resend_unknown };
        }
        let is_open = match known.written {
            None => true,
            Some((_, Outcome::Unknown, _)) => self.resend_unknown,
            Some((.., again)) => again,
        };
        if is_open { Todo::Send { attempt } } else { Todo::Nothing }
    }

    /// The outcomes of the rows with which nothing is to be done.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (known, line) in self.lines.iter().zip(0..) {
            if let (Some((_, outcome, _)), Todo::Nothing) = (known.written, self.todo(line)) {
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
    fn todo(journal: &[&str], output: &[(u8, &str, bool)], resend_unknown: bool) -> (Todo, bool) {
        let mut past = Past::new(9, resend_unknown);
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
        let send = |attempt| Todo::Send { attempt };
        let settle = |attempt, again| Todo::Settle { attempt, again };
        for (journal, output, expected, at_risk) in [
            (&[][..], &[][..], send(1), send(1)),
            (&["s 4 1", "s 6 1"], &[], send(1), send(1)),
            (&[], &[(0, "skipped", false)], Todo::Nothing, Todo::Nothing),
            (&["s 5 1"], &[], settle(1, false), settle(1, true)),
            (&["s 5 1"], &[(1, "active", false)], Todo::Nothing, Todo::Nothing),
            (&["s 5 1", "d 5 1"], &[(1, "pending", false)], Todo::Nothing, Todo::Nothing),
            (&["s 5 1"], &[(1, "refused", false)], Todo::Nothing, Todo::Nothing),
            (&["s 5 1"], &[(1, "refused", true)], send(2), send(2)),
            (&["s 5 1"], &[(1, "not_sent", true)], send(2), send(2)),
            (&["s 5 1"], &[(1, "unknown", false)], Todo::Nothing, send(2)),
            // Once more, and then the end.
            (&["s 5 1", "d 5 1", "s 5 2"], &[(1, "not_sent", true)], settle(2, false), settle(2, true)),
            (&["s 5 1", "s 5 2"], &[(1, "unknown", false), (2, "active", false)], Todo::Nothing, Todo::Nothing),
            (&["s 5 1", "s 5 2"], &[(2, "not_sent", true), (1, "active", false)], send(3), send(3)),
        ] {
            assert_eq!(todo(journal, output, false), (expected, true), "{journal:?} {output:?}");
            assert_eq!(todo(journal, output, true), (at_risk, true), "{journal:?} {output:?}");
        }
    }

    #[test]
    fn an_output_that_lacks_what_was_written_or_has_what_was_not_sent_is_found_out() {
        assert!(!todo(&["s 5 1", "d 5 1"], &[], false).1);
        assert!(!todo(&["s 5 1", "d 5 1", "s 5 2", "d 5 2"], &[(1, "not_sent", true)], false).1);
        assert!(!todo(&[], &[(1, "active", false)], false).1);
    }

    #[test]
    fn only_what_stands_at_the_end_of_a_file_may_be_torn() {
        let read = |text: &[u8]| read_lines(text, |_, line| Event::read(line).is_some());
        for (text, good, torn) in [
            (&b""[..], 0, 0),
            (b"s 1 1\nd 1 1\n", 12, 0),
            (b"s 1 1\ns 12", 6, 4),
            (b"s 1 1\ns 12 1", 6, 6),
            (b"s 1 1\n\0\0\0", 6, 3),
            (b"s 1 1\nx\ny\n", 6, 4),
        ] {
            assert_eq!(read(text).unwrap(), Extent { good, torn }, "{text:?}");
        }
        assert!(matches!(read(b"s 1 1\nx\n\ns 2 1\n"), Err(Damage::Line(2))));
        assert!(matches!(read(b"x\n"), Err(Damage::Line(1))));
        assert_eq!(read(b"x").unwrap(), Extent { good: 0, torn: 1 });
        for bad in
            ["", "s", "s 1", "s 1 1 1", "s  1 1", "S 1 1", "s -1 1", "s 1 256", "s 1 1\r", "x 1 1", "s \u{664} 1"]
        {
            assert_eq!(Event::read(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn an_event_is_read_as_it_was_written() {
        for event in [Event::Sending { line: u64::MAX, attempt: 1 }, Event::Done { line: 7, attempt: 255 }] {
            assert_eq!(Event::read(event.to_string().trim_end().as_bytes()), Some(event));
        }
    }

    #[test]
    fn lines_that_the_input_does_not_have_are_not_understood() {
        let mut past = Past::new(9, false);
        assert!(past.take_event(b"s 9 1"));
        assert!(!past.take_event(b"s 10 1"));
        assert!(!past.take_written(br#"{"line":10,"attempt":1,"outcome":"active","again":false}"#));
        assert!(!past.take_written(br#"{"line":1,"attempt":1,"outcome":"paid","again":false}"#));
    }
}

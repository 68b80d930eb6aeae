//! Reads lines in bounded memory, however long they are.

use std::io::{self, BufRead as _, BufReader, Read};

/// The maximum length of a line, in bytes. Values are much shorter.
pub(crate) const LONGEST: usize = 64 * 1024;

/// The mark that some programs write at the start of a text file.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The maximum number of bytes that are kept of a line: the byte order mark, the longest line, CR and LF.
const KEPT: usize = LONGEST + BYTE_ORDER_MARK.len() + 2;

/// Reads lines that end in LF or CRLF. The last line may lack a line break. A byte order mark at the start is skipped.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    at_start: bool,
}

/// Whether a line was read completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole,
    /// The line is longer than [`LONGEST`], so only its beginning is kept.
    TooLong,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 * 1024, input), at_start: true }
    }

    /// Whether reading the next line may block, because the line is not buffered.
    pub(crate) fn must_wait(&self) -> bool {
        !self.input.buffer().contains(&b'\n')
    }

    /// Reads the next line into `line`; `None` at the end.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<Line>> {
        line.clear();
        if self.input.by_ref().take(KEPT as u64).read_until(b'\n', line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            line.pop_if(|end| *end == b'\r');
        } else if line.len() == KEPT {
            self.input.skip_until(b'\n')?;
        }
        if std::mem::take(&mut self.at_start) && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some(if line.len() > LONGEST { Line::TooLong } else { Line::Whole }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads all lines of an input that arrives in pieces of `piece` bytes.
    fn lines(input: &[u8], piece: usize) -> Vec<Vec<u8>> {
        struct Pieces<'a>(&'a [u8], usize);
        impl Read for Pieces<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let most = self.1.min(buffer.len());
                self.0.read(&mut buffer[..most])
            }
        }
        let mut lines = Lines::new(Pieces(input, piece));
        let mut line = Vec::new();
        let mut all = Vec::new();
        while let Some(what) = lines.next(&mut line).unwrap() {
            all.push(if what == Line::TooLong { b"<too long>".to_vec() } else { line.clone() });
        }
        assert_eq!(lines.next(&mut line).unwrap(), None, "nothing follows the end");
        all
    }

    #[test]
    fn lines_do_not_depend_on_how_the_input_arrives() {
        for (input, expected) in [
            ("", &[][..]),
            ("\n", &[""]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\r\nb\n\r\n\nc\rd\r", &["a", "b", "", "", "c\rd\r"]),
            ("\u{feff}a\n\u{feff}b", &["a", "\u{feff}b"]),
            ("\u{feff}", &[""]),
        ] {
            for piece in [1, 2, 3, 1000] {
                let expected: Vec<_> = expected.iter().map(|line| line.as_bytes().to_vec()).collect();
                assert_eq!(lines(input.as_bytes(), piece), expected, "{input:?} by {piece}");
            }
        }
    }

    #[test]
    fn a_long_line_is_cut_and_the_next_is_whole() {
        for (length, fits) in [(LONGEST, true), (LONGEST + 1, false), (LONGEST + 5, false), (40 * LONGEST, false)] {
            for (before, after) in [("", "\n"), ("", "\r\n"), ("\u{feff}", "\r\n")] {
                let long = "a".repeat(length);
                let input = format!("{before}{long}{after}next\n");
                let first = if fits { long.as_str() } else { "<too long>" };
                for piece in [1000, 64 * 1024] {
                    let found = lines(input.as_bytes(), piece);
                    assert!(found == [first.as_bytes(), b"next"], "{length} {before:?} {after:?}");
                }
            }
        }
    }

    #[test]
    fn must_wait_reports_whether_a_line_is_buffered() {
        let mut lines = Lines::new(&b"a\nb\nc"[..]);
        let mut line = Vec::new();
        let mut waits = Vec::new();
        loop {
            waits.push(lines.must_wait());
            if lines.next(&mut line).unwrap().is_none() {
                break;
            }
        }
        assert_eq!(waits, [true, false, true, true]);
    }
}

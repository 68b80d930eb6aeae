//! Normalizes text for the CSV reader: lines end in LF, and lengths are bounded.

use std::io::{self, BufRead as _, BufReader, Read};

/// The maximum length of a row, in bytes. Rows of payees are much shorter.
pub(crate) const LONGEST: usize = 64 * 1024;

/// Reads text with lines that end in LF, CRLF or CR, and ends every line in LF, including the last.
#[derive(Debug)]
pub(crate) struct Text<R> {
    input: BufReader<R>,
    /// Whether the last byte was a CR. A following LF then belongs to that line break.
    after_cr: bool,
    last: u8,
    /// Whether the reader has reached the end of the text.
    pub(crate) has_ended: bool,
    /// The number of bytes that may still be read. Line breaks are not counted, because there can be many blank lines.
    pub(crate) budget: usize,
}

impl<R: Read> Text<R> {
    pub(crate) fn new(input: R) -> Self {
        let input = BufReader::with_capacity(LONGEST, input);
        Self { input, after_cr: false, last: b'\n', has_ended: false, budget: 0 }
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.budget == 0 {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                self.has_ended = self.last == b'\n';
                let end: &[u8] = if std::mem::replace(&mut self.last, b'\n') == b'\n' { b"" } else { b"\n" };
                return (&mut &*end).read(buffer);
            }
            let length = input.len().min(buffer.len()).min(self.budget);
            let piece = &input[..length];
            let mut written = 0;
            let mut rest = piece;
            if self.after_cr && rest.first() == Some(&b'\n') {
                rest = &rest[1..];
            }
            while let Some(at) = memchr::memchr(b'\r', rest) {
                buffer[written..written + at].copy_from_slice(&rest[..at]);
                buffer[written + at] = b'\n';
                written += at + 1;
                rest = &rest[at + 1..];
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            buffer[written..written + rest.len()].copy_from_slice(rest);
            written += rest.len();
            self.after_cr = piece.last() == Some(&b'\r');
            self.input.consume(length);
            let breaks = memchr::memchr_iter(b'\n', &buffer[..written]).count();
            self.budget = self.budget.saturating_sub(written - breaks);
            if written > 0 {
                self.last = buffer[written - 1];
                return Ok(written);
            }
        }
    }
}

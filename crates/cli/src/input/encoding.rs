//! Decodes text that is not UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

/// The number of bytes that are decoded at once.
const PIECE: usize = 16 * 1024;

/// Detects UTF-16 at the start of a file: by its byte order mark, or because most characters have a zero byte.
pub(super) fn utf16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, ..] => return Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = start.len() / 2;
    // English letters, digits and delimiters have one zero byte in UTF-16. Letters of other scripts have none.
    match (even * 2 > most, odd * 2 > most) {
        _ if start.len() < 4 => None,
        (false, true) => Some(encoding_rs::UTF_16LE),
        (true, false) => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// Converts a file to UTF-8 while it is read. A byte order mark is kept.
pub(super) struct Decoded<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    read: usize,
    is_end: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { input, decoder, raw: vec![0; PIECE], text: Vec::new(), read: 0, is_end: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let length = self.input.read(&mut self.raw)?;
        self.is_end = length == 0;
        let most = self.decoder.max_utf8_buffer_length(length).ok_or(io::ErrorKind::FileTooLarge)?;
        self.text.resize(most, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..length], &mut self.text, self.is_end);
        self.text.truncate(written);
        self.read = 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.text.len() && !self.is_end {
            self.fill()?;
        }
        let rest = &self.text[self.read..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}

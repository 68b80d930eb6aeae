//! The input in blocks of whole lines. No accepted value holds a line break, so a row is in one block, and blocks can be
//! checked apart from each other.

use std::io::{self, Read};
use std::ops::Range;

/// How long a block is, in bytes: more than the longest line, and little enough to stay near the processor.
const LENGTH: usize = 256 * 1024;

/// Reads blocks.
pub(crate) struct Blocks<R> {
    input: R,
    /// The beginning of a line whose end belongs to the next block.
    rest: Vec<u8>,
    is_end: bool,
}

/// Whole lines. The last one of the input may end without a line break, and so may one that is longer than a block.
pub(crate) struct Block {
    content: Content,
    is_plain: bool,
}

/// Whether something is text is asked once of a block, which is cheaper than of each line.
enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Block {
    /// Whether all of it is UTF-8, and there is no quote in it.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// What is in it.
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }

    /// A part of it, if that is UTF-8.
    pub(crate) fn text(&self, part: Range<usize>) -> Option<&str> {
        match &self.content {
            Content::Text(text) => text.get(part),
            Content::Bytes(bytes) => str::from_utf8(bytes.get(part)?).ok(),
        }
    }

    fn take(&mut self) -> Vec<u8> {
        match std::mem::replace(&mut self.content, Content::Bytes(Vec::new())) {
            Content::Text(text) => text.into_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }

    fn put(&mut self, bytes: Vec<u8>) {
        let is_quoted = memchr::memchr(b'"', &bytes).is_some();
        self.content = match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(error) => Content::Bytes(error.into_bytes()),
        };
        self.is_plain = matches!(self.content, Content::Text(_)) && !is_quoted;
    }
}

impl Default for Block {
    fn default() -> Self {
        Self { content: Content::Bytes(Vec::new()), is_plain: false }
    }
}

impl<R: Read> Blocks<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, rest: Vec::new(), is_end: false }
    }

    /// What is read from.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    /// Whether nothing more will be read.
    pub(crate) fn is_end(&self) -> bool {
        self.is_end && self.rest.is_empty()
    }

    /// Reads no more, as if this were the end.
    pub(crate) fn end(&mut self) {
        self.is_end = true;
        self.rest.clear();
    }

    /// Reads the next block in the place of another; `false` if there is none.
    pub(crate) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        let mut bytes = block.take();
        // It was this long before, but for a part of a line: there is nearly nothing to fill.
        bytes.resize(LENGTH, 0);
        bytes[..self.rest.len()].copy_from_slice(&self.rest);
        let mut length = self.rest.len();
        self.rest.clear();
        while length < LENGTH && !self.is_end {
            match self.input.read(&mut bytes[length..]) {
                Ok(0) => self.is_end = true,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(last) = memchr::memrchr(b'\n', &bytes[..length])
            && !self.is_end
        {
            self.rest.extend_from_slice(&bytes[last + 1..length]);
            length = last + 1;
        }
        bytes.truncate(length);
        block.put(bytes);
        Ok(length > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<String> {
        let mut blocks = Blocks::new(text.as_bytes());
        let mut block = Block::default();
        let mut all = Vec::new();
        while blocks.next(&mut block).unwrap() {
            all.push(str::from_utf8(block.bytes()).unwrap().to_owned());
        }
        assert!(blocks.is_end());
        all
    }

    #[test]
    fn blocks_are_cut_behind_a_line_and_nothing_is_lost() {
        for line in ["a,b,c\n".repeat(9), "\n".to_owned(), format!("{}\r\n", "a".repeat(60_000))] {
            for end in ["", "end", "end\n"] {
                let text = line.repeat(1_000_000 / line.len()) + end;
                let blocks = blocks(&text);
                assert!(blocks.len() > 3);
                assert!(blocks.concat() == text);
                let (last, others) = blocks.split_last().unwrap();
                assert!(last.ends_with(end) && others.iter().all(|block| block.ends_with('\n')));
            }
        }
        assert_eq!(blocks(""), [""; 0]);
        assert_eq!(blocks("\n"), ["\n"]);
    }

    #[test]
    fn a_line_longer_than_a_block_is_a_block_without_an_end() {
        let text = format!("a\n{}\n", "b".repeat(2 * LENGTH));
        let blocks = blocks(&text);
        assert!(blocks.concat() == text);
        assert_eq!((blocks[0].as_str(), blocks[1].len()), ("a\n", LENGTH));
    }
}
